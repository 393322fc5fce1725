// Project Wycheproof (github.com/C2SP/wycheproof): every vector of its files, as it says.
#include "crypto/vectors/reader.h"

namespace sluice::crypto {
namespace {

using wycheproof::check_signatures;
using wycheproof::Tally;
using wycheproof::words_of;

constexpr const char* kPss2048Sha256[] = {
#include "crypto/vectors/rsa_pss_2048_sha256_mgf1_32.inc"
};
constexpr const char* kPss2048Sha384[] = {
#include "crypto/vectors/rsa_pss_2048_sha384_mgf1_48.inc"
};
constexpr const char* kPss3072Sha256[] = {
#include "crypto/vectors/rsa_pss_3072_sha256_mgf1_32.inc"
};
constexpr const char* kPss4096Sha256[] = {
#include "crypto/vectors/rsa_pss_4096_sha256_mgf1_32.inc"
};
constexpr const char* kPss4096Sha384[] = {
#include "crypto/vectors/rsa_pss_4096_sha384_mgf1_48.inc"
};
constexpr const char* kPss4096Sha512[] = {
#include "crypto/vectors/rsa_pss_4096_sha512_mgf1_64.inc"
};
constexpr const char* kShapes[] = {
#include "crypto/vectors/rsa_pss_shapes.inc"
};

struct Hashing {
  std::string_view name;
  PublicAlgorithm algorithm;
  std::string_view size;
};

constexpr Hashing kHashings[] = {{"SHA-256", PublicAlgorithm::kRsaPssSha256, "32"},
                                 {"SHA-384", PublicAlgorithm::kRsaPssSha384, "48"},
                                 {"SHA-512", PublicAlgorithm::kRsaPssSha512, "64"}};

TEST_SUITE("crypto/wycheproof") {
  TEST_CASE("RSA of 2048 bits, PSS with SHA-256") {
    CHECK(check_signatures(kPss2048Sha256, {PublicAlgorithm::kRsaPssSha256}) ==
          Tally{.valid = 63, .invalid = 45, .acceptable = 0});
  }

  TEST_CASE("RSA of 2048 bits, PSS with SHA-384") {
    CHECK(check_signatures(kPss2048Sha384, {PublicAlgorithm::kRsaPssSha384}) ==
          Tally{.valid = 95, .invalid = 46, .acceptable = 0});
  }

  TEST_CASE("RSA of 3072 bits, PSS with SHA-256") {
    CHECK(check_signatures(kPss3072Sha256, {PublicAlgorithm::kRsaPssSha256}) ==
          Tally{.valid = 63, .invalid = 45, .acceptable = 0});
  }

  TEST_CASE("RSA of 4096 bits, PSS with SHA-256") {
    CHECK(check_signatures(kPss4096Sha256, {PublicAlgorithm::kRsaPssSha256}) ==
          Tally{.valid = 63, .invalid = 45, .acceptable = 0});
  }

  TEST_CASE("RSA of 4096 bits, PSS with SHA-384") {
    CHECK(check_signatures(kPss4096Sha384, {PublicAlgorithm::kRsaPssSha384}) ==
          Tally{.valid = 95, .invalid = 46, .acceptable = 0});
  }

  TEST_CASE("RSA of 4096 bits, PSS with SHA-512") {
    CHECK(check_signatures(kPss4096Sha512, {PublicAlgorithm::kRsaPssSha512}) ==
          Tally{.valid = 132, .invalid = 47, .acceptable = 0});
  }

  TEST_CASE("PSS takes the mask and the salt of its own hash, and no others") {
    int taken = 0;
    int refused = 0;
    std::vector<std::string_view> shape;
    for (const std::string_view line : kShapes) {
      const auto words = words_of(line);
      if (words[0] == "shape") {
        shape = words;
        continue;
      }
      const auto key = parse_public_key(shape[4]);
      CHECK(key.has_value());
      if (!key) continue;
      const Bytes message = wycheproof::bytes_of(words[2]);
      const ByteView parts[] = {message};
      for (const Hashing& each : kHashings) {
        const bool is_ours =
            shape[1] == each.name && shape[2] == each.name && shape[3] == each.size;
        CAPTURE(words[0]);
        CHECK(verify(each.algorithm, EcdsaForm::kDer, *key, parts,
                     wycheproof::bytes_of(words[3])) == is_ours);
        ++(is_ours ? taken : refused);
      }
    }
    CHECK(taken == 3);
    CHECK(refused == 267);
  }
}

}  // namespace
}  // namespace sluice::crypto
