#include "crypto/certificate_chain.h"

#include <cstddef>
#include <string>
#include <vector>

#include "codec/base64.h"
#include "crypto/vectors/certificates.h"
#include "crypto/vectors/keys.h"
#include "doctest/doctest.h"

namespace sluice::crypto {
namespace {

using Certificates = std::vector<Certificate>;

Certificates read(const std::string& text) {
  const auto certificates = parse_certificates(text);
  CHECK(certificates.has_value());
  return certificates ? *certificates : Certificates(1);
}

Instant inside() { return *read(vectors::kLeaf)[0].key.not_before + days(1000); }

std::string_view reason(const std::string& chain, const std::string& anchors,
                        ByteView host = "hooks.example.com", Instant now = inside()) {
  const auto presented = read(chain);
  const auto trusted = anchors.empty() ? Certificates() : read(anchors);
  const auto key = check_chain({.chain = presented, .anchors = trusted, .host = host, .now = now});
  if (key) CHECK(*key == presented[0].key);
  return key ? "" : key.error().context;
}

std::string joined(std::initializer_list<const char*> texts) {
  std::string all;
  for (const char* const text : texts) all += text;
  return all;
}

constexpr std::string_view kNoAnchor = "the chain of certificates leads to no anchor";

TEST_SUITE("crypto/certificate") {
  TEST_CASE("a leaf says whose it is") {
    const auto leaf = read(vectors::kLeaf)[0];
    CHECK(leaf.common_name == "leaf");
    CHECK(leaf.dns_names == std::vector<Bytes>{"hooks.example.com", "*.wild.example.com"});
    CHECK(!leaf.is_authority);
    CHECK(!leaf.may_sign_certificates);
    CHECK(!leaf.has_unknown_limits);
    CHECK(leaf.algorithm == CertificateAlgorithm::kRsaSha256);
    CHECK(leaf.issuer == read(vectors::kMiddle)[0].subject);
  }

  TEST_CASE("an authority says what it may do") {
    const auto root = read(vectors::kRoot)[0];
    CHECK(root.is_authority);
    CHECK(root.may_sign_certificates);
    CHECK(!root.path_length_max.has_value());
    CHECK(root.issuer == root.subject);
    const auto middle = read(vectors::kMiddle)[0];
    CHECK(middle.path_length_max == 0);
    CHECK(!read(vectors::kUnsigning)[0].may_sign_certificates);
    CHECK(read(vectors::kCritical)[0].has_unknown_limits);
    CHECK(read(vectors::kConstrained)[0].has_unknown_limits);
  }

  TEST_CASE("a signature is its issuer's, with each kind of key") {
    CHECK(is_signed_by(read(vectors::kRoot)[0], read(vectors::kRoot)[0].key));
    CHECK(is_signed_by(read(vectors::kMiddle)[0], read(vectors::kRoot)[0].key));
    CHECK(is_signed_by(read(vectors::kLeaf)[0], read(vectors::kMiddle)[0].key));
    CHECK(is_signed_by(read(vectors::kEdLeaf)[0], read(vectors::kOther)[0].key));
    CHECK(!is_signed_by(read(vectors::kLeaf)[0], read(vectors::kRoot)[0].key));
    CHECK(!is_signed_by(read(vectors::kEdLeaf)[0], read(vectors::kMiddle)[0].key));
    // SHA-1 proves nothing, though the signature is good.
    CHECK(read(vectors::kWeak)[0].algorithm == CertificateAlgorithm::kUnknown);
    CHECK(!is_signed_by(read(vectors::kWeak)[0], read(vectors::kMiddle)[0].key));
    // P-384 signs over SHA-256 too.
    CHECK(read(vectors::kPlain)[0].algorithm == CertificateAlgorithm::kEcdsaSha256);
    CHECK(is_signed_by(read(vectors::kPlain)[0], read(vectors::kRoot)[0].key));
  }

  TEST_CASE("a certificate with any byte of its signed part changed is not signed") {
    const auto root = read(vectors::kRoot)[0];
    for (std::size_t i = 0; i < root.tbs.size(); i += 41) {
      Certificate changed = root;
      changed.tbs[i] = static_cast<char>(changed.tbs[i] ^ 1);
      CHECK(!is_signed_by(changed, root.key));
    }
  }

  TEST_CASE("every cut of a certificate is refused, and every added byte") {
    const Bytes der = read(vectors::kLeaf)[0].whole;
    CHECK(parse_certificate(der).has_value());
    for (std::size_t size = 0; size < der.size(); ++size) {
      CHECK(!parse_certificate(ByteView(der).substr(0, size)).has_value());
    }
    CHECK(!parse_certificate(der + '\0').has_value());
  }

  TEST_CASE("a text holds up to sixteen certificates, and at least one") {
    std::string many;
    for (int i = 0; i < 16; ++i) many += vectors::kLeaf;
    CHECK(read(many).size() == 16);
    CHECK(!parse_certificates(many + vectors::kLeaf).has_value());
    CHECK(!parse_certificates(vectors::kRsaPublic).has_value());
    CHECK(!parse_certificates("").has_value());
    CHECK(read(read(vectors::kLeaf)[0].whole).size() == 1);
  }
}

TEST_SUITE("crypto/certificate_chain") {
  TEST_CASE("a chain leads from the leaf to an anchor") {
    CHECK(reason(joined({vectors::kLeaf, vectors::kMiddle}), vectors::kRoot) == "");
    CHECK(reason(vectors::kLeaf, vectors::kMiddle) == "");
    CHECK(reason(vectors::kEdLeaf, joined({vectors::kRoot, vectors::kOther})) == "");
    // With the anchor itself at its end, as servers send it.
    CHECK(reason(joined({vectors::kLeaf, vectors::kMiddle, vectors::kRoot}), vectors::kRoot) == "");
    CHECK(reason(vectors::kLeaf, vectors::kLeaf) == "");
  }

  TEST_CASE("without its anchor a chain proves nothing") {
    CHECK(reason(joined({vectors::kLeaf, vectors::kMiddle, vectors::kRoot}), "") == kNoAnchor);
    CHECK(reason(joined({vectors::kLeaf, vectors::kMiddle}), vectors::kOther) == kNoAnchor);
    CHECK(reason(vectors::kLeaf, vectors::kRoot) == kNoAnchor);
    // In another order, or with a stranger between.
    CHECK(reason(joined({vectors::kLeaf, vectors::kRoot, vectors::kMiddle}), vectors::kRoot) ==
          kNoAnchor);
    CHECK(!check_chain({.chain = {}, .anchors = {}, .host = "", .now = {}}).has_value());
  }

  TEST_CASE("only an authority that may sign certificates issues them") {
    const auto why = "a certificate was issued by one that may not issue any";
    CHECK(reason(joined({vectors::kForbidden, vectors::kPlain}), vectors::kRoot) == why);
    CHECK(reason(joined({vectors::kUnderUnsigning, vectors::kUnsigning}), vectors::kRoot) == why);
  }

  TEST_CASE("an authority below one of path length 0 is refused") {
    CHECK(reason(joined({vectors::kDeep, vectors::kBelow, vectors::kMiddle}), vectors::kRoot) ==
          "the chain is longer than one of its authorities allows");
    CHECK(reason(joined({vectors::kDeep, vectors::kBelow}), vectors::kMiddle) ==
          "the chain is longer than one of its authorities allows");
  }

  TEST_CASE("limits that are not understood refuse the chain") {
    const auto why = "a certificate of the chain has limits that are not known";
    CHECK(reason(joined({vectors::kCritical, vectors::kMiddle}), vectors::kRoot) == why);
    CHECK(reason(joined({vectors::kUnderConstrained, vectors::kConstrained}), vectors::kRoot) ==
          why);
  }

  TEST_CASE("a signature by SHA-1 is none") {
    CHECK(reason(joined({vectors::kWeak, vectors::kMiddle}), vectors::kRoot) ==
          "a certificate's signature is not its issuer's");
  }

  TEST_CASE("a chain is valid from the first to the last instant of each certificate") {
    const auto leaf = read(vectors::kLeaf)[0];
    const std::string chain = vectors::kLeaf;
    const std::string anchor = vectors::kLeaf;
    const auto at = [&](Instant now) { return reason(chain, anchor, "", now); };
    CHECK(at(*leaf.key.not_before) == "");
    CHECK(at(*leaf.key.not_after) == "");
    CHECK(at(*leaf.key.not_before - milliseconds(1)) ==
          "a certificate of the chain is not valid yet");
    CHECK(at(*leaf.key.not_after + milliseconds(1)) == "a certificate of the chain has expired");
  }

  TEST_CASE("an expired authority vouches for nothing") {
    const auto root = read(vectors::kRoot);
    auto leaf = read(joined({vectors::kLeaf, vectors::kMiddle}));
    leaf[1].key.not_after = inside() - milliseconds(1);
    const auto key = check_chain({.chain = leaf, .anchors = root, .host = "", .now = inside()});
    CHECK((!key && key.error().context == "a certificate of the chain has expired"));
  }

  TEST_CASE("the leaf has to name the host") {
    CHECK(reason(vectors::kLeaf, vectors::kLeaf, "evil.example.com") ==
          "the certificate is for another host");
    CHECK(reason(vectors::kRoot, vectors::kRoot, "root") == "the certificate is for another host");
    CHECK(reason(vectors::kRoot, vectors::kRoot, "") == "");
    const auto leaf = read(vectors::kLeaf)[0];
    CHECK(names_host(leaf, "HOOKS.Example.com"));
    CHECK(names_host(leaf, "a.wild.example.com"));
    CHECK(!names_host(leaf, "wild.example.com"));
    CHECK(!names_host(leaf, ".wild.example.com"));
    CHECK(!names_host(leaf, "a.b.wild.example.com"));
    CHECK(!names_host(leaf, "leaf"));
    CHECK(!names_host(leaf, ""));
    Certificate broad = leaf;
    broad.dns_names = {"*.com", "*"};
    CHECK(!names_host(broad, "example.com"));
    CHECK(!names_host(broad, "com"));
  }

  TEST_CASE("a chain of more than four certificates is refused") {
    std::string chain;
    for (int i = 0; i < 5; ++i) chain += vectors::kLeaf;
    CHECK(reason(chain, vectors::kRoot) == "a chain has one to four certificates");
  }
}

}  // namespace
}  // namespace sluice::crypto
