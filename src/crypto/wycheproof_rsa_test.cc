// Project Wycheproof (github.com/C2SP/wycheproof): every vector of its files, as it says.
#include "crypto/vectors/reader.h"

namespace sluice::crypto {
namespace {

using wycheproof::check_signatures;
using wycheproof::Tally;

constexpr const char* kRsa2048Sha256[] = {
#include "crypto/vectors/rsa_2048_sha256.inc"
};
constexpr const char* kRsa2048Sha384[] = {
#include "crypto/vectors/rsa_2048_sha384.inc"
};
constexpr const char* kRsa2048Sha512[] = {
#include "crypto/vectors/rsa_2048_sha512.inc"
};
constexpr const char* kRsa3072Sha256[] = {
#include "crypto/vectors/rsa_3072_sha256.inc"
};
constexpr const char* kRsa3072Sha384[] = {
#include "crypto/vectors/rsa_3072_sha384.inc"
};
constexpr const char* kRsa3072Sha512[] = {
#include "crypto/vectors/rsa_3072_sha512.inc"
};
constexpr const char* kRsa4096Sha256[] = {
#include "crypto/vectors/rsa_4096_sha256.inc"
};
constexpr const char* kRsa4096Sha384[] = {
#include "crypto/vectors/rsa_4096_sha384.inc"
};
constexpr const char* kRsa4096Sha512[] = {
#include "crypto/vectors/rsa_4096_sha512.inc"
};

// The acceptable ones, one in each file, lack the NULL in DigestInfo; they are refused (rsa.h).
TEST_SUITE("crypto/wycheproof") {
  TEST_CASE("RSA of 2048 bits, PKCS#1 v1.5 with SHA-256") {
    CHECK(check_signatures(kRsa2048Sha256, {PublicAlgorithm::kRsaPkcs1Sha256}) ==
          Tally{.valid = 9, .invalid = 249, .acceptable = 1});
  }

  TEST_CASE("RSA of 2048 bits, PKCS#1 v1.5 with SHA-384") {
    CHECK(check_signatures(kRsa2048Sha384, {PublicAlgorithm::kRsaPkcs1Sha384}) ==
          Tally{.valid = 7, .invalid = 250, .acceptable = 1});
  }

  TEST_CASE("RSA of 2048 bits, PKCS#1 v1.5 with SHA-512") {
    CHECK(check_signatures(kRsa2048Sha512, {PublicAlgorithm::kRsaPkcs1Sha512}) ==
          Tally{.valid = 8, .invalid = 250, .acceptable = 1});
  }

  TEST_CASE("RSA of 3072 bits, PKCS#1 v1.5 with SHA-256") {
    CHECK(check_signatures(kRsa3072Sha256, {PublicAlgorithm::kRsaPkcs1Sha256}) ==
          Tally{.valid = 8, .invalid = 250, .acceptable = 1});
  }

  TEST_CASE("RSA of 3072 bits, PKCS#1 v1.5 with SHA-384") {
    CHECK(check_signatures(kRsa3072Sha384, {PublicAlgorithm::kRsaPkcs1Sha384}) ==
          Tally{.valid = 7, .invalid = 251, .acceptable = 1});
  }

  TEST_CASE("RSA of 3072 bits, PKCS#1 v1.5 with SHA-512") {
    CHECK(check_signatures(kRsa3072Sha512, {PublicAlgorithm::kRsaPkcs1Sha512}) ==
          Tally{.valid = 8, .invalid = 251, .acceptable = 1});
  }

  TEST_CASE("RSA of 4096 bits, PKCS#1 v1.5 with SHA-256") {
    CHECK(check_signatures(kRsa4096Sha256, {PublicAlgorithm::kRsaPkcs1Sha256}) ==
          Tally{.valid = 7, .invalid = 250, .acceptable = 1});
  }

  TEST_CASE("RSA of 4096 bits, PKCS#1 v1.5 with SHA-384") {
    CHECK(check_signatures(kRsa4096Sha384, {PublicAlgorithm::kRsaPkcs1Sha384}) ==
          Tally{.valid = 7, .invalid = 251, .acceptable = 1});
  }

  TEST_CASE("RSA of 4096 bits, PKCS#1 v1.5 with SHA-512") {
    CHECK(check_signatures(kRsa4096Sha512, {PublicAlgorithm::kRsaPkcs1Sha512}) ==
          Tally{.valid = 7, .invalid = 251, .acceptable = 1});
  }
}

}  // namespace
}  // namespace sluice::crypto
