#include "signature/algorithm.h"

#include <array>
#include <utility>

namespace sluice::signature {
namespace {

constexpr std::array<std::pair<Family, std::string_view>, 6> kFamilies{{
    {Family::kHmac, "hmac"},
    {Family::kAsymmetric, "asymmetric"},
    {Family::kToken, "token"},
    {Family::kJwt, "jwt"},
    {Family::kX509Url, "x509-url"},
    {Family::kMessageSignature, "message-signature"},
}};

constexpr std::array<std::pair<Algorithm, std::string_view>, 17> kAlgorithms{{
    {Algorithm::kHmacSha1, "hmac-sha1"},
    {Algorithm::kHmacSha256, "hmac-sha256"},
    {Algorithm::kHmacSha384, "hmac-sha384"},
    {Algorithm::kHmacSha512, "hmac-sha512"},
    {Algorithm::kSha256SecretFirst, "sha256-secret-first"},
    {Algorithm::kHmacMd5, "hmac-md5"},
    {Algorithm::kEd25519, "ed25519"},
    {Algorithm::kRsaPkcs1Md5, "rsa-pkcs1-md5"},
    {Algorithm::kRsaPkcs1Sha1, "rsa-pkcs1-sha1"},
    {Algorithm::kRsaPkcs1Sha256, "rsa-pkcs1-sha256"},
    {Algorithm::kRsaPkcs1Sha384, "rsa-pkcs1-sha384"},
    {Algorithm::kRsaPkcs1Sha512, "rsa-pkcs1-sha512"},
    {Algorithm::kRsaPssSha256, "rsa-pss-sha256"},
    {Algorithm::kRsaPssSha384, "rsa-pss-sha384"},
    {Algorithm::kRsaPssSha512, "rsa-pss-sha512"},
    {Algorithm::kEcdsaP256Sha256, "ecdsa-p256-sha256"},
    {Algorithm::kEcdsaP384Sha384, "ecdsa-p384-sha384"},
}};

}  // namespace

std::string_view name(Family family) {
  for (const auto& [known, text] : kFamilies) {
    if (known == family) return text;
  }
  return "unknown";
}

std::optional<Family> parse_family(std::string_view text) {
  for (const auto& [known, spelling] : kFamilies) {
    if (spelling == text) return known;
  }
  return std::nullopt;
}

std::string_view name(Algorithm algorithm) {
  for (const auto& [known, text] : kAlgorithms) {
    if (known == algorithm) return text;
  }
  return "unknown";
}

std::optional<Algorithm> parse_algorithm(std::string_view text) {
  for (const auto& [known, spelling] : kAlgorithms) {
    if (spelling == text) return known;
  }
  return std::nullopt;
}

bool is_symmetric(Algorithm algorithm) { return algorithm < Algorithm::kEd25519; }

bool is_legacy(Algorithm algorithm) {
  return algorithm == Algorithm::kSha256SecretFirst || algorithm == Algorithm::kHmacMd5 ||
         algorithm == Algorithm::kRsaPkcs1Md5;
}

}  // namespace sluice::signature
