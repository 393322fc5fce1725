// Tokens: the examples of the RFCs, and what must not pass.
#include "signature/jwt.h"

#include "codec/base64.h"
#include "crypto/public_key.h"
#include "doctest/doctest.h"
#include "signature/jws.h"
#include "signature/key_match.h"

namespace sluice::signature {
namespace {

// RFC 7515, A.1: claims iss "joe", exp 1300819380, under HS256.
constexpr std::string_view kJoe =
    "eyJ0eXAiOiJKV1QiLA0KICJhbGciOiJIUzI1NiJ9."
    "eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVl"
    "fQ.dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
constexpr std::string_view kJoesKey =
    "AyM1SysPpbyDfgZld3umj1qzKObwVMkoqQ-EstJQLr_T-1qS0gZH75aKtMN3Yj0iPS4hcgUuTwjAzZr1Z9CAow";
constexpr Instant kBeforeJoe{1'300'819'380'000};

// RFC 7515, A.2: the same claims under RS256.
constexpr std::string_view kRsaToken =
    "eyJhbGciOiJSUzI1NiJ9."
    "eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVl"
    "fQ."
    "cC4hiUPoj9Eetdgtv3hF80EGrhuB__dzERat0XF9g2VtQgr9PJbu3XOiZj5RZmh7AAuHIm4Bh-0Qc_lF5YKt_O8W2Fp5"
    "jujGbds9uJdbF9CUAr7t1dnZcAcQjbKBYNX4BAynRFdiuB--f_nZLgrnbyTyWzO75vRK5h6xBArLIARNPvkSjtQBMHlb"
    "1L07Qe7K0GarZRmB_eSN9383LcOLn6_dO--xi12jzDwusC-eOkHWEsqtFZESc6BfI7noOPqvhJ1phCnvWh6IeYI2w9QO"
    "YEUipUTI8np6LbgGY9Fs98rqVt5AXLIhWkWywlVmtVrBp0igcN_IoypGlUPQGe77Rw";
constexpr std::string_view kRsaKey =
    R"({"kty":"RSA","n":"ofgWCuLjybRlzo0tZWJjNiuSfb4p4fAkd_wWJcyQoTbji9k0l8W26mPddxHmfHQp-Vaw-)"
    R"(4qPCJrcS2mJPMEzP1Pt0Bm4d4QlL-yRT-SFd2lZS-pCgNMsD1W_YpRPEwOWvG6b32690r2jZ47soMZo9wGzjb_7O)"
    R"(Mg0LOL-bSf63kpaSHSXndS5z5rexMdbBYUsLA9e-KXBdQOS-UTo7WTBEMa2R2CapHg665xsmtdVMTBQY4uDZlxvb)"
    R"(3qCo5ZwKh9kG4LT6_I5IhlJH7aGhyxXFvUK-DWNmoudF8NAco9_h9iaGNj8q2ethFkMLs91kzk2PAcDTW9gb54h4F)"
    R"(RWyuXpoQ","e":"AQAB"})";

// RFC 7515, A.3: under ES256.
constexpr std::string_view kEcToken =
    "eyJhbGciOiJFUzI1NiJ9."
    "eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVl"
    "fQ.DtEhU3ljbEg8L38VWAfUAqOyKAM6-Xx-F4GawxaepmXFCgfTjDxw5djxLa8ISlSApmWQxfKTUJqPP3-Kg6NU1Q";
constexpr std::string_view kEcKey =
    R"({"kty":"EC","crv":"P-256","x":"f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU",)"
    R"("y":"x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0"})";

// RFC 8037, A.4: EdDSA over a payload that is no JSON.
constexpr std::string_view kEdToken =
    "eyJhbGciOiJFZERTQSJ9.RXhhbXBsZSBvZiBFZDI1NTE5IHNpZ25pbmc."
    "hgyY0il_MGCjP0JzlnLWG1PPOt7-09PGcvMg3AIbQR6dWbhijcNR4ki4iylGjg5BhVsPt9g7sVvpAr_MuM0KAg";
constexpr std::string_view kEdKey =
    R"({"kty":"OKP","crv":"Ed25519","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"})";
