// Schemes out of random numbers, for tests and fuzzers: most are refused, the others have to work.
#pragma once

#include <cstddef>
#include <functional>
#include <string>
#include <string_view>
#include <utility>

#include "signature/scheme.h"

namespace sluice::signature {

// A number below its argument.
using Draw = std::function<std::size_t(std::size_t)>;

template <class T, std::size_t n>
const T& drawn(const Draw& draw, const T (&choices)[n]) {
  return choices[draw(n)];
}

inline Site generated_site(const Draw& draw, std::string_view name) {
  constexpr Place kPlaces[] = {Place::kHeader, Place::kHeader,   Place::kHeader,
                               Place::kJson,   Place::kForm,     Place::kQuery,
                               Place::kField,  Place::kPosition, Place::kNumberedHeaders,
                               Place::kNone};
  const Place place = drawn(draw, kPlaces);
  if (place == Place::kJson) return {place, "/" + std::string(name)};
  if (place == Place::kPosition) return {place, "0"};
  if (place == Place::kNone) return {};
  return {place, std::string(name)};
}

inline SignatureSite generated_signature(const Draw& draw) {
  constexpr Encoding kEncodings[] = {Encoding::kHexLower, Encoding::kHexUpper,  Encoding::kHexAny,
                                     Encoding::kBase64,   Encoding::kBase64Url, Encoding::kNone};
  constexpr std::string_view kPrefixes[] = {"", "", "sha256=", "v0="};
  constexpr char kItems[] = {'\0', '\0', ' ', ',', ';', '&'};
  constexpr char kFields[] = {'\0', '=', ',', '|'};
  SignatureSite site;
  site.from = generated_site(draw, "signature");
  site.prefix = drawn(draw, kPrefixes);
  site.item_separator = drawn(draw, kItems);
  site.field_separator = drawn(draw, kFields);
  if (site.field_separator != '\0') site.field = "v1";
  site.position = static_cast<std::int8_t>(draw(4) == 0 ? 1 : -1);
  site.item_prefix = draw(4) == 0 ? "p-" : "";
  site.encoding = drawn(draw, kEncodings);
  site.candidates_max = static_cast<std::uint32_t>(1 + draw(4));
  return site;
}

inline TimeSite generated_time(const Draw& draw) {
  constexpr TimeFormat kFormats[] = {TimeFormat::kSeconds, TimeFormat::kMilliseconds,
                                     TimeFormat::kRfc3339, TimeFormat::kSecondsOrMilliseconds,
                                     TimeFormat::kHttpDate};
  TimeSite time;
  time.from = generated_site(draw, "time");
  time.format = drawn(draw, kFormats);
  time.is_signed = draw(4) != 0;
  return time;
}

inline std::vector<MessagePart> generated_message(const Draw& draw) {
  constexpr std::string_view kMessages[] = {
      "{body}",
      "{timestamp}.{body}",
      "{timestamp}{body}",
      "{header:id}.{timestamp}.{body}",
      "{header:id}{timestamp}{body}",
      "{body}{timestamp}",
      "{method}{url}{body}{timestamp}",
      "{url}{form-sorted}",
      "{timestamp}{json:/id}",
      "{header:id}|{timestamp}|{parameter:p}|{crc32}",
      "{method}\n{url:path}\n{sha256}",
      "{query:id}:{form:id}",
  };
  auto message = *parse_message(drawn(draw, kMessages));
  for (MessagePart& part : message) {
    if (part.kind == PartKind::kLiteral || draw(8) != 0) continue;
    part.before = draw(2) == 0 ? "b:" : "";
    part.after = draw(2) == 0 ? ";" : "";
    part.optional = draw(2) == 0;
    part.lower = draw(4) == 0;
  }
  return message;
}

inline Scheme generated_scheme(const Draw& draw) {
  constexpr Algorithm kAlgorithms[] = {Algorithm::kHmacSha256, Algorithm::kHmacSha256,
                                       Algorithm::kHmacSha1,   Algorithm::kHmacSha512,
                                       Algorithm::kHmacSha384, Algorithm::kSha256SecretFirst,
                                       Algorithm::kHmacMd5,    Algorithm::kEd25519};
  constexpr KeyForm kForms[] = {KeyForm::kUtf8, KeyForm::kUtf8, KeyForm::kSha1,
                                KeyForm::kSha256Hex};
  Scheme scheme;
  scheme.name = "generated";
  scheme.algorithm = drawn(draw, kAlgorithms);
  scheme.family = draw(8) == 0                     ? Family::kToken
                  : is_symmetric(scheme.algorithm) ? Family::kHmac
                                                   : Family::kAsymmetric;
  scheme.allow_legacy = draw(2) == 0;
  scheme.signature = generated_signature(draw);
  scheme.key.form = drawn(draw, kForms);
  scheme.time = generated_time(draw);
  if (scheme.family != Family::kToken || draw(4) == 0) scheme.message = generated_message(draw);
  if (draw(4) == 0) {
    scheme.body_digest = BodyDigest{.from = {draw(2) == 0 ? Place::kHeader : Place::kQuery, "id"},
                                    .unless_form = draw(2) == 0,
                                    .optional = draw(4) == 0};
  }
  scheme.body_unsigned = draw(2) == 0;
  if (draw(2) == 0) scheme.identity.push_back({generated_site(draw, "id")});
  if (draw(4) != 0) scheme.parameters = {{"p", "parameter"}};
  return scheme;
}

}  // namespace sluice::signature
