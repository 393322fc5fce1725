// AWS SNS and PayPal: a certificate from a URL in the request.
#include "signature/certificate_signature.h"

#include "doctest/doctest.h"
#include "signature/certificate_key.h"
#include "signature/certificate_vectors.h"

namespace sluice::signature {
namespace {

constexpr Instant kNow{1'803'902'405'000};                 // 2027-03-01T12:00:05Z
constexpr Instant kBeforeCertificates{1'772'366'400'000};  // 2026-03-01
constexpr Instant kAfterCertificates{4'954'000'000'000};   // 2126-12
constexpr std::string_view kSnsUrl =
    "https://sns.us-west-2.amazonaws.com/SimpleNotificationService-1a2b3c.pem";
constexpr std::string_view kPaypalUrl =
    "https://api.paypal.com/v1/notifications/certs/CERT-360caa42";

MessagePart line(std::string_view name, bool optional) {
  return {.kind = PartKind::kJson,
          .text = "/" + std::string(name),
          .before = std::string(name) + "\n",
          .after = "\n",
          .optional = optional};
}

// https://docs.aws.amazon.com/sns/latest/dg/sns-verify-signature-of-message.html
Scheme sns() {
  Scheme scheme;
  scheme.name = "sns";
  scheme.family = Family::kX509Url;
  scheme.algorithm = Algorithm::kRsaPkcs1Sha256;
  scheme.algorithm_by =
      AlgorithmBy{.from = {.place = Place::kJson, .name = "/SignatureVersion"},
                  .choices = {{"1", Algorithm::kRsaPkcs1Sha1}, {"2", Algorithm::kRsaPkcs1Sha256}}};
  scheme.signature.from = {.place = Place::kJson, .name = "/Signature"};
  scheme.signature.encoding = Encoding::kBase64;
  scheme.key.form = KeyForm::kPublicKey;
  scheme.time.from = {.place = Place::kJson, .name = "/Timestamp"};
  scheme.time.format = TimeFormat::kRfc3339;
  for (const std::string_view name : {"Message", "MessageId", "Subject", "SubscribeURL",
                                      "Timestamp", "Token", "TopicArn", "Type"}) {
    scheme.message.push_back(
        line(name, name == "Subject" || name == "SubscribeURL" || name == "Token"));
  }
  scheme.body_unsigned = true;
  scheme.identity = {{.site = {.place = Place::kJson, .name = "/MessageId"}}};
  scheme.fetched.url_from = {.place = Place::kJson, .name = "/SigningCertURL"};
  scheme.fetched.hosts = {"sns.*.amazonaws.com", "sns.*.amazonaws.com.cn"};
  scheme.fetched.path_suffix = ".pem";
  scheme.fetched.subject = "sns.amazonaws.com";
  return scheme;
}

// https://developer.paypal.com/api/rest/webhooks/rest/
Scheme paypal() {
  Scheme scheme;
  scheme.name = "paypal";
  scheme.family = Family::kX509Url;
  scheme.algorithm = Algorithm::kRsaPkcs1Sha256;
  scheme.allow_legacy = true;  // The CRC-32 of the body.
  scheme.signature.from = {.place = Place::kHeader, .name = "paypal-transmission-sig"};
  scheme.signature.encoding = Encoding::kBase64;
  scheme.key.form = KeyForm::kPublicKey;
  scheme.time.from = {.place = Place::kHeader, .name = "paypal-transmission-time"};
  scheme.time.format = TimeFormat::kRfc3339;
  const auto message =
      parse_message("{header:paypal-transmission-id}|{timestamp}|{parameter:webhook_id}|{crc32}");
  CHECK(message.has_value());
  scheme.message = message.value_or(std::vector<MessagePart>());
  scheme.parameters = {{.name = "webhook_id", .value = "1JE4291016473214C"}};
  scheme.identity = {{.site = {.place = Place::kHeader, .name = "paypal-transmission-id"}}};
  scheme.fetched.url_from = {.place = Place::kHeader, .name = "paypal-cert-url"};
  scheme.fetched.hosts = {"api.paypal.com", "api.sandbox.paypal.com"};
  scheme.fetched.subject = "messageverificationcerts.paypal.com";
  return scheme;
}

struct Notification {
  std::string version = "2";
  std::string url = std::string(kSnsUrl);
  std::string message = "Hello world!";
  std::string subject = R"("Subject":"My First Message",)";
  std::string signature = std::string(vectors::kSnsNotificationSha256);