// The same key with its private half, A.1.
constexpr std::string_view kEdPrivateKey =
    R"({"kty":"OKP","crv":"Ed25519","d":"nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A",)"
    R"("x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"})";

Scheme bearer(Algorithm algorithm) {
  Scheme scheme;
  scheme.name = "test";
  scheme.family = Family::kJwt;
  scheme.signature.from = {.place = Place::kHeader, .name = "authorization"};
  scheme.signature.prefix = "Bearer ";
  scheme.signature.encoding = Encoding::kNone;
  scheme.jwt.algorithms = {algorithm};
  scheme.body_unsigned = true;
  return scheme;
}

// With the time, and a digest of the body, as providers sign webhooks.
Scheme full(Algorithm algorithm) {
  Scheme scheme = bearer(algorithm);
  scheme.body_unsigned = false;
  scheme.time.from = {.place = Place::kClaim, .name = "iat"};
  scheme.body_digest = BodyDigest{.from = {.place = Place::kClaim, .name = "sha256"}};
  scheme.identity = {{.site = {.place = Place::kClaim, .name = "jti"}}};
  scheme.jwt.issuer = "acme";
  scheme.jwt.audience = "us";
  return scheme;
}

Secret secret(std::string_view text) { return Secret{.value = Bytes(text)}; }

Verdict judge(const Scheme& scheme, std::string_view key, std::string_view token, Instant now,
              ByteView body = {}) {
  const Headers headers = {{"authorization", "Bearer " + std::string(token)}};
  const Request request{
      .method = "POST", .url = "https://a.example/in/x", .headers = headers, .body = body};
  return verify(scheme, {secret(key)}, request, now);
}

std::string reason(const Verdict& verdict) {
  if (std::holds_alternative<Accepted>(verdict)) return "accepted";
  if (std::holds_alternative<KeyWanted>(verdict)) return "key wanted";
  return std::string(name(std::get<Refusal>(verdict).reason));
}

std::string token_by(std::string_view key, std::string_view header, std::string_view claims) {
  const std::string text = jws_signed_text(header, claims);
  const auto mac = crypto::hmac(crypto::HashKind::kSha256, key, text);
  return text + "." + codec::encode_base64(mac.view(), codec::kBase64Url);
}

constexpr std::string_view kHs256 = R"({"alg":"HS256"})";
constexpr Instant kNow{1'700'000'000'000};

std::string judged(std::string_view claims, const Scheme& scheme, ByteView body = "{}") {
  return reason(judge(scheme, "key", token_by("key", kHs256, claims), kNow, body));
}

}  // namespace

