#include <algorithm>
#include <string>
#include <vector>

#include "doctest/doctest.h"
#include "manifest/scheme.h"

using namespace sluice;
using namespace sluice::manifest;

namespace {

// A member's value that does not fit, the finding's place and code, and words of its message.
struct Fault {
  std::string_view member;
  std::string_view value;
  std::string_view at;
  std::string_view code;
  std::string_view says = "";
};

constexpr Fault kFaults[] = {
    {"like", "7", "/like", "wrong_type"},
    {"like", "\"githup\"", "/like", "unknown_scheme", "Did you mean \"github\"?"},
    {"like", "null", "/like", "wrong_type"},
    {"name", "1", "/name", "wrong_type"},
    {"name", "\"Acme Inc\"", "/name", "name_malformed"},
    {"nmae", "\"acme\"", "/nmae", "unknown_key", "Did you mean \"name\"?"},
    {"family", "\"hmca\"", "/family", "unknown_value", "Did you mean \"hmac\"?"},
    {"family", "[]", "/family", "wrong_type"},
    {"algorithm", "\"hmac-sha-256\"", "/algorithm", "unknown_value", "\"hmac-sha256\""},
    {"algorithm", "256", "/algorithm", "wrong_type"},
    {"allow_legacy", "\"yes\"", "/allow_legacy", "wrong_type"},
    {"body_unsigned", "1", "/body_unsigned", "wrong_type"},

    {"signature", "\"header:x\"", "/signature", "wrong_type"},
    {"signature", R"({"form":"header:x"})", "/signature/form", "unknown_key", "\"from\""},
    {"signature", R"({"from":7})", "/signature/from", "wrong_type"},
    {"signature", R"({"from":"x-signature"})", "/signature/from", "site_malformed",
     "\"header:x-signature\""},
    {"signature", R"({"from":"heder:x"})", "/signature/from", "site_malformed", "\"header:\""},
    {"signature", R"({"from":"header:X-Signature"})", "/signature/from", "site_malformed",
     "lower case"},
    {"signature", R"({"from":"json:id"})", "/signature/from", "site_malformed", "JSON pointer"},
    {"signature", R"({"from":"position:64"})", "/signature/from", "site_malformed", "0 to 63"},
    {"signature", R"({"from":"query:"})", "/signature/from", "site_malformed", "128"},
    {"signature", R"({"prefix":"a\nb"})", "/signature/prefix", "text_malformed"},
    {"signature", R"({"prefix":true})", "/signature/prefix", "wrong_type"},
    {"signature", R"({"items":", "})", "/signature/items", "unknown_value", "Valid: "},
    {"signature", R"({"items":7})", "/signature/items", "wrong_type"},
    {"signature", R"({"separator":"#"})", "/signature/separator", "unknown_value"},
    {"signature", R"({"field":[]})", "/signature/field", "wrong_type"},
    {"signature", R"({"position":-1})", "/signature/position", "out_of_range"},
    {"signature", R"({"position":"1"})", "/signature/position", "wrong_type"},
    {"signature", R"({"item_prefix":{}})", "/signature/item_prefix", "wrong_type"},
    {"signature", R"({"field_is_key_id":0})", "/signature/field_is_key_id", "wrong_type"},
    {"signature", R"({"encoding":"base46"})", "/signature/encoding", "unknown_value", "base64"},
    {"signature", R"({"encoding":16})", "/signature/encoding", "wrong_type"},
    {"signature", R"({"ecdsa":"asn1"})", "/signature/ecdsa", "unknown_value", "\"der\", \"raw\""},
    {"signature", R"({"max":0})", "/signature/max", "out_of_range"},
    {"signature", R"({"max":17})", "/signature/max", "out_of_range"},

    {"key", "\"hex\"", "/key", "wrong_type"},
    {"key", R"({"form":"utf-8"})", "/key/form", "unknown_value", "Did you mean \"utf8\"?"},
    {"key", R"({"prefix":1})", "/key/prefix", "wrong_type"},
    {"key", R"({"encoding":"hex"})", "/key/encoding", "unknown_key"},

    {"message", "7", "/message", "wrong_type", "template"},
    {"message", "\"{bdy}\"", "/message", "message_malformed", "Did you mean \"{body}\"?"},
    {"message", "\"{nonsense}\"", "/message", "message_malformed", "Valid: {body}"},
    {"message", "\"{header:}.{body}\"", "/message", "message_malformed", "needs a name"},
    {"message", "\"{header:X-Id}.{body}\"", "/message", "header_malformed", "lower case"},
    {"message", "\"{json:id}.{body}\"", "/message", "pointer_malformed", "slash"},
    {"message", "\"{body\"", "/message", "message_malformed", "brace"},
    {"message", "\"a}{body}\"", "/message", "message_malformed", "brace"},
    {"message", R"(["{body}", 7])", "/message/1", "wrong_type"},
    {"message", R"(["{bodi}"])", "/message/0", "message_malformed"},
    {"message", R"([{}])", "/message/0", "missing", "\"part\" or \"literal\""},
    {"message", R"([{"part":"body","literal":"a"}])", "/message/0", "missing"},
    {"message", R"([{"literal":""}])", "/message/0/literal", "message_malformed"},
    {"message", R"([{"literal":"a","lower":true}])", "/message/0", "unknown_key"},
    {"message", R"([{"part":"bodi"}])", "/message/0/part", "message_malformed", "{body}"},
    {"message", R"([{"part":7}])", "/message/0/part", "wrong_type"},
    {"message", R"([{"part":"body","befor":"a"}])", "/message/0/befor", "unknown_key", "before"},
    {"message", R"([{"part":"body","lower":1}])", "/message/0/lower", "wrong_type"},
    {"message", R"([{"part":"body","optional":1}])", "/message/0/optional", "wrong_type"},
    {"message", R"([{"part":"body","after":1}])", "/message/0/after", "wrong_type"},
    {"message", R"(["a","a","a","a","a","a","a","a","a","a","a","a","a","a","a","a","{body}"])",
     "/message", "out_of_range", "16"},

    {"time", "\"header:t\"", "/time", "wrong_type"},
    {"time", R"({"from":"header:"})", "/time/from", "site_malformed"},
    {"time", R"({"format":"seconds"})", "/time/format", "unknown_value", "\"s\", \"ms\""},
    {"time", R"({"past_ms":-1})", "/time/past_ms", "out_of_range"},
    {"time", R"({"past_ms":604800001})", "/time/past_ms", "out_of_range"},
    {"time", R"({"future_ms":1.5})", "/time/future_ms", "wrong_type"},
    {"time", R"({"future_within_past":1})", "/time/future_within_past", "wrong_type"},
    {"time", R"({"unsigned":"no"})", "/time/unsigned", "wrong_type"},
    {"time", R"({"past":300})", "/time/past", "unknown_key"},

    {"body_digest", "true", "/body_digest", "wrong_type"},
    {"body_digest", R"({"from":"bodi"})", "/body_digest/from", "site_malformed"},
    {"body_digest", R"({"hash":"sha-256"})", "/body_digest/hash", "unknown_value", "sha256"},
    {"body_digest", R"({"encoding":"hexx"})", "/body_digest/encoding", "unknown_value"},
    {"body_digest", R"({"prefix":1})", "/body_digest/prefix", "wrong_type"},
    {"body_digest", R"({"unless_form":1})", "/body_digest/unless_form", "wrong_type"},
    {"body_digest", R"({"optional":1})", "/body_digest/optional", "wrong_type"},

    {"identity", "\"json:/id\"", "/identity", "wrong_type"},
    {"identity", "[7]", "/identity/0", "wrong_type"},
    {"identity", R"(["json:/id","/id"])", "/identity/1", "site_malformed"},
    {"identity", R"(["json:/a","json:/a","json:/a","json:/a","json:/a","json:/a","json:/a",
                     "json:/a","json:/a"])",
     "/identity", "out_of_range"},
    {"installation", "7", "/installation", "wrong_type"},
    {"parameters", "[]", "/parameters", "wrong_type"},
    {"parameters", R"({"a":7})", "/parameters/a", "wrong_type"},
    {"parameters", R"({"a":""})", "/parameters/a", "text_malformed"},

