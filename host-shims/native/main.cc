// The binary `sluice`.
#include <unistd.h>

#include <cstddef>
#include <cstdio>
#include <string>

#include "native/cli_arguments.h"
#include "native/commands.h"

namespace sluice::native {

namespace {

Variables read_environment(const char* const* variables) {
  Variables environment;
  for (; *variables != nullptr; ++variables) {
    const std::string variable = *variables;
    const std::size_t equals = variable.find('=');
    if (equals == std::string::npos) continue;
    environment.emplace_back(variable.substr(0, equals), variable.substr(equals + 1));
  }
  return environment;
}

int run(const Arguments& arguments, const Variables& environment) {
  switch (arguments.command) {
    case Command::kServe: return run_serve(arguments, environment);
    case Command::kCheck: return run_check(arguments, environment);
    case Command::kVerify: return run_verify(arguments, environment);
    case Command::kSign: return run_sign(arguments, environment);
    case Command::kSend: return run_send(arguments, environment);
    case Command::kSchemes: return run_schemes(arguments);
    case Command::kVersion: return run_version(arguments);
    case Command::kOverview:
    case Command::kEvents:
    case Command::kMessages:
    case Command::kEndpoints:
    case Command::kDeadLetters:
    case Command::kSteps:
    case Command::kLinks:
    case Command::kKeys: return run_query(arguments);
  }
  return 2;
}

}  // namespace

}  // namespace sluice::native

int main(int argc, char** argv) {
  const auto line = sluice::native::parse_command_line(argc, argv);
  if (!line.arguments.has_value()) {
    std::fputs(line.text.c_str(), line.exit_code == 0 ? stdout : stderr);
    return line.exit_code;
  }
  return sluice::native::run(*line.arguments, sluice::native::read_environment(environ));
}