TEST_SUITE("signature/jwt") {
  TEST_CASE("the example tokens of RFC 7515 verify, and not under each other's algorithm") {
    const auto joes_key = codec::decode_base64(kJoesKey, codec::kBase64Url);
    CHECK(joes_key.has_value());
    if (!joes_key) return;
    const Scheme hmac = bearer(Algorithm::kHmacSha256);
    const Scheme rsa = bearer(Algorithm::kRsaPkcs1Sha256);
    const Scheme ec = bearer(Algorithm::kEcdsaP256Sha256);
    CHECK(reason(judge(hmac, *joes_key, kJoe, kBeforeJoe)) == "accepted");
    CHECK(reason(judge(rsa, kRsaKey, kRsaToken, kBeforeJoe)) == "accepted");
    CHECK(reason(judge(ec, kEcKey, kEcToken, kBeforeJoe)) == "accepted");
    CHECK(reason(judge(rsa, kRsaKey, kEcToken, kBeforeJoe)) == "signature_malformed");
    CHECK(reason(judge(ec, kEcKey, kRsaToken, kBeforeJoe)) == "signature_malformed");
    CHECK(reason(judge(hmac, *joes_key, kRsaToken, kBeforeJoe)) == "signature_malformed");
  }

  TEST_CASE("the Ed25519 example of RFC 8037 verifies under its key") {
    const auto jws = parse_jws(kEdToken);
    const auto key = crypto::parse_public_key(kEdKey);
    CHECK(jws.has_value());
    CHECK(key.has_value());
    if (!jws.has_value() || !key.has_value()) return;
    CHECK(jws->algorithm == "EdDSA");
    CHECK(jws->payload == "Example of Ed25519 signing");
    const SetKey one{.id = "", .algorithm = "", .key = *key};
    CHECK(match_set_keys({&one}, Algorithm::kEd25519, jws->signed_text, jws->signature));
    CHECK(!match_set_keys({&one}, Algorithm::kEd25519, "another text", jws->signature));
    // RFC 8037, A.4 is what the key makes of the text.
    const Scheme scheme = bearer(Algorithm::kEd25519);
    const Keys keys = prepare(scheme, {secret(kEdPrivateKey)});
    const Key* signing = signing_key(keys, Algorithm::kEd25519, kNow);
    CHECK(signing != nullptr);
    if (signing == nullptr) return;
    const auto made = sign_with(*signing, Algorithm::kEd25519, jws->signed_text);
    CHECK(made.has_value());
    CHECK((made.has_value() && *made == jws->signature));
  }

  TEST_CASE("a public key's text is no secret of an HMAC") {
    Scheme mixed = bearer(Algorithm::kRsaPkcs1Sha256);
    mixed.jwt.algorithms.push_back(Algorithm::kHmacSha256);
    CHECK(!check(mixed).has_value());
    const std::string forged = token_by(kRsaKey, kHs256, R"({"iss":"joe"})");
    CHECK(reason(judge(bearer(Algorithm::kRsaPkcs1Sha256), kRsaKey, forged, kNow)) ==
          "signature_malformed");
    CHECK(reason(judge(mixed, kRsaKey, forged, kNow)) == "signature_mismatch");
  }

  TEST_CASE("a token that is unsigned, extended or ambiguous is malformed") {
    const Scheme scheme = bearer(Algorithm::kHmacSha256);
    for (const std::string_view header :
         {R"({"alg":"none"})", R"({"alg":"None"})", R"({"alg":""})", R"({})", R"({"alg":7})",
          R"({"alg":"HS256","crit":["exp"]})", R"({"alg":"HS256","b64":false})",
          R"({"alg":"HS256","alg":"HS256"})", R"({"alg":"HS256","kid":7})", R"(["HS256"])",
          R"({"alg":"HS512"})", R"({"alg":"hs256"})"}) {
      CAPTURE(header);
      const std::string token = token_by("key", header, R"({"iss":"a"})");
      CHECK(reason(judge(scheme, "key", token, kNow)) == "signature_malformed");
    }
    const std::string good = token_by("key", kHs256, R"({"iss":"a"})");
    CHECK(reason(judge(scheme, "key", good, kNow)) == "accepted");
    CHECK(reason(judge(scheme, "key", good + "=", kNow)) == "signature_malformed");
    CHECK(reason(judge(scheme, "key", good + ".", kNow)) == "signature_malformed");
    CHECK(reason(judge(scheme, "key", " " + good, kNow)) == "signature_malformed");
    const std::string unsigned_token = good.substr(0, good.rfind('.') + 1);
    CHECK(reason(judge(scheme, "key", unsigned_token, kNow)) == "signature_malformed");
    CHECK(reason(judge(scheme, "other", good, kNow)) == "signature_mismatch");
    CHECK(reason(judge(scheme, "key", token_by("key", kHs256, R"({"a":1,"a":2})"), kNow)) ==
          "signature_malformed");
    CHECK(reason(judge(scheme, "key", token_by("key", kHs256, "[]"), kNow)) ==
          "signature_malformed");
  }

  TEST_CASE("the prefix is required, and a token given twice is none") {
    const Scheme scheme = bearer(Algorithm::kHmacSha256);
    const std::string token = token_by("key", kHs256, "{}");
    const auto with = [&](Headers headers) {
      const Request request{
          .method = "POST", .url = "https://a.example/", .headers = headers, .body = {}};
      return reason(verify(scheme, {secret("key")}, request, kNow));
    };
    CHECK(with({{"authorization", "Bearer " + token}}) == "accepted");
    CHECK(with({{"authorization", token}}) == "header_malformed");
    CHECK(with({}) == "header_missing");
    CHECK(with({{"authorization", "Bearer " + token}, {"authorization", "Bearer " + token}}) ==
          "header_duplicate");
  }

  TEST_CASE("a token is found in the query, and is the body") {
    const std::string token = token_by("key", kHs256, R"({"jti":"d1"})");
    Scheme query = bearer(Algorithm::kHmacSha256);
    query.signature.prefix.clear();
    query.signature.from = {.place = Place::kQuery, .name = "token"};
    const Headers none;
    const auto at = [&](const Scheme& scheme, const std::string& url, const std::string& body) {
      const Request request{.method = "POST", .url = url, .headers = none, .body = body};
      return reason(verify(scheme, {secret("key")}, request, kNow));
    };
    CHECK(at(query, "https://a.example/?x=1&token=" + token, "") == "accepted");
    CHECK(at(query, "https://a.example/?token=" + token + "&token=" + token, "") ==
          "header_duplicate");
    CHECK(at(query, "https://a.example/", token) == "header_missing");
    Scheme body = query;
    body.signature.from = {.place = Place::kBody, .name = {}};
    body.body_unsigned = false;
    CHECK(check(body).has_value());
    CHECK(at(body, "https://a.example/", token) == "accepted");
    CHECK(at(body, "https://a.example/", token + "\n") == "signature_malformed");
  }

  TEST_CASE("claimed times are held to their limits, both inclusive") {
    Scheme scheme = bearer(Algorithm::kHmacSha256);
    CHECK(judged(R"({"exp":1699999940})", scheme) == "accepted");  // The leeway is 60 s.
    CHECK(judged(R"({"exp":1699999939})", scheme) == "timestamp_too_old");
    CHECK(judged(R"({"nbf":1700000060})", scheme) == "accepted");
    CHECK(judged(R"({"nbf":1700000061})", scheme) == "timestamp_too_new");
    CHECK(judged(R"({"exp":"1800000000"})", scheme) == "timestamp_malformed");
    CHECK(judged(R"({"exp":-1})", scheme) == "timestamp_malformed");
    CHECK(judged(R"({"exp":1e10})", scheme) == "timestamp_malformed");
    CHECK(judged(R"({"exp":1700000000.75})", scheme) == "accepted");
    scheme.time.from = {.place = Place::kClaim, .name = "iat"};
    CHECK(judged(R"({"iat":1699999700})", scheme) == "accepted");
    CHECK(judged(R"({"iat":1699999699})", scheme) == "timestamp_too_old");
    CHECK(judged(R"({"iat":1700000060})", scheme) == "accepted");
    CHECK(judged(R"({"iat":1700000061})", scheme) == "timestamp_too_new");
    CHECK(judged(R"({"exp":1800000000})", scheme) == "timestamp_malformed");
  }

  TEST_CASE("issuer and audience are those that the scheme names") {
    Scheme scheme = bearer(Algorithm::kHmacSha256);
    scheme.jwt.issuer = "acme";
    scheme.jwt.audience = "us";
    CHECK(judged(R"({"iss":"acme","aud":"us"})", scheme) == "accepted");
    CHECK(judged(R"({"iss":"acme","aud":["them","us"]})", scheme) == "accepted");
    CHECK(judged(R"({"iss":"acme","aud":["them"]})", scheme) == "signature_mismatch");
    CHECK(judged(R"({"iss":"acme"})", scheme) == "signature_mismatch");
    CHECK(judged(R"({"iss":"evil","aud":"us"})", scheme) == "signature_mismatch");
    CHECK(judged(R"({"iss":["acme"],"aud":"us"})", scheme) == "signature_mismatch");
  }

  TEST_CASE("the body is the one whose digest the token holds") {
    Scheme scheme = bearer(Algorithm::kHmacSha256);
    scheme.body_unsigned = false;
    scheme.body_digest = BodyDigest{.from = {.place = Place::kClaim, .name = "sha256"}};
    // SHA-256 of "{}".
    const std::string claims =
        R"({"sha256":"44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a"})";
    CHECK(judged(claims, scheme, "{}") == "accepted");
    CHECK(judged(claims, scheme, "{ }") == "signature_mismatch");
    CHECK(judged(R"({})", scheme, "{}") == "signature_malformed");
    scheme.body_digest->optional = true;
    CHECK(judged(R"({})", scheme, "") == "accepted");
    CHECK(judged(R"({})", scheme, "{}") == "signature_malformed");
    scheme.body_digest->encoding = Encoding::kBase64Url;
    const std::string in_base64 = R"({"sha256":"RBNvo1WzZ4oRRq0W9-hknpT7T8If536DEMBg9hyq_4o"})";
    CHECK(judged(in_base64, scheme, "{}") == "accepted");
    const std::string padded = R"({"sha256":"RBNvo1WzZ4oRRq0W9-hknpT7T8If536DEMBg9hyq_4o="})";
    CHECK(judged(padded, scheme, "{}") == "accepted");
  }

  TEST_CASE("the delivery is named by a claim, else by the digest of the token") {
    Scheme scheme = bearer(Algorithm::kHmacSha256);
    scheme.identity = {{.site = {.place = Place::kClaim, .name = "jti"}}};
    const auto named = judge(scheme, "key", token_by("key", kHs256, R"({"jti":"d1"})"), kNow);
    const auto* accepted = std::get_if<Accepted>(&named);
    CHECK(accepted != nullptr);
    if (accepted == nullptr) return;
    CHECK(accepted->identity == "d1");
    CHECK(accepted->identity_signed);
    const auto unnamed = judge(scheme, "key", token_by("key", kHs256, R"({"a":1})"), kNow);
    const auto* other = std::get_if<Accepted>(&unnamed);
    CHECK((other != nullptr && other->digest.has_value() && other->identity.size() == 64));
  }

  TEST_CASE("what is signed here verifies here, by every kind of key") {
    struct Pair {
      Algorithm algorithm;
      std::string_view signing;
    };
    for (const auto& pair : {Pair{Algorithm::kHmacSha256, "a shared secret"},
                             Pair{Algorithm::kHmacSha512, "a shared secret"},
                             Pair{Algorithm::kEd25519, kEdPrivateKey}}) {
      const Algorithm algorithm = pair.algorithm;
      const std::string_view signing = pair.signing;
      const Scheme scheme = full(algorithm);
      CAPTURE(jose_name(algorithm));
      CHECK(check(scheme).has_value());
      const SignInput input{.id = "d1", .now = kNow, .headers = {}, .body = "{}"};
      const auto made = sign(scheme, {secret(signing)}, input);
      CHECK(made.has_value());
      if (!made.has_value()) return;
      const Request request{
          .method = "POST", .url = "https://a.example/", .headers = made->headers, .body = "{}"};
      const auto verdict = verify(scheme, {secret(signing)}, request, kNow);
      const auto* accepted = std::get_if<Accepted>(&verdict);
      CHECK(accepted != nullptr);
      CHECK((accepted != nullptr && accepted->identity == "d1"));
      CHECK((accepted != nullptr && accepted->signed_at == kNow));
      const Request changed{
          .method = "POST", .url = "https://a.example/", .headers = made->headers, .body = "{ }"};
      CHECK(reason(verify(scheme, {secret(signing)}, changed, kNow)) == "signature_mismatch");
    }
  }

  TEST_CASE("a scheme that leaves the body to anybody has to say so") {
    Scheme scheme = bearer(Algorithm::kHmacSha256);
    CHECK(check(scheme).has_value());
    scheme.body_unsigned = false;
    CHECK(!check(scheme).has_value());
    scheme = full(Algorithm::kHmacSha256);
    CHECK(check(scheme).has_value());
    scheme.time.from = {.place = Place::kHeader, .name = "x-time"};
    CHECK(!check(scheme).has_value());
    scheme = full(Algorithm::kHmacSha1);
    CHECK(!check(scheme).has_value());
    scheme = full(Algorithm::kHmacSha256);
    scheme.fetched.url = "https://keys.example/jwks.json";
    CHECK(!check(scheme).has_value());
    scheme = full(Algorithm::kEd25519);
    scheme.fetched.url = "https://keys.example/jwks.json";
    CHECK(check(scheme).has_value());
    for (const char* url :
         {"https://u:p@keys.example/", "keys.example/jwks.json", "file:///jwks"}) {
      scheme.fetched.url = url;
      CHECK(!check(scheme).has_value());
    }
  }
}

}  // namespace sluice::signature
