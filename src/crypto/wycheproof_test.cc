// Project Wycheproof (github.com/C2SP/wycheproof): every vector of its files, as it says.
#include "codec/hex.h"
#include "crypto/equal.h"
#include "crypto/hmac.h"
#include "crypto/vectors/reader.h"

namespace sluice::crypto {
namespace {

using wycheproof::check_signatures;
using wycheproof::Tally;

constexpr const char* kEd25519[] = {
#include "crypto/vectors/ed25519.inc"
};
constexpr const char* kP256[] = {
#include "crypto/vectors/ecdsa_secp256r1_sha256.inc"
};
constexpr const char* kP256Raw[] = {
#include "crypto/vectors/ecdsa_secp256r1_sha256_raw.inc"
};
constexpr const char* kP384[] = {
#include "crypto/vectors/ecdsa_secp384r1_sha384.inc"
};
constexpr const char* kP384Raw[] = {
#include "crypto/vectors/ecdsa_secp384r1_sha384_raw.inc"
};
constexpr const char* kHmacSha1[] = {
#include "crypto/vectors/hmac_sha1.inc"
};
constexpr const char* kHmacSha256[] = {
#include "crypto/vectors/hmac_sha256.inc"
};
constexpr const char* kHmacSha384[] = {
#include "crypto/vectors/hmac_sha384.inc"
};
constexpr const char* kHmacSha512[] = {
#include "crypto/vectors/hmac_sha512.inc"
};

// A tag may be the first part of the code; one that is invalid differs from it.
Tally check_codes(std::span<const char* const> lines, HashKind kind) {
  Tally tally;
  for (const std::string_view line : lines) {
    const auto words = wycheproof::words_of(line);
    CHECK(words.size() == 6);
    if (words.size() != 6) continue;
    tally.count(words[1]);
    const std::size_t size = static_cast<std::size_t>(std::stoi(std::string(words[2]))) / 8;
    const Digest code = hmac(kind, wycheproof::bytes_of(words[3]), wycheproof::bytes_of(words[4]));
    CAPTURE(words[0]);
    CHECK(equal(code.view().substr(0, size), wycheproof::bytes_of(words[5])) == (words[1] == "v"));
  }
  return tally;
}

TEST_SUITE("crypto/wycheproof") {
  TEST_CASE("HMAC with SHA-1") {
    CHECK(check_codes(kHmacSha1, HashKind::kSha1) ==
          Tally{.valid = 66, .invalid = 104, .acceptable = 0});
  }

  TEST_CASE("HMAC with SHA-256") {
    CHECK(check_codes(kHmacSha256, HashKind::kSha256) ==
          Tally{.valid = 66, .invalid = 108, .acceptable = 0});
  }

  TEST_CASE("HMAC with SHA-384") {
    CHECK(check_codes(kHmacSha384, HashKind::kSha384) ==
          Tally{.valid = 66, .invalid = 108, .acceptable = 0});
  }

  TEST_CASE("HMAC with SHA-512") {
    CHECK(check_codes(kHmacSha512, HashKind::kSha512) ==
          Tally{.valid = 66, .invalid = 108, .acceptable = 0});
  }

  TEST_CASE("Ed25519") {
    CHECK(check_signatures(kEd25519, {PublicAlgorithm::kEd25519}) ==
          Tally{.valid = 88, .invalid = 63, .acceptable = 0});
  }

  TEST_CASE("ECDSA on P-256, in DER") {
    CHECK(check_signatures(kP256, {PublicAlgorithm::kEcdsaP256Sha256}) ==
          Tally{.valid = 174, .invalid = 310, .acceptable = 0});
  }

  TEST_CASE("ECDSA on P-256, as r and s") {
    CHECK(check_signatures(kP256Raw, {PublicAlgorithm::kEcdsaP256Sha256, EcdsaForm::kRaw}) ==
          Tally{.valid = 173, .invalid = 89, .acceptable = 0});
  }

  TEST_CASE("ECDSA on P-384, in DER") {
    CHECK(check_signatures(kP384, {PublicAlgorithm::kEcdsaP384Sha384}) ==
          Tally{.valid = 194, .invalid = 310, .acceptable = 0});
  }

  TEST_CASE("ECDSA on P-384, as r and s") {
    CHECK(check_signatures(kP384Raw, {PublicAlgorithm::kEcdsaP384Sha384, EcdsaForm::kRaw}) ==
          Tally{.valid = 193, .invalid = 87, .acceptable = 0});
  }
}

}  // namespace
}  // namespace sluice::crypto
