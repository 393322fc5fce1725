// Each thing that people get wrong is named, and nothing that is secret.
#include "signature/diagnosis.h"

#include <algorithm>
#include <string>
#include <vector>

#include "crypto/vectors/keys.h"
#include "doctest/doctest.h"
#include "signature/certificate_key.h"
#include "signature/presets.h"
#include "signature/request_variants.h"
#include "signature/sign.h"

namespace sluice::signature {
namespace {

constexpr Instant kNow{1'700'000'000'000};
constexpr std::string_view kBody = R"({"id":"evt_1","url":"https://a/b"})";
constexpr std::string_view kUrl = "https://hooks.example/in/square";
constexpr std::string_view kSecret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

struct Sent {
  Headers headers;
  std::string url{kUrl};
  Bytes body{kBody};
};

Sent signed_by(const Scheme& scheme, const std::vector<Secret>& secrets, Instant at = kNow) {
  Sent sent;
  const SignInput input{.id = "id-1", .now = at, .headers = {}, .body = sent.body, .url = sent.url};
  const auto made = sign(scheme, secrets, input);
  CHECK(made.has_value());
  if (made) sent.headers = made->headers;
  return sent;
}

std::vector<Hint> hints(const Scheme& scheme, const std::vector<Secret>& secrets, const Sent& sent,
                        Instant now = kNow) {
  const Request request{
      .method = "POST", .url = sent.url, .headers = sent.headers, .body = sent.body};
  const auto verdict = verify(scheme, secrets, request, now);
  const auto* refusal = std::get_if<Refusal>(&verdict);
  CHECK(refusal != nullptr);
  if (refusal == nullptr) return {};
  auto found = diagnose(scheme, secrets, request, *refusal, now);
  CHECK(found.size() <= kHintsMax);
  for (const Hint& hint : found) {
    for (const Secret& secret : secrets) {
      if (secret.value.size() < 8) continue;
      CHECK(hint.text.find(secret.value.substr(2)) == std::string::npos);
    }
    CHECK(hint.text.find("evt_1") == std::string::npos);
  }
  return found;
}

// The kind and text of the one hint there has to be.
std::string only(const std::vector<Hint>& found, HintKind kind) {
  CHECK(found.size() == 1);
  if (found.size() != 1) return "none";
  CHECK(found[0].kind == kind);
  return found[0].text;
}

Secret secret_of(std::string_view text) { return {.value = Bytes(text)}; }

// Without its id, so that the signature is the only header.
Scheme github_like() {
  Scheme scheme = *preset("github");
  scheme.identity.clear();
  return scheme;
}

Scheme square() {
  Scheme scheme;
  scheme.name = "square-like";
  scheme.signature.from = {Place::kHeader, "x-signature"};
  scheme.message = *parse_message("{url}{body}");
  return scheme;
}

TEST_SUITE("signature/diagnosis") {
  TEST_CASE("a secret in another form") {
    Scheme signer = *preset("standard");
    signer.key = {.form = KeyForm::kUtf8, .prefix = ""};
    const Sent plain = signed_by(signer, {secret_of(kSecret)});
    CHECK(
        only(hints(*preset("standard"), {secret_of(kSecret)}, plain), HintKind::kSecretForm) ==
        "secret 0 matches when it is taken as plain text, its prefix being part of it; the scheme "
        "takes it as base64");
    const Scheme github = github_like();
    Scheme hex = github;
    hex.key.form = KeyForm::kHex;
    const Sent by_hex = signed_by(hex, {secret_of("00112233")});
    CHECK(only(hints(github, {secret_of("00112233")}, by_hex), HintKind::kSecretForm) ==
          "secret 0 matches when it is taken as hex; the scheme takes it as plain text");
  }

  TEST_CASE("a secret that was pasted with what stood around it") {
    const Scheme github = github_like();
    const Sent sent = signed_by(github, {secret_of("s3cret-long")});
    for (const std::string_view pasted :
         {"s3cret-long\n", " s3cret-long", "\"s3cret-long\"", "'s3cret-long'\r\n"}) {
      CAPTURE(pasted);
      CHECK(only(hints(github, {secret_of("other one"), secret_of(pasted)}, sent),
                 HintKind::kSecretSpace)
                .substr(0, 16) == "secret 1 matches");
    }
  }

  TEST_CASE("a secret that cannot be one") {
    const auto found = hints(*preset("standard"), {secret_of("whsec_!!!!!!!!")},
                             signed_by(*preset("standard"), {secret_of(kSecret)}));
    CHECK(only(found, HintKind::kSecretUnusable) ==
          "secret 0 is not used: the secret is not base64");
  }

  TEST_CASE("an old secret that the provider still uses, or a new one too early") {
    const Scheme github = github_like();
    const Sent sent = signed_by(github, {secret_of("s3cret-long")});
    Secret old = secret_of("s3cret-long");
    old.not_after = kNow - seconds(1);
    CHECK(only(hints(github, {secret_of("new"), old}, sent), HintKind::kSecretExpired) ==
          "secret 1 matches, but is valid only until 2023-11-14T22:13:19.000Z: the provider still "
          "signs with it");
    Secret early = secret_of("s3cret-long");
    early.not_before = kNow + seconds(1);
    CHECK(only(hints(github, {early}, sent), HintKind::kSecretExpired) ==
          "secret 0 matches, but is valid only from 2023-11-14T22:13:21.000Z");
  }

  TEST_CASE("a body that was changed on its way") {
    const Scheme github = github_like();
    const std::vector<Secret> secrets = {secret_of("s3cret-long")};
    const Sent sent = signed_by(github, secrets);
    const std::string plain(kBody);
    const std::string bodies[] = {plain + "\n", "\xef\xbb\xbf" + plain,
                                  R"({"id": "evt_1", "url": "https://a/b"})",
                                  "{\n  \"id\": \"evt_1\",\n  \"url\": \"https://a/b\"\n}",
                                  R"({"id":"evt_1","url":"https:\/\/a\/b"})"};
    for (const std::string& body : bodies) {
      CAPTURE(body);
      Sent changed = sent;
      changed.body = body;
      const std::string text = only(hints(github, secrets, changed), HintKind::kBodyChanged);
      CHECK(text.find("the body was changed on its way: the one that was signed ") == 0);
    }
    Sent longer = sent;
    longer.body = R"({"id":"evt_1","more":1})";
    CHECK(hints(github, secrets, longer).empty());
    longer.headers.push_back({"content-length", "34"});
    CHECK(only(hints(github, secrets, longer), HintKind::kBodyChanged).find("23 bytes") !=
          std::string::npos);
  }

  TEST_CASE("a URL as the provider knows it") {
    const std::vector<Secret> secrets = {secret_of("s3cret-long")};
    const Sent sent = signed_by(square(), secrets);
    const std::pair<std::string, std::string> urls[] = {
        {"http://hooks.example/in/square", "begins with https:"},
        {"https://hooks.example:443/in/square", "names no port"},
        {"http://hooks.example:8787/in/square", "names no port and begins with https:"},
        {"https://hooks.example/in/square/", "has no slash at its end"},
        {"https://hooks.example/in/square?x=1", "has no query"}};
    for (const auto& entry : urls) {
      const auto& url = entry.first;
      const auto& what = entry.second;
      CAPTURE(url);
      Sent changed = sent;
      changed.url = url;
      CHECK(only(hints(square(), secrets, changed), HintKind::kUrl) ==
            "the URL that was signed " + what + ": set public_url to what the provider was given");
    }
  }

  TEST_CASE("another encoding, another prefix, another algorithm, a signature that was cut") {
    const Scheme github = github_like();
    const std::vector<Secret> secrets = {secret_of("s3cret-long")};
    Scheme other = github;
    other.signature.encoding = Encoding::kBase64;
    CHECK(only(hints(github, secrets, signed_by(other, secrets)), HintKind::kEncoding) ==
          "the signature is written in base64; the scheme expects lower-case hex");
    other = github;
    other.signature.prefix = "";
    CHECK(only(hints(github, secrets, signed_by(other, secrets)), HintKind::kEncoding) ==
          "the signature stands there without the prefix that the scheme expects");
    CHECK(only(hints(other, secrets, signed_by(github, secrets)), HintKind::kEncoding) ==
          "in front of the signature stands \"sha256=\", which the scheme does not expect");
    other = github;
    other.algorithm = Algorithm::kHmacSha512;
    CHECK(only(hints(github, secrets, signed_by(other, secrets)), HintKind::kAlgorithm) ==
          "the signature was made by hmac-sha512; the scheme expects hmac-sha256");
    Sent cut = signed_by(github, secrets);
    cut.headers[0].value.resize(7 + 60);
    CHECK(only(hints(github, secrets, cut), HintKind::kTruncated) ==
          "a signature has 60 of the 64 characters that it needs");
  }

  TEST_CASE("a header under another name, or of another scheme") {
    const Scheme github = github_like();
    const std::vector<Secret> secrets = {secret_of("s3cret-long")};
    Sent sent = signed_by(github, secrets);
    sent.headers[0].name = "x-original-x-hub-signature-256";
    CHECK(only(hints(github, secrets, sent), HintKind::kHeaderName) ==
          "x-hub-signature-256 arrived as x-original-x-hub-signature-256: a proxy or a framework "
          "renamed it");
    sent.headers[0].name = "x_hub_signature_256";
    CHECK(only(hints(github, secrets, sent), HintKind::kHeaderName).find("renamed it") !=
          std::string::npos);
    sent.headers[0].name = "stripe-signature";
    const auto found = hints(github, secrets, sent);
    CHECK(std::any_of(found.begin(), found.end(), [](const Hint& hint) {
      return hint.kind == HintKind::kHeaderName &&
             hint.text.find("the scheme stripe has its signature") != std::string::npos;
    }));
    // Those that share a header share a hint.
    sent.headers[0].name = "x-hub-signature";
    const std::string shared = only(hints(github, secrets, sent), HintKind::kHeaderName);
    CHECK(shared.find("the request carries x-hub-signature, where the schemes bitbucket, ") == 0);
    CHECK(shared.find(" and snyk have their signature") != std::string::npos);
    sent = signed_by(github, secrets);
    sent.headers.push_back(sent.headers[0]);
    (void)only(hints(github, secrets, sent), HintKind::kHeaderRepeated);
  }

  TEST_CASE("clocks and formats of time") {
    const Scheme stripe = *preset("stripe");
    const std::vector<Secret> secrets = {secret_of("s3cret-long")};
    const auto late = hints(stripe, secrets, signed_by(stripe, secrets, kNow - seconds(412)));
    CHECK(late.size() == 2);
    if (late.size() == 2) {
      CHECK(late[0].kind == HintKind::kClock);
      CHECK(late[0].text.find("clock skew 412 s") == 0);
      CHECK(late[1].text == "but for its time the request verifies");
    }
    Scheme other = stripe;
    other.time.format = TimeFormat::kMilliseconds;
    const auto unit = hints(stripe, secrets, signed_by(other, secrets));
    CHECK_FALSE(unit.empty());
    if (!unit.empty()) CHECK(unit[0].kind == HintKind::kTimeFormat);
    other.time.format = TimeFormat::kRfc3339;
    CHECK(only(hints(stripe, secrets, signed_by(other, secrets)), HintKind::kTimeFormat) ==
          "the timestamp is written as RFC 3339, which is not the scheme's format");
  }

  TEST_CASE("of public keys: the form of ECDSA, the hash of RSA") {
    Scheme scheme = square();
    scheme.family = Family::kAsymmetric;
    scheme.algorithm = Algorithm::kEcdsaP256Sha256;
    scheme.signature.encoding = Encoding::kBase64;
    scheme.message = *parse_message("{body}");
    Scheme raw = scheme;
    raw.signature.ecdsa = EcdsaForm::kRaw;
    const Sent sent = signed_by(raw, {secret_of(crypto::vectors::kP256Private)});
    CHECK(only(hints(scheme, {secret_of(crypto::vectors::kP256Public)}, sent),
               HintKind::kEncoding) == "the signature is r and s in a row; the scheme expects DER");
    scheme.algorithm = Algorithm::kRsaPkcs1Sha256;
    Scheme sha1 = scheme;
    sha1.algorithm = Algorithm::kRsaPkcs1Sha1;
    const Sent weak = signed_by(sha1, {secret_of(crypto::vectors::kRsaPrivate)});
    CHECK(
        only(hints(scheme, {secret_of(crypto::vectors::kRsaPublic)}, weak), HintKind::kAlgorithm) ==
        "the signature was made by rsa-pkcs1-sha1; the scheme expects rsa-pkcs1-sha256");
  }

  TEST_CASE("a provider's certificate that is over, or somebody else's") {
    const Scheme sns = *preset("aws-sns");
    const Sent sent{};
    const Request request{.method = "POST", .url = {}, .headers = sent.headers, .body = "{}"};
    const auto of = [&](CertificateFault fault, Reason reason) {
      return only(diagnose(sns, {}, request, {reason, std::string(name(fault))}, kNow),
                  HintKind::kCertificate);
    };
    CHECK(of(CertificateFault::kExpired, Reason::kKeyExpired).find("no longer valid") !=
          std::string::npos);
    CHECK(of(CertificateFault::kNotYetValid, Reason::kKeyExpired).find("not valid yet") !=
          std::string::npos);
    CHECK(of(CertificateFault::kOtherSubject, Reason::kSignatureMismatch) ==
          "the certificate that the request names is not issued to the provider");
  }

  TEST_CASE("a request that is simply forged has no explanation") {
    const Scheme github = github_like();
    CHECK(hints(github, {secret_of("s3cret-long")}, signed_by(github, {secret_of("guessed")}))
              .empty());
  }

  TEST_CASE("JSON is written anew without touching its strings") {
    const std::string_view json = "{ \"a b\" : [1,\n 2], \"c\\\" : ,\":\"d\" }";
    CHECK(respaced(json, JsonSpacing::kNone) == R"({"a b":[1,2],"c\" : ,":"d"})");
    CHECK(respaced(json, JsonSpacing::kBlanks) == R"({"a b": [1, 2], "c\" : ,": "d"})");
    CHECK(respaced("", JsonSpacing::kNone).empty());
    CHECK(respaced("\"\\", JsonSpacing::kNone) == "\"\\");
  }
}

}  // namespace
}  // namespace sluice::signature