    {"jwt", "[]", "/jwt", "wrong_type"},
    {"jwt", R"({"algorithms":"RS256"})", "/jwt/algorithms", "wrong_type"},
    {"jwt", R"({"algorithms":["RS265"]})", "/jwt/algorithms/0", "unknown_value", "RS256"},
    {"jwt", R"({"algorithms":["none"]})", "/jwt/algorithms/0", "unknown_value"},
    {"jwt", R"({"issuer":7})", "/jwt/issuer", "wrong_type"},
    {"jwt", R"({"audiense":"a"})", "/jwt/audiense", "unknown_key", "audience"},
    {"fetched", "7", "/fetched", "wrong_type"},
    {"fetched", R"({"url":7})", "/fetched/url", "wrong_type"},
    {"fetched", R"({"url_from":"cert"})", "/fetched/url_from", "site_malformed"},
    {"fetched", R"({"hosts":"a"})", "/fetched/hosts", "wrong_type"},
    {"fetched", R"({"hosts":[7]})", "/fetched/hosts/0", "wrong_type"},
    {"fetched", R"({"path_suffix":7})", "/fetched/path_suffix", "wrong_type"},
    {"fetched", R"({"subject":7})", "/fetched/subject", "wrong_type"},
    {"algorithm_by", "7", "/algorithm_by", "wrong_type"},
    {"algorithm_by", R"({"from":"version"})", "/algorithm_by/from", "site_malformed"},
    {"algorithm_by", R"({"choices":[]})", "/algorithm_by/choices", "wrong_type"},
    {"algorithm_by", R"({"choices":{"1":"rsa-sha1"}})", "/algorithm_by/choices/1", "unknown_value"},
    {"message_signature", "7", "/message_signature", "wrong_type"},
    {"message_signature", R"({"components":"@method"})", "/message_signature/components",
     "wrong_type"},
    {"message_signature", R"({"components":[7]})", "/message_signature/components/0", "wrong_type"},
    {"message_signature", R"({"tag":7})", "/message_signature/tag", "wrong_type"},

