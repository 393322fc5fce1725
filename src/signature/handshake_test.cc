#include "signature/handshake.h"

#include "codec/hex.h"
#include "crypto/hmac.h"
#include "doctest/doctest.h"
#include "signature/presets.h"

namespace sluice::signature {
namespace {

constexpr Instant kNow{1'700'000'000'000};

// A scheme of one secret, with the handshakes of a provider.
struct Door {
  explicit Door(Handshake provider, std::string secret = "consumer secret")
      : scheme(*preset("github")) {
    scheme.handshakes = handshake_rules(provider);
    keys = prepare(scheme, {{.value = std::move(secret)}});
  }

  std::optional<HandshakeAnswer> ask(Sender sender, std::string_view method, std::string_view url,
                                     const Headers& headers, ByteView body) const {
    const HandshakeContext context{
        .scheme = scheme, .keys = keys, .verify_token = verify_token, .now = kNow};
    const Request request{.method = method, .url = url, .headers = headers, .body = body};
    return handshake(context, request, sender);
  }
  std::optional<HandshakeAnswer> get(std::string_view query, const Headers& headers = {}) const {
    return ask(Sender::kUnverified, "GET", "https://a.example/in/x" + std::string(query), headers,
               "");
  }
  std::optional<HandshakeAnswer> post(Sender sender, ByteView body, const Headers& headers = {},
                                      std::string_view query = "") const {
    return ask(sender, "POST", "https://a.example/in/x" + std::string(query), headers, body);
  }

