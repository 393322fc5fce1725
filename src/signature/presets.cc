#include "signature/presets.h"

#include <array>

#include "base/assert.h"

namespace sluice::signature {
namespace {

struct RowPart {
  std::string_view part;  // As parse_part reads it; none: a literal of `before`.
  std::string_view before = {};
  std::string_view after = {};
  bool optional = false;
  bool lower = false;
};

// A scheme as constants. Sites are texts such as "header:x-signature"; a '$' in a site or in the
// message stands for `stem`, so that schemes that differ in it alone share a shape.
struct Row {
  std::string_view name;
  std::string_view stem = {};
  Family family = Family::kHmac;
  Algorithm algorithm = Algorithm::kHmacSha256;
  bool allow_legacy = false;

  std::string_view from;  // Where the signature stands.
  std::string_view prefix = {};
  char items = '\0';
  char separator = '\0';
  std::string_view field = {};
  std::int8_t position = -1;
  std::string_view item_prefix = {};
  bool field_is_key_id = false;
  Encoding encoding = Encoding::kHexLower;
  EcdsaForm ecdsa = EcdsaForm::kDer;

  KeyForm key = KeyForm::kUtf8;
  std::string_view key_prefix = {};

  std::string_view time = {};
  TimeFormat time_format = TimeFormat::kSeconds;
  Duration past = seconds(300);
  Duration future = seconds(60);
  FutureLimit future_limit = FutureLimit::kApart;
  bool time_unsigned = false;

  std::string_view message = {};       // The template, or
  std::array<RowPart, 10> parts = {};  // the longer form.

  std::string_view digest = {};  // Where a hash of the body stands.
  std::string_view digest_prefix = {};
  crypto::HashKind digest_hash = crypto::HashKind::kSha256;
  Encoding digest_encoding = Encoding::kHexLower;
  bool digest_unless_form = false;
  bool digest_optional = false;
  bool body_unsigned = false;

  std::array<std::string_view, 3> identity = {};
  std::string_view installation = {};

