// The presets as constants: what differs between providers, and nothing else.
//
// Sites are texts such as "header:x-signature"; a '$' in a site or in the message stands for
// `stem`, so that schemes that differ in it alone share a shape.
#pragma once

#include <array>
#include <span>

#include "signature/literal.h"
#include "signature/scheme.h"

namespace sluice::signature {

struct RowPart {
  Literal part = {};  // As parse_part reads it; none: a literal of `before`.
  Literal before = {};
  Literal after = {};
  bool optional = false;
  bool lower = false;
};

struct Row {
  Literal name;
  Literal stem = {};
  Family family = Family::kHmac;
  Algorithm algorithm = Algorithm::kHmacSha256;
  bool allow_legacy = false;

  Literal from;  // Where the signature stands.
  Literal prefix = {};
  char items = '\0';
  char separator = '\0';
  Literal field = {};
  std::int8_t position = -1;
  Literal item_prefix = {};
  bool field_is_key_id = false;
  Encoding encoding = Encoding::kHexLower;
  EcdsaForm ecdsa = EcdsaForm::kDer;

  KeyForm key = KeyForm::kUtf8;
  Literal key_prefix = {};

  Literal time = {};
  TimeFormat time_format = TimeFormat::kSeconds;
  Duration past = seconds(300);
  Duration future = seconds(60);
  FutureLimit future_limit = FutureLimit::kApart;
  bool time_unsigned = false;

  Literal message = "{body}";           // The template, followed by
  std::span<const RowPart> parts = {};  // parts in their longer form.

  Literal digest = {};  // Where a hash of the body stands.
  Literal digest_prefix = {};
  crypto::HashKind digest_hash = crypto::HashKind::kSha256;
  Encoding digest_encoding = Encoding::kHexLower;
  bool digest_unless_form = false;
  bool digest_optional = false;
  bool body_unsigned = false;

  std::array<Literal, 2> identity = {};
  Literal installation = {};

  std::array<Literal, 2> components = {};  // Of a message signature.
  std::array<Algorithm, 2> jwt_algorithms = {};
  Literal jwt_issuer = {};
  Literal fetched_url = {};
  Literal fetched_url_from = {};
  std::array<Literal, 2> fetched_hosts = {};
  Literal fetched_path_suffix = {};
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
