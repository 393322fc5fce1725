// RFC 9421 with the examples of its appendix B, and what must not pass.
#include "signature/message_signature.h"

#include "doctest/doctest.h"
#include "signature/content_digest.h"
#include "signature/message_signature_base.h"
#include "signature/structured_fields.h"

namespace sluice::signature {
namespace {

// RFC 9421, B.1.2, B.1.4, B.1.5.
constexpr std::string_view kPssKey =
    "MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEAr4tmm3r20Wd/PbqvP1s2"
    "+QEtvpuRaV8Yq40gjUR8y2Rjxa6dpG2GXHbPfvMs8ct+Lh1GH45x28Rw3Ry53mm+"
    "oAXjyQ86OnDkZ5N8lYbggD4O3w6M6pAvLkhk95AndTrifbIFPNU8PPMO7OyrFAHq"
    "gDsznjPFmTOtCEcN2Z1FpWgchwuYLPL+Wokqltd11nqqzi+bJ9cvSKADYdUAAN5W"
    "Utzdpiy6LbTgSxP7ociU4Tn0g5I6aDZJ7A8Lzo0KSyZYoA485mqcO0GVAdVw9lq4"
    "aOT9v6d+nb4bnNkQVklLQ3fVAvJm+xdDOp9LCNCN48V2pnDOkFV6+U9nV5oyc6XI"
    "2wIDAQAB";
constexpr std::string_view kEdKey =
    R"({"kty":"OKP","crv":"Ed25519","x":"JrQLj5P_89iXES9-vFgrIy29clF9CC_oPPsw3c5D0bs"})";
constexpr std::string_view kEdPrivateKey =
    R"({"kty":"OKP","crv":"Ed25519","d":"n4Ni-HpISpVObnQMW0wOhCKROaIKqKtW_2ZYb2p9KcU",)"
    R"("x":"JrQLj5P_89iXES9-vFgrIy29clF9CC_oPPsw3c5D0bs"})";
constexpr std::string_view kSharedSecret =
    "uzvJfB4u3N0Jy4T7NZ75MDVcr8zSTInedJtkgcu46YW4XByzNJjxBdtjUkdJPBtbmHhIDi6pcl8jsasjlTMtDQ==";

constexpr std::string_view kBody = R"({"hello": "world"})";
constexpr std::string_view kUrl = "https://example.com/foo?param=Value&Pet=dog";
constexpr Instant kCreated{1'618'884'473'000};

// B.2: the request that all examples sign.
Headers message() {
  return {
      {"host", "example.com"},
      {"date", "Tue, 20 Apr 2021 02:07:55 GMT"},
      {"content-type", "application/json"},
      {"content-digest",
       "sha-512=:WZDPaVn/7XgHaAy8pmojAkGWoRx2UFChF41A2svX+TaPm+AbwAgBWnrIiYllu7BNNyealdVLvRwEmTHW"
       "XvJwew==:"},
      {"content-length", "18"},
  };
}

// B.2.1, B.2.2, B.2.3, B.2.5, B.2.6: the input, then the signature.
struct Example {
  std::string_view label;
  std::string_view input;
  std::string_view signature;
};
constexpr Example kMinimal{
    "sig-b21", R"(();created=1618884473;keyid="test-key-rsa-pss";nonce="b3k2pp5k7z-50gnwp.yemd")",
    "d2pmTvmbncD3xQm8E9ZV2828BjQWGgiwAaw5bAkgibUopemLJcWDy/lkbbHAve4cRAtx31Iq786U7it++wgGxbtRxf8Udx"
    "7zFZsckzXaJMkA7ChG52eSkFxykJeNqsrWH5S+oxNFlD4dzVuwe8DhTSja8xxbR/Z2cOGdCbzR72rgFWhzx2VjBqJzsPLM"
    "IQKhO4DGezXehhWwE56YCE+O6c0mKZsfxVrogUvA4HELjVKWmAvtl6UnCh8jYzuVG5WSb/QEVPnP5TmcAnLH1g+s++v6d4"
    "s8m0gCw1fV5/SITLq9mhho8K3+7EPYTU8IU1bLhdxO5Nyt8C8ssinQ98Xw9Q=="};
constexpr Example kSelective{
    "sig-b22",
    R"(("@authority" "content-digest" "@query-param";name="Pet");created=1618884473;)"
    R"(keyid="test-key-rsa-pss";tag="header-example")",
    "LjbtqUbfmvjj5C5kr1Ugj4PmLYvx9wVjZvD9GsTT4F7GrcQEdJzgI9qHxICagShLRiLMlAJjtq6N4CDfKtjvuJyE5qH7KT"
    "8UCMkSowOB4+ECxCmT8rtAmj/0PIXxi0A0nxKyB09RNrCQibbUjsLS/2YyFYXEu4TRJQzRw1rLEuEfY17SARYhpTlaqwZV"
    "tR8NV7+4UKkjqpcAoFqWFQh62s7Cl+H2fjBSpqfZUJcsIk4N6wiKYd4je2U/lankenQ99PZfB4jY3I5rSV2DSBVkSFsURI"
    "jYErOs0tFTQosMTAoxk//0RoKUqiYY8Bh0aaUEb0rQl3/XaVe4bXTugEjHSw=="};
constexpr Example kWhole{
    "sig-b23",
    R"(("date" "@method" "@path" "@query" "@authority" "content-type" "content-digest" )"
    R"("content-length");created=1618884473;keyid="test-key-rsa-pss")",
    "bbN8oArOxYoyylQQUU6QYwrTuaxLwjAC9fbY2F6SVWvh0yBiMIRGOnMYwZ/5MR6fb0Kh1rIRASVxFkeGt683+qRpRRU5p2"
    "voTp768ZrCUb38K0fUxN0O0iC59DzYx8DFll5GmydPxSmme9v6ULbMFkl+V5B1TP/yPViV7KsLNmvKiLJH1pFkh/aYA2HX"
    "XZzNBXmIkoQoLd7YfW91kE9o/CCoC1xMy7JA1ipwvKvfrs65ldmlu9bpG6A9BmzhuzF8Eim5f8ui9eH8LZH896+QIF61ka"
    "39VBrohr9iyMUJpvRX2Zbhl5ZJzSRxpJyoEZAFL2FUo5fTIztsDZKEgM4cUA=="};
constexpr Example kHmac{
    "sig-b25",
    R"(("date" "@authority" "content-type");created=1618884473;keyid="test-shared-secret")",
    "pxcQw6G3AjtMBQjwo8XzkZf/bws5LelbaMk5rGIGtE8="};
constexpr Example kEd25519{
    "sig-b26",
    R"(("date" "@method" "@path" "@authority" "content-type" "content-length");)"
    R"(created=1618884473;keyid="test-key-ed25519")",
    "wqcAqbmYJ2ji2glfAMaRy4gruYYnx2nEFN2HN6jrnDnQCK1u02Gb04v9EDgwUPiu4A0w6vuQv5lIp5WPpBKRCw=="};

// A scheme that asks for no more than the examples cover.
Scheme scheme_of(Algorithm algorithm, std::vector<std::string> components) {
  Scheme scheme;
  scheme.name = "test";
  scheme.family = Family::kMessageSignature;
  scheme.algorithm = algorithm;
  scheme.key.form = algorithm == Algorithm::kHmacSha256 ? KeyForm::kBase64 : KeyForm::kPublicKey;
  scheme.time.from = {.place = Place::kField, .name = "created"};
  scheme.body_unsigned = true;
  scheme.message_signature.components = std::move(components);
  return scheme;
}

Headers carrying(Headers headers, const std::vector<Example>& examples) {
  std::string input;
  std::string signature;
  for (const auto& [label, covered, bytes] : examples) {
    const std::string_view comma = input.empty() ? "" : ", ";
    input.append(comma).append(label).append("=").append(covered);
    signature.append(comma).append(label).append("=:").append(bytes).append(":");
  }
  headers.push_back({"signature-input", input});
  headers.push_back({"signature", signature});
  return headers;
}

Verdict judge(const Scheme& scheme, std::string_view key, const Headers& headers,
              std::string_view url = kUrl, ByteView body = kBody, Instant now = kCreated) {
  const Request request{.method = "POST", .url = url, .headers = headers, .body = body};
  return verify(scheme, {Secret{.value = Bytes(key)}}, request, now);
}

std::string reason(const Verdict& verdict) {
  if (std::holds_alternative<Accepted>(verdict)) return "accepted";
  if (std::holds_alternative<KeyWanted>(verdict)) return "key wanted";
  return std::string(name(std::get<Refusal>(verdict).reason));
}

const Scheme kEdScheme =
    scheme_of(Algorithm::kEd25519, {"date", "@method", "@path", "@authority", "content-type"});

}  // namespace

TEST_SUITE("signature/message_signature") {
  TEST_CASE("the examples of RFC 9421 verify, each under its key alone") {
    const Scheme pss = scheme_of(Algorithm::kRsaPssSha512, {"@authority"});
    CHECK(reason(judge(pss, kPssKey, carrying(message(), {kSelective}))) == "accepted");
    CHECK(reason(judge(pss, kPssKey, carrying(message(), {kWhole}))) == "accepted");
    const Scheme hmac = scheme_of(Algorithm::kHmacSha256, {"date", "@authority", "content-type"});
    CHECK(reason(judge(hmac, kSharedSecret, carrying(message(), {kHmac}))) == "accepted");
    CHECK(reason(judge(kEdScheme, kEdKey, carrying(message(), {kEd25519}))) == "accepted");
    CHECK(reason(judge(hmac, kSharedSecret, carrying(message(), {kEd25519}))) ==
          "signature_mismatch");
  }

  TEST_CASE("a signature that covers nothing proves nothing, unless nothing is asked for") {
    const Headers headers = carrying(message(), {kMinimal});
    // The default asks for method, target and body.
    Scheme scheme = scheme_of(Algorithm::kRsaPssSha512, {});
    CHECK(reason(judge(scheme, kPssKey, headers)) == "signature_malformed");
    const auto input = parse_dictionary(*find(headers, "signature-input"));
    CHECK(input.has_value());
    if (!input.has_value()) return;
    const auto* list = std::get_if<InnerList>(&(*input)[0].value);
    CHECK(list != nullptr);
    const Request request{.method = "POST", .url = kUrl, .headers = headers, .body = kBody};
    const auto base =
        list == nullptr ? Result<std::string>(Error{}) : signature_base(*list, request);
    CHECK((base.has_value() && *base == "\"@signature-params\": " + std::string(kMinimal.input)));
  }

  TEST_CASE("what is covered has to be in the request as it was signed") {
    const auto with = [&](std::string_view header, std::string_view value) {
      Headers headers = carrying(message(), {kEd25519});
      std::erase_if(headers, [&](const Header& each) { return each.name == header; });
      if (!value.empty()) headers.push_back({std::string(header), std::string(value)});
      return reason(judge(kEdScheme, kEdKey, headers));
    };
    CHECK(with("content-type", "application/json") == "accepted");
    CHECK(with("content-type", "  application/json\t") == "accepted");
    CHECK(with("content-type", "text/plain") == "signature_mismatch");
    CHECK(with("content-type", "") == "header_missing");
    CHECK(with("content-type", "application/json\n\"@path\": /foo") == "signature_malformed");
    Headers twice = carrying(message(), {kEd25519});
    twice.push_back({"content-type", "application/json"});
    CHECK(reason(judge(kEdScheme, kEdKey, twice)) == "header_duplicate");
    const Headers headers = carrying(message(), {kEd25519});
    CHECK(reason(judge(kEdScheme, kEdKey, headers, "https://example.com/bar")) ==
          "signature_mismatch");
    CHECK(reason(judge(kEdScheme, kEdKey, headers, "https://evil.example/foo")) ==
          "signature_mismatch");
    CHECK(reason(judge(kEdScheme, kEdKey, headers, "https://EXAMPLE.com:443/foo")) == "accepted");
  }

  TEST_CASE("the digest of the body is checked wherever it is covered") {
    const Scheme scheme = scheme_of(Algorithm::kRsaPssSha512, {"@method", "content-digest"});
    const Headers headers = carrying(message(), {kWhole});
    CHECK(reason(judge(scheme, kPssKey, headers)) == "accepted");
    CHECK(reason(judge(scheme, kPssKey, headers, kUrl, R"({"hello": "World"})")) ==
          "signature_mismatch");
    // RFC 9530, appendix A and B: the same content under both algorithms.
    CHECK(match_content_digest("sha-256=:X48E9qOokqqrvdts8nOJRJN3OWDUoyWxBf7kbu9DBPE=:", kBody) ==
          DigestMatch::kMatches);
    CHECK(content_digest(kBody) == "sha-256=:X48E9qOokqqrvdts8nOJRJN3OWDUoyWxBf7kbu9DBPE=:");
    CHECK(match_content_digest("md5=:AAAA:, sha-256=:X48E9qOokqqrvdts8nOJRJN3OWDUoyWxBf7kbu9DBPE=:",
                               kBody) == DigestMatch::kMatches);
    CHECK(match_content_digest("md5=:AAAA:", kBody) == DigestMatch::kMalformed);
    CHECK(match_content_digest("sha-256=X48E", kBody) == DigestMatch::kMalformed);
    CHECK(match_content_digest(
              "sha-256=:X48E9qOokqqrvdts8nOJRJN3OWDUoyWxBf7kbu9DBPE=:, sha-512=:AAAA:", kBody) ==
          DigestMatch::kDiffers);
  }

  TEST_CASE("times, algorithm and tag are held against the scheme") {
    const Headers headers = carrying(message(), {kEd25519});
    CHECK(reason(judge(kEdScheme, kEdKey, headers, kUrl, kBody, kCreated + seconds(300))) ==
          "accepted");
    CHECK(reason(judge(kEdScheme, kEdKey, headers, kUrl, kBody, kCreated + seconds(301))) ==
          "timestamp_too_old");
    CHECK(reason(judge(kEdScheme, kEdKey, headers, kUrl, kBody, kCreated - seconds(61))) ==
          "timestamp_too_new");
    const auto under = [&](const std::string& input) {
      const Example one{"a", input, kEd25519.signature};
      return reason(judge(kEdScheme, kEdKey, carrying(message(), {one})));
    };
    const std::string covered = R"(("date" "@method" "@path" "@authority" "content-type"))";
    CHECK(under(covered + ";created=1618884473") == "signature_mismatch");
    CHECK(under(covered) == "timestamp_malformed");
    CHECK(under(covered + ";created=\"1618884473\"") == "signature_malformed");
    CHECK(under(covered + ";created=1618884473;expires=1618884472") == "timestamp_too_old");
    CHECK(under(covered + ";created=1618884473;expires=1618884473") == "signature_mismatch");
    CHECK(under(covered + ";created=1618884473;alg=\"ed25519\"") == "signature_mismatch");
    CHECK(under(covered + ";created=1618884473;alg=\"hmac-sha256\"") == "signature_malformed");
    CHECK(under(covered + ";created=1618884473;alg=ed25519") == "signature_malformed");
    Scheme tagged = scheme_of(Algorithm::kRsaPssSha512, {"@authority"});
    tagged.message_signature.tag = "header-example";
    CHECK(reason(judge(tagged, kPssKey, carrying(message(), {kWhole, kSelective}))) == "accepted");
    tagged.message_signature.tag = "another";
    CHECK(reason(judge(tagged, kPssKey, carrying(message(), {kWhole, kSelective}))) ==
          "signature_malformed");
  }

  TEST_CASE("components that are unknown, repeated or have other parameters are refused") {
    Scheme scheme = scheme_of(Algorithm::kEd25519, {"date"});
    for (const std::string_view covered :
         {R"(("date" "date"))", R"(("date" "@status"))", R"(("date" "@nothing"))",
          R"(("date" "Content-Type"))", R"(("date" "content-type";sf))", R"(("date" "host";bs))",
          R"(("date" "@method";req))", R"(("date" "@query-param"))",
          R"(("date" "@query-param";name=Pet))", R"(("date" date))"}) {
      CAPTURE(covered);
      const std::string input = std::string(covered) + ";created=1618884473";
      const Example one{"a", input, kEd25519.signature};
      CHECK(reason(judge(scheme, kEdKey, carrying(message(), {one}))) == "signature_malformed");
    }
    const Example missing{"a", R"(("date" "@query-param";name="Cat");created=1618884473)",
                          kEd25519.signature};
    CHECK(reason(judge(scheme, kEdKey, carrying(message(), {missing}))) == "header_missing");
    const Example twice{"a", R"(("date" "@query-param";name="Pet");created=1618884473)",
                        kEd25519.signature};
    CHECK(reason(judge(scheme, kEdKey, carrying(message(), {twice}),
                       "https://example.com/foo?Pet=dog&Pet=cat")) == "header_duplicate");
  }

  TEST_CASE("query parameters are compared as forms are decoded and encoded again") {
    // RFC 9421, 2.2.8.
    const Headers headers;
    const Request request{
        .method = "GET",
        .url =
            "https://www.example.com/parameters?var=this%20is%20a%20big%0Amultiline%20value&"
            "bar=with+plus+whitespace&fa%C3%A7ade%22%3A%20=something",
        .headers = headers,
        .body = {}};
    const auto value = [&](std::string_view name) {
      const FieldItem component{.value = {BareKind::kString, "@query-param"},
                                .parameters = {{"name", {BareKind::kString, Bytes(name)}}}};
      const auto base = signature_base({.items = {component}, .parameters = {}}, request);
      if (!base.has_value()) return std::string("none");
      const std::size_t from = base->find("\": ") == std::string::npos ? 0 : base->find(": ") + 2;
      return base->substr(from, base->find('\n') - from);
    };
    CHECK(value("var") == "this%20is%20a%20big%0Amultiline%20value");
    CHECK(value("bar") == "with%20plus%20whitespace");
    CHECK(value("fa%C3%A7ade%22%3A%20") == "something");
    CHECK(value("missing") == "none");
  }

  TEST_CASE("what is signed here verifies here, and the HMAC example comes out as it is printed") {
    Scheme scheme = scheme_of(Algorithm::kEd25519, {});
    scheme.body_unsigned = false;
    scheme.identity = {{.site = {.place = Place::kField, .name = "nonce"}}};
    CHECK(check(scheme).has_value());
    const Secret secret{.value = Bytes(kEdPrivateKey)};
    const SignInput input{.id = "delivery-1",
                          .now = kCreated,
                          .headers = {},
                          .body = kBody,
                          .method = "POST",
                          .url = kUrl};
    const auto made = sign(scheme, {secret}, input);
    CHECK(made.has_value());
    if (!made.has_value()) return;
    const Verdict verdict = judge(scheme, kEdKey, made->headers);
    CHECK(reason(verdict) == "accepted");
    const auto* accepted = std::get_if<Accepted>(&verdict);
    CHECK((accepted != nullptr && accepted->identity == "delivery-1"));
    CHECK((accepted != nullptr && accepted->identity_signed && accepted->signed_at == kCreated));
    CHECK(reason(judge(scheme, kEdKey, made->headers, kUrl, "{}")) == "signature_mismatch");
    CHECK(reason(judge(scheme, kEdKey, made->headers, "https://example.com/foo")) ==
          "signature_mismatch");

    const Keys keys =
        prepare(scheme_of(Algorithm::kHmacSha256, {"date"}), {{.value = Bytes(kSharedSecret)}});
    CHECK(keys.usable.size() == 1);
    if (keys.usable.empty()) return;
    CHECK(reason(judge(scheme_of(Algorithm::kHmacSha256, {"date"}), kSharedSecret,
                       carrying(message(), {kHmac}))) == "accepted");
  }

  TEST_CASE("headers have to be there once, and to be dictionaries") {
    const auto with = [&](Headers headers) { return reason(judge(kEdScheme, kEdKey, headers)); };
    const Headers good = carrying(message(), {kEd25519});
    CHECK(with(message()) == "header_missing");
    Headers headers = good;
    headers.push_back(good.back());
    CHECK(with(headers) == "header_duplicate");
    headers = good;
    headers.back().value = "sig-b26=" + std::string(kEd25519.signature);
    CHECK(with(headers) == "header_malformed");
    headers.back().value = "other=:" + std::string(kEd25519.signature) + ":";
    CHECK(with(headers) == "signature_malformed");
    CHECK(with(carrying(message(), {kEd25519, kEd25519})) == "header_malformed");
  }

  TEST_CASE("a scheme that leaves the body to anybody has to say so") {
    CHECK(!check(scheme_of(Algorithm::kHmacSha1, {"content-digest"})).has_value());
    Scheme scheme = scheme_of(Algorithm::kEd25519, {"@method"});
    CHECK(check(scheme).has_value());
    scheme.body_unsigned = false;
    CHECK(!check(scheme).has_value());
    scheme.message_signature.components = {"content-digest", "@nothing"};
    CHECK(!check(scheme).has_value());
    scheme.message_signature.components = {"content-digest"};
    CHECK(check(scheme).has_value());
    scheme.time.from = {.place = Place::kHeader, .name = "date"};
    CHECK(!check(scheme).has_value());
  }
}

TEST_SUITE("signature/structured_fields") {
  TEST_CASE("dictionaries are read and written in one form") {
    const auto read = parse_dictionary(R"(a=1, b=?0,  c;x="q\"\\" ,d=(1 2.5  tok/en);y, e=:AQI=:)");
    CHECK(read.has_value());
    if (!read.has_value()) return;
    CHECK(read->size() == 5);
    const auto item = [&](std::string_view name) {
      const auto* member = find_member(*read, name);
      const auto* one = member == nullptr ? nullptr : std::get_if<FieldItem>(&member->value);
      return one == nullptr ? std::string("none") : serialize(*one);
    };
    CHECK(item("a") == "1");
    CHECK(item("b") == "?0");
    CHECK(item("c") == R"(?1;x="q\"\\")");
    CHECK(item("e") == ":AQI=:");
    const auto* d = find_member(*read, "d");
    const auto* list = d == nullptr ? nullptr : std::get_if<InnerList>(&d->value);
    CHECK((list != nullptr && serialize(*list) == "(1 2.5 tok/en);y"));
  }

  TEST_CASE("what is no dictionary, or is one in two ways, is refused") {
    for (const std::string_view text : {"a=1,",
                                        ",a=1",
                                        "a=1 b=2",
                                        "a=1, a=2",
                                        "A=1",
                                        "a=",
                                        "a=(1",
                                        "a=(1(2))",
                                        "a=(1,2)",
                                        "a=\"x",
                                        "a=\"\\x\"",
                                        "a=\"\x01\"",
                                        "a=:AQI:",
                                        "a=:AQI=",
                                        "a=?2",
                                        "a=-",
                                        "a=1.",
                                        "a=1.2345",
                                        "a=1234567890123456",
                                        "a=1;x=1;x=2",
                                        "a=@1",
                                        "a= 1",
                                        "a=1;=2"}) {
      CAPTURE(text);
      CHECK(!parse_dictionary(text).has_value());
    }
    CHECK(parse_dictionary("").has_value());
    std::string many;
    for (int i = 0; i < 17; ++i) many += (i == 0 ? "k" : ", k") + std::to_string(i) + "=1";
    CHECK(!parse_dictionary(many).has_value());
    CHECK(!parse_dictionary("a=\"" + std::string(17 * 1024, 'x') + "\"").has_value());
  }
}

}  // namespace sluice::signature