  Scheme scheme;
  Keys keys;
  std::string verify_token;
};

HandshakeReply reply_of(const std::optional<HandshakeAnswer>& answer) {
  CHECK(answer.has_value());
  if (!answer) return {.status = 0};
  const auto* reply = std::get_if<HandshakeReply>(&*answer);
  CHECK(reply != nullptr);
  return reply == nullptr ? HandshakeReply{.status = 0} : *reply;
}

std::string refusal_of(const std::optional<HandshakeAnswer>& answer) {
  if (!answer || !std::holds_alternative<Refusal>(*answer)) return "not refused";
  const auto& refusal = std::get<Refusal>(*answer);
  return std::string(name(refusal.reason)) + ": " + refusal.detail;
}

}  // namespace

TEST_SUITE("signature/handshake") {
  TEST_CASE("what is signed is answered to a verified sender only") {
    const std::string slack = R"({"token":"t","challenge":"3eZbrw1aBm","type":"url_verification"})";
    const Door door(Handshake::kSlack);
    CHECK_FALSE(door.post(Sender::kUnverified, slack).has_value());
    const auto reply = reply_of(door.post(Sender::kVerified, slack));
    CHECK(reply.status == 200);
    CHECK(reply.body == "3eZbrw1aBm");

    const Headers type{{"twitch-eventsub-message-type", "webhook_callback_verification"}};
    const Door twitch(Handshake::kTwitch);
    const std::string body = R"({"challenge":"pogchamp-kappa","subscription":{}})";
    CHECK_FALSE(twitch.post(Sender::kUnverified, body, type).has_value());
    CHECK(reply_of(twitch.post(Sender::kVerified, body, type)).body == "pogchamp-kappa");
    CHECK_FALSE(twitch.post(Sender::kVerified, body, {{type[0].name, "notification"}}).has_value());
  }

  TEST_CASE("an answer is plain text that no browser takes for a page") {
    const Door door(Handshake::kChallengeQuery);
    const auto reply = reply_of(door.get("?challenge=%3Cscript%3E"));
    CHECK(reply.body == "<script>");
    CHECK(find(reply.headers, "content-type") == "text/plain; charset=utf-8");
    CHECK(find(reply.headers, "x-content-type-options") == "nosniff");
  }

  TEST_CASE("only short printable ASCII is echoed") {
    const Door door(Handshake::kChallengeQuery);
    CHECK(reply_of(door.get("?challenge=" + std::string(kEchoMax, 'a'))).body.size() == kEchoMax);
    CHECK(refusal_of(door.get("?challenge=" + std::string(kEchoMax + 1, 'a'))) ==
          "header_malformed: query:challenge is too long, or holds bytes that are not answered");
    for (const std::string text : {"%0A", "%00", "%7F", "%C3%A4", "a%0D%0Ab"}) {
      CAPTURE(text);
      CHECK(refusal_of(door.get("?challenge=" + text)).find("not answered") != std::string::npos);
    }
    CHECK(refusal_of(door.get("?challenge=")).find("missing or empty") != std::string::npos);
    CHECK_FALSE(door.get("?challenge=a&challenge=b").has_value());
    CHECK_FALSE(door.get("").has_value());
  }

  TEST_CASE("a verify token opens the door, and nothing else does") {
    Door door(Handshake::kMeta);
    const std::string query = "?hub.mode=subscribe&hub.challenge=1158201444&hub.verify_token=";
    CHECK(refusal_of(door.get(query + "meatyhamhock")) ==
          "no_secret: the source has no verify_token");
    door.verify_token = "meatyhamhock";
    CHECK(reply_of(door.get(query + "meatyhamhock")).body == "1158201444");
    for (const std::string token : {"", "meatyhamhoc", "meatyhamhockk", "Meatyhamhock"}) {
      CAPTURE(token);
      CHECK(refusal_of(door.get(query + token)) ==
            "signature_mismatch: query:hub.verify_token is not the verify_token");
    }
    CHECK_FALSE(door.get("?hub.mode=unsubscribe&hub.challenge=1&hub.verify_token=x").has_value());
    CHECK_FALSE(door.get("?hub.mode=subscribe&hub.challenge=1").has_value());

    Door strava(Handshake::kStrava);
    strava.verify_token = "STRAVA";
    const auto reply =
        reply_of(strava.get("?hub.verify_token=STRAVA&hub.challenge="
                            "15f7d1a91c1f40f8a748fd134752feb3&hub.mode=subscribe"));
    CHECK(reply.body == R"({"hub.challenge":"15f7d1a91c1f40f8a748fd134752feb3"})");
    CHECK(find(reply.headers, "content-type") == "application/json");
  }

  TEST_CASE("a token is answered by its HMAC") {
    const Door x(Handshake::kX);
    const std::string token = "NGY5NmRkYzUtYjA5MC00";
    // openssl dgst -sha256 -hmac "consumer secret" -binary | base64
    CHECK(reply_of(x.get("?crc_token=" + token)).body ==
          R"({"response_token":"sha256=LMyrfv3cM8ME9hFOe1PvLt6kv8Qx4kPL6v3KIgxNgDM="})");

    const Door zoom(Handshake::kZoom, "zoom secret");
    const std::string body = R"({"event":"endpoint.url_validation","event_ts":1654503849680,)"
                             R"("payload":{"plainToken":"qgg8vlvZRS6UYooatFL8Aw"}})";
    CHECK_FALSE(zoom.post(Sender::kUnverified, body).has_value());
    CHECK(reply_of(zoom.post(Sender::kVerified, body)).body ==
          R"({"plainToken":"qgg8vlvZRS6UYooatFL8Aw","encryptedToken":")"
          R"(33c87763eeee7760422d82e566d46fe8b5eaca6c3da5abf7923e6e8765c76a26"})");
  }

  TEST_CASE("an answer never is the signature of a body somebody would like to have signed") {
    const Door x(Handshake::kX);
    for (const std::string body :
         {"%7B%22id%22%3A1%7D", "%5B%5D", "%22a%22", "a%3Db", "a%26b", "1.5", "v0:1:a", "a%20b"}) {
      CAPTURE(body);
      CHECK(refusal_of(x.get("?crc_token=" + body)).find("not answered") != std::string::npos);
    }
  }

  TEST_CASE("the first secret that is valid answers") {
    Door x(Handshake::kX);
    const std::vector<Secret> secrets = {
        {.value = "old", .not_before = {}, .not_after = kNow - milliseconds(1)},
        {.value = "consumer secret"},
        {.value = "new"}};
    x.keys = prepare(x.scheme, secrets);
    CHECK(reply_of(x.get("?crc_token=NGY5NmRkYzUtYjA5MC00")).body ==
          R"({"response_token":"sha256=LMyrfv3cM8ME9hFOe1PvLt6kv8Qx4kPL6v3KIgxNgDM="})");
    x.keys = prepare(x.scheme, {secrets[0]});
    CHECK(refusal_of(x.get("?crc_token=a")) == "no_secret: no secret is valid now");
  }

  TEST_CASE("Discord's PING is answered, and its events of type 1 are not taken for one") {
    const Door door(Handshake::kDiscord);
    CHECK_FALSE(door.post(Sender::kUnverified, R"({"type":1})").has_value());
    CHECK(reply_of(door.post(Sender::kVerified, R"({"type":1})")).body == R"({"type":1})");
    const auto ping = reply_of(door.post(Sender::kVerified, R"({"version":1,"type":0})"));
    CHECK(ping.status == 204);
    CHECK(ping.body.empty());
    CHECK_FALSE(door.post(Sender::kVerified,
                          R"({"version":1,"type":1,"event":{"type":"APPLICATION_AUTHORIZED"}})")
                    .has_value());
    CHECK_FALSE(door.post(Sender::kVerified, R"({"type":2,"data":{"type":1}})").has_value());
  }

  TEST_CASE("a subscription is confirmed by a request to the provider's own host") {
    Door door(Handshake::kAwsSns);
    const auto body = [](const std::string& url) {
      return R"({"Type":"SubscriptionConfirmation","TopicArn":"arn:aws:sns:us-west-2:1:mine",)"
             R"("SubscribeURL":")" +
             url + R"("})";
    };
    const std::string url =
        "https://sns.us-west-2.amazonaws.com/?Action=ConfirmSubscription&TopicArn=a&Token=2";
    CHECK_FALSE(door.post(Sender::kUnverified, body(url)).has_value());
    const auto answer = door.post(Sender::kVerified, body(url));
    CHECK(answer.has_value());
    if (!answer) return;
    const auto* fetch = std::get_if<HandshakeFetch>(&*answer);
    CHECK(fetch != nullptr);
    if (fetch == nullptr) return;
    CHECK(fetch->url == url);
    CHECK(fetch->reply.status == 200);
    for (const std::string other :
         {"https://sns.us-west-2.amazonaws.com.evil.example/", "https://evil.example/",
          "https://sns.a.b.amazonaws.com/", "https://sns..amazonaws.com/", "javascript:alert(1)",
          "https://sns.us-west-2.amazonaws.com@evil.example/", "https://xsns.us.amazonaws.com/",
          "https://evil@sns.us-west-2.amazonaws.com/", "", "http://127.0.0.1/"}) {
      CAPTURE(other);
      CHECK(refusal_of(door.post(Sender::kVerified, body(other))).find("json:/SubscribeURL") !=
            std::string::npos);
    }
    CHECK_FALSE(door.post(Sender::kVerified, R"({"Type":"Notification"})").has_value());

    door.scheme.parameters = {{.name = "topic_arn", .value = "arn:aws:sns:us-west-2:1:other"}};
    CHECK(refusal_of(door.post(Sender::kVerified, body(url))) ==
          "signature_mismatch: json:/TopicArn is not the source's topic_arn");
    door.scheme.parameters[0].value = "arn:aws:sns:us-west-2:1:mine";
    CHECK(refusal_of(door.post(Sender::kVerified, body(url))) == "not refused");
  }

  TEST_CASE("CloudEvents asks for consent, and gets it for the origin that asked") {
    const Door door(Handshake::kCloudEvents);
    const auto ask = [&](const Headers& headers) {
      return door.ask(Sender::kUnverified, "OPTIONS", "https://a.example/in/x", headers, "");
    };
    const auto reply = reply_of(ask({{"webhook-request-origin", "eventemitter.example.com"}}));
    CHECK(reply.status == 200);
    CHECK(find(reply.headers, "webhook-allowed-origin") == "eventemitter.example.com");
    CHECK(find(reply.headers, "webhook-allowed-rate") == "*");
    CHECK(find(reply.headers, "allow") == "OPTIONS, POST");
    CHECK(reply.body.empty());
    CHECK_FALSE(ask({}).has_value());
    CHECK(refusal_of(ask({{"webhook-request-origin", "a\r\nset-cookie: b"}})) != "not refused");
    CHECK(refusal_of(ask({{"webhook-request-origin", std::string(257, 'a')}})) != "not refused");
  }

  TEST_CASE("each provider asks in its own way") {
    CHECK(reply_of(Door(Handshake::kGraph)
                       .post(Sender::kUnverified, "", {},
                             "?validationToken=Validation%3a+Testing+client"))
              .body == "Validation: Testing client");
    CHECK(reply_of(Door(Handshake::kEventGrid)
                       .post(Sender::kUnverified, R"([{"data":{"validationCode":"512d38b6"}}])",
                             {{"aeg-event-type", "SubscriptionValidation"}}))
              .body == R"({"validationResponse":"512d38b6"})");
    CHECK(reply_of(Door(Handshake::kChallengeBody)
                       .post(Sender::kUnverified, R"({"challenge":"3eZb\"rw"})"))
              .body == R"({"challenge":"3eZb\"rw"})");
    CHECK(reply_of(Door(Handshake::kOkta).get("", {{"x-okta-verification-challenge", "my val"}}))
              .body == R"({"verification":"my val"})");
    const auto smartsheet = reply_of(Door(Handshake::kSmartsheet)
                                         .post(Sender::kUnverified, R"({"webhookId":1})",
                                               {{"smartsheet-hook-challenge", "d78d-af5d"}}));
    CHECK(find(smartsheet.headers, "smartsheet-hook-response") == "d78d-af5d");
    CHECK(reply_of(Door(Handshake::kReachable).get("")).body.empty());
    CHECK_FALSE(Door(Handshake::kReachable).post(Sender::kUnverified, "").has_value());
    CHECK(reply_of(Door(Handshake::kLinkedIn).get("?challengeCode=890e4665-4dfe")).body ==
          R"({"challengeCode":"890e4665-4dfe","challengeResponse":")"
          R"(036b8b1369909a6e499f95006bcacf3b698334c1ace6bd6d8d31d41bbfeb9a97"})");
    Door ebay(Handshake::kEbay);
    CHECK(refusal_of(ebay.get("?challenge_code=a8628072")) ==
          "no_secret: the source has no verify_token");
    ebay.verify_token = "71745723-d031-455c-bfa5-f90d11b4f20a";
    CHECK(reply_of(ebay.get("?challenge_code=a8628072")).body ==
          R"({"challengeResponse":")"
          R"(66004c9dee3a165ddbbfcc4eabb05d229b3b6d7039f6596eebf02f5953d0e03b"})");
  }

  TEST_CASE("the handshakes of every provider pass the check") {
    for (int i = 0; i <= static_cast<int>(Handshake::kReachable); ++i) {
      const Door door(static_cast<Handshake>(i));
      CAPTURE(name(static_cast<Handshake>(i)));
      CHECK(check_handshakes(door.scheme).has_value());
      CHECK(door.scheme.handshakes.empty() == (i == 0));
      CHECK(name(static_cast<Handshake>(i)).empty() == (i == 0));
    }
  }

  TEST_CASE("the schemes of providers that ask know how") {
    for (const std::string provider :
         {"aws-sns", "discord", "dropbox", "instagram", "intercom", "mandrill", "messenger", "meta",
          "monday", "nylas", "okta", "slack", "trello", "twitch", "whatsapp", "x", "zoom"}) {
      CAPTURE(provider);
      const auto scheme = preset(provider);
      CHECK(scheme.has_value());
      if (!scheme) continue;
      CHECK_FALSE(scheme->handshakes.empty());
      CHECK(check(*scheme).has_value());
    }
    CHECK(preset("github")->handshakes.empty());
  }

  TEST_CASE("a handshake that would give something away is not taken") {
    const auto check_changed = [](Handshake provider, auto change) {
      Door door(provider);
      change(door.scheme.handshakes[0]);
      const auto checked = check_handshakes(door.scheme);
      return checked.has_value() ? std::string("good") : std::string(checked.error().context);
    };
    CHECK(check_changed(Handshake::kZoom, [](auto& rule) {
            rule.verify_first = false;
          }).find("verified first") != std::string::npos);
    CHECK(check_changed(Handshake::kAwsSns, [](auto& rule) {
            rule.verify_first = false;
          }).find("nobody else") != std::string::npos);
    CHECK(check_changed(Handshake::kAwsSns, [](auto& rule) {
            rule.fetch_hosts.clear();
          }).find("names the hosts") != std::string::npos);
    CHECK(check_changed(Handshake::kAwsSns, [](auto& rule) {
            rule.fetch_hosts = {"*.com"};
          }).find("names the hosts") != std::string::npos);
    CHECK(check_changed(Handshake::kSlack, [](auto& rule) {
            rule.when.clear();
          }).find("would answer every delivery") != std::string::npos);
    CHECK(check_changed(Handshake::kSlack, [](auto& rule) { rule.status = 301; }).find("2xx") !=
          std::string::npos);
    CHECK(check_changed(Handshake::kSlack, [](auto& rule) {
            rule.method = "GET";
          }).find("only a POST") != std::string::npos);
    CHECK(check_changed(Handshake::kSlack, [](auto& rule) {
            rule.method = "PUT";
          }).find("POST, GET") != std::string::npos);
    CHECK(check_changed(Handshake::kSmartsheet, [](auto& rule) {
            rule.reply[0].name = "set-cookie";
          }).find("not its own") != std::string::npos);
    CHECK(check_changed(Handshake::kDiscord, [](auto& rule) {
            rule.reply[0].text = "{";
          }).find("no JSON value") != std::string::npos);
    CHECK(check_changed(Handshake::kSlack, [](auto& rule) {
            rule.when.resize(9);
          }).find("too many") != std::string::npos);
  }

  TEST_CASE("a source says which methods it takes") {
    CHECK(allowed_methods(Door(Handshake::kNone).scheme) == "POST");
    CHECK(allowed_methods(Door(Handshake::kMeta).scheme) == "GET, POST");
    CHECK(allowed_methods(Door(Handshake::kReachable).scheme) == "GET, HEAD, POST");
    CHECK(allowed_methods(Door(Handshake::kCloudEvents).scheme) == "OPTIONS, POST");
    CHECK(has_handshake(Door(Handshake::kSlack).scheme, "POST", Sender::kVerified));
    CHECK_FALSE(has_handshake(Door(Handshake::kSlack).scheme, "POST", Sender::kUnverified));
  }
}

}  // namespace sluice::signature
