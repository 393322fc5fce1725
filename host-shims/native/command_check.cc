#include <cstdio>

#include "codec/json.h"
#include "codec/json_writer.h"
#include "manifest/parse.h"
#include "native/commands.h"
#include "native/files.h"
#include "native/findings.h"

namespace sluice::native {

namespace {

void write_findings(codec::JsonWriter& json, std::string_view key,
                    const std::vector<manifest::Finding>& findings) {
  json.key(key).begin_array();
  for (const manifest::Finding& finding : findings) {
    json.begin_object().field("at", finding.at).field("code", finding.code);
    json.field("message", finding.message).end_object();
  }
  json.end_array();
}

int print_json(const manifest::Parsed& parsed) {
  codec::JsonWriter json;
  json.begin_object().field("ok", parsed.errors.empty());
  write_findings(json, "errors", parsed.errors);
  write_findings(json, "warnings", parsed.warnings);
  json.end_object();
  std::printf("%s\n", json.text().c_str());
  return parsed.errors.empty() ? 0 : 1;
}

// The place of `pointer` in `text`, or of the nearest thing around it that is there.
codec::JsonFault place_of(std::string_view text, std::string pointer) {
  const codec::JsonLimits limits{.duplicate_keys = codec::DuplicateKeys::kAllow};
  codec::JsonFault fault;
  const auto document = codec::parse_json(text, limits, &fault);
  if (!document.has_value()) return fault;
  const codec::Json* found = document->find(pointer);
  while (found == nullptr && !pointer.empty()) {
    pointer.resize(pointer.rfind('/'));
    found = document->find(pointer);
  }
  return codec::locate(text, found == nullptr ? 0 : found->begin());
}

}  // namespace

void print_findings(std::FILE* out, const std::string& file, std::string_view text,
                    const std::vector<manifest::Finding>& findings, const char* kind) {
  for (const manifest::Finding& finding : findings) {
    const codec::JsonFault place = place_of(text, finding.at);
    std::fprintf(out, "%s:%u:%u: %s: %s%s%s [%s]\n", file.c_str(), place.line, place.column, kind,
                 finding.at.c_str(), finding.at.empty() ? "" : ": ", finding.message.c_str(),
                 finding.code.c_str());
  }
}

int run_check(const Arguments& arguments, const Variables& environment) {
  const auto text = read_file(arguments.manifest);
  if (!text.has_value()) {
    std::fprintf(stderr, "sluice: %s %s\n", arguments.manifest.c_str(),
                 text.error().context.data());
    return 1;
  }
  const auto secrets =
      arguments.with_secrets ? manifest::Secrets::kRequired : manifest::Secrets::kUnchecked;
  const manifest::Parsed parsed = manifest::parse(*text, environment, secrets);
  if (arguments.json) return print_json(parsed);
  print_findings(stdout, arguments.manifest, *text, parsed.errors, "error");
  print_findings(stdout, arguments.manifest, *text, parsed.warnings, "warning");
  if (!parsed.errors.empty()) {
    std::printf("%zu %s\n", parsed.errors.size(), parsed.errors.size() == 1 ? "error" : "errors");
    return 1;
  }
  const manifest::Manifest& good = parsed.manifest;
  std::printf("%s is good: %zu sources, %zu routes, %zu endpoints, %zu steps, %zu links\n",
              arguments.manifest.c_str(), good.sources.size(), good.routes.size(),
              good.endpoints.size(), good.steps.size(), good.links.size());
  return 0;
}

}  // namespace sluice::native
