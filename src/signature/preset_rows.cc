#include "signature/preset_rows.h"

#include <string>
#include <utility>

#include "base/assert.h"

namespace sluice::signature {
namespace {

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

Site stemmed_site(const Row& row, std::string_view text) { return site_of(stemmed(row, text)); }

std::vector<MessagePart> message_of(const Row& row) {
  auto message = parse_message(stemmed(row, row.message));
  SLUICE_ASSERT(message.has_value());
  for (const RowPart& source : row.parts) {
    if (source.part.empty()) {
      message->push_back({PartKind::kLiteral, std::string(source.before.view())});
      continue;
    }
    auto part = parse_part(stemmed(row, source.part));
    SLUICE_ASSERT(part.has_value());
    part->before = source.before.view();
    part->after = source.after.view();
    part->optional = source.optional;
    part->lower = source.lower;
    message->push_back(*std::move(part));
  }
  return *std::move(message);
}

SignatureSite signature_of(const Row& row) {
  const bool one = row.items == '\0' && row.from.view().rfind("headers:", 0) != 0;
  return {.from = stemmed_site(row, row.from),
          .prefix = std::string(row.prefix.view()),
          .item_separator = row.items,
          .field_separator = row.separator,
          .field = std::string(row.field.view()),
          .position = row.position,
          .item_prefix = std::string(row.item_prefix.view()),
          .field_is_key_id = row.field_is_key_id,
          .encoding = row.encoding,
          .ecdsa = row.ecdsa,
          .candidates_max = one ? 1 : kCandidatesMax};
}

}  // namespace

Scheme scheme_of(const Row& row) {
  Scheme scheme;
  scheme.name = row.name.view();
  scheme.family = row.family;
  scheme.algorithm = row.algorithm;
  scheme.allow_legacy = row.allow_legacy;
  scheme.signature = signature_of(row);
  scheme.key = {.form = row.key, .prefix = std::string(row.key_prefix.view())};
  scheme.time = {.from = stemmed_site(row, row.time),
                 .format = row.time_format,
                 .past = row.past,
                 .future = row.future,
                 .future_limit = row.future_limit,
                 .is_signed = !row.time_unsigned};
  scheme.message = message_of(row);
  if (!row.digest.empty()) {
    scheme.body_digest = BodyDigest{.from = stemmed_site(row, row.digest),
                                    .prefix = std::string(row.digest_prefix.view()),
                                    .hash = row.digest_hash,
                                    .encoding = row.digest_encoding,
                                    .unless_form = row.digest_unless_form,
                                    .optional = row.digest_optional};
  }
  scheme.body_unsigned = row.body_unsigned;
  for (const Literal identity : row.identity) {
    if (!identity.empty()) scheme.identity.push_back({stemmed_site(row, identity)});
  }
  scheme.installation_header = row.installation.view();
  for (const Literal component : row.components) {
    if (!component.empty()) scheme.message_signature.components.emplace_back(component.view());
  }
  for (const Algorithm algorithm : row.jwt_algorithms) {
    if (algorithm != Algorithm{}) scheme.jwt.algorithms.push_back(algorithm);
  }
  scheme.jwt.issuer = row.jwt_issuer.view();
  scheme.fetched.url = row.fetched_url.view();
  scheme.fetched.url_from = stemmed_site(row, row.fetched_url_from);
  for (const Literal host : row.fetched_hosts) {
    if (!host.empty()) scheme.fetched.hosts.emplace_back(host.view());
  }
  scheme.fetched.path_suffix = row.fetched_path_suffix.view();
  return scheme;
}

}  // namespace sluice::signature
