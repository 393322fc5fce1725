// Native only: tests the command line of the native binary.
#include <utility>

#include "doctest/doctest.h"
#include "native/cli_arguments.h"
#include "native/text_table.h"

using namespace sluice::native;

namespace {

CommandLine parse(std::vector<const char*> words) {
  words.insert(words.begin(), "sluice");
  return parse_command_line(static_cast<int>(words.size()), words.data());
}

Arguments good(std::vector<const char*> words) {
  const CommandLine line = parse(std::move(words));
  CHECK(line.arguments.has_value());
  return line.arguments.value_or(Arguments{});
}

}  // namespace

TEST_SUITE("native/command_line") {
  TEST_CASE("a request is described by repeated secrets and headers, in their order") {
    const Arguments arguments =
        good({"verify", "--scheme", "github", "--secret", "-a", "--secret", "b", "--header", "x: 1",
              "--header", "y: 2", "--body", "-", "--now", "1700000000000", "--json"});
    CHECK(arguments.command == Command::kVerify);
    CHECK(arguments.secrets == std::vector<std::string>{"-a", "b"});
    CHECK(arguments.headers == std::vector<std::string>{"x: 1", "y: 2"});
    CHECK(arguments.body == "-");
    CHECK(arguments.now_ms == 1700000000000);
    CHECK(arguments.json);
  }

  TEST_CASE("keys, documents and parameters may be repeated as well") {
    const Arguments arguments =
        good({"verify", "--scheme", "s", "--key", "a.pem", "--key", "b.pem", "--document",
              "https://h/?a=b=f", "--parameter", "id=1", "--parameter", "x=2", "--body", "-"});
    CHECK(arguments.key_files == std::vector<std::string>{"a.pem", "b.pem"});
    CHECK(arguments.documents == std::vector<std::string>{"https://h/?a=b=f"});
    CHECK(arguments.parameters == std::vector<std::string>{"id=1", "x=2"});
  }

  TEST_CASE("send needs a target, and takes either name of it") {
    const Arguments arguments = good({"send", "--scheme", "s", "--to", "http://h", "--payload", "f",
                                      "--event", "push", "--stale", "--duplicate", "--count", "3"});
    CHECK(arguments.target == "http://h");
    CHECK(arguments.body == "f");
    CHECK(arguments.event == "push");
    CHECK(arguments.stale);
    CHECK(arguments.duplicate);
    CHECK(!arguments.forge);
    CHECK(arguments.count == 3);
    CHECK(good({"send", "--scheme", "s", "--url", "u", "--body", "f"}).target == "u");
  }

  TEST_CASE("schemes lists, explains one, or writes the page") {
    CHECK(good({"schemes"}).scheme.empty());
    CHECK(good({"schemes", "stripe", "--json"}).scheme == "stripe");
    CHECK(good({"schemes", "--markdown"}).markdown);
  }

  TEST_CASE("lists take a row and an action") {
    const Arguments arguments = good({"messages", "msg_1", "retry", "--url", "http://h"});
    CHECK(arguments.command == Command::kMessages);
    CHECK(arguments.id == "msg_1");
    CHECK(arguments.action == "retry");
    CHECK(arguments.server == "http://h");
    CHECK(good({"events", "--limit", "7", "--source", "x"}).limit == 7);
    CHECK(good({"dead-letters", "redrive", "--endpoint", "crm"}).endpoint == "crm");
  }

  TEST_CASE("serve listens on loopback unless it is told otherwise") {
    const Arguments arguments = good({"serve", "--manifest", "m", "--data", "d"});
    CHECK(arguments.command == Command::kServe);
    CHECK(arguments.listen == "127.0.0.1:8080");
    CHECK(arguments.manifest == "m");
  }

  TEST_CASE("usage errors end with 2, and help with 0") {
    for (const auto& words : std::vector<std::vector<const char*>>{
             {},
             {"nonsense"},
             {"verify", "--scheme", "github"},
             {"serve", "--data", "d"},
             {"events", "--limit", "0"},
             {"check"},
             {"sign", "--scheme", "github", "--body", "-", "--now", "soon"},
             {"events", "id", "surplus"},
             {"send", "--scheme", "s"},
             {"send", "--scheme", "s", "--to", "u", "--forge", "--stale"},
             {"send", "--scheme", "s", "--to", "u", "--count", "0"},
             {"schemes", "--json", "--markdown"}}) {
      CAPTURE(words.empty() ? "" : words.back());
      const CommandLine line = parse(words);
      CHECK(!line.arguments.has_value());
      CHECK(line.exit_code == 2);
      CHECK(!line.text.empty());
    }
    for (const auto& words :
         std::vector<std::vector<const char*>>{{"--help"},
                                               {"verify", "--help"},
                                               {"verify", "--nonsense", "--help"},
                                               {"--version"},
                                               {"-V"}}) {
      const CommandLine line = parse(words);
      CHECK(!line.arguments.has_value());
      CHECK(line.exit_code == 0);
      CHECK(!line.text.empty());
    }
  }

  TEST_CASE("a command or option that does not exist is named, with the one that was meant") {
    CHECK(parse({"verfy", "--scheme", "github"}).text ==
          "There is no command \"verfy\". Did you mean \"verify\"?\n"
          "`sluice --help` lists the commands.\n");
    CHECK(parse({"verify", "--schem", "github", "--body", "-"}).text ==
          "There is no option \"--schem\". Did you mean \"--scheme\"?\n"
          "`sluice verify --help` lists the options.\n");
    CHECK(parse({"verify", "--scheme", "github"}).text.find("--body is required") == 0);
    CHECK(parse({"frob\x1bnicate"}).text.find("\"frob?nicate\"") != std::string::npos);
    CHECK(parse({}).text.find("Subcommands:") != std::string::npos);
    CHECK(parse({"--version"}).text == "sluice 0.1.0\n");
  }

  TEST_CASE("a table aligns its columns and shows no control bytes") {
    CHECK(format_table({{"id", "state"}, {"long-id", "x\x1b[2J"}, {"\xc3\xa4", ""}}) ==
          "id       state\nlong-id  x?[2J\n\xc3\xa4\n");
    CHECK(printable(std::string_view("a\0b\x7f", 4)) == "a?b?");
  }
}
