#include "crypto/key_text.h"

#include "codec/base64.h"
#include "codec/hex.h"
#include "crypto/der.h"
#include "crypto/equal.h"
#include "crypto/public_key.h"

namespace sluice::crypto {
namespace {

constexpr std::string_view kBegin = "-----BEGIN ";
constexpr std::string_view kEnd = "-----END ";
constexpr std::string_view kDashes = "-----";
constexpr std::string_view kBlank = " \t\r\n\v\f";

bool ends_with(ByteView text, ByteView end) {
  return text.size() >= end.size() && text.substr(text.size() - end.size()) == end;
}

bool starts_with(ByteView text, ByteView start) { return text.substr(0, start.size()) == start; }

// Without white space, and without the "\n" of a text that was quoted once too often.
Bytes compacted(ByteView text) {
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

// In either alphabet, padded or not.
std::optional<Bytes> decode_any_base64(ByteView text) {
  using enum codec::Base64Alphabet;
  using enum codec::Base64Padding;
  const bool is_url = text.find_first_of("-_") != ByteView::npos;
  const bool is_padded = ends_with(text, "=");
  return codec::decode_base64(text, {is_url ? kUrl : kStandard, is_padded ? kRequired : kNone});
}

bool is_der(ByteView bytes) { return enter_whole(bytes, der::kSequence).has_value(); }

struct PemBlock {
  ByteView label;
  ByteView body;
  ByteView rest;  // Behind the block.
};

std::optional<PemBlock> next_block(ByteView text) {
  const auto begin = text.find(kBegin);
  if (begin == ByteView::npos) return std::nullopt;
  text.remove_prefix(begin + kBegin.size());
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

Result<Bytes> decode_body(ByteView body) {
  if (body.find(':') != ByteView::npos) {
    return Error{Errc::kBadArgument, "a PEM block with header lines, or encrypted: not supported"};
  }
  Bytes kept = compacted(body);
  auto bytes = decode_any_base64(kept);
  wipe(kept);
  if (!bytes) return Error{Errc::kMalformed, "the body of the PEM block is not base64"};
  return *std::move(bytes);
}

// The first block that can hold a key of the half asked for.
Result<KeyText> unwrap_pem(ByteView text, KeyHalf half) {
  while (const auto block = next_block(text)) {
    text = block->rest;
    const bool is_private = ends_with(block->label, "PRIVATE KEY");
    const bool is_public = ends_with(block->label, "PUBLIC KEY") || block->label == "CERTIFICATE" ||
                           block->label == "X509 CERTIFICATE" ||
                           block->label == "TRUSTED CERTIFICATE";
    if (block->label == "ENCRYPTED PRIVATE KEY") {
      return Error{Errc::kBadArgument, "an encrypted private key: decrypt it first"};
    }
    if (half == KeyHalf::kPublic && is_private) {
      return Error{Errc::kBadArgument, "a private key where a public key belongs"};
    }
    if (half == KeyHalf::kPublic ? !is_public : !is_private) continue;
    SLUICE_TRY(auto bytes, decode_body(block->body));
    return KeyText{.form = KeyForm::kDer, .bytes = std::move(bytes)};
  }
  return Error{Errc::kMalformed, half == KeyHalf::kPublic ? "no PEM block with a public key"
                                                          : "no PEM block with a private key"};
}

Result<KeyText> unwrap_bare(ByteView text, KeyHalf half) {
  const ByteView prefix = half == KeyHalf::kPublic ? "whpk_" : "whsk_";
  if (starts_with(text, half == KeyHalf::kPublic ? "whsk_" : "whpk_")) {
    return Error{Errc::kBadArgument, half == KeyHalf::kPublic
                                         ? "a private key where a public key belongs"
                                         : "a public key where a private key belongs"};
  }
  if (starts_with(text, prefix)) {
    auto bytes = decode_any_base64(text.substr(prefix.size()));
    if (!bytes) return Error{Errc::kMalformed, "no base64 behind the prefix of the key"};
    return KeyText{.form = KeyForm::kBare, .bytes = *std::move(bytes)};
  }
  if (text.size() == 64 || (text.size() == 128 && half == KeyHalf::kPrivate)) {
    auto bytes = codec::decode_hex(text, codec::HexCase::kAny);
    if (bytes) return KeyText{.form = KeyForm::kBare, .bytes = *std::move(bytes)};
  }
  auto bytes = decode_any_base64(text);
  if (!bytes) {
    return Error{Errc::kMalformed, "a key is PEM, DER, base64, a JWK, or 32 bytes as hex"};
  }
  const KeyForm form = is_der(*bytes) ? KeyForm::kDer : KeyForm::kBare;
  return KeyText{.form = form, .bytes = *std::move(bytes)};
}

}  // namespace

Result<KeyText> unwrap_key(ByteView text, KeyHalf half) {
  if (text.size() > kKeyTextMax) return Error{Errc::kTooBig, "a key of more than 64 KiB"};
  if (is_der(text)) return KeyText{.form = KeyForm::kDer, .bytes = Bytes(text)};
  if (starts_with(text, "\xef\xbb\xbf")) text.remove_prefix(3);
  const auto first = text.find_first_not_of(kBlank);
  if (first == ByteView::npos) return Error{Errc::kMalformed, "the key is empty"};
  text = text.substr(first, text.find_last_not_of(kBlank) - first + 1);
  if (text.find(kBegin) != ByteView::npos) return unwrap_pem(text, half);
  if (text[0] == '{') return KeyText{.form = KeyForm::kJwk, .bytes = Bytes(text)};
  Bytes kept = compacted(text);
  auto unwrapped = unwrap_bare(kept, half);
  wipe(kept);
  return unwrapped;
}

}  // namespace sluice::crypto
