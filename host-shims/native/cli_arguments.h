// The command line as a plain struct.
//
// CLI11 throws inside; cli_arguments.cc is the one file that is built with exceptions, and lets
// none out.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace sluice::native {

enum class Command : std::uint8_t {
  kServe,
  kCheck,
  kVerify,
  kSign,
  kSend,
  kSchemes,
  kOverview,
  kEvents,
  kMessages,
  kEndpoints,
  kDeadLetters,
  kSteps,
  kLinks,
  kKeys,
  kVersion,
};

struct Arguments {
  Command command = Command::kVersion;
  bool json = false;

  // serve, check
  std::string manifest;
  std::string data;
  std::string listen;
  std::string origin;
  std::string log_level = "info";
  bool with_secrets = false;

  // verify, sign, send
  std::string scheme;
  std::vector<std::string> secrets;
  std::vector<std::string> key_files;
  std::vector<std::string> documents;   // URL=FILE: what the provider publishes there.
  std::vector<std::string> parameters;  // NAME=VALUE
  std::string method = "POST";
  std::string target;  // The URL that the request goes to.
  std::vector<std::string> headers;
  std::string body;  // A file, or - for standard input.
  std::optional<std::int64_t> now_ms;

  // send
  std::string event;
  std::string key_out;  // A new private key is written here.
  bool forge = false;
  bool stale = false;
  bool duplicate = false;
  std::uint32_t count = 1;

  // schemes
  bool markdown = false;

  // The commands that ask a running server.
  std::string server;
  std::string token;
  std::string installation;
  std::string after;
  std::uint32_t limit = 50;
  std::string source;    // Only rows of this one.
  std::string endpoint;  // Only rows of this one.
  std::string state;     // Only messages in this one.
  std::string id;        // Of one row; empty: the list.
  std::string action;    // On that row: retry, redrive, pause ...
};

struct CommandLine {
  std::optional<Arguments> arguments;
  // Where there are no arguments: 0 with the help or the version that was asked for, or 2 with what
  // is wrong.
  int exit_code = 0;
  std::string text;
};

[[nodiscard]] CommandLine parse_command_line(int argc, const char* const* argv);

}  // namespace sluice::native
