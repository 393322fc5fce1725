// Native only: reads docs/schemes.md, and tests what the command line says about schemes.
#include "native/scheme_page.h"

#include <fstream>
#include <sstream>
#include <string>
#include <vector>

#include "doctest/doctest.h"
#include "manifest/parse.h"
#include "manifest/scheme.h"
#include "native/scheme_explained.h"
#include "signature/catalogue.h"
#include "signature/presets.h"

using namespace sluice;
using namespace sluice::native;

namespace {

// The blocks of JSON in the page.
std::vector<std::string> json_blocks(std::string_view page) {
  constexpr std::string_view kOpen = "```json\n";
  std::vector<std::string> blocks;
  std::size_t begin = page.find(kOpen);
  while (begin != std::string_view::npos) {
    begin += kOpen.size();
    const std::size_t end = page.find("```", begin);
    if (end == std::string_view::npos) break;
    blocks.emplace_back(page.substr(begin, end - begin));
    begin = page.find(kOpen, end);
  }
  return blocks;
}

}  // namespace

TEST_SUITE("native/scheme_page") {
  TEST_CASE("docs/schemes.md is what `sluice schemes --markdown` prints") {
    std::ifstream file(SLUICE_ROOT "/docs/schemes.md", std::ios::binary);
    std::ostringstream text;
    text << file.rdbuf();
    // ./dev build --accept writes it anew.
    CHECK((text.str() == scheme_page()));
  }

  TEST_CASE("every example of the page is good") {
    const auto blocks = json_blocks(scheme_page());
    CHECK(blocks.size() >= 8);
    for (const std::string& block : blocks) {
      CAPTURE(block);
      if (block.find("\"slug\"") != std::string::npos) {
        const auto parsed = manifest::parse(block, {}, manifest::Secrets::kUnchecked);
        CHECK(parsed.errors.empty());
        continue;
      }
      std::vector<manifest::Finding> findings;
      const bool good = manifest::read_scheme(block, findings).has_value();
      const std::string why = findings.empty() ? "" : findings[0].at + " " + findings[0].message;
      CAPTURE(why);
      CHECK(good);
    }
  }

  TEST_CASE("every preset has its line in the page, and its words") {
    const std::string page = scheme_page();
    CHECK(signature::catalogue().size() == signature::preset_names().size());
    for (const auto name : signature::preset_names()) {
      CAPTURE(name);
      CHECK(page.find("| `" + std::string(name) + "` |") != std::string::npos);
      const auto scheme = *signature::preset(name);
      for (const auto& row : explained(scheme)) {
        CAPTURE(row.label);
        CHECK(!row.text.empty());
      }
      CHECK(example_send(scheme).find("--scheme " + std::string(name)) != std::string::npos);
    }
  }

  TEST_CASE("the source that is shown for a preset is one that can be used") {
    for (const auto name : signature::preset_names()) {
      const std::string source = example_source(*signature::preset(name));
      CAPTURE(source);
      const auto parsed = manifest::parse("{\"slug\":\"s\",\"sources\":{" + source + "}}", {},
                                          manifest::Secrets::kUnchecked);
      const std::string why =
          parsed.errors.empty() ? "" : parsed.errors[0].at + " " + parsed.errors[0].message;
      CHECK(why == "");
    }
  }
}
