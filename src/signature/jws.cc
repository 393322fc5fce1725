#include "signature/jws.h"

#include <array>
#include <cstddef>

#include "codec/base64.h"
#include "codec/json.h"

namespace sluice::signature {
namespace {

struct JoseName {
  std::string_view name;
  Algorithm algorithm;
};

constexpr std::array<JoseName, 12> kNames = {{
    {"HS256", Algorithm::kHmacSha256},
    {"HS384", Algorithm::kHmacSha384},
    {"HS512", Algorithm::kHmacSha512},
    {"RS256", Algorithm::kRsaPkcs1Sha256},
    {"RS384", Algorithm::kRsaPkcs1Sha384},
    {"RS512", Algorithm::kRsaPkcs1Sha512},
    {"PS256", Algorithm::kRsaPssSha256},
    {"PS384", Algorithm::kRsaPssSha384},
    {"PS512", Algorithm::kRsaPssSha512},
    {"ES256", Algorithm::kEcdsaP256Sha256},
    {"ES384", Algorithm::kEcdsaP384Sha384},
    {"EdDSA", Algorithm::kEd25519},
}};

constexpr codec::JsonLimits kHeaderLimits{.depth_max = 8, .size_max = kJwsHeaderMax};

Error malformed(std::string_view what) { return Error{Errc::kMalformed, what}; }

Result<void> read_header(ByteView text, Jws& jws) {
  const auto header = codec::parse_json(text, kHeaderLimits);
  if (!header.has_value() || !header->is_object()) {
    return malformed("the token's header is no JSON object, or repeats a member");
  }
  for (const auto& member : header->members()) {
    if (member.key == "crit") return malformed("the token's header has a \"crit\"");
    if (member.key == "b64") return malformed("the token's header has a \"b64\"");
  }
  const auto* algorithm = header->member("alg");
  if (algorithm == nullptr || !algorithm->is_string()) {
    return malformed("the token's header names no algorithm");
  }
  jws.algorithm = std::string(*algorithm->as_string());
  if (const auto* id = header->member("kid")) {
    if (!id->is_string() || id->as_string()->size() > kKeyIdMax) {
      return malformed("the token's \"kid\" is no text, or too long");
    }
    jws.key_id = std::string(*id->as_string());
  }
  return {};
}

}  // namespace

Result<Jws> parse_jws(std::string_view text) {
  if (text.size() > kJwsMax) return Error{Errc::kTooBig, "the token is too long"};
  const std::size_t first = text.find('.');
  if (first == std::string_view::npos) return malformed("the token has no parts");
  const std::size_t second = text.find('.', first + 1);
  if (second == std::string_view::npos) return malformed("the token has two parts only");
  const std::string_view header = text.substr(0, first);
  if (header.size() > kJwsHeaderMax * 4 / 3 + 4) return malformed("the token's header is too long");

  const auto header_bytes = codec::decode_base64(header, codec::kBase64Url);
  auto payload =
      codec::decode_base64(text.substr(first + 1, second - first - 1), codec::kBase64Url);
  auto signature = codec::decode_base64(text.substr(second + 1), codec::kBase64Url);
  if (!header_bytes || !payload || !signature) {
    return malformed("a part of the token is not base64url");
  }
  if (signature->empty()) return malformed("the token is not signed");

  Jws jws;
  SLUICE_TRY(read_header(*header_bytes, jws));
  jws.payload = *std::move(payload);
  jws.signature = *std::move(signature);
  jws.signed_text = text.substr(0, second);
  return jws;
}

std::string_view jose_name(Algorithm algorithm) {
  for (const auto& each : kNames) {
    if (each.algorithm == algorithm) return each.name;
  }
  return {};
}

std::optional<Algorithm> parse_jose_name(std::string_view text) {
  if (text == "Ed25519") return Algorithm::kEd25519;
  for (const auto& each : kNames) {
    if (each.name == text) return each.algorithm;
  }
  return std::nullopt;
}

std::string jws_signed_text(ByteView header, ByteView payload) {
  return codec::encode_base64(header, codec::kBase64Url) + "." +
         codec::encode_base64(payload, codec::kBase64Url);
}

}  // namespace sluice::signature
