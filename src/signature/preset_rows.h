// The presets as constants: what differs between providers, and nothing else.
//
// Sites are texts such as "header:x-signature"; a '$' in a site or in the message stands for
// `stem`, so that schemes that differ in it alone share a shape.
#pragma once

#include <array>
#include <span>
#include <string_view>

#include "signature/scheme.h"

namespace sluice::signature {

struct RowPart {
  std::string_view part = {};  // As parse_part reads it; none: a literal of `before`.
  std::string_view before = {};
  std::string_view after = {};
  bool optional = false;
  bool lower = false;
};

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

  std::string_view message = "{body}";  // The template, followed by
  std::span<const RowPart> parts = {};  // parts in their longer form.

  std::string_view digest = {};  // Where a hash of the body stands.
  std::string_view digest_prefix = {};
  crypto::HashKind digest_hash = crypto::HashKind::kSha256;
  Encoding digest_encoding = Encoding::kHexLower;
  bool digest_unless_form = false;
  bool digest_optional = false;
  bool body_unsigned = false;

  std::array<std::string_view, 2> identity = {};
  std::string_view installation = {};

  std::array<std::string_view, 2> components = {};  // Of a message signature.
  std::array<Algorithm, 2> jwt_algorithms = {};
  std::string_view jwt_issuer = {};
  std::string_view fetched_url = {};
  std::string_view fetched_url_from = {};
  std::array<std::string_view, 2> fetched_hosts = {};
  std::string_view fetched_path_suffix = {};
};

[[nodiscard]] Scheme scheme_of(const Row& row);

// By family, each in order of the names.
[[nodiscard]] std::span<const Row> body_rows();
[[nodiscard]] std::span<const Row> composed_rows();
[[nodiscard]] std::span<const Row> fetched_rows();
[[nodiscard]] std::span<const Row> public_key_rows();
[[nodiscard]] std::span<const Row> standard_rows();
[[nodiscard]] std::span<const Row> timed_rows();
[[nodiscard]] std::span<const Row> token_rows();

}  // namespace sluice::signature
