// Requests that others signed: what providers publish, and what their libraries answer.
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "codec/hex.h"
#include "doctest/doctest.h"
#include "signature/presets.h"
#include "signature/sign.h"
#include "signature/verify.h"

namespace sluice::signature {
namespace {

struct Published {
  std::string_view scheme;
  std::string_view source;
  std::string_view secret;
  Headers headers;
  std::string_view body;
  Instant now;
};

constexpr std::string_view kSlackBody =
    "token=xyzz0WbapA4vBCDEFasx0q6G&team_id=T1DC2JH3J&team_domain=testteamnow&channel_id=G8PSS9T3V"
    "&channel_name=foobar&user_id=U2CERLKJA&user_name=roadrunner&command=%2Fwebhook-collect&text="
    "&response_url=https%3A%2F%2Fhooks.slack.com%2Fcommands%2FT1DC2JH3J%2F397700885554%2F"
    "96rGlfmibIGlgcZRskXaIFfN&trigger_id=398738663015.47445629121."
    "803a0bc887a14d10d2c447fce8b6703c";

std::vector<Published> published() {
  return {
      {"github",
       "docs.github.com, Validating webhook deliveries",
       "It's a Secret to Everybody",
       {{"x-hub-signature-256",
         "sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17"}},
       "Hello, World!",
       Instant{0}},
      {"slack",
       "api.slack.com, Verifying requests from Slack",
       "8f742231b10e8888abcd99yyyzzz85a5",
       {{"x-slack-request-timestamp", "1531420618"},
        {"x-slack-signature",
         "v0=a2114d57b48eac39b9ad189dd8316235a7b4a8d21a10bd27519666489c69b503"}},
       kSlackBody,
       Instant{1531420618000}},
      {"standard",
       "tests of the reference libraries of Standard Webhooks",
       "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
       {{"webhook-id", "msg_p5jXN8AQM9LWM0D4loKWxJek"},
        {"webhook-timestamp", "1614265330"},
        {"webhook-signature", "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="}},
       R"({"test": 2432232314})",
       Instant{1614265330000}},
      {"svix",
       "docs.svix.com, Verifying webhooks manually",
       "whsec_plJ3nmyCDGBKInavdOK15jsl",
       {{"svix-id", "msg_loFOjxBNrRLzqYUf"},
        {"svix-timestamp", "1731705121"},
        {"svix-signature", "v1,rAvfW3dJ/X/qxhsaXPOyyCGmRKsaKWcsNccKXlIktD0="}},
       R"({"event_type":"ping","data":{"success":true}})",
       Instant{1731705121000}},
      {"stripe",
       "stripe 23.1.0, generateTestHeaderString",
       "whsec_test_secret",
       {{"stripe-signature",
         "t=1700000000,v1=0c8670ed117751cc551a20e35839447075c42800ea3cf3e8a2fbda99cd1e6edd"}},
       R"({"id":"evt_1","object":"event"})",
       Instant{1700000000000}},
      {"shopify",
       "HMAC of Python's standard library",
       "hush",
       {{"x-shopify-hmac-sha256", "qBvrsZF7RfB1iS6BX6IHqJTp5L911P7intnPeTPsH0I="}},
       R"({"id":820982911946154508})",
       Instant{0}},
  };
}

constexpr std::string_view kBody =
    R"({"event":"integration.activated","installation_id":"inst_1"})";
constexpr std::string_view kCurrent = "whsec_current_0123456789abcdef";
constexpr std::string_view kNext = "whsec_next_fedcba9876543210";
constexpr std::string_view kInsec = "insec_abababababababababababababababababababababababab";
const std::string kDigits400(400, '9');

struct Sampled {
  std::string_view name;
  std::string_view scheme;
  std::vector<std::string_view> secrets;
  std::int64_t past_s;
  std::int64_t now_ms;
  std::string_view timestamp;
  std::string_view signature;
  std::string_view body;
  std::optional<Reason> refused;
};

std::vector<Sampled> sampled() {
  return {
#include "signature/shopimind_vectors.inc"
  };
}

TEST_SUITE("signature/vectors") {
  TEST_CASE("requests that providers published are accepted, and their changes are not") {
    for (const auto& each : published()) {
      CAPTURE(each.scheme);
      const auto scheme = preset(each.scheme);
      CHECK(scheme.has_value());
      if (!scheme) continue;
      const std::vector<Secret> secrets = {{.value = Bytes(each.secret)}};
      const Request request{
          .method = "POST", .url = "/", .headers = each.headers, .body = each.body};
      CHECK(std::holds_alternative<Accepted>(verify(*scheme, secrets, request, each.now)));

      const std::string longer = std::string(each.body) + " ";
      const Request changed{.method = "POST", .url = "/", .headers = each.headers, .body = longer};
      const auto verdict = verify(*scheme, secrets, changed, each.now);
      const auto* refusal = std::get_if<Refusal>(&verdict);
      CHECK(refusal != nullptr);
      if (refusal != nullptr) CHECK(refusal->reason == Reason::kSignatureMismatch);
    }
  }

  TEST_CASE("signing the published requests gives the published headers") {
    for (const auto& each : published()) {
      CAPTURE(each.scheme);
      const auto scheme = preset(each.scheme);
      if (!scheme) continue;
      const SignInput input{.id = "", .now = each.now, .headers = each.headers, .body = each.body};
      const auto headers = sign(*scheme, {{.value = Bytes(each.secret)}}, input);
      CHECK(headers.has_value());
      if (!headers) continue;
      CHECK(headers->headers.size() == each.headers.size());
      for (const auto& header : each.headers) {
        CHECK(find(headers->headers, header.name) == std::string_view(header.value));
      }
    }
  }

  TEST_CASE("the sampled answers of ShopiMind's library come out, stricter where it is lenient") {
    int accepted = 0;
    for (const auto& each : sampled()) {
      CAPTURE(each.name);
      auto scheme = preset(each.scheme);
      CHECK(scheme.has_value());
      if (!scheme) continue;
      scheme->time.past = seconds(each.past_s);
      std::vector<Secret> secrets;
      for (const auto secret : each.secrets) secrets.push_back({.value = Bytes(secret)});
      const std::string family = each.scheme == "shopimind" ? "x-shopimind" : "x-integration";
      Headers headers;
      if (!each.timestamp.empty())
        headers.push_back({family + "-timestamp", Bytes(each.timestamp)});
      if (!each.signature.empty())
        headers.push_back({family + "-signature", Bytes(each.signature)});
      const Request request{.method = "POST", .url = "/", .headers = headers, .body = each.body};
      const auto verdict = verify(*scheme, secrets, request, Instant{each.now_ms});
      if (const auto* refusal = std::get_if<Refusal>(&verdict)) {
        CHECK(each.refused == refusal->reason);
      } else {
        CHECK_FALSE(each.refused);
        ++accepted;
      }
    }
    CHECK(accepted > 10);
  }

  // signShopimindBody of the same library.
  TEST_CASE("the sampled signatures of ShopiMind's library come out") {
    struct Signed {
      std::string secret;
      std::int64_t seconds;
      std::string body;
      std::string_view hex;
    };
    const Signed cases[] = {
        {"k", 0, "", "6b4a4b8b3c40f1e8f53a3d36682e5f99f7ad2ac1df1c93dfe336f329167641e7"},
        {"k", 1, "a", "940c074e1710d2683e9acd909d307f633c7f71f0264eb9cdb5dff5ea92d12a35"},
        {std::string(kCurrent), 1750000000, std::string(kBody),
         "f1e2287dc8087c08f562a480b1f1ccdaee48327aa634060524416a25eab1c02a"},
        {"\xc3\xbc", 1700000000, "\xc3\xa9",
         "c9306cd925e7da79817283229d65520d648fd08037ca0f2918aded0167fc919b"},
        {"s", 1, "line1\nline2",
         "013398a5759112d1202aad3c761cf7f5c2ff6683111972fe11621352285f9a8c"},
        {"nul", 9, std::string("\0", 1),
         "c543ac268085930109f477cbc75169d93665aa66538597af55a4e65721f36fc0"},
        {std::string(100, 'a'), 12, "{}",
         "a8b7038917465ecc29a065e7d6000f45e75fd3fcea131570a48910c3faab2dd9"},
    };
    for (const auto& each : cases) {
      const SignInput input{
          .id = "", .now = Instant{each.seconds * 1000}, .headers = {}, .body = each.body};
      const auto headers = sign(*preset("shopimind"), {{.value = each.secret}}, input);
      CHECK(headers.has_value());
      if (headers) CHECK(find(headers->headers, "x-shopimind-signature") == each.hex);
    }
  }
}

}  // namespace
}  // namespace sluice::signature
