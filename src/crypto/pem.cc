#include "crypto/pem.h"

#include <cstddef>

#include "codec/base64.h"
#include "crypto/equal.h"

namespace sluice::crypto {
namespace {

constexpr ByteView kEnd = "-----END ";
constexpr ByteView kDashes = "-----";
constexpr ByteView kBlank = " \t\r\n\v\f";

bool starts_with(ByteView text, ByteView start) { return text.substr(0, start.size()) == start; }

}  // namespace

std::optional<PemBlock> next_pem_block(ByteView text) {
  const auto begin = text.find(kPemBegin);
  if (begin == ByteView::npos) return std::nullopt;
  text.remove_prefix(begin + kPemBegin.size());
  const auto label_end = text.find(kDashes);
  if (label_end == ByteView::npos) return std::nullopt;
  PemBlock block{.label = text.substr(0, label_end)};
  text.remove_prefix(label_end + kDashes.size());
  const auto body_end = text.find(kEnd);
  if (body_end == ByteView::npos) return std::nullopt;
  block.body = text.substr(0, body_end);
  text.remove_prefix(body_end + kEnd.size());
  if (!starts_with(text, block.label)) return std::nullopt;
  text.remove_prefix(block.label.size());
  if (!starts_with(text, kDashes)) return std::nullopt;
  block.rest = text.substr(kDashes.size());
  return block;
}

bool is_certificate_label(ByteView label) {
  return label == "CERTIFICATE" || label == "X509 CERTIFICATE";
}

Result<Bytes> decode_pem_body(ByteView body) {
  if (body.find(':') != ByteView::npos) {
    return Error{Errc::kBadArgument, "a PEM block with header lines, or encrypted: not supported"};
  }
  Bytes kept = without_blanks(body);
  auto bytes = decode_any_base64(kept);
  wipe(kept);
  if (!bytes) return Error{Errc::kMalformed, "the body of the PEM block is not base64"};
  return *std::move(bytes);
}

Bytes without_blanks(ByteView text) {
  Bytes kept;
  kept.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (kBlank.find(text[i]) != ByteView::npos) continue;
    if (text[i] == '\\' && i + 1 < text.size() && (text[i + 1] == 'n' || text[i + 1] == 'r')) {
      ++i;
      continue;
    }
    kept += text[i];
  }
  return kept;
}

std::optional<Bytes> decode_any_base64(ByteView text) {
  using enum codec::Base64Alphabet;
  using enum codec::Base64Padding;
  const bool is_url = text.find_first_of("-_") != ByteView::npos;
  const bool is_padded = !text.empty() && text.back() == '=';
  return codec::decode_base64(text, {is_url ? kUrl : kStandard, is_padded ? kRequired : kNone});
}

}  // namespace sluice::crypto
