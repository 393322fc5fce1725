// Schemes by public key: every algorithm, every form of key, and what must not pass.
#include <array>
#include <string>
#include <vector>

#include "crypto/vectors/keys.h"
#include "doctest/doctest.h"
#include "signature/sign.h"
#include "signature/verify.h"

namespace sluice::signature {
namespace {

namespace vectors = crypto::vectors;

constexpr Instant kNow{1'700'000'000'000};
constexpr std::string_view kBody = R"({"id":"evt_1"})";

Scheme scheme_of(Algorithm algorithm) {
  Scheme scheme;
  scheme.name = "acme";
  scheme.family = Family::kAsymmetric;
  scheme.algorithm = algorithm;
  scheme.allow_legacy = is_legacy(algorithm);
  scheme.key.form = KeyForm::kPublicKey;
  scheme.signature.from = {Place::kHeader, "x-signature"};
  scheme.signature.encoding = Encoding::kBase64;
  scheme.signature.item_separator = ' ';
  scheme.time.from = {Place::kHeader, "x-time"};
  scheme.message = *parse_message("{timestamp}{body}");
  return scheme;
}

struct Pair {
  Algorithm algorithm;
  std::string_view private_key;
  std::string_view public_key;
};

std::vector<Pair> pairs() {
  std::vector<Pair> all = {
      {Algorithm::kEd25519, vectors::kEd25519Private, vectors::kEd25519Public},
      {Algorithm::kEcdsaP256Sha256, vectors::kP256Private, vectors::kP256Public},
      {Algorithm::kEcdsaP384Sha384, vectors::kP384Private, vectors::kP384Public},
  };
  for (const Algorithm algorithm :
       {Algorithm::kRsaPkcs1Md5, Algorithm::kRsaPkcs1Sha1, Algorithm::kRsaPkcs1Sha256,
        Algorithm::kRsaPkcs1Sha384, Algorithm::kRsaPkcs1Sha512, Algorithm::kRsaPssSha256,
        Algorithm::kRsaPssSha384, Algorithm::kRsaPssSha512}) {
    all.push_back({algorithm, vectors::kRsaPrivate, vectors::kRsaPublic});
  }
  return all;
}

Secret secret_of(std::string_view text) { return {.value = Bytes(text)}; }

Headers signed_headers(const Scheme& scheme, const std::vector<Secret>& secrets) {
  const SignInput input{.id = "", .now = kNow, .headers = {}, .body = kBody};
  const auto made = sign(scheme, secrets, input);
  CHECK(made.has_value());
  return made ? made->headers : Headers{};
}

std::string answer(const Scheme& scheme, const Headers& headers, const std::vector<Secret>& secrets,
                   std::string_view body = kBody, Instant now = kNow) {
  const Request request{.method = "POST", .url = "/", .headers = headers, .body = body};
  const auto verdict = verify(scheme, secrets, request, now);
  const auto* refusal = std::get_if<Refusal>(&verdict);
  return refusal == nullptr ? "accepted" : std::string(name(refusal->reason));
}

std::string& signature_in(Headers& headers) {
  for (auto& header : headers) {
    if (header.name == "x-signature") return header.value;
  }
  return headers.front().value;
}

TEST_SUITE("signature/public_scheme") {
  TEST_CASE("what a private key signs its public key verifies, by every algorithm") {
    for (const Pair& pair : pairs()) {
      CAPTURE(name(pair.algorithm));
      const Scheme scheme = scheme_of(pair.algorithm);
      CHECK(check(scheme).has_value());
      const std::vector<Secret> key = {secret_of(pair.public_key)};
      Headers headers = signed_headers(scheme, {secret_of(pair.private_key)});
      CHECK(answer(scheme, headers, key) == "accepted");
      CHECK(answer(scheme, headers, {secret_of(pair.private_key)}) == "accepted");
      CHECK(answer(scheme, headers, key, "{}") == "signature_mismatch");
      CHECK(answer(scheme, headers, key, kBody, kNow + seconds(301)) == "timestamp_too_old");
      signature_in(headers) = "AAAA";
      CHECK(answer(scheme, headers, key) == "signature_mismatch");
      signature_in(headers) = "";
      CHECK(answer(scheme, headers, key) == "header_missing");
    }
  }

  TEST_CASE("a public key signs nothing") {
    const Scheme scheme = scheme_of(Algorithm::kEd25519);
    const SignInput input{.id = "", .now = kNow, .headers = {}, .body = kBody};
    CHECK_FALSE(sign(scheme, {secret_of(vectors::kEd25519Public)}, input).has_value());
  }

  TEST_CASE("r and s in a row, or DER: only the form that the scheme says") {
    Scheme scheme = scheme_of(Algorithm::kEcdsaP256Sha256);
    const std::vector<Secret> key = {secret_of(vectors::kP256Public)};
    const Headers der = signed_headers(scheme, {secret_of(vectors::kP256Private)});
    scheme.signature.ecdsa = EcdsaForm::kRaw;
    const Headers raw = signed_headers(scheme, {secret_of(vectors::kP256Private)});
    CHECK(answer(scheme, raw, key) == "accepted");
    CHECK(answer(scheme, der, key) == "signature_mismatch");
  }

  TEST_CASE("a key of another kind is not used, and says why") {
    const Scheme scheme = scheme_of(Algorithm::kRsaPkcs1Sha256);
    for (const std::string_view text :
         {std::string_view(vectors::kP256Public), std::string_view(vectors::kEd25519Public),
          std::string_view("secret"), std::string_view()}) {
      const Keys keys = prepare(scheme, {secret_of(text)});
      CHECK(keys.usable.empty());
      CHECK(keys.unusable == 1);
      CHECK(keys.faults.size() == 1);
      if (!keys.faults.empty()) CHECK_FALSE(keys.faults[0].why.empty());
    }
  }

  TEST_CASE("MD5 and SHA-1 are not each other, nor a stronger hash") {
    const std::vector<Secret> key = {secret_of(vectors::kRsaPublic)};
    const Scheme md5 = scheme_of(Algorithm::kRsaPkcs1Md5);
    const Scheme sha1 = scheme_of(Algorithm::kRsaPkcs1Sha1);
    const Scheme sha256 = scheme_of(Algorithm::kRsaPkcs1Sha256);
    const Headers by_md5 = signed_headers(md5, {secret_of(vectors::kRsaPrivate)});
    const Headers by_sha1 = signed_headers(sha1, {secret_of(vectors::kRsaPrivate)});
    CHECK(answer(md5, by_sha1, key) == "signature_mismatch");
    CHECK(answer(sha1, by_md5, key) == "signature_mismatch");
    CHECK(answer(sha256, by_sha1, key) == "signature_mismatch");

    Scheme hmac = sha1;
    hmac.family = Family::kHmac;
    hmac.key.form = KeyForm::kUtf8;
    hmac.algorithm = Algorithm::kHmacSha1;
    const Headers mac = signed_headers(hmac, {secret_of("s")});
    hmac.algorithm = Algorithm::kHmacMd5;
    hmac.allow_legacy = true;
    CHECK(answer(hmac, mac, {secret_of("s")}) == "signature_malformed");
  }

  TEST_CASE("the first of several signatures counts as much as the last") {
    const Scheme scheme = scheme_of(Algorithm::kEd25519);
    const std::vector<Secret> key = {secret_of(vectors::kEd25519Public)};
    const Headers good = signed_headers(scheme, {secret_of(vectors::kEd25519Private)});
    Headers headers = good;
    const std::string right = signature_in(headers);
    const std::string wrong = std::string(86, 'A') + "==";
    for (const std::string& text : {right + " " + wrong, wrong + " " + right}) {
      signature_in(headers) = text;
      CHECK(answer(scheme, headers, key) == "accepted");
    }
    signature_in(headers) = wrong + " " + wrong + " " + wrong + " " + right;
    CHECK(answer(scheme, headers, key) == "accepted");
    signature_in(headers) += " " + wrong;  // A fifth: strangers get so much work and no more.
    CHECK(answer(scheme, headers, key) == "header_malformed");
  }

  TEST_CASE("keys rotate as secrets do, and the one that matched is told") {
    const Scheme scheme = scheme_of(Algorithm::kEd25519);
    const Headers headers = signed_headers(scheme, {secret_of(vectors::kEd25519Private)});
    Secret old = secret_of(vectors::kEd25519Public);
    old.not_after = kNow - milliseconds(1);
    CHECK(answer(scheme, headers, {old}) == "key_expired");
    old.not_after = kNow;
    const Request request{.method = "POST", .url = "/", .headers = headers, .body = kBody};
    Secret other = secret_of(vectors::kEd25519Public);
    other.value[60] = other.value[60] == 'A' ? 'B' : 'A';
    const auto verdict = verify(scheme, {other, old}, request, kNow);
    CHECK(std::holds_alternative<Accepted>(verdict));
    if (const auto* accepted = std::get_if<Accepted>(&verdict)) CHECK(accepted->secret == 1);
  }

  TEST_CASE("a fifth public key is not used") {
    const Scheme scheme = scheme_of(Algorithm::kEd25519);
    const std::vector<Secret> five(5, secret_of(vectors::kEd25519Public));
    const Keys keys = prepare(scheme, five);
    CHECK(keys.usable.size() == kPublicKeysMax);
    CHECK(keys.unusable == 1);
  }

  TEST_CASE("families and algorithms that do not go together") {
    Scheme scheme = scheme_of(Algorithm::kEd25519);
    scheme.family = Family::kHmac;
    CHECK_FALSE(check(scheme).has_value());
    scheme = scheme_of(Algorithm::kHmacSha256);
    CHECK_FALSE(check(scheme).has_value());
    scheme = scheme_of(Algorithm::kRsaPkcs1Md5);
    scheme.allow_legacy = false;
    CHECK_FALSE(check(scheme).has_value());
    scheme = scheme_of(Algorithm::kEd25519);
    scheme.key.form = KeyForm::kBase64;
    CHECK_FALSE(check(scheme).has_value());
    scheme.family = Family::kHmac;
    scheme.algorithm = Algorithm::kHmacSha256;
    scheme.key.form = KeyForm::kPublicKey;  // Everybody could sign.
    CHECK_FALSE(check(scheme).has_value());
  }
}

}  // namespace
}  // namespace sluice::signature
