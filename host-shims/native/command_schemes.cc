// schemes: the list, or one of them in plain words.
#include <cstdio>
#include <optional>
#include <utility>

#include "codec/json_writer.h"
#include "manifest/scheme.h"
#include "native/commands.h"
#include "native/described_request.h"
#include "native/scheme_explained.h"
#include "native/scheme_page.h"
#include "native/text_table.h"
#include "signature/catalogue.h"
#include "signature/presets.h"

namespace sluice::native {

namespace {

using signature::CatalogueEntry;
using signature::Scheme;

void write(codec::JsonWriter& json, const CatalogueEntry& entry) {
  json.field("name", entry.name);
  json.field("family", name(signature::preset(entry.name)->family));
  json.field("title", entry.title).field("source", entry.source);
  json.field("evidence", entry.evidence);
}

int list(bool as_json) {
  codec::JsonWriter json;
  std::vector<TableRow> table{{"name", "family", "title", "checked against", "source"}};
  json.begin_array();
  for (const CatalogueEntry& entry : signature::catalogue()) {
    json.begin_object();
    write(json, entry);
    json.end_object();
    table.push_back(
        {std::string(entry.name), std::string(name(signature::preset(entry.name)->family)),
         std::string(entry.title), std::string(entry.evidence), std::string(entry.source)});
  }
  json.end_array();
  std::printf("%s", as_json ? (json.text() + "\n").c_str() : format_table(table).c_str());
  return 0;
}

std::optional<CatalogueEntry> entry_of(const std::string& name) {
  for (const CatalogueEntry& entry : signature::catalogue()) {
    if (entry.name == name) return entry;
  }
  return std::nullopt;
}

int explain(const Scheme& scheme, const std::optional<CatalogueEntry>& entry, bool as_json) {
  const auto rows = explained(scheme);
  if (as_json) {
    codec::JsonWriter json;
    json.begin_object();
    if (entry.has_value()) {
      write(json, *entry);
    } else {
      json.field("name", scheme.name).field("family", name(scheme.family));
    }
    json.key("explained").begin_object();
    for (const ExplainedRow& row : rows) json.field(row.label, row.text);
    json.end_object();
    json.key("definition").raw(manifest::format_scheme(scheme)).end_object();
    std::printf("%s\n", json.text().c_str());
    return 0;
  }
  std::printf("%s", scheme.name.c_str());
  if (entry.has_value()) {
    std::printf(": %s\n%s\n", std::string(entry->title).c_str(),
                std::string(entry->source).c_str());
    std::printf("checked against: %s\n", std::string(entry->evidence).c_str());
  } else {
    std::printf("\n");
  }
  std::printf("\n");
  for (const ExplainedRow& row : rows) {
    std::printf("%-16s%s\n", row.label.c_str(), row.text.c_str());
  }
  std::printf("\nin the manifest, under \"sources\":\n  %s\n", example_source(scheme).c_str());
  std::printf("try it:\n  %s\n", example_send(scheme).c_str());
  return 0;
}

}  // namespace

int run_schemes(const Arguments& arguments) {
  if (arguments.markdown) {
    std::printf("%s", scheme_page().c_str());
    return 0;
  }
  if (arguments.scheme.empty()) return list(arguments.json);
  DescribedRequest described;
  const int unusable = describe(arguments, {}, described);
  if (unusable != 0) return unusable;
  if (!described.scheme.has_value()) return 1;
  return explain(*described.scheme, entry_of(arguments.scheme), arguments.json);
}

int run_version(const Arguments& arguments) {
  std::printf(arguments.json ? "{\"version\":\"%s\"}\n" : "sluice %s\n", kVersion);
  return 0;
}

}  // namespace sluice::native