  [[nodiscard]] std::string body() const {
    return R"({"Type":"Notification","MessageId":"22b80b92-fdea-4c2c-8f9d-bdfb0c7bf324",)"
           R"("TopicArn":"arn:aws:sns:us-west-2:123456789012:MyTopic",)" +
           subject + R"("Message":")" + message +
           R"(","Timestamp":"2027-03-01T12:00:00.000Z","SignatureVersion":")" + version +
           R"(","Signature":")" + signature + R"(","SigningCertURL":")" + url + R"("})";
  }
};

FetchedKeys with_certificate(std::string_view url, std::string_view pem, Instant at = kNow) {
  FetchedKeys fetched;
  const KeyWanted wanted{
      .kind = DocumentKind::kCertificate, .url = std::string(url), .age_max = hours(24)};
  CHECK(fetched.put(wanted, pem, at).has_value());
  return fetched;
}

Verdict judge(const FetchedKeys& fetched, const Notification& notification, Instant now = kNow) {
  const Headers headers;
  const std::string body = notification.body();
  const Request request{
      .method = "POST", .url = "https://a.example/in/sns", .headers = headers, .body = body};
  return verify(sns(), Keys(), fetched, request, now);
}

std::string reason(const Verdict& verdict) {
  if (std::holds_alternative<Accepted>(verdict)) return "accepted";
  if (std::holds_alternative<KeyWanted>(verdict)) return "key wanted";
  return std::string(name(std::get<Refusal>(verdict).reason));
}

}  // namespace

