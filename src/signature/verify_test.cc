#include "signature/verify.h"

#include <algorithm>
#include <array>
#include <string>
#include <utility>
#include <vector>

#include "codec/hex.h"
#include "doctest/doctest.h"
#include "signature/presets.h"
#include "signature/sign.h"

namespace sluice::signature {
namespace {

// Those that an HMAC over headers alone makes.
constexpr std::array<std::string_view, 8> kPresets = {
    "github", "integration", "shopify", "shopimind", "slack", "standard", "stripe", "svix"};

constexpr Instant kNow{1'700'000'000'000};
constexpr std::string_view kBody = R"({"id":"evt_1","event_id":"Ev1","installation_id":"i1"})";
constexpr std::string_view kSecret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
constexpr std::string_view kOther = "whsec_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";

std::vector<Secret> secrets_of(std::vector<std::string_view> values) {
  std::vector<Secret> secrets;
  for (const auto value : values) secrets.push_back({.value = Bytes(value)});
  return secrets;
}

Headers signed_headers(const Scheme& scheme, Instant at, std::string_view secret = kSecret,
                       std::string_view body = kBody) {
  const SignInput input{.id = "msg_1", .now = at, .headers = {}, .body = body};
  const auto headers = sign(scheme, secrets_of({secret}), input);
  CHECK(headers.has_value());
  return headers ? headers->headers : Headers{};
}

Verdict verdict_of(const Scheme& scheme, const Headers& headers, std::string_view body = kBody,
                   const std::vector<Secret>& secrets = secrets_of({kSecret}), Instant now = kNow) {
  const Request request{.method = "POST", .url = "/", .headers = headers, .body = body};
  return verify(scheme, secrets, request, now);
}

// "accepted", or the reason's name.
std::string answer(const Verdict& verdict) {
  const auto* refusal = std::get_if<Refusal>(&verdict);
  return refusal == nullptr ? "accepted" : std::string(name(refusal->reason));
}

std::string& value_of(Headers& headers, std::string_view name) {
  const auto at = std::find_if(headers.begin(), headers.end(),
                               [&](const Header& header) { return header.name == name; });
  CHECK(at != headers.end());
  return at->value;
}

TEST_SUITE("signature/verify") {
  TEST_CASE("every preset accepts what it signs, and refuses one byte more or less of the body") {
    for (const std::string_view each : kPresets) {
      CAPTURE(each);
      const Scheme scheme = *preset(each);
      const Headers headers = signed_headers(scheme, kNow);
      CHECK(answer(verdict_of(scheme, headers)) == "accepted");
      CHECK(answer(verdict_of(scheme, headers, kBody.substr(1))) == "signature_mismatch");
      CHECK(answer(verdict_of(scheme, headers, std::string(kBody) + "\n")) == "signature_mismatch");
      CHECK(answer(verdict_of(scheme, headers, kBody, secrets_of({kOther}))) ==
            "signature_mismatch");
    }
  }

  TEST_CASE("bodies are verified byte for byte, NUL and invalid UTF-8 included") {
    const std::string_view body("\0\xff\xc3(\r\n", 6);
    for (const std::string_view each : kPresets) {
      CAPTURE(each);
      const Scheme scheme = *preset(each);
      const Headers headers = signed_headers(scheme, kNow, kSecret, body);
      CHECK(answer(verdict_of(scheme, headers, body)) == "accepted");
      CHECK(answer(verdict_of(scheme, headers, body.substr(0, 5))) == "signature_mismatch");
      const Headers empty = signed_headers(scheme, kNow, kSecret, "");
      CHECK(answer(verdict_of(scheme, empty, "")) == "accepted");
    }
  }

  TEST_CASE("no secret is named first, before the headers are looked at") {
    const Scheme scheme = *preset("standard");
    CHECK(answer(verdict_of(scheme, {}, kBody, {})) == "no_secret");
    CHECK(answer(verdict_of(scheme, {}, kBody, secrets_of({"", ""}))) == "no_secret");
    CHECK(answer(verdict_of(scheme, {}, kBody, secrets_of({"whsec_", "whsec_!", "not base64"}))) ==
          "no_secret");
    CHECK(answer(verdict_of(scheme, {}, kBody, secrets_of({kSecret}))) == "header_missing");
  }

  TEST_CASE("an empty secret never matches, not even a signature made with it") {
    const Scheme scheme = *preset("github");
    const Headers headers = {
        {"x-hub-signature-256",
         "sha256=" + codec::encode_hex(crypto::hmac(crypto::HashKind::kSha256, "", kBody).view())}};
    CHECK(answer(verdict_of(scheme, headers, kBody, secrets_of({""}))) == "no_secret");
    CHECK(answer(verdict_of(scheme, headers, kBody, secrets_of({"", kSecret}))) ==
          "signature_mismatch");
  }

  TEST_CASE("each needed header is missing, empty or repeated, in turn") {
    for (const std::string_view each : kPresets) {
      const Scheme scheme = *preset(each);
      const Headers good = signed_headers(scheme, kNow);
      for (std::size_t i = 0; i < good.size(); ++i) {
        const std::string& header = good[i].name;
        const bool unsigned_id = !scheme.identity.empty() &&
                                 scheme.identity[0].site.name == header &&
                                 !is_signed(scheme, scheme.identity[0].site);
        if (unsigned_id) continue;
        CAPTURE(each);
        CAPTURE(header);
        Headers missing = good;
        missing.erase(missing.begin() + static_cast<std::ptrdiff_t>(i));
        CHECK(answer(verdict_of(scheme, missing)) == "header_missing");
        Headers empty = good;
        empty[i].value.clear();
        CHECK(answer(verdict_of(scheme, empty)) == "header_missing");
        for (const bool front : {false, true}) {  // A second one, right or wrong, on either side.
          for (const std::string& value : {good[i].value, std::string("x")}) {
            Headers twice = good;
            twice.insert(front ? twice.begin() : twice.end(), {header, value});
            CHECK(answer(verdict_of(scheme, twice)) == "header_duplicate");
          }
        }
      }
    }
  }

  TEST_CASE("both limits of the time are inclusive, and apart") {
    for (const std::string_view each : kPresets) {
      const Scheme scheme = *preset(each);
      if (scheme.time.from.place == Place::kNone) continue;
      CAPTURE(each);
      const auto at = [&](Duration offset) {
        return answer(verdict_of(scheme, signed_headers(scheme, kNow + offset)));
      };
      CHECK(at(seconds(-300)) == "accepted");
      CHECK(at(seconds(-301)) == "timestamp_too_old");
      CHECK(at(seconds(60)) == "accepted");
      CHECK(at(seconds(61)) == "timestamp_too_new");
      CHECK(at(hours(24)) == "timestamp_too_new");
      CHECK(at(hours(-24)) == "timestamp_too_old");
    }
  }

  TEST_CASE("seconds are compared as seconds, milliseconds as milliseconds") {
    Scheme scheme = *preset("standard");
    const Headers headers = signed_headers(scheme, kNow - seconds(300));
    CHECK(answer(verdict_of(scheme, headers, kBody, secrets_of({kSecret}),
                            kNow + milliseconds(999))) == "accepted");
    CHECK(answer(verdict_of(scheme, headers, kBody, secrets_of({kSecret}),
                            kNow + milliseconds(1000))) == "timestamp_too_old");
    scheme.time.format = TimeFormat::kMilliseconds;
    const Headers exact = signed_headers(scheme, kNow - seconds(300));
    CHECK(answer(verdict_of(scheme, exact)) == "accepted");
    CHECK(answer(verdict_of(scheme, exact, kBody, secrets_of({kSecret}), kNow + milliseconds(1))) ==
          "timestamp_too_old");
    CHECK(answer(verdict_of(scheme, signed_headers(scheme, kNow + milliseconds(60'000)))) ==
          "accepted");
    CHECK(answer(verdict_of(scheme, signed_headers(scheme, kNow + milliseconds(60'001)))) ==
          "timestamp_too_new");
  }

  TEST_CASE("the operator learns by how much the clock is off") {
    const Scheme scheme = *preset("standard");
    const auto old = verdict_of(scheme, signed_headers(scheme, kNow - seconds(412)));
    CHECK(std::get<Refusal>(old).detail == "clock skew 412 s");
    const auto ahead = verdict_of(scheme, signed_headers(scheme, kNow + seconds(86'400)));
    CHECK(std::get<Refusal>(ahead).detail == "clock skew -86400 s");
  }

  TEST_CASE("a timestamp is digits and nothing else") {
    const Scheme scheme = *preset("slack");
    const std::string_view texts[] = {
        "1e9",         "0x6553f100",   "-1700000000", "+1700000000", " 1700000000",
        "1700000000 ", "1700000000.0", "17,00",       "now",         "\xd9\xa1\xd9\xa7"};
    for (const std::string_view text : texts) {
      CAPTURE(text);
      Headers headers = signed_headers(scheme, kNow);
      value_of(headers, "x-slack-request-timestamp") = text;
      CHECK(answer(verdict_of(scheme, headers)) == "timestamp_malformed");
    }
    Headers headers = signed_headers(scheme, kNow);
    value_of(headers, "x-slack-request-timestamp") = std::string(300, '9');
    CHECK(answer(verdict_of(scheme, headers)) == "timestamp_too_new");
    value_of(headers, "x-slack-request-timestamp") = std::string(301, '9');
    CHECK(answer(verdict_of(scheme, headers)) == "timestamp_malformed");
    value_of(headers, "x-slack-request-timestamp") = "9223372036854775807";
    CHECK(answer(verdict_of(scheme, headers)) == "timestamp_too_new");
    value_of(headers, "x-slack-request-timestamp") = "0";
    CHECK(answer(verdict_of(scheme, headers)) == "timestamp_too_old");
  }

  TEST_CASE("the time is named before the signature") {
    const Scheme scheme = *preset("shopimind");
    Headers headers = signed_headers(scheme, kNow - hours(1));
    value_of(headers, "x-shopimind-signature") = "nothex";
    CHECK(answer(verdict_of(scheme, headers)) == "timestamp_too_old");
  }

  TEST_CASE("a signature is decoded strictly") {
    const std::pair<std::string_view, std::string_view> sites[] = {
        {"github", "x-hub-signature-256"},
        {"shopimind", "x-shopimind-signature"},
        {"shopify", "x-shopify-hmac-sha256"},
        {"slack", "x-slack-signature"},
        {"integration", "x-integration-signature"}};
    for (const auto& site : sites) {
      const std::string_view scheme_name = site.first;
      const std::string_view header = site.second;
      CAPTURE(scheme_name);
      const Scheme scheme = *preset(scheme_name);
      const Headers good = signed_headers(scheme, kNow);
      const auto with = [&](const std::string& value) {
        Headers headers = good;
        value_of(headers, header) = value;
        return answer(verdict_of(scheme, headers));
      };
      const std::string text(*find(good, header));
      CHECK(with(text) == "accepted");
      const std::string changes[] = {text + "a",
                                     text + "zz",
                                     text + " ",
                                     " " + text,
                                     text.substr(1),
                                     text.substr(0, text.size() - 1),
                                     text.substr(0, text.size() - 2),
                                     text + text,
                                     std::string("="),
                                     std::string("nothex"),
                                     scheme.signature.prefix + "0",
                                     "sha1=" + text,
                                     text + "," + text,
                                     text + ", " + text};
      for (const std::string& changed : changes) {
        CAPTURE(changed);
        CHECK(with(changed) == "signature_malformed");
      }
      if (scheme.signature.encoding != Encoding::kHexLower) continue;
      std::string upper = text;
      const auto digit = upper.find_first_of("abcdef", scheme.signature.prefix.size());
      upper[digit] = static_cast<char>(upper[digit] - 'a' + 'A');
      CHECK(with(upper) == "signature_malformed");
    }
  }

  TEST_CASE("bits behind a base64 signature do not make a second text of it") {
    const Scheme scheme = *preset("shopify");
    Headers headers = signed_headers(scheme, kNow);
    std::string& text = value_of(headers, "x-shopify-hmac-sha256");
    text[42] = static_cast<char>(text[42] + 1);  // The last digit carries two bits of no byte.
    CHECK(answer(verdict_of(scheme, headers)) == "signature_malformed");
    text = text.substr(0, 43);
    CHECK(answer(verdict_of(scheme, headers)) == "signature_malformed");
  }

  TEST_CASE("a header with bytes that no signature has is malformed") {
    const Scheme scheme = *preset("github");
    for (const std::string_view bytes : {"\t", "\x7f", "\xff", "\r\n", "\xc2\xa0"}) {
      Headers headers = signed_headers(scheme, kNow);
      value_of(headers, "x-hub-signature-256") += bytes;
      CHECK(answer(verdict_of(scheme, headers)) == "header_malformed");
    }
    Headers headers = signed_headers(scheme, kNow);
    value_of(headers, "x-hub-signature-256") += std::string("\0", 1);
    CHECK(answer(verdict_of(scheme, headers)) == "header_malformed");
    value_of(headers, "x-hub-signature-256") = std::string(8193, 'a');
    CHECK(answer(verdict_of(scheme, headers)) == "header_malformed");
  }
}

}  // namespace
}  // namespace sluice::signature
