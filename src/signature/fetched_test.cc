#include "signature/fetched.h"

#include "doctest/doctest.h"

namespace sluice::signature {
namespace {

constexpr std::string_view kUrl = "https://keys.example/jwks.json";
constexpr Instant kNow{1'800'000'000'000};

// RFC 8037, A.2; RFC 7515, A.3.
constexpr std::string_view kEd =
    R"("kty":"OKP","crv":"Ed25519","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo")";
constexpr std::string_view kEc =
    R"("kty":"EC","crv":"P-256","x":"f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU",)"
    R"("y":"x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0")";

std::string key(std::string_view members, std::string_view more) {
  return "{" + std::string(members) + "," + std::string(more) + "}";
}

std::string set(const std::vector<std::string>& keys) {
  std::string text = R"({"keys":[)";
  for (const auto& each : keys) text += (text.back() == '[' ? "" : ",") + each;
  return text + "]}";
}

KeyWanted wanted(Duration age_max) {
  return {.kind = DocumentKind::kKeySet, .url = std::string(kUrl), .age_max = age_max};
}

std::size_t found(const FetchedKeys& keys, std::string_view id, Algorithm algorithm, Instant now) {
  const auto result = keys.set_keys(kUrl, id, algorithm, now);
  const auto* list = std::get_if<std::vector<const SetKey*>>(&result);
  return list == nullptr ? 0 : list->size();
}

}  // namespace

TEST_SUITE("signature/fetched") {
  TEST_CASE("a set that is not here is wanted; it is believed for ten minutes") {
    FetchedKeys keys;
    CHECK(keys.set_keys(kUrl, "a", Algorithm::kEd25519, kNow) ==
          FetchedKeys::SetKeys(wanted(minutes(10))));
    const auto put = keys.put(wanted(minutes(10)), set({key(kEd, R"("kid":"a")")}), kNow);
    CHECK(put.has_value());
    CHECK(found(keys, "a", Algorithm::kEd25519, kNow) == 1);
    CHECK(found(keys, "a", Algorithm::kEd25519, kNow + minutes(10)) == 1);
    CHECK(keys.set_keys(kUrl, "a", Algorithm::kEd25519, kNow + minutes(10) + milliseconds(1)) ==
          FetchedKeys::SetKeys(wanted(minutes(10))));
  }

  TEST_CASE("a key id that the set lacks is asked for once a minute") {
    FetchedKeys keys;
    CHECK(keys.put(wanted(minutes(10)), set({key(kEd, R"("kid":"a")")}), kNow).has_value());
    for (const std::int64_t second : {0, 59}) {
      CHECK(keys.set_keys(kUrl, "b", Algorithm::kEd25519, kNow + seconds(second)) ==
            FetchedKeys::SetKeys(KeyUnknown{}));
    }
    CHECK(keys.set_keys(kUrl, "b", Algorithm::kEd25519, kNow + seconds(60)) ==
          FetchedKeys::SetKeys(wanted(seconds(60))));
    // The clock stepped back: nobody knows how old the set is.
    CHECK(keys.set_keys(kUrl, "b", Algorithm::kEd25519, kNow - seconds(1)) ==
          FetchedKeys::SetKeys(wanted(seconds(60))));
    const std::string rotated = set({key(kEd, R"("kid":"b")")});
    CHECK(keys.put(wanted(seconds(60)), rotated, kNow + seconds(60)).has_value());
    CHECK(found(keys, "b", Algorithm::kEd25519, kNow + seconds(60)) == 1);
    CHECK(found(keys, "a", Algorithm::kEd25519, kNow + seconds(60)) == 0);
  }

  TEST_CASE("keys of another kind, use or algorithm do not verify") {
    FetchedKeys keys;
    const std::string text = set({
        key(kEd, R"("kid":"encrypts","use":"enc")"),
        key(kEd, R"("kid":"signs","key_ops":["sign"])"),
        key(kEc, R"("kid":"limited","alg":"ES384")"),
        key(kEd, R"("kid":"private","d":"nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A")"),
        R"({"kty":"oct","kid":"shared","k":"AyM1SysPpbyDfgZld3umj1qzKObwVMko"})",
        R"({"kty":"new","kid":"later"})",
        R"("no object")",
        key(kEd, R"("kid":"good","use":"sig","key_ops":["verify"],"alg":"EdDSA")"),
        key(kEc, R"("kid":"good","alg":"ES256")"),
    });
    CHECK(keys.put(wanted(minutes(10)), text, kNow).has_value());
    for (const std::string_view id :
         {"encrypts", "signs", "limited", "private", "shared", "later"}) {
      CAPTURE(id);
      CHECK(found(keys, id, Algorithm::kEd25519, kNow) == 0);
      CHECK(found(keys, id, Algorithm::kEcdsaP256Sha256, kNow) == 0);
    }
    CHECK(found(keys, "good", Algorithm::kEd25519, kNow) == 1);
    CHECK(found(keys, "good", Algorithm::kEcdsaP256Sha256, kNow) == 1);
    CHECK(found(keys, "good", Algorithm::kRsaPkcs1Sha256, kNow) == 0);
    CHECK(found(keys, "", Algorithm::kEd25519, kNow) == 1);
  }

  TEST_CASE("what is no key set, or too much, changes nothing") {
    FetchedKeys keys;
    CHECK(keys.put(wanted(minutes(10)), set({key(kEd, R"("kid":"a")")}), kNow).has_value());
    for (const std::string& bad :
         {std::string("<html>"), std::string("[]"), std::string(R"({"keys":{}})"),
          std::string(R"({"keys":[],"keys":[]})"), std::string(65 * 1024, ' '),
          set(std::vector<std::string>(65, key(kEd, R"("kid":"a")")))}) {
      CHECK(!keys.put(wanted(minutes(10)), bad, kNow + seconds(90)).has_value());
    }
    CHECK(found(keys, "a", Algorithm::kEd25519, kNow) == 1);
  }

  TEST_CASE("at most eight keys are tried for a signature that names none") {
    FetchedKeys keys;
    const std::string text = set(std::vector<std::string>(64, key(kEd, R"("kid":"a")")));
    CHECK(keys.put(wanted(minutes(10)), text, kNow).has_value());
    CHECK(found(keys, "", Algorithm::kEd25519, kNow) == 8);
  }

  TEST_CASE("the oldest of 32 documents makes room") {
    FetchedKeys keys;
    for (int i = 0; i < 33; ++i) {
      const KeyWanted one{.kind = DocumentKind::kKeySet,
                          .url = "https://keys.example/" + std::to_string(i),
                          .age_max = minutes(10)};
      CHECK(keys.put(one, set({key(kEd, R"("kid":"a")")}), kNow + seconds(i)).has_value());
    }
    CHECK(keys.size() == 32);
    const auto at = [&](const char* url) {
      const auto result = keys.set_keys(url, "a", Algorithm::kEd25519, kNow + seconds(33));
      return std::holds_alternative<std::vector<const SetKey*>>(result);
    };
    CHECK(!at("https://keys.example/0"));
    CHECK(at("https://keys.example/1"));
    CHECK(at("https://keys.example/32"));
  }

  TEST_CASE("a key set is no certificate, and a certificate no key set") {
    FetchedKeys keys;
    CHECK(keys.put(wanted(minutes(10)), set({}), kNow).has_value());
    CHECK(std::holds_alternative<KeyWanted>(keys.certificate(kUrl, kNow)));
    KeyWanted as_certificate = wanted(minutes(10));
    as_certificate.kind = DocumentKind::kCertificate;
    CHECK(!keys.put(as_certificate, set({}), kNow).has_value());
  }
}

}  // namespace sluice::signature