TEST_SUITE("signature/certificate_signature") {
  TEST_CASE("the schemes of SNS and PayPal are safe") {
    CHECK(check(sns()).has_value());
    CHECK(check(paypal()).has_value());
  }

  TEST_CASE("a notification asks for its certificate, and verifies by it in both versions") {
    const Verdict first = judge(FetchedKeys(), Notification());
    const auto* wanted = std::get_if<KeyWanted>(&first);
    CHECK(wanted != nullptr);
    CHECK((wanted != nullptr && wanted->url == kSnsUrl));
    const FetchedKeys fetched = with_certificate(kSnsUrl, vectors::kSnsCertificate);
    const Verdict second = judge(fetched, Notification());
    CHECK(reason(second) == "accepted");
    const auto* accepted = std::get_if<Accepted>(&second);
    CHECK((accepted != nullptr && accepted->identity == "22b80b92-fdea-4c2c-8f9d-bdfb0c7bf324"));
    Notification old{.version = "1", .signature = std::string(vectors::kSnsNotificationSha1)};
    CHECK(reason(judge(fetched, old)) == "accepted");
    old.version = "2";
    CHECK(reason(judge(fetched, old)) == "signature_mismatch");
    old.version = "3";
    CHECK(reason(judge(fetched, old)) == "signature_malformed");
  }

  TEST_CASE("an absent subject is left out of what is signed") {
    const FetchedKeys fetched = with_certificate(kSnsUrl, vectors::kSnsCertificate);
    const Notification bare{.subject = "", .signature = std::string(vectors::kSnsWithoutSubject)};
    CHECK(reason(judge(fetched, bare)) == "accepted");
    const Notification dropped{.subject = ""};
    CHECK(reason(judge(fetched, dropped)) == "signature_mismatch");
    const Notification changed{.message = "Hello world?"};
    CHECK(reason(judge(fetched, changed)) == "signature_mismatch");
  }

  TEST_CASE("a confirmation of a subscription verifies by its own fields") {
    const FetchedKeys fetched = with_certificate(kSnsUrl, vectors::kSnsCertificate);
    const std::string body =
        R"({"Type":"SubscriptionConfirmation","MessageId":"165545c9-2a5c-472c-8df2-7ff2be2b3b1b",)"
        R"("Token":"2336412f37","TopicArn":"arn:aws:sns:us-west-2:123456789012:MyTopic",)"
        R"("Message":"You have chosen to subscribe.","SubscribeURL":)"
        R"("https://sns.us-west-2.amazonaws.com/?Action=ConfirmSubscription&Token=2336412f37",)"
        R"("Timestamp":"2027-03-01T12:00:00.000Z","SignatureVersion":"2","Signature":")" +
        std::string(vectors::kSnsConfirmation) + R"(","SigningCertURL":")" + std::string(kSnsUrl) +
        R"("})";
    const Headers headers;
    const Request request{
        .method = "POST", .url = "https://a.example/", .headers = headers, .body = body};
    CHECK(reason(verify(sns(), Keys(), fetched, request, kNow)) == "accepted");
  }

  TEST_CASE("nobody fetches for a request that no key could save") {
    Notification notification;
    CHECK(reason(judge(FetchedKeys(), notification, kNow + seconds(600))) == "timestamp_too_old");
    notification.signature = "no base64!";
    CHECK(reason(judge(FetchedKeys(), notification)) == "signature_malformed");
  }

  TEST_CASE("a certificate outside its dates, or of another subject, verifies nothing") {
    const FetchedKeys fetched =
        with_certificate(kSnsUrl, vectors::kSnsCertificate, kAfterCertificates);
    CHECK(reason(judge(fetched, Notification(), kAfterCertificates)) == "key_expired");
    const FetchedKeys early =
        with_certificate(kSnsUrl, vectors::kSnsCertificate, kBeforeCertificates);
    CHECK(reason(judge(early, Notification(), kBeforeCertificates)) == "key_expired");
    const FetchedKeys other = with_certificate(kSnsUrl, vectors::kPaypalCertificate);
    CHECK(reason(judge(other, Notification())) == "signature_mismatch");
    // Renewed under the same URL, perhaps: asked for again, once a minute.
    CHECK(reason(judge(fetched, Notification(), kAfterCertificates + seconds(60))) != "accepted");
  }

  TEST_CASE("only hosts of the scheme may be named") {
    const FetchedKey rule = sns().fetched;
    CHECK(certificate_url(rule, kSnsUrl) == kSnsUrl);
    CHECK(certificate_url(rule, "HTTPS://SNS.eu-west-1.AMAZONAWS.com:443/a.pem") ==
          "https://sns.eu-west-1.amazonaws.com/a.pem");
    CHECK(certificate_url(rule, "https://sns.cn-north-1.amazonaws.com.cn/a.pem").has_value());
    for (const std::string_view url : {
             "http://sns.us-west-2.amazonaws.com/a.pem",
             "https://sns.us-west-2.amazonaws.com:8443/a.pem",
             "https://sns.us-west-2.amazonaws.com/a.pem?x=1",
             "https://sns.us-west-2.amazonaws.com/a.pem#x",
             "https://sns.us-west-2.amazonaws.com/a.txt",
             "https://sns.us-west-2.amazonaws.com/",
             "https://sns.us-west-2.amazonaws.com.evil.example/a.pem",
             "https://evil.example/sns.us-west-2.amazonaws.com/a.pem",
             "https://sns.us-west-2.amazonaws.com@evil.example/a.pem",
             "https://u@sns.us-west-2.amazonaws.com/a.pem",
             "https://sns.amazonaws.com/a.pem",
             "https://sns.a.b.amazonaws.com/a.pem",
             "https://xsns.us-west-2.amazonaws.com/a.pem",
             "https://sns..amazonaws.com/a.pem",
             "https://bucket.s3.amazonaws.com/a.pem",
             "https://127.0.0.1/a.pem",
             "file:///a.pem",
             "",
         }) {
      CAPTURE(url);
      CHECK(!certificate_url(rule, url).has_value());
      const Notification notification{.url = std::string(url)};
      CHECK(reason(judge(FetchedKeys(), notification)) == "signature_malformed");
      CHECK(!may_fetch(rule, url));
    }
    CHECK(may_fetch(rule, kSnsUrl));
  }

  TEST_CASE("a pattern that leaves the registered name open is none") {
    for (const std::string_view pattern : {"api.paypal.com", "*.paypal.com", "sns.*.amazonaws.com",
                                           "a-*-b.example.com", "example.com"}) {
      CAPTURE(pattern);
      CHECK(is_host_pattern(pattern));
    }
    for (const std::string_view pattern :
         {"*", "*.com", "a.*", "com", "", "a..b.c", "A.example.com", "**.example.com",
          ".example.com", "example.com."}) {
      CAPTURE(pattern);
      CHECK(!is_host_pattern(pattern));
    }
    CHECK(fits_host("*.paypal.com", "api.paypal.com"));
    CHECK(!fits_host("*.paypal.com", "paypal.com"));
    CHECK(!fits_host("*.paypal.com", "a.b.paypal.com"));
    CHECK(!fits_host("*.paypal.com", "api.paypal.com.evil"));
  }

  TEST_CASE("a PayPal transmission verifies by the certificate that its header names") {
    const std::string body = R"({"id":"WH-1","event_type":"PAYMENT.SALE.COMPLETED"})";
    const Headers headers = {
        {"paypal-transmission-id", "69cd13f0-d67a-11e5-baa3-778b53f4ae55"},
        {"paypal-transmission-time", "2027-03-01T12:00:00Z"},
        {"paypal-transmission-sig", std::string(vectors::kPaypalSignature)},
        {"paypal-cert-url", std::string(kPaypalUrl)},
        {"paypal-auth-algo", "SHA256withRSA"},
    };
    const Request request{
        .method = "POST", .url = "https://a.example/", .headers = headers, .body = body};
    const FetchedKeys fetched = with_certificate(kPaypalUrl, vectors::kPaypalCertificate);
    CHECK(reason(verify(paypal(), Keys(), FetchedKeys(), request, kNow)) == "key wanted");
    CHECK(reason(verify(paypal(), Keys(), fetched, request, kNow)) == "accepted");
    Scheme other = paypal();
    other.parameters[0].value = "of another webhook";
    CHECK(reason(verify(other, Keys(), fetched, request, kNow)) == "signature_mismatch");
    const Request changed{
        .method = "POST", .url = "https://a.example/", .headers = headers, .body = "{}"};
    CHECK(reason(verify(paypal(), Keys(), fetched, changed, kNow)) == "signature_mismatch");
  }

  TEST_CASE("a scheme without hosts would let the sender choose the key") {
    Scheme scheme = sns();
    scheme.fetched.hosts.clear();
    CHECK(!check(scheme).has_value());
    scheme = sns();
    scheme.fetched.hosts = {"*.com"};
    CHECK(!check(scheme).has_value());
    scheme = sns();
    scheme.fetched.url_from = {};
    CHECK(!check(scheme).has_value());
    scheme = sns();
    scheme.algorithm_by->choices.push_back({"0", Algorithm::kHmacSha256});
    CHECK(!check(scheme).has_value());
    scheme = sns();
    scheme.algorithm_by->choices.push_back({"0", Algorithm::kRsaPkcs1Md5});
    CHECK(!check(scheme).has_value());
  }
}

}  // namespace sluice::signature
