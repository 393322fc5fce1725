// Handshakes of known providers, from their documentation.
//
// Where a provider signs the request, it is verified first: always for a POST whose answer is made
// with a secret, since the answer would otherwise sign what anybody sends.
#include <array>
#include <utility>

#include "signature/handshake_rule.h"

namespace sluice::signature {
namespace {

Site header(std::string name) { return {Place::kHeader, std::move(name)}; }
Site query(std::string name) { return {Place::kQuery, std::move(name)}; }
Site json(std::string pointer) { return {Place::kJson, std::move(pointer)}; }

HandshakeCondition present(Site site) { return {.site = std::move(site)}; }

HandshakeCondition equals(Site site, std::string text) {
  return {.site = std::move(site), .expects = Expectation::kText, .text = std::move(text)};
}

HandshakeCondition is_verify_token(Site site) {
  return {.site = std::move(site), .expects = Expectation::kVerifyToken};
}

ReplyPart echo(Site from) { return {.from = std::move(from)}; }

ReplyPart echo_member(std::string name, Site from) {
  return {.target = ReplyTarget::kJsonMember, .name = std::move(name), .from = std::move(from)};
}

ReplyPart echo_header(std::string name, Site from) {
  return {.target = ReplyTarget::kHeader, .name = std::move(name), .from = std::move(from)};
}

ReplyPart hmac_member(std::string name, Site from) {
  return {.target = ReplyTarget::kJsonMember,
          .name = std::move(name),
          .source = ReplySource::kHmac,
          .from = std::move(from)};
}

// https://docs.slack.dev/reference/events/url_verification
HandshakeRule slack() {
  return {.when = {equals(json("/type"), "url_verification")},
          .reply = {echo(json("/challenge"))},
          .verify_first = true};
}

// https://developers.zoom.us/docs/api/webhooks/#validate-your-webhook-endpoint
HandshakeRule zoom() {
  const Site token = json("/payload/plainToken");
  return {.when = {equals(json("/event"), "endpoint.url_validation")},
          .reply = {echo_member("plainToken", token), hmac_member("encryptedToken", token)},
          .verify_first = true};
}

// https://developers.facebook.com/docs/graph-api/webhooks/getting-started#verification-requests
HandshakeRule meta() {
  return {
      .method = "GET",
      .when = {equals(query("hub.mode"), "subscribe"), is_verify_token(query("hub.verify_token"))},
      .reply = {echo(query("hub.challenge"))}};
}

// https://developers.strava.com/docs/webhooks/
HandshakeRule strava() {
  HandshakeRule rule = meta();
  rule.reply = {echo_member("hub.challenge", query("hub.challenge"))};
  return rule;
}

// https://dev.twitch.tv/docs/eventsub/handling-webhook-events/#responding-to-a-challenge-request
HandshakeRule twitch() {
  return {.when = {equals(header("twitch-eventsub-message-type"), "webhook_callback_verification")},
          .reply = {echo(json("/challenge"))},
          .verify_first = true};
}

// https://docs.x.com/x-api/webhooks/introduction (challenge-response check)
HandshakeRule x() {
  ReplyPart part = hmac_member("response_token", query("crc_token"));
  part.prefix = "sha256=";
  part.encoding = ReplyEncoding::kBase64;
  return {.method = "GET", .when = {present(query("crc_token"))}, .reply = {std::move(part)}};
}

// https://discord.com/developers/docs/interactions/overview#setting-up-an-endpoint: PING and PONG.
// What is of type 1 among webhook events is an event, and says which.
HandshakeRule discord_interactions() {
  return {.when = {equals(json("/type"), "1"),
                   {.site = json("/event/type"), .expects = Expectation::kAbsent}},
          .reply = {{.target = ReplyTarget::kJsonMember,
                     .name = "type",
                     .source = ReplySource::kLiteral,
                     .text = "1"}},
          .verify_first = true};
}

// https://discord.com/developers/docs/events/webhook-events#setting-up-an-endpoint
HandshakeRule discord_events() {
  return {.when = {equals(json("/type"), "0")}, .status = 204, .verify_first = true};
}

// https://docs.aws.amazon.com/sns/latest/dg/SendMessageToHttp.prepare.html. Whoever has an AWS
// account can make SNS sign: `topic_arn` tells whose topic is meant.
HandshakeRule aws_sns() {
  return {.when = {equals(json("/Type"), "SubscriptionConfirmation"),
                   {.site = json("/TopicArn"),
                    .expects = Expectation::kParameter,
                    .text = "topic_arn"}},
          .verify_first = true,
          .fetch = json("/SubscribeURL"),
          .fetch_hosts = {"sns.*.amazonaws.com", "sns.*.amazonaws.com.cn"}};
}

// https://learn.microsoft.com/graph/change-notifications-delivery-webhooks, "notificationUrl
// validation"
HandshakeRule graph() {
  const Site token = query("validationToken");
  return {.when = {present(token)}, .reply = {echo(token)}};
}

// CloudEvents "HTTP 1.1 Web Hooks for Event Delivery", section 4: consent to be sent events.
HandshakeRule cloud_events() {
  const Site origin = header("webhook-request-origin");
  return {.method = "OPTIONS",
          .when = {present(origin)},
          .reply = {echo_header("webhook-allowed-origin", origin),
                    {.target = ReplyTarget::kHeader,
                     .name = "webhook-allowed-rate",
                     .source = ReplySource::kLiteral,
                     .text = "*"},
                    {.target = ReplyTarget::kHeader,
                     .name = "allow",
                     .source = ReplySource::kLiteral,
                     .text = "OPTIONS, POST"}}};
}

// https://learn.microsoft.com/azure/event-grid/end-point-validation-event-grid-events-schema
HandshakeRule event_grid() {
  return {.when = {equals(header("aeg-event-type"), "SubscriptionValidation")},
          .reply = {echo_member("validationResponse", json("/0/data/validationCode"))}};
}

// https://www.dropbox.com/developers/reference/webhooks#verification
HandshakeRule challenge_query() {
  return {
      .method = "GET", .when = {present(query("challenge"))}, .reply = {echo(query("challenge"))}};
}

// https://developer.monday.com/api-reference/reference/webhooks#verify-a-webhook-url
HandshakeRule challenge_body() {
  return {.when = {present(json("/challenge"))},
          .reply = {echo_member("challenge", json("/challenge"))}};
}

// https://developer.okta.com/docs/concepts/event-hooks/#one-time-verification-request
HandshakeRule okta() {
  const Site challenge = header("x-okta-verification-challenge");
  return {.method = "GET",
          .when = {present(challenge)},
          .reply = {echo_member("verification", challenge)}};
}

// https://developers.smartsheet.com/api/smartsheet/guides/webhooks/webhook-verification
HandshakeRule smartsheet() {
  const Site challenge = header("smartsheet-hook-challenge");
  return {.when = {present(challenge)},
          .reply = {echo_header("smartsheet-hook-response", challenge)}};
}

// https://developer.ebay.com/marketplace-account-deletion
HandshakeRule ebay() {
  const Site code = query("challenge_code");
  return {.method = "GET",
          .when = {present(code)},
          .reply = {{.target = ReplyTarget::kJsonMember,
                     .name = "challengeResponse",
                     .source = ReplySource::kSha256,
                     .from = code}}};
}

// https://learn.microsoft.com/linkedin/shared/api-guide/webhook-validation
HandshakeRule linked_in() {
  const Site code = query("challengeCode");
  return {.method = "GET",
          .when = {present(code)},
          .reply = {echo_member("challengeCode", code), hmac_member("challengeResponse", code)}};
}

struct Provider {
  std::string_view preset;
  Handshake handshake;
};

constexpr std::array<Provider, 18> kProviders{{
    {"aws-sns", Handshake::kAwsSns},
    {"aws-sns-v1", Handshake::kAwsSns},
    {"discord", Handshake::kDiscord},
    {"dropbox", Handshake::kChallengeQuery},
    {"instagram", Handshake::kMeta},
    {"intercom", Handshake::kReachable},
    {"mandrill", Handshake::kReachable},
    {"messenger", Handshake::kMeta},
    {"meta", Handshake::kMeta},
    {"monday", Handshake::kChallengeBody},
    {"nylas", Handshake::kChallengeQuery},
    {"okta", Handshake::kOkta},
    {"slack", Handshake::kSlack},
    {"trello", Handshake::kReachable},
    {"twitch", Handshake::kTwitch},
    {"whatsapp", Handshake::kMeta},
    {"x", Handshake::kX},
    {"zoom", Handshake::kZoom},
}};

}  // namespace

Handshake handshake_of(std::string_view preset) {
  for (const Provider& provider : kProviders) {
    if (provider.preset == preset) return provider.handshake;
  }
  return Handshake::kNone;
}

std::vector<HandshakeRule> handshake_rules(Handshake handshake) {
  switch (handshake) {
    case Handshake::kNone: return {};
    case Handshake::kSlack: return {slack()};
    case Handshake::kZoom: return {zoom()};
    case Handshake::kMeta: return {meta()};
    case Handshake::kStrava: return {strava()};
    case Handshake::kTwitch: return {twitch()};
    case Handshake::kX: return {x()};
    case Handshake::kDiscord: return {discord_interactions(), discord_events()};
    case Handshake::kAwsSns: return {aws_sns()};
    case Handshake::kGraph: return {graph()};
    case Handshake::kCloudEvents: return {cloud_events()};
    case Handshake::kEventGrid: return {event_grid(), cloud_events()};
    case Handshake::kChallengeQuery: return {challenge_query()};
    case Handshake::kChallengeBody: return {challenge_body()};
    case Handshake::kOkta: return {okta()};
    case Handshake::kSmartsheet: return {smartsheet()};
    case Handshake::kEbay: return {ebay()};
    case Handshake::kLinkedIn: return {linked_in()};
    case Handshake::kReachable: return {{.method = "GET"}, {.method = "HEAD"}};
  }
  return {};
}

std::string_view name(Handshake handshake) {
  switch (handshake) {
    case Handshake::kNone: return "";
    case Handshake::kSlack: return "slack";
    case Handshake::kZoom: return "zoom";
    case Handshake::kMeta: return "meta";
    case Handshake::kStrava: return "strava";
    case Handshake::kTwitch: return "twitch";
    case Handshake::kX: return "x";
    case Handshake::kDiscord: return "discord";
    case Handshake::kAwsSns: return "aws-sns";
    case Handshake::kGraph: return "graph";
    case Handshake::kCloudEvents: return "cloud-events";
    case Handshake::kEventGrid: return "event-grid";
    case Handshake::kChallengeQuery: return "challenge-query";
    case Handshake::kChallengeBody: return "challenge-body";
    case Handshake::kOkta: return "okta";
    case Handshake::kSmartsheet: return "smartsheet";
    case Handshake::kEbay: return "ebay";
    case Handshake::kLinkedIn: return "linked-in";
    case Handshake::kReachable: return "reachable";
  }
  return "";
}

}  // namespace sluice::signature