    {"handshake", "7", "/handshake", "wrong_type"},
    {"handshake", "\"slak\"", "/handshake", "unknown_value", "Did you mean \"slack\"?"},
    {"handshake", "[7]", "/handshake/0", "wrong_type"},
    {"handshake", R"([{"methd":"GET"}])", "/handshake/0/methd", "unknown_key", "method"},
    {"handshake", R"([{"method":7}])", "/handshake/0/method", "wrong_type"},
    {"handshake", R"([{"status":404}])", "/handshake/0/status", "out_of_range"},
    {"handshake", R"([{"verify_first":"yes"}])", "/handshake/0/verify_first", "wrong_type"},
    {"handshake", R"([{"fetch":"url"}])", "/handshake/0/fetch", "site_malformed"},
    {"handshake", R"([{"fetch_hosts":"a"}])", "/handshake/0/fetch_hosts", "wrong_type"},
    {"handshake", R"([{"when":[]}])", "/handshake/0/when", "wrong_type"},
    {"handshake", R"([{"when":{"type":"a"}}])", "/handshake/0/when/type", "site_malformed"},
    {"handshake", R"([{"when":{"json:/type":7}}])", "/handshake/0/when/json:~1type", "wrong_type"},
    {"handshake", R"([{"when":{"query:t":{"verify_token":false}}}])", "/handshake/0/when/query:t",
     "missing"},
    {"handshake", R"([{"respond":"a"}])", "/handshake/0/respond", "wrong_type"},
    {"handshake", R"([{"respond":{"as":"text"}}])", "/handshake/0/respond", "missing"},
    {"handshake", R"([{"respond":[{"echo":"json:/a","hmac":"json:/a"}]}])",
     "/handshake/0/respond/0", "missing"},
    {"handshake", R"([{"respond":{"echo":"challenge"}}])", "/handshake/0/respond/echo",
     "site_malformed"},
    {"handshake", R"([{"respond":{"echo":"json:/a","as":"html"}}])", "/handshake/0/respond/as",
     "unknown_value"},
    {"handshake", R"([{"respond":{"echo":"json:/a","encoding":"hexx"}}])",
     "/handshake/0/respond/encoding", "unknown_value"},

    // What can be read, and must not be used.
    {"message", "\"{timestamp}.\"", "/message", "scheme_unsafe", "body is not signed"},
    {"algorithm", "\"hmac-md5\"", "/algorithm", "scheme_unsafe"},
    {"signature", R"({"separator":null})", "/signature", "scheme_unsafe"},
    {"time", "null", "/time", "scheme_unsafe", "timestamp"},
};

std::vector<Finding> faults_of(const std::string& text) {
  std::vector<Finding> findings;
  CHECK(!read_scheme(text, findings).has_value());
  return findings;
}

}  // namespace

TEST_SUITE("manifest/scheme_fault") {
  TEST_CASE("each member that is wrong is one finding: its place, its code and what was meant") {
    for (const Fault& fault : kFaults) {
      CAPTURE(fault.member);
      CAPTURE(fault.value);
      // Over a preset that is whole, so that nothing else is wrong.
      std::string text = fault.member == "like" ? "{" : "{\"like\":\"stripe\",";
      text += "\"" + std::string(fault.member) + "\":" + std::string(fault.value) + "}";
      const auto findings = faults_of(text);
      CHECK(findings.size() == 1);
      if (findings.empty()) continue;
      CAPTURE(findings[0].message);
      CHECK(findings[0].at == fault.at);
      CHECK(findings[0].code == fault.code);
      CHECK(findings[0].message.find(fault.says) != std::string::npos);
      CHECK(findings[0].message.back() != ' ');
    }
  }

  TEST_CASE("several mistakes are several findings, in the order of the members") {
    const auto findings = faults_of(
        R"({"algorithm":"sha256","signature":{"from":"x","encoding":"hexx"},"message":"{bod}"})");
    CHECK(findings.size() == 4);
    if (findings.size() != 4) return;
    CHECK(findings[0].at == "/algorithm");
    CHECK(findings[1].at == "/signature/from");
    CHECK(findings[2].at == "/signature/encoding");
    CHECK(findings[3].at == "/message");
  }

  TEST_CASE("a message never shows control bytes, nor more than sixty letters of the text") {
    const auto findings =
        faults_of("{\"like\":\"stripe\",\"family\":\"\\u001b[2J" + std::string(300, 'x') + "\"}");
    if (findings.empty()) return;
    CHECK(findings[0].message.find('\x1b') == std::string::npos);
    CHECK(findings[0].message.size() < 200);
  }
}
