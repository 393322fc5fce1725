#include "native/scheme_page.h"

#include <map>

#include "native/scheme_explained.h"
#include "signature/catalogue.h"
#include "signature/presets.h"

namespace sluice::native {

namespace {

// A cell of a table: a bar would end it.
std::string cell(std::string_view text) {
  std::string result;
  for (const char c : text) {
    if (c == '|') result += '\\';
    result += c;
  }
  return result;
}

std::string time_of(const signature::Scheme& scheme) {
  if (scheme.time.from.place == signature::Place::kNone) return "none";
  return std::to_string(scheme.time.past.ms / 1000) + " s";
}

std::string row_of(const signature::CatalogueEntry& entry, const signature::Scheme& scheme) {
  const std::string message = signed_bytes_of(scheme);
  return "| `" + cell(entry.name) + "` | [" + cell(entry.title) + "](" + std::string(entry.source) +
         ") | " + cell(algorithm_words(scheme)) + " | " + cell(site_words(scheme.signature.from)) +
         " | " + (message.empty() ? "" : "`" + cell(message) + "`") + " | " + time_of(scheme) +
         " | " + cell(entry.evidence) + " |\n";
}

// How many schemes each kind of evidence stands behind.
std::string evidence_table() {
  std::map<std::string, std::size_t> counts;
  for (const auto& entry : signature::catalogue()) ++counts[std::string(entry.evidence)];
  std::string text = "| checked against | schemes |\n|---|---|\n";
  for (const auto& [evidence, count] : counts) {
    text += "| " + cell(evidence) + " | " + std::to_string(count) + " |\n";
  }
  return text;
}

}  // namespace

std::string scheme_page() {
  std::string text(scheme_page_head());
  const auto entries = signature::catalogue();
  text += "## The " + std::to_string(entries.size()) + " schemes that are built in\n\n";
  text += "| name | provider | proof | signature | signed | may be old | checked against |\n";
  text += "|---|---|---|---|---|---|---|\n";
  for (const auto& entry : entries) {
    const auto scheme = signature::preset(entry.name);
    if (scheme.has_value()) text += row_of(entry, *scheme);
  }
  text += "\n### What they were checked against\n\n" + evidence_table() + "\n";
  return text.append(scheme_page_guide());
}

}  // namespace sluice::native