  std::array<Algorithm, 4> jwt_algorithms = {};
  std::string_view jwt_issuer = {};
  std::string_view fetched_url = {};
  std::string_view fetched_url_from = {};
  std::array<std::string_view, 4> fetched_hosts = {};
  std::string_view fetched_path_suffix = {};
};

// Standard Webhooks, under other names of its three headers.
constexpr Row standard_like(std::string_view name, std::string_view stem) {
  return {.name = name,
          .stem = stem,
          .from = "header:$signature",
          .items = ' ',
          .separator = ',',
          .field = "v1",
          .encoding = Encoding::kBase64,
          .key = KeyForm::kBase64,
          .key_prefix = "whsec_",
          .time = "header:$timestamp",
          .message = "{header:$id}.{timestamp}.{body}",
          .identity = {"header:$id"}};
}

constexpr std::array<Row, 8> kRows{{
    {.name = "github",
     .from = "header:x-hub-signature-256",
     .prefix = "sha256=",
     .message = "{body}",
     .identity = {"header:x-github-delivery"}},
    {.name = "integration",
     .from = "header:x-integration-signature",
     .time = "header:x-integration-timestamp",
     .future_limit = FutureLimit::kAtMostPast,
     .message = "{timestamp}.{body}",
     .identity = {"header:x-idempotency-key"},
     .installation = "x-integration-installation"},
    {.name = "shopify",
     .from = "header:x-shopify-hmac-sha256",
     .encoding = Encoding::kBase64,
     .message = "{body}",
     .identity = {"header:x-shopify-webhook-id"}},
    // The digest covers the time and the body, and the body names the installation.
    {.name = "shopimind",
     .from = "header:x-shopimind-signature",
     .time = "header:x-shopimind-timestamp",
     .future_limit = FutureLimit::kAtMostPast,
     .message = "{timestamp}.{body}"},
    {.name = "slack",
     .from = "header:x-slack-signature",
     .prefix = "v0=",
     .time = "header:x-slack-request-timestamp",
     .message = "v0:{timestamp}:{body}",
     .identity = {"json:/event_id"}},
    standard_like("standard", "webhook-"),
    {.name = "stripe",
     .from = "header:stripe-signature",
     .items = ',',
     .separator = '=',
     .field = "v1",
     .time = "field:t",
     .message = "{timestamp}.{body}",
     .identity = {"json:/id"}},
    standard_like("svix", "svix-"),
}};

std::string stemmed(const Row& row, std::string_view text) {
  std::string result;
  for (const char c : text) {
    if (c == '$' && !row.stem.empty()) {
      result += row.stem;
    } else {
      result += c;
    }
  }
  return result;
}

Site site_of(const Row& row, std::string_view text) {
  if (text.empty()) return {};
  auto site = parse_site(stemmed(row, text));
  SLUICE_ASSERT(site.has_value());
  return *std::move(site);
}

std::vector<MessagePart> message_of(const Row& row) {
  auto message = parse_message(stemmed(row, row.message));
  SLUICE_ASSERT(message.has_value());
  for (const RowPart& source : row.parts) {
    if (source.part.empty() && source.before.empty()) break;
    if (source.part.empty()) {
      message->push_back({PartKind::kLiteral, std::string(source.before)});
      continue;
    }
    auto part = parse_part(stemmed(row, source.part));
    SLUICE_ASSERT(part.has_value());
    part->before = source.before;
    part->after = source.after;
    part->optional = source.optional;
    part->lower = source.lower;
    message->push_back(*std::move(part));
  }
  return *std::move(message);
}

SignatureSite signature_of(const Row& row) {
  const bool one = row.items == '\0' && row.from.rfind("headers:", 0) != 0;
  return {.from = site_of(row, row.from),
          .prefix = std::string(row.prefix),
          .item_separator = row.items,
          .field_separator = row.separator,
          .field = std::string(row.field),
          .position = row.position,
          .item_prefix = std::string(row.item_prefix),
          .field_is_key_id = row.field_is_key_id,
          .encoding = row.encoding,
          .ecdsa = row.ecdsa,
          .candidates_max = one ? 1 : kCandidatesMax};
}

Scheme scheme_of(const Row& row) {
  Scheme scheme;
  scheme.name = row.name;
  scheme.family = row.family;
  scheme.algorithm = row.algorithm;
  scheme.allow_legacy = row.allow_legacy;
  scheme.signature = signature_of(row);
  scheme.key = {.form = row.key, .prefix = std::string(row.key_prefix)};
  scheme.time = {.from = site_of(row, row.time),
                 .format = row.time_format,
                 .past = row.past,
                 .future = row.future,
                 .future_limit = row.future_limit,
                 .is_signed = !row.time_unsigned};
  scheme.message = message_of(row);
  if (!row.digest.empty()) {
    scheme.body_digest = BodyDigest{.from = site_of(row, row.digest),
                                    .prefix = std::string(row.digest_prefix),
                                    .hash = row.digest_hash,
                                    .encoding = row.digest_encoding,
                                    .unless_form = row.digest_unless_form,
                                    .optional = row.digest_optional};
  }
  scheme.body_unsigned = row.body_unsigned;
  for (const std::string_view identity : row.identity) {
    if (!identity.empty()) scheme.identity.push_back({site_of(row, identity)});
  }
  scheme.installation_header = row.installation;
  for (const Algorithm algorithm : row.jwt_algorithms) {
    if (algorithm != Algorithm{}) scheme.jwt.algorithms.push_back(algorithm);
  }
  scheme.jwt.issuer = row.jwt_issuer;
  scheme.fetched.url = row.fetched_url;
  scheme.fetched.url_from = site_of(row, row.fetched_url_from);
  for (const std::string_view host : row.fetched_hosts) {
    if (!host.empty()) scheme.fetched.hosts.emplace_back(host);
  }
  scheme.fetched.path_suffix = row.fetched_path_suffix;
  return scheme;
}

}  // namespace

std::vector<std::string_view> preset_names() {
  std::vector<std::string_view> names;
  for (const Row& row : kRows) names.push_back(row.name);
  return names;
}

std::optional<Scheme> preset(std::string_view name) {
  for (const Row& row : kRows) {
    if (row.name == name) return scheme_of(row);
  }
  return std::nullopt;
}

}  // namespace sluice::signature
