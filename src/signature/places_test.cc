// A signature, a time and an id at each place that a request has.
#include <string>
#include <vector>

#include "doctest/doctest.h"
#include "signature/presets.h"
#include "signature/sign.h"
#include "signature/verify.h"

namespace sluice::signature {
namespace {

constexpr Instant kNow{1'700'000'000'000};
const std::vector<Secret> kSecrets = {{.value = "first secret"}};
constexpr std::string_view kForm = "application/x-www-form-urlencoded";

struct Sent {
  Headers headers;
  std::string url = "https://hooks.example/in/acme?shop=1";
  Bytes body = R"({"event":"paid","n":7})";
};

std::string answer(const Scheme& scheme, const Sent& sent, Instant now = kNow,
                   const std::vector<Secret>& secrets = kSecrets) {
  const Request request{
      .method = "POST", .url = sent.url, .headers = sent.headers, .body = sent.body};
  const auto verdict = verify(scheme, secrets, request, now);
  const auto* refusal = std::get_if<Refusal>(&verdict);
  return refusal == nullptr ? "accepted" : std::string(name(refusal->reason));
}

Accepted accepted_of(const Scheme& scheme, const Sent& sent) {
  const Request request{
      .method = "POST", .url = sent.url, .headers = sent.headers, .body = sent.body};
  const auto verdict = verify(scheme, kSecrets, request, kNow);
  const auto* accepted = std::get_if<Accepted>(&verdict);
  CHECK(accepted != nullptr);
  return accepted == nullptr ? Accepted{} : *accepted;
}

// As the receiver gets it.
Sent signed_by(const Scheme& scheme, Sent sent, const std::vector<Secret>& secrets = kSecrets) {
  const SignInput input{
      .id = "id-1", .now = kNow, .headers = sent.headers, .body = sent.body, .url = sent.url};
  auto made = sign(scheme, secrets, input);
  CHECK(made.has_value());
  if (!made) return sent;
  for (auto& header : made->headers) {
    std::erase_if(sent.headers, [&](const Header& other) { return other.name == header.name; });
    sent.headers.push_back(header);
  }
  if (made->url) sent.url = *made->url;
  if (made->body) sent.body = *made->body;
  return sent;
}

Scheme basic() {
  Scheme scheme;
  scheme.name = "acme";
  scheme.signature.from = {Place::kHeader, "x-signature"};
  scheme.message = *parse_message("{timestamp}.{body}");
  scheme.time.from = {Place::kHeader, "x-time"};
  return scheme;
}

bool is_sound(const Scheme& scheme) {
  const auto checked = check(scheme);
  if (!checked) MESSAGE(std::string(checked.error().context));
  return checked.has_value();
}

TEST_SUITE("signature/places") {
  TEST_CASE("a signature in the query, beside a signed body") {
    Scheme scheme = basic();
    scheme.signature.from = {Place::kQuery, "sig"};
    scheme.signature.encoding = Encoding::kBase64Url;
    CHECK(is_sound(scheme));
    const Sent sent = signed_by(scheme, {});
    CHECK(sent.url.find("?shop=1&sig=") != std::string::npos);
    CHECK(answer(scheme, sent) == "accepted");
    Sent changed = sent;
    changed.body += " ";
    CHECK(answer(scheme, changed) == "signature_mismatch");
    changed = sent;
    changed.url += "&sig=x";
    CHECK(answer(scheme, changed) == "header_duplicate");
    changed.url = "https://hooks.example/in/acme?sig=";
    CHECK(answer(scheme, changed) == "header_missing");
    changed.url = "https://hooks.example/in/acme?sig=%";
    CHECK(answer(scheme, changed) == "header_malformed");
  }

  TEST_CASE(
      "a signature inside of the JSON that it does not cover, its token naming the delivery") {
    Scheme scheme = basic();
    scheme.signature.from = {Place::kJson, "/signature/signature"};
    scheme.time.from = {Place::kJson, "/signature/timestamp"};
    scheme.message = *parse_message("{timestamp}{json:/signature/token}");
    scheme.identity = {{{Place::kJson, "/signature/token"}}};
    CHECK_FALSE(check(scheme).has_value());
    scheme.body_unsigned = true;
    CHECK(is_sound(scheme));
    const Sent sent = signed_by(scheme, {});
    CHECK(sent.headers.empty());
    CHECK(answer(scheme, sent) == "accepted");
    const Accepted accepted = accepted_of(scheme, sent);
    CHECK(accepted.identity == "id-1");
    CHECK(accepted.identity_signed);
    // Whoever holds one signature can send any body under it; it stays one delivery.
    Sent other = sent;
    other.body.insert(1, R"("event":"refunded?","x":1,)");
    other.body.erase(other.body.find(R"("event":"paid",)"), 15);
    CHECK(accepted_of(scheme, other).identity == accepted.identity);
    Sent twice = sent;
    twice.body.insert(1, R"("signature":{"signature":"x"},)");
    CHECK(answer(scheme, twice) == "header_missing");
  }

  TEST_CASE("without a token the digest of what is signed names the delivery, whatever the body") {
    Scheme scheme = basic();
    scheme.body_unsigned = true;
    scheme.message = *parse_message("{timestamp}{header:x-nonce}");
    scheme.identity = {{{Place::kJson, "/event"}}};
    CHECK(is_sound(scheme));
    Sent sent;
    sent.headers = {{"x-nonce", "n1"}};
    sent = signed_by(scheme, sent);
    const Accepted one = accepted_of(scheme, sent);
    CHECK_FALSE(one.identity_signed);
    Sent other = sent;
    other.body = R"({"event":"other"})";
    const Accepted two = accepted_of(scheme, other);
    CHECK(one.identity != two.identity);
    CHECK(one.digest.has_value());
    CHECK(one.digest == two.digest);
  }

  TEST_CASE("pairs of key and signature in a form") {
    Scheme scheme;
    scheme.signature.from = {Place::kForm, "bt_signature"};
    scheme.signature.item_separator = '&';
    scheme.signature.field_separator = '|';
    scheme.signature.field_is_key_id = true;
    scheme.algorithm = Algorithm::kHmacSha1;
    scheme.key.form = KeyForm::kSha1;
    scheme.message = *parse_message("{form:bt_payload}");
    scheme.body_unsigned = true;
    CHECK(is_sound(scheme));
    const std::vector<Secret> secrets = {{.value = "pk_1|private one"}, {.value = "pk_2|two"}};
    Sent sent;
    sent.headers = {{"content-type", std::string(kForm)}};
    sent.body = "bt_payload=cGF5%0A";
    sent = signed_by(scheme, sent, secrets);
    CHECK(sent.body.find("pk_1%7C") != std::string::npos);
    CHECK(sent.body.find("%26pk_2%7C") != std::string::npos);
    CHECK(answer(scheme, sent, kNow, secrets) == "accepted");
    CHECK(answer(scheme, sent, kNow, {secrets[1]}) == "accepted");
    CHECK(answer(scheme, sent, kNow, {{.value = "private one"}}) == "accepted");
    // A secret that says whose it is, is for its own pair alone.
    CHECK(answer(scheme, sent, kNow, {{.value = "pk_2|private one"}}) == "signature_mismatch");
    Sent twice = sent;
    twice.body += "&bt_payload=cGF5%0A";
    CHECK(answer(scheme, twice, kNow, secrets) == "header_duplicate");
  }

  TEST_CASE("numbered headers, one for each key") {
    Scheme scheme;
    scheme.signature.from = {Place::kNumberedHeaders, "x-docusign-signature-"};
    scheme.signature.encoding = Encoding::kBase64;
    scheme.signature.candidates_max = 4;
    scheme.message = *parse_message("{body}");
    CHECK(is_sound(scheme));
    const std::vector<Secret> both = {{.value = "first secret"}, {.value = "second"}};
    const Sent sent = signed_by(scheme, {}, both);
    CHECK(sent.headers.size() == 2);
    CHECK(sent.headers[1].name == "x-docusign-signature-2");
    CHECK(answer(scheme, sent) == "accepted");
    CHECK(answer(scheme, sent, kNow, {both[1]}) == "accepted");
    Sent gap = sent;
    gap.headers.erase(gap.headers.begin());
    CHECK(answer(scheme, gap) == "header_missing");
    Sent twice = sent;
    twice.headers.push_back(twice.headers[0]);
    CHECK(answer(scheme, twice) == "header_duplicate");
  }

  TEST_CASE("items by number: the time, then signatures") {
    Scheme scheme = basic();
    scheme.signature.item_separator = ',';
    scheme.signature.position = 1;
    scheme.time.from = {Place::kPosition, "0"};
    scheme.time.format = TimeFormat::kMilliseconds;
    CHECK(is_sound(scheme));
    const std::vector<Secret> both = {{.value = "other"}, {.value = "first secret"}};
    const Sent sent = signed_by(scheme, {}, both);
    CHECK(sent.headers[0].value.substr(0, 14) == "1700000000000,");
    CHECK(answer(scheme, sent) == "accepted");
    Sent none = sent;
    none.headers[0].value = "1700000000000";
    CHECK(answer(scheme, none) == "signature_malformed");
    Sent doubled = sent;
    doubled.headers[0].value.insert(13, ",");
    CHECK(answer(scheme, doubled) == "header_malformed");
    Scheme late = scheme;
    late.time.from.name = "1";
    CHECK_FALSE(check(late).has_value());
  }

  TEST_CASE("URL, method and query are signed as they arrived") {
    Scheme scheme = basic();
    scheme.time.format = TimeFormat::kMilliseconds;
    scheme.message = *parse_message("{method}{url}{body}{timestamp}");
    CHECK(is_sound(scheme));
    const Sent sent = signed_by(scheme, {});
    CHECK(answer(scheme, sent) == "accepted");
    Sent changed = sent;
    changed.url = "https://hooks.example/in/acme?shop=2";
    CHECK(answer(scheme, changed) == "signature_mismatch");
    // Bytes of the URL cannot become bytes of the body.
    changed = sent;
    changed.url = "https://hooks.example/in/acme?shop=";
    changed.body = "1" + sent.body;
    CHECK(answer(scheme, changed) == "header_malformed");

    Scheme query = basic();
    query.message = {{PartKind::kQuery, "data.id", "id:", ";", true, true},
                     {PartKind::kHeader, "x-request-id", "request-id:", ";", true, false},
                     {PartKind::kTimestamp, "", "ts:", ";"}};
    query.body_unsigned = true;
    query.identity = {{{Place::kQuery, "data.id"}}};
    CHECK(is_sound(query));
    Sent lower;
    lower.url = "https://hooks.example/in/acme?data.id=AB1";
    lower = signed_by(query, lower);
    CHECK(answer(query, lower) == "accepted");
    // It is signed in other letters than it came in, so it does not name the delivery alone.
    CHECK_FALSE(accepted_of(query, lower).identity_signed);
    Sent without = lower;
    without.url = "https://hooks.example/in/acme";
    CHECK(answer(query, without) == "signature_mismatch");
    Sent twice = lower;
    twice.url += "&data.id=AB1";
    CHECK(answer(query, twice) == "header_duplicate");
  }

  TEST_CASE("a form's fields in the order of their names, or the digest of another body") {
    Scheme scheme;
    scheme.algorithm = Algorithm::kHmacSha1;
    scheme.signature.from = {Place::kHeader, "x-twilio-signature"};
    scheme.signature.encoding = Encoding::kBase64;
    scheme.message = *parse_message("{url}{form-sorted}");
    scheme.body_digest = BodyDigest{.from = {Place::kQuery, "bodySHA256"}, .unless_form = true};
    CHECK(is_sound(scheme));
    // Of the provider's documentation, with the token 12345.
    Sent form;
    form.url = "https://mycompany.com/myapp.php?foo=1&bar=2";
    form.headers = {{"content-type", std::string(kForm)},
                    {"x-twilio-signature", "RSOYDt4T1cUTdK1PDd93/VVr8B8="}};
    form.body =
        "Digits=1234&To=%2B18005551212&From=%2B14158675309&Caller=%2B14158675309&CallSid="
        "CA1234567890ABCDE";
    const std::vector<Secret> token = {{.value = "12345"}};
    CHECK(answer(scheme, form, kNow, token) == "accepted");
    Sent repeated = form;
    repeated.body += "&Digits=1234";  // Equal pairs are signed once.
    CHECK(answer(scheme, repeated, kNow, token) == "accepted");
    Sent changed = form;
    changed.body += "&Extra=1";
    CHECK(answer(scheme, changed, kNow, token) == "signature_mismatch");

    const Sent json = signed_by(scheme, {}, token);
    CHECK(json.url.find("bodySHA256=") != std::string::npos);
    CHECK(answer(scheme, json, kNow, token) == "accepted");
    Sent other = json;
    other.body = R"({"event":"forged"})";
    CHECK(answer(scheme, other, kNow, token) == "signature_mismatch");
    Sent bare = json;
    bare.url = "https://hooks.example/in/acme?shop=1";
    CHECK(answer(scheme, bare, kNow, token) == "header_missing");
  }

  TEST_CASE("a digest of the body stands for it, when it is signed itself") {
    Scheme scheme = basic();
    scheme.message = *parse_message("{timestamp}.{header:x-body-hash}");
    CHECK_FALSE(check(scheme).has_value());
    scheme.body_digest = BodyDigest{.from = {Place::kHeader, "x-body-hash"},
                                    .prefix = "sha512=",
                                    .hash = crypto::HashKind::kSha512,
                                    .encoding = Encoding::kBase64};
    CHECK(is_sound(scheme));
    scheme.identity = {{{Place::kJson, "/event"}}};
    const Sent sent = signed_by(scheme, {});
    CHECK(answer(scheme, sent) == "accepted");
    CHECK(accepted_of(scheme, sent).identity_signed);
    Sent changed = sent;
    changed.body = R"({"event":"forged"})";
    CHECK(answer(scheme, changed) == "signature_mismatch");
  }

  TEST_CASE("a parameter of the source is part of the message, and its lack is told") {
    Scheme scheme = basic();
    scheme.message = *parse_message("{timestamp}|{parameter:webhook_id}|{sha256}");
    scheme.parameters = {{"webhook_id", "8PT597110X687430L"}};
    CHECK(is_sound(scheme));
    const Sent sent = signed_by(scheme, {});
    CHECK(answer(scheme, sent) == "accepted");
    scheme.parameters[0].value = "other";
    CHECK(answer(scheme, sent) == "signature_mismatch");
    scheme.parameters.clear();
    CHECK(answer(scheme, sent) == "header_malformed");
  }

  TEST_CASE("a time outside of the signed bytes only refuses, and has to be said to be so") {
    Scheme scheme = basic();
    scheme.message = *parse_message("{body}");
    CHECK_FALSE(check(scheme).has_value());
    scheme.time.is_signed = false;
    CHECK(is_sound(scheme));
    const Sent sent = signed_by(scheme, {});
    CHECK(answer(scheme, sent) == "accepted");
    CHECK(answer(scheme, sent, kNow + seconds(301)) == "timestamp_too_old");
    CHECK(answer(scheme, sent, kNow - seconds(61)) == "timestamp_too_new");
    // Inside of a signed body it is signed.
    scheme.time = {.from = {Place::kJson, "/at"}, .format = TimeFormat::kMilliseconds};
    CHECK(is_sound(scheme));
    Sent inside;
    inside.body = R"({"at":1700000000000})";
    CHECK(answer(scheme, signed_by(scheme, inside)) == "accepted");
    inside.body = R"({"at":1699999000000})";
    CHECK(answer(scheme, signed_by(scheme, inside)) == "timestamp_too_old");
  }

  TEST_CASE("what a proxy joined with a comma is refused, never picked from") {
    Scheme scheme = basic();
    scheme.message = *parse_message("{header:x-id}.{timestamp}.{body}");
    scheme.identity = {{{Place::kHeader, "x-id"}}};
    const Sent sent = signed_by(scheme, {});
    CHECK(answer(scheme, sent) == "accepted");
    for (const std::string_view header : {"x-id", "x-time", "x-signature"}) {
      Sent joined = sent;
      for (auto& each : joined.headers) {
        if (each.name == header) each.value += ", " + each.value;
      }
      CAPTURE(header);
      CHECK(answer(scheme, joined) != "accepted");
    }
    // An unsigned id that was joined names nothing.
    Scheme github = *preset("github");
    Sent hook;
    hook.headers = {{"x-github-delivery", "a, a"}};
    hook = signed_by(github, hook);
    CHECK_FALSE(accepted_of(github, hook).identity_rule.has_value());
  }

  TEST_CASE("every encoding is read in its one form") {
    const std::pair<Encoding, Encoding> pairs[] = {{Encoding::kHexLower, Encoding::kHexUpper},
                                                   {Encoding::kHexUpper, Encoding::kHexLower},
                                                   {Encoding::kBase64, Encoding::kHexLower},
                                                   {Encoding::kBase64Url, Encoding::kHexLower}};
    for (const auto& [encoding, other] : pairs) {
      Scheme scheme = basic();
      scheme.signature.encoding = encoding;
      const Sent sent = signed_by(scheme, {});
      CHECK(answer(scheme, sent) == "accepted");
      scheme.signature.encoding = other;
      CHECK(answer(scheme, sent) == "signature_malformed");
    }
    Scheme any = basic();
    any.signature.encoding = Encoding::kHexUpper;
    const Sent upper = signed_by(any, {});
    any.signature.encoding = Encoding::kHexAny;
    CHECK(answer(any, upper) == "accepted");
    CHECK(answer(any, signed_by(any, {})) == "accepted");
  }
}

}  // namespace
}  // namespace sluice::signature
