// Several signatures in one header, several secrets behind one source.
#include <algorithm>
#include <array>
#include <string>
#include <vector>

#include "doctest/doctest.h"
#include "signature/presets.h"
#include "signature/sign.h"
#include "signature/verify.h"

namespace sluice::signature {
namespace {

constexpr Instant kNow{1'700'000'000'000};
constexpr std::string_view kBody = R"({"id":"evt_1"})";
const std::array<std::string, 3> kSecrets = {"whsec_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
                                             "whsec_BBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBB",
                                             "whsec_CCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCC"};

Headers signed_by(const Scheme& scheme, const std::vector<Secret>& secrets) {
  const SignInput input{.id = "msg_1", .now = kNow, .headers = {}, .body = kBody};
  const auto headers = sign(scheme, secrets, input);
  CHECK(headers.has_value());
  return headers ? headers->headers : Headers{};
}

// The bare item "v1,..." or "v1=..." that one secret makes.
std::string item_of(const Scheme& scheme, const std::string& secret) {
  const Headers headers = signed_by(scheme, {{.value = secret}});
  const std::string text(*find(headers, scheme.signature.from.name));
  return text.substr(text.find("v1"));
}

Verdict verdict_of(const Scheme& scheme, const std::string& signature,
                   const std::vector<Secret>& secrets) {
  Headers headers = signed_by(scheme, {{.value = kSecrets[0]}});
  for (auto& header : headers) {
    if (header.name == scheme.signature.from.name) header.value = signature;
  }
  const Request request{.method = "POST", .url = "/", .headers = headers, .body = kBody};
  return verify(scheme, secrets, request, kNow);
}

std::string answer(const Verdict& verdict) {
  const auto* refusal = std::get_if<Refusal>(&verdict);
  return refusal == nullptr ? "accepted" : std::string(name(refusal->reason));
}

TEST_SUITE("signature/candidates") {
  TEST_CASE("one right signature among others is enough, at any place") {
    const Scheme standard = *preset("standard");
    const Scheme stripe = *preset("stripe");
    const std::vector<Secret> secrets = {{.value = kSecrets[0]}};
    std::vector<std::string> standard_items = {item_of(standard, kSecrets[0]),
                                               item_of(standard, kSecrets[1]), "v1a,c2lnbmVk",
                                               "v1,not!base64"};
    std::sort(standard_items.begin(), standard_items.end());
    int orders = 0;
    do {
      std::string text;
      for (const auto& item : standard_items) text += (text.empty() ? "" : " ") + item;
      CHECK(answer(verdict_of(standard, text, secrets)) == "accepted");
      ++orders;
    } while (std::next_permutation(standard_items.begin(), standard_items.end()));
    CHECK(orders == 24);

    std::vector<std::string> stripe_items = {"t=1700000000", item_of(stripe, kSecrets[0]),
                                             item_of(stripe, kSecrets[1]), "v0=00ff"};
    std::sort(stripe_items.begin(), stripe_items.end());
    do {
      std::string text;
      for (const auto& item : stripe_items) text += (text.empty() ? "" : ",") + item;
      CHECK(answer(verdict_of(stripe, text, secrets)) == "accepted");
    } while (std::next_permutation(stripe_items.begin(), stripe_items.end()));
  }

  TEST_CASE("another version's signature is never taken for ours") {
    const Scheme stripe = *preset("stripe");
    const std::vector<Secret> secrets = {{.value = kSecrets[0]}};
    std::string item = item_of(stripe, kSecrets[0]);
    item[1] = '0';
    CHECK(answer(verdict_of(stripe, "t=1700000000," + item, secrets)) == "signature_malformed");
    const Scheme standard = *preset("standard");
    std::string other = item_of(standard, kSecrets[0]);
    for (const std::string_view version : {"v1a", "v2", "V1", "v", "v11", " v1"}) {
      CAPTURE(version);
      const std::string text = std::string(version) + other.substr(2);
      CHECK(answer(verdict_of(standard, text, secrets)) != "accepted");
    }
  }

  TEST_CASE("a list that is no list of fields is malformed") {
    const Scheme stripe = *preset("stripe");
    const Scheme standard = *preset("standard");
    const std::vector<Secret> secrets = {{.value = kSecrets[0]}};
    const std::string pair = item_of(stripe, kSecrets[0]);
    const std::string texts[] = {pair,
                                 "t=1700000000,t=1700000000," + pair,
                                 "t=1700000000,t=1699999999," + pair,
                                 "t=," + pair,
                                 "t," + pair,
                                 ",t=1700000000," + pair,
                                 "t=1700000000,," + pair,
                                 "t=1700000000," + pair + ",",
                                 "=1,t=1700000000," + pair,
                                 std::string("t")};
    for (const std::string& text : texts) {
      CAPTURE(text);
      CHECK(answer(verdict_of(stripe, text, secrets)) == "header_malformed");
    }
    const std::string item = item_of(standard, kSecrets[0]);
    const std::string lists[] = {item + " ", " " + item, item + "  " + item, "v1" + item.substr(3),
                                 "," + item};
    for (const std::string& text : lists) {
      CAPTURE(text);
      CHECK(answer(verdict_of(standard, text, secrets)) == "header_malformed");
    }
    CHECK(answer(verdict_of(stripe, "t=1700000000", secrets)) == "signature_malformed");
    // A blank behind the comma changes nothing that is signed; two are no list.
    CHECK(answer(verdict_of(stripe, "t=1700000000, " + pair, secrets)) == "accepted");
    CHECK(answer(verdict_of(stripe, "t=1700000000,  " + pair, secrets)) == "signature_malformed");
  }

  TEST_CASE("sixteen candidates are tried, seventeen are refused") {
    const Scheme standard = *preset("standard");
    const std::vector<Secret> secrets = {{.value = kSecrets[0]}};
    std::string text;
    for (int i = 0; i < 15; ++i) text += item_of(standard, kSecrets[1]) + " ";
    text += item_of(standard, kSecrets[0]);
    CHECK(answer(verdict_of(standard, text, secrets)) == "accepted");
    text += " " + item_of(standard, kSecrets[1]);
    CHECK(answer(verdict_of(standard, text, secrets)) == "header_malformed");
    std::string many = item_of(standard, kSecrets[0]);
    for (int i = 0; i < 63; ++i) many += " v2,a";
    CHECK(answer(verdict_of(standard, many, secrets)) == "accepted");
    CHECK(answer(verdict_of(standard, many + " v2,a", secrets)) == "header_malformed");
  }

  TEST_CASE("any of the secrets may match, in every order, and the answer says which") {
    for (const std::string_view scheme_name : {"standard", "stripe", "github", "shopimind"}) {
      const Scheme scheme = *preset(scheme_name);
      std::array<std::size_t, 3> order = {0, 1, 2};
      do {
        std::vector<Secret> secrets;
        for (const std::size_t i : order) secrets.push_back({.value = kSecrets[i]});
        for (std::size_t signer = 0; signer < 3; ++signer) {
          const Headers headers = signed_by(scheme, {{.value = kSecrets[signer]}});
          const Request request{.method = "POST", .url = "/", .headers = headers, .body = kBody};
          const auto verdict = verify(scheme, secrets, request, kNow);
          const auto* accepted = std::get_if<Accepted>(&verdict);
          CHECK(accepted != nullptr);
          if (accepted != nullptr) CHECK(order[accepted->secret] == signer);
        }
      } while (std::next_permutation(order.begin(), order.end()));
    }
  }

  TEST_CASE("places of secrets count the unusable ones too") {
    const Scheme scheme = *preset("standard");
    const Headers headers = signed_by(scheme, {{.value = kSecrets[1]}});
    const Request request{.method = "POST", .url = "/", .headers = headers, .body = kBody};
    const std::vector<Secret> secrets = {
        {.value = ""}, {.value = kSecrets[0]}, {.value = "whsec_!"}, {.value = kSecrets[1]}};
    const auto verdict = verify(scheme, secrets, request, kNow);
    CHECK(std::holds_alternative<Accepted>(verdict));
    if (const auto* accepted = std::get_if<Accepted>(&verdict)) CHECK(accepted->secret == 3);
  }

  TEST_CASE("a base64 secret counts with and without its prefix and its padding") {
    const Scheme scheme = *preset("standard");
    const Headers headers = signed_by(scheme, {{.value = "whsec_c2VjcmV0IQ=="}});
    const Request request{.method = "POST", .url = "/", .headers = headers, .body = kBody};
    const auto with = [&](Bytes value) {
      return answer(
          verify(scheme, std::vector<Secret>{{.value = std::move(value)}}, request, kNow));
    };
    CHECK(with("whsec_c2VjcmV0IQ==") == "accepted");
    CHECK(with("whsec_c2VjcmV0IQ") == "accepted");
    CHECK(with("c2VjcmV0IQ==") == "accepted");
    CHECK(with("c2VjcmV0IQ") == "accepted");
    CHECK(with("whsec_c2VjcmV0IR==") == "no_secret");
    CHECK(with("whsec_c2VjcmV0IQ= ") == "no_secret");
    CHECK(with("c2VjcmV0IQ=") == "no_secret");
  }

  TEST_CASE("a secret counts within its validity, both ends included") {
    const Scheme scheme = *preset("github");
    const Headers headers = signed_by(scheme, {{.value = kSecrets[0]}});
    const Request request{.method = "POST", .url = "/", .headers = headers, .body = kBody};
    const auto with = [&](std::optional<Instant> from, std::optional<Instant> to) {
      const std::vector<Secret> secrets = {
          {.value = kSecrets[1]}, {.value = kSecrets[0], .not_before = from, .not_after = to}};
      return answer(verify(scheme, secrets, request, kNow));
    };
    CHECK(with(kNow, kNow) == "accepted");
    CHECK(with(std::nullopt, kNow) == "accepted");
    CHECK(with(kNow, std::nullopt) == "accepted");
    CHECK(with(kNow + milliseconds(1), std::nullopt) == "key_expired");
    CHECK(with(std::nullopt, kNow - milliseconds(1)) == "key_expired");
  }

  TEST_CASE("a valid secret counts even when an expired one matches as well") {
    const Scheme scheme = *preset("standard");
    const Secret expired{.value = kSecrets[0], .not_before = {}, .not_after = kNow - seconds(1)};
    const std::vector<Secret> both = {expired, {.value = kSecrets[1]}};
    const std::string text = item_of(scheme, kSecrets[0]) + " " + item_of(scheme, kSecrets[1]);
    const auto verdict = verdict_of(scheme, text, both);
    CHECK(std::holds_alternative<Accepted>(verdict));
    if (const auto* accepted = std::get_if<Accepted>(&verdict)) CHECK(accepted->secret == 1);
    CHECK(answer(verdict_of(scheme, item_of(scheme, kSecrets[0]), both)) == "key_expired");
    CHECK(answer(verdict_of(scheme, item_of(scheme, kSecrets[2]), both)) == "signature_mismatch");
  }
}

}  // namespace
}  // namespace sluice::signature
