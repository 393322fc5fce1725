#include "signature/presets.h"

#include <array>

#include "base/assert.h"

namespace sluice::signature {
namespace {

struct Row {
  Preset preset;
  std::string_view header;
  char item_separator = '\0';
  char field_separator = '\0';
  std::string_view field = {};
  std::string_view prefix = {};
  Encoding encoding = Encoding::kHexLower;
  KeyForm key_form = KeyForm::kUtf8;
  std::string_view key_prefix = {};
  TimeSource time_source = TimeSource::kNone;
  std::string_view time_name = {};
  FutureLimit future_limit = FutureLimit::kApart;
  std::string_view message;
  IdentityKind identity_kind = IdentityKind::kDigest;
  std::string_view identity_name = {};
  std::string_view installation_header = {};
};

constexpr std::array<Row, 8> kRows{{
    {.preset = {"github", "GitHub",
                "https://docs.github.com/en/webhooks/using-webhooks/validating-webhook-deliveries",
                "vector published by the provider"},
     .header = "x-hub-signature-256",
     .prefix = "sha256=",
     .message = "{body}",
     .identity_kind = IdentityKind::kUnsignedHeader,
     .identity_name = "x-github-delivery"},
    {.preset = {"integration", "ShopiMind integrator application",
                "https://www.npmjs.com/package/@shopimind/integration-kit-js",
                "vectors of the provider's library"},
     .header = "x-integration-signature",
     .time_source = TimeSource::kHeader,
     .time_name = "x-integration-timestamp",
     .future_limit = FutureLimit::kAtMostPast,
     .message = "{timestamp}.{body}",
     .identity_kind = IdentityKind::kUnsignedHeader,
     .identity_name = "x-idempotency-key",
     .installation_header = "x-integration-installation"},
    {.preset = {"shopify", "Shopify",
                "https://shopify.dev/docs/apps/build/webhooks/subscribe/https",
                "second implementation"},
     .header = "x-shopify-hmac-sha256",
     .encoding = Encoding::kBase64,
     .message = "{body}",
     .identity_kind = IdentityKind::kUnsignedHeader,
     .identity_name = "x-shopify-webhook-id"},
    // The digest covers the time and the body, and the body names the installation.
    {.preset = {"shopimind", "ShopiMind",
                "https://www.npmjs.com/package/@shopimind/integration-kit-js",
                "vectors of the provider's library"},
     .header = "x-shopimind-signature",
     .time_source = TimeSource::kHeader,
     .time_name = "x-shopimind-timestamp",
     .future_limit = FutureLimit::kAtMostPast,
     .message = "{timestamp}.{body}"},
    {.preset = {"slack", "Slack",
                "https://api.slack.com/authentication/verifying-requests-from-slack",
                "vector published by the provider"},
     .header = "x-slack-signature",
     .prefix = "v0=",
     .time_source = TimeSource::kHeader,
     .time_name = "x-slack-request-timestamp",
     .message = "v0:{timestamp}:{body}",
     .identity_kind = IdentityKind::kBodyField,
     .identity_name = "/event_id"},
    {.preset = {"standard", "Standard Webhooks",
                "https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/"
                "standard-webhooks.md",
                "vector published with the specification"},
     .header = "webhook-signature",
     .item_separator = ' ',
     .field_separator = ',',
     .field = "v1",
     .encoding = Encoding::kBase64,
     .key_form = KeyForm::kBase64,
     .key_prefix = "whsec_",
     .time_source = TimeSource::kHeader,
     .time_name = "webhook-timestamp",
     .message = "{header:webhook-id}.{timestamp}.{body}",
     .identity_kind = IdentityKind::kSignedHeader,
     .identity_name = "webhook-id"},
    {.preset = {"stripe", "Stripe", "https://docs.stripe.com/webhooks/signatures",
                "the provider's library"},
     .header = "stripe-signature",
     .item_separator = ',',
     .field_separator = '=',
     .field = "v1",
     .time_source = TimeSource::kSignatureField,
     .time_name = "t",
     .message = "{timestamp}.{body}",
     .identity_kind = IdentityKind::kBodyField,
     .identity_name = "/id"},
    {.preset = {"svix", "Svix", "https://docs.svix.com/receiving/verifying-payloads/how-manual",
                "vector published by the provider"},
     .header = "svix-signature",
     .item_separator = ' ',
     .field_separator = ',',
     .field = "v1",
     .encoding = Encoding::kBase64,
     .key_form = KeyForm::kBase64,
     .key_prefix = "whsec_",
     .time_source = TimeSource::kHeader,
     .time_name = "svix-timestamp",
     .message = "{header:svix-id}.{timestamp}.{body}",
     .identity_kind = IdentityKind::kSignedHeader,
     .identity_name = "svix-id"},
}};

Scheme scheme_of(const Row& row) {
  Scheme scheme;
  scheme.name = row.preset.name;
  scheme.signature = {.header = std::string(row.header),
                      .item_separator = row.item_separator,
                      .field_separator = row.field_separator,
                      .field = std::string(row.field),
                      .prefix = std::string(row.prefix),
                      .encoding = row.encoding,
                      .candidates_max = row.item_separator == '\0' ? 1 : kCandidatesMax};
  scheme.key = {.form = row.key_form, .prefix = std::string(row.key_prefix)};
  scheme.time.source = row.time_source;
  scheme.time.name = row.time_name;
  scheme.time.future_limit = row.future_limit;
  auto message = parse_message(row.message);
  SLUICE_ASSERT(message.has_value());
  scheme.message = std::move(*message);
  if (row.identity_kind != IdentityKind::kDigest) {
    scheme.identity.push_back({row.identity_kind, std::string(row.identity_name)});
  }
  scheme.installation_header = row.installation_header;
  return scheme;
}

}  // namespace

std::vector<Preset> presets() {
  std::vector<Preset> list;
  for (const Row& row : kRows) list.push_back(row.preset);
  return list;
}

std::optional<Scheme> preset(std::string_view name) {
  for (const Row& row : kRows) {
    if (row.preset.name == name) return scheme_of(row);
  }
  return std::nullopt;
}

}  // namespace sluice::signature
