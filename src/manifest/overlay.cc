#include "manifest/overlay.h"

#include <algorithm>
#include <utility>

namespace sluice::manifest {
namespace {

using codec::Json;

constexpr std::size_t kTextMax = 256;

// What is wrong with a text that names no place, as far as it can be told.
std::string site_fault(std::string_view text) {
  const std::string what = "\"" + shown(text) + "\" is no place in a request.";
  const std::size_t colon = text.find(':');
  const std::string example = " Expected a place such as \"header:x-signature\".";
  if (colon == std::string_view::npos) return what + example;
  const std::string kind(text.substr(0, colon + 1));
  for (const std::string_view known : kPlaceWords) {
    if (kind != known) continue;
    if (kind == "json:") return what + " Behind \"json:\" stands a JSON pointer such as \"/id\".";
    if (kind == "position:") return what + " Positions are numbers from 0 to 63.";
    if (kind == "header:" || kind == "headers:") {
      return what + " Header names are written in lower case: letters, digits, \"-\" and \"_\".";
    }
    return what + " A name has between 1 and 128 printable letters.";
  }
  return what + suggestion(kind, kPlaceWords);
}

}  // namespace

bool is_printable(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return c >= ' ' && c <= '~'; });
}

Overlay::Overlay(const Json& json, std::string at, Words keys, Report& report)
    : object_(json, std::move(at), keys, report) {}

void Overlay::text(std::string_view key, std::string& into) const { text(key, "", into); }

void Overlay::lines(std::string_view key, std::string& into) const { text(key, "\r\n", into); }

void Overlay::text(std::string_view key, std::string_view also, std::string& into) const {
  const Json* member = given(key, into, std::string());
  if (member == nullptr) return;
  auto text = text_of(*member, at(key), report());
  if (!text) return;
  const bool good = std::all_of(text->begin(), text->end(), [&](char c) {
    return is_printable(std::string_view(&c, 1)) || also.find(c) != std::string_view::npos;
  });
  if (text->size() > kTextMax || !good) {
    report().error(at(key), "text_malformed",
                   "Expected at most 256 printable ASCII letters, found \"" + shown(*text) + "\".");
    return;
  }
  into = *std::move(text);
}

void Overlay::letter(std::string_view key, std::string_view allowed, char& into) const {
  const Json* member = given(key, into, '\0');
  if (member == nullptr) return;
  const auto text = text_of(*member, at(key), report());
  if (!text) return;
  if (text->size() == 1 && allowed.find(text->front()) != std::string_view::npos) {
    into = text->front();
    return;
  }
  std::string known;
  for (const char c : allowed) known += std::string(known.empty() ? "\"" : ", \"") + c + "\"";
  report().error(at(key), "unknown_value",
                 "There is no separator \"" + shown(*text) + "\". Valid: " + known + ".");
}

void Overlay::flag(std::string_view key, bool& into) const {
  const Json* member = given(key, into, false);
  if (member == nullptr) return;
  if (const auto value = object_.boolean(key)) into = *value;
}

void Overlay::duration(std::string_view key, Range range_ms, Duration& into,
                       Duration otherwise) const {
  if (given(key, into, otherwise) == nullptr) return;
  if (const auto value = object_.duration(key, range_ms)) into = *value;
}

std::optional<std::int64_t> Overlay::integer(std::string_view key, Range range) const {
  bool ignored = false;
  if (given(key, ignored, false) == nullptr) return std::nullopt;
  return object_.integer(key, range);
}

void Overlay::site(std::string_view key, signature::Site& into) const {
  const Json* member = given(key, into, signature::Site{});
  if (member == nullptr) return;
  if (auto site = site_of(*member, at(key), report())) into = *std::move(site);
}

void Overlay::unknown(const std::string& place, std::string_view what, std::string_view text,
                      Words known) const {
  report().error(
      place, "unknown_value",
      "There is no " + std::string(what) + " \"" + shown(text) + "\"." + suggestion(text, known));
}

std::optional<signature::Site> site_of(const Json& json, const std::string& at, Report& report) {
  const auto text = text_of(json, at, report);
  if (!text) return std::nullopt;
  auto site = signature::parse_site(*text);
  if (!site) report.error(at, "site_malformed", site_fault(*text));
  return site;
}

}  // namespace sluice::manifest
