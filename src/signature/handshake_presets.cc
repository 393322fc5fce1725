// Handshakes of known providers, from their documentation.
//
// Where a provider signs the request, it is verified first: always for a POST whose answer is made
// with a secret, since the answer would otherwise sign what anybody sends.
#include <array>
#include <string_view>
#include <utility>

#include "signature/handshake_rule.h"
#include "signature/literal.h"

namespace sluice::signature {
namespace {

// Rules as constants: sites are texts, as parse_site reads them.

struct ConditionRow {
  Literal site = {};
  Expectation expects = Expectation::kPresent;
  Literal text = {};
};

struct ReplyRow {
  ReplyTarget target = ReplyTarget::kText;
  Literal name = {};
  ReplySource source = ReplySource::kEcho;
  Literal from = {};
  Literal text = {};
  Literal prefix = {};
  ReplyEncoding encoding = ReplyEncoding::kHex;

  [[nodiscard]] constexpr bool is_none() const { return from.empty() && text.empty(); }
};

struct RuleRow {
  Handshake of;
  Literal method = "POST";
  std::array<ConditionRow, 2> when = {};
  std::array<ReplyRow, 3> reply = {};
  std::uint16_t status = 200;
  bool verify_first = false;
  Literal fetch = {};
  std::array<Literal, 2> fetch_hosts = {};
};

constexpr ConditionRow equals(Literal site, Literal text) {
  return {.site = site, .expects = Expectation::kText, .text = text};
}

constexpr ReplyRow member(Literal name, ReplySource source, Literal from) {
  return {.target = ReplyTarget::kJsonMember, .name = name, .source = source, .from = from};
}

constexpr ReplyRow echo_member(Literal name, Literal from) {
  return member(name, ReplySource::kEcho, from);
}

constexpr ReplyRow echo_header(Literal name, Literal from) {
  return {.target = ReplyTarget::kHeader, .name = name, .from = from};
}

constexpr ReplyRow literal_header(Literal name, Literal text) {
  return {
      .target = ReplyTarget::kHeader, .name = name, .source = ReplySource::kLiteral, .text = text};
}

// CloudEvents "HTTP 1.1 Web Hooks for Event Delivery", section 4: consent to be sent events.
constexpr RuleRow cloud_events(Handshake of) {
  return {.of = of,
          .method = "OPTIONS",
          .when = {{{"header:webhook-request-origin"}}},
          .reply = {{echo_header("webhook-allowed-origin", "header:webhook-request-origin"),
                     literal_header("webhook-allowed-rate", "*"),
                     literal_header("allow", "OPTIONS, POST")}}};
}

// In the order in which a provider's own are tried.
constexpr RuleRow kRules[] = {
    // https://docs.slack.dev/reference/events/url_verification
    {.of = Handshake::kSlack,
     .when = {{equals("json:/type", "url_verification")}},
     .reply = {{{.from = "json:/challenge"}}},
     .verify_first = true},
    // https://developers.zoom.us/docs/api/webhooks/#validate-your-webhook-endpoint
    {.of = Handshake::kZoom,
     .when = {{equals("json:/event", "endpoint.url_validation")}},
     .reply = {{echo_member("plainToken", "json:/payload/plainToken"),
                member("encryptedToken", ReplySource::kHmac, "json:/payload/plainToken")}},
     .verify_first = true},
    // https://developers.facebook.com/docs/graph-api/webhooks/getting-started#verification-requests
    {.of = Handshake::kMeta,
     .method = "GET",
     .when = {{equals("query:hub.mode", "subscribe"),
               {"query:hub.verify_token", Expectation::kVerifyToken}}},
     .reply = {{{.from = "query:hub.challenge"}}}},
    // https://developers.strava.com/docs/webhooks/
    {.of = Handshake::kStrava,
     .method = "GET",
     .when = {{equals("query:hub.mode", "subscribe"),
               {"query:hub.verify_token", Expectation::kVerifyToken}}},
     .reply = {{echo_member("hub.challenge", "query:hub.challenge")}}},
    // https://dev.twitch.tv/docs/eventsub/handling-webhook-events/ (a challenge request)
    {.of = Handshake::kTwitch,
     .when = {{equals("header:twitch-eventsub-message-type", "webhook_callback_verification")}},
     .reply = {{{.from = "json:/challenge"}}},
     .verify_first = true},
    // https://docs.x.com/x-api/webhooks/introduction (challenge-response check)
    {.of = Handshake::kX,
     .method = "GET",
     .when = {{{"query:crc_token"}}},
     .reply = {{{.target = ReplyTarget::kJsonMember,
                 .name = "response_token",
                 .source = ReplySource::kHmac,
                 .from = "query:crc_token",
                 .prefix = "sha256=",
                 .encoding = ReplyEncoding::kBase64}}}},
    // https://discord.com/developers/docs/interactions/overview#setting-up-an-endpoint: PING and
    // PONG. What is of type 1 among webhook events is an event, and says which.
    {.of = Handshake::kDiscord,
     .when = {{equals("json:/type", "1"), {"json:/event/type", Expectation::kAbsent}}},
     .reply = {{{.target = ReplyTarget::kJsonMember,
                 .name = "type",
                 .source = ReplySource::kLiteral,
                 .text = "1"}}},
     .verify_first = true},
    // https://discord.com/developers/docs/events/webhook-events#setting-up-an-endpoint
    {.of = Handshake::kDiscord,
     .when = {{equals("json:/type", "0")}},
     .status = 204,
     .verify_first = true},
    // https://docs.aws.amazon.com/sns/latest/dg/SendMessageToHttp.prepare.html. Whoever has an AWS
    // account can make SNS sign: `topic_arn` tells whose topic is meant.
    {.of = Handshake::kAwsSns,
     .when = {{equals("json:/Type", "SubscriptionConfirmation"),
               {"json:/TopicArn", Expectation::kParameter, "topic_arn"}}},
     .verify_first = true,
     .fetch = "json:/SubscribeURL",
     .fetch_hosts = {"sns.*.amazonaws.com", "sns.*.amazonaws.com.cn"}},
    // https://learn.microsoft.com/graph/change-notifications-delivery-webhooks, "notificationUrl
    // validation"
    {.of = Handshake::kGraph,
     .when = {{{"query:validationToken"}}},
     .reply = {{{.from = "query:validationToken"}}}},
    cloud_events(Handshake::kCloudEvents),
    // https://learn.microsoft.com/azure/event-grid/end-point-validation-event-grid-events-schema
    {.of = Handshake::kEventGrid,
     .when = {{equals("header:aeg-event-type", "SubscriptionValidation")}},
     .reply = {{echo_member("validationResponse", "json:/0/data/validationCode")}}},
    cloud_events(Handshake::kEventGrid),
    // https://www.dropbox.com/developers/reference/webhooks#verification
    {.of = Handshake::kChallengeQuery,
     .method = "GET",
     .when = {{{"query:challenge"}}},
     .reply = {{{.from = "query:challenge"}}}},
    // https://developer.monday.com/api-reference/reference/webhooks#verify-a-webhook-url
    {.of = Handshake::kChallengeBody,
     .when = {{{"json:/challenge"}}},
     .reply = {{echo_member("challenge", "json:/challenge")}}},
    // https://developer.okta.com/docs/concepts/event-hooks/#one-time-verification-request
    {.of = Handshake::kOkta,
     .method = "GET",
     .when = {{{"header:x-okta-verification-challenge"}}},
     .reply = {{echo_member("verification", "header:x-okta-verification-challenge")}}},
    // https://developers.smartsheet.com/api/smartsheet/guides/webhooks/webhook-verification
    {.of = Handshake::kSmartsheet,
     .when = {{{"header:smartsheet-hook-challenge"}}},
     .reply = {{echo_header("smartsheet-hook-response", "header:smartsheet-hook-challenge")}}},
    // https://developer.ebay.com/marketplace-account-deletion
    {.of = Handshake::kEbay,
     .method = "GET",
     .when = {{{"query:challenge_code"}}},
     .reply = {{member("challengeResponse", ReplySource::kSha256, "query:challenge_code")}}},
    // https://learn.microsoft.com/linkedin/shared/api-guide/webhook-validation
    {.of = Handshake::kLinkedIn,
     .method = "GET",
     .when = {{{"query:challengeCode"}}},
     .reply = {{echo_member("challengeCode", "query:challengeCode"),
                member("challengeResponse", ReplySource::kHmac, "query:challengeCode")}}},
    {.of = Handshake::kReachable, .method = "GET"},
    {.of = Handshake::kReachable, .method = "HEAD"},
};

HandshakeRule rule_of(const RuleRow& row) {
  HandshakeRule rule;
  rule.method = row.method.view();
  for (const ConditionRow& condition : row.when) {
    if (condition.site.empty()) continue;
    rule.when.push_back(
        {site_of(condition.site), condition.expects, std::string(condition.text.view())});
  }
  for (const ReplyRow& part : row.reply) {
    if (part.is_none()) continue;
    rule.reply.push_back({.target = part.target,
                          .name = std::string(part.name.view()),
                          .source = part.source,
                          .from = site_of(part.from),
                          .text = std::string(part.text.view()),
                          .prefix = std::string(part.prefix.view()),
                          .encoding = part.encoding});
  }
  rule.status = row.status;
  rule.verify_first = row.verify_first;
  rule.fetch = site_of(row.fetch);
  for (const Literal host : row.fetch_hosts) {
    if (!host.empty()) rule.fetch_hosts.emplace_back(host.view());
  }
  return rule;
}

struct Provider {
  Literal preset;
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
    if (provider.preset.view() == preset) return provider.handshake;
  }
  return Handshake::kNone;
}

std::vector<HandshakeRule> handshake_rules(Handshake handshake) {
  std::vector<HandshakeRule> rules;
  for (const RuleRow& row : kRules) {
    if (row.of == handshake) rules.push_back(rule_of(row));
  }
  return rules;
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
