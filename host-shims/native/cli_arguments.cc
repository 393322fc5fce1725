#include "native/cli_arguments.h"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <exception>
#include <sstream>
#include <string_view>
#include <utility>

#include "manifest/report.h"
#include "native/commands.h"

namespace sluice::native {

namespace {

CLI::App* add(CLI::App& app, Arguments& arguments, Command command, const char* name,
              const char* what) {
  CLI::App* sub = app.add_subcommand(name, what);
  sub->callback([&arguments, command] { arguments.command = command; });
  return sub;
}

void add_json(CLI::App* sub, Arguments& arguments) {
  sub->add_flag("--json", arguments.json, "Print JSON for programs");
}

void add_serve(CLI::App& app, Arguments& arguments) {
  CLI::App* sub = add(app, arguments, Command::kServe, "serve", "Run a server from a manifest");
  sub->add_option("--manifest", arguments.manifest, "The manifest, sluice.json")->required();
  sub->add_option("--data", arguments.data, "Directory of the store, sluice.db")->required();
  sub->add_option("--listen", arguments.listen, "HOST:PORT; port 0 takes a free one")
      ->default_val("127.0.0.1:8080");
  sub->add_option("--origin", arguments.origin,
                  "How callers reach this server, such as https://hooks.example");
  sub->add_option("--log", arguments.log_level, "Least level that is logged")
      ->check(CLI::IsMember({"debug", "info", "warn", "error"}))
      ->envname("SLUICE_LOG");
}

void add_check(CLI::App& app, Arguments& arguments) {
  CLI::App* sub = add(app, arguments, Command::kCheck, "check", "Check a manifest");
  sub->add_option("file", arguments.manifest, "The manifest")->required();
  sub->add_flag("--secrets", arguments.with_secrets,
                "Also require every env:NAME to be in the environment");
  add_json(sub, arguments);
}

// Repeatable, one value each, so that a secret or a header never swallows what follows it.
void add_repeated(CLI::App* sub, const char* name, std::vector<std::string>& into,
                  const char* what) {
  sub->add_option(name, into, what)
      ->expected(1)
      ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll)
      ->allow_extra_args(false);
}

void add_signing(CLI::App* sub, Arguments& arguments) {
  sub->add_option("--scheme", arguments.scheme,
                  "A scheme's name (`sluice schemes` lists them), or a file that defines one")
      ->required();
  add_repeated(sub, "--secret", arguments.secrets, "A secret, or env:NAME; may be repeated");
  add_repeated(sub, "--key", arguments.key_files,
               "A file that holds a secret or a key; may be repeated");
  add_repeated(sub, "--parameter", arguments.parameters,
               "NAME=VALUE, for a scheme that has {parameter:NAME}; may be repeated");
  sub->add_option("--method", arguments.method, "Method of the request");
  add_repeated(sub, "--header", arguments.headers, "'name: value'; may be repeated");
  sub->add_option("--now", arguments.now_ms, "The time to assume, in Unix milliseconds");
  add_json(sub, arguments);
}

CLI::App* add_request(CLI::App* sub, Arguments& arguments) {
  add_signing(sub, arguments);
  sub->add_option("--url", arguments.target, "URL of the request");
  sub->add_option("--body", arguments.body, "File with the body, or - for standard input")
      ->required();
  return sub;
}

void add_send(CLI::App* sub, Arguments& arguments) {
  add_signing(sub, arguments);
  sub->add_option("--to,--url", arguments.target, "Where to send, such as the source's URL")
      ->required();
  sub->add_option("--payload,--body", arguments.body,
                  "File with the body, or - for standard input; a sample without it");
  sub->add_option("--event", arguments.event, "The kind of event that the sample tells of");
  sub->add_option("--key-out", arguments.key_out,
                  "Where no key is given, a new one is made: write it to this file");
  sub->add_option("--count", arguments.count, "How many different deliveries")
      ->check(CLI::Range(1, 100000));
  CLI::Option* forge =
      sub->add_flag("--forge", arguments.forge, "Sign with another secret than the given one");
  CLI::Option* stale =
      sub->add_flag("--stale", arguments.stale, "Sign for a time that is long past");
  forge->excludes(stale);
  sub->add_flag("--duplicate", arguments.duplicate, "Send each delivery twice");
}

void add_schemes(CLI::App* sub, Arguments& arguments) {
  sub->add_option("name", arguments.scheme, "Explain this one; also a file that defines one");
  CLI::Option* markdown = sub->add_flag("--markdown", arguments.markdown, "Print docs/schemes.md");
  sub->add_flag("--json", arguments.json, "Print JSON for programs")->excludes(markdown);
}

void add_query(CLI::App* sub, Arguments& arguments) {
  sub->add_option("--url", arguments.server, "The server, such as http://127.0.0.1:8080")
      ->envname("SLUICE_URL")
      ->default_val("http://127.0.0.1:8080");
  sub->add_option("--token", arguments.token, "An admin token; better from SLUICE_ADMIN_TOKEN")
      ->envname("SLUICE_ADMIN_TOKEN");
  sub->add_option("--installation", arguments.installation, "Whose rows; default main");
  add_json(sub, arguments);
}

CLI::App* add_list(CLI::App& app, Arguments& arguments, Command command, const char* name,
                   const char* what, const char* actions) {
  CLI::App* sub = add(app, arguments, command, name, what);
  add_query(sub, arguments);
  sub->add_option("--limit", arguments.limit, "Rows to list")->check(CLI::Range(1, 200));
  sub->add_option("--after", arguments.after, "Go on where an earlier list ended");
  sub->add_option("id", arguments.id, "One row instead of the list");
  if (actions != nullptr) sub->add_option("action", arguments.action, actions);
  return sub;
}

void add_lists(CLI::App& app, Arguments& arguments) {
  CLI::App* events =
      add_list(app, arguments, Command::kEvents, "events", "Accepted webhooks", nullptr);
  events->add_option("--source", arguments.source, "Only of this source");
  CLI::App* messages =
      add_list(app, arguments, Command::kMessages, "messages", "Messages to endpoints", "retry");
  messages->add_option("--endpoint", arguments.endpoint, "Only to this endpoint");
  messages->add_option("--state", arguments.state, "Only in this state");
  add_list(app, arguments, Command::kEndpoints, "endpoints", "Where messages are sent",
           "pause, resume or enable");
  CLI::App* dead = add_list(app, arguments, Command::kDeadLetters, "dead-letters",
                            "Messages given up on", "redrive or drop");
  dead->add_option("--endpoint", arguments.endpoint, "Only to this endpoint");
  dead->footer("`dead-letters redrive --endpoint NAME` redrives all of an endpoint.");
  add_list(app, arguments, Command::kSteps, "steps", "Syncs and their cursors", "run");
  add_list(app, arguments, Command::kLinks, "links", "Replication links",
           "repair, pause or resume");
  add_list(app, arguments, Command::kKeys, "keys", "Secrets, and when each was last seen", nullptr);
}

void add_commands(CLI::App& app, Arguments& arguments) {
  add_serve(app, arguments);
  add_check(app, arguments);
  CLI::App* verify = add_request(
      add(app, arguments, Command::kVerify, "verify", "Verify the signature of a request"),
      arguments);
  add_repeated(verify, "--document", arguments.documents,
               "URL=FILE: what the provider publishes at URL; may be repeated");
  add_request(add(app, arguments, Command::kSign, "sign", "Sign a request"), arguments);
  add_send(add(app, arguments, Command::kSend, "send", "Send a webhook as a provider would"),
           arguments);
  add_schemes(add(app, arguments, Command::kSchemes, "schemes", "List or explain the schemes"),
              arguments);
  add_query(add(app, arguments, Command::kOverview, "overview", "What a server holds and does"),
            arguments);
  add_lists(app, arguments);
  add_json(add(app, arguments, Command::kVersion, "version", "Print the version"), arguments);
}

// What is wrong with the first word, which CLI11 would not say; empty when nothing is.
std::string command_fault(const CLI::App& app, int argc, const char* const* argv) {
  if (argc < 2) return app.help();
  const std::string word = argv[1];
  if (word.starts_with('-')) return {};
  std::vector<std::string> names;
  for (const CLI::App* sub : app.get_subcommands({})) names.push_back(sub->get_name());
  if (std::find(names.begin(), names.end(), word) != names.end()) return {};
  return "There is no command \"" + manifest::shown(word) + "\"." +
         manifest::suggestion(word, manifest::words_of(names)) +
         "\n`sluice --help` lists the commands.\n";
}

// An option that does not exist; CLI11 would first say that the one that was meant is missing.
std::string option_fault(const CLI::App& app) {
  for (const CLI::App* sub : app.get_subcommands()) {
    std::vector<std::string> names;
    for (const CLI::Option* option : sub->get_options()) {
      for (const std::string& name : option->get_lnames()) names.push_back("--" + name);
    }
    for (const std::string& word : sub->remaining()) {
      if (!word.starts_with("--")) continue;
      const std::string name = word.substr(0, word.find('='));
      const std::string_view near = manifest::nearest(name, manifest::words_of(names));
      std::string fault = "There is no option \"" + manifest::shown(name) + "\".";
      if (!near.empty()) fault += " Did you mean \"" + std::string(near) + "\"?";
      return fault + "\n`sluice " + sub->get_name() + " --help` lists the options.\n";
    }
  }
  return {};
}

CommandLine usage(std::string text) {
  return {.arguments = std::nullopt, .exit_code = 2, .text = std::move(text)};
}

}  // namespace

CommandLine parse_command_line(int argc, const char* const* argv) {
  try {
    CLI::App app("Sluice: webhooks in, messages out, nothing lost in between", "sluice");
    app.require_subcommand(1);
    app.set_version_flag("-V,--version", std::string("sluice ") + kVersion);
    Arguments arguments;
    add_commands(app, arguments);
    std::string fault = command_fault(app, argc, argv);
    if (!fault.empty()) return usage(std::move(fault));
    try {
      app.parse(argc, argv);
    } catch (const CLI::ParseError& error) {
      const bool asked = error.get_exit_code() == 0;  // For help, or the version.
      if (!asked) fault = option_fault(app);
      if (!fault.empty()) return usage(std::move(fault));
      std::ostringstream text;
      (void)app.exit(error, text, text);
      return {.arguments = std::nullopt, .exit_code = asked ? 0 : 2, .text = text.str()};
    }
    return {.arguments = std::move(arguments), .exit_code = 0, .text = {}};
  } catch (const std::exception& error) {
    return usage(std::string(error.what()) + "\n");
  } catch (...) {
    return usage("The command line cannot be read.\n");
  }
}

}  // namespace sluice::native
