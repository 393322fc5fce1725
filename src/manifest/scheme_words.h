// The words of a scheme's definition and what they stand for: one table for reading, for writing
// and for suggestions.
#pragma once

#include <array>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "signature/scheme.h"

namespace sluice::manifest {

template <class T>
struct Word {
  std::string_view text;
  T value;
};

inline constexpr std::array<Word<signature::Encoding>, 6> kEncodings{{
    {"hex", signature::Encoding::kHexLower},
    {"hex-any", signature::Encoding::kHexAny},
    {"hex-upper", signature::Encoding::kHexUpper},
    {"base64", signature::Encoding::kBase64},
    {"base64url", signature::Encoding::kBase64Url},
    {"text", signature::Encoding::kNone},
}};

inline constexpr std::array<Word<signature::EcdsaForm>, 2> kEcdsaForms{{
    {"der", signature::EcdsaForm::kDer},
    {"raw", signature::EcdsaForm::kRaw},
}};

inline constexpr std::array<Word<signature::KeyForm>, 6> kKeyForms{{
    {"utf8", signature::KeyForm::kUtf8},
    {"base64", signature::KeyForm::kBase64},
    {"hex", signature::KeyForm::kHex},
    {"sha1", signature::KeyForm::kSha1},
    {"sha256-hex", signature::KeyForm::kSha256Hex},
    {"public-key", signature::KeyForm::kPublicKey},
}};

inline constexpr std::array<Word<signature::TimeFormat>, 5> kTimeFormats{{
    {"s", signature::TimeFormat::kSeconds},
    {"ms", signature::TimeFormat::kMilliseconds},
    {"s-or-ms", signature::TimeFormat::kSecondsOrMilliseconds},
    {"rfc3339", signature::TimeFormat::kRfc3339},
    {"http-date", signature::TimeFormat::kHttpDate},
}};

inline constexpr std::array<Word<crypto::HashKind>, 5> kHashes{{
    {"sha256", crypto::HashKind::kSha256},
    {"sha384", crypto::HashKind::kSha384},
    {"sha512", crypto::HashKind::kSha512},
    {"sha1", crypto::HashKind::kSha1},
    {"md5", crypto::HashKind::kMd5},
}};

// Their texts are signature/algorithm.h's.
inline constexpr std::array<signature::Family, 6> kFamilies{
    signature::Family::kHmac, signature::Family::kAsymmetric, signature::Family::kToken,
    signature::Family::kJwt,  signature::Family::kX509Url,    signature::Family::kMessageSignature,
};

inline constexpr std::array<signature::Algorithm, 17> kAlgorithms{
    signature::Algorithm::kHmacSha256,        signature::Algorithm::kHmacSha1,
    signature::Algorithm::kHmacSha384,        signature::Algorithm::kHmacSha512,
    signature::Algorithm::kSha256SecretFirst, signature::Algorithm::kHmacMd5,
    signature::Algorithm::kEd25519,           signature::Algorithm::kRsaPkcs1Md5,
    signature::Algorithm::kRsaPkcs1Sha1,      signature::Algorithm::kRsaPkcs1Sha256,
    signature::Algorithm::kRsaPkcs1Sha384,    signature::Algorithm::kRsaPkcs1Sha512,
    signature::Algorithm::kRsaPssSha256,      signature::Algorithm::kRsaPssSha384,
    signature::Algorithm::kRsaPssSha512,      signature::Algorithm::kEcdsaP256Sha256,
    signature::Algorithm::kEcdsaP384Sha384,
};

// How many candidates a site has where nothing is said: several only where it can hold a list.
[[nodiscard]] inline std::uint32_t usual_candidates(const signature::SignatureSite& site) {
  const bool one =
      site.item_separator == '\0' && site.from.place != signature::Place::kNumberedHeaders;
  return one ? 1 : signature::kCandidatesMax;
}

template <class T, std::size_t N>
[[nodiscard]] std::vector<Word<T>> named(const std::array<T, N>& values) {
  std::vector<Word<T>> words;
  for (const T value : values) words.push_back({name(value), value});
  return words;
}

// As RFC 7518 and RFC 8037 name them in a token's header.
inline constexpr std::array<Word<signature::Algorithm>, 12> kJwtAlgorithms{{
    {"HS256", signature::Algorithm::kHmacSha256},
    {"HS384", signature::Algorithm::kHmacSha384},
    {"HS512", signature::Algorithm::kHmacSha512},
    {"RS256", signature::Algorithm::kRsaPkcs1Sha256},
    {"RS384", signature::Algorithm::kRsaPkcs1Sha384},
    {"RS512", signature::Algorithm::kRsaPkcs1Sha512},
    {"PS256", signature::Algorithm::kRsaPssSha256},
    {"PS384", signature::Algorithm::kRsaPssSha384},
    {"PS512", signature::Algorithm::kRsaPssSha512},
    {"ES256", signature::Algorithm::kEcdsaP256Sha256},
    {"ES384", signature::Algorithm::kEcdsaP384Sha384},
    {"EdDSA", signature::Algorithm::kEd25519},
}};

// How signature/site.h and signature/message.h spell places and parts, for suggestions.
inline constexpr std::array<std::string_view, 9> kPlaceWords{
    "header:", "headers:", "json:", "form:", "query:", "field:", "position:", "claim:", "body"};
inline constexpr std::array<std::string_view, 13> kPartWords{
    "body",   "timestamp", "url",    "url:path", "method", "form-sorted", "crc32",
    "sha256", "header:",   "query:", "form:",    "json:",  "parameter:"};

template <class Table>
[[nodiscard]] std::vector<std::string_view> texts_of(const Table& table) {
  std::vector<std::string_view> texts;
  for (const auto& word : table) texts.push_back(word.text);
  return texts;
}

template <class Table, class T>
[[nodiscard]] std::string_view word_of(const Table& table, T value) {
  for (const auto& word : table) {
    if (word.value == value) return word.text;
  }
  return {};
}

}  // namespace sluice::manifest
