#include "crypto/key_text.h"

#include "codec/hex.h"
#include "crypto/der.h"
#include "crypto/equal.h"
#include "crypto/pem.h"
#include "crypto/public_key.h"

namespace sluice::crypto {
namespace {

constexpr std::string_view kBlank = " \t\r\n\v\f";

bool ends_with(ByteView text, ByteView end) {
  return text.size() >= end.size() && text.substr(text.size() - end.size()) == end;
}

bool starts_with(ByteView text, ByteView start) { return text.substr(0, start.size()) == start; }

bool is_der(ByteView bytes) { return enter_whole(bytes, der::kSequence).has_value(); }

// The first block that can hold a key of the half asked for.
Result<KeyText> unwrap_pem(ByteView text, KeyHalf half) {
  while (const auto block = next_pem_block(text)) {
    text = block->rest;
    const bool is_private = ends_with(block->label, "PRIVATE KEY");
    const bool is_public =
        ends_with(block->label, "PUBLIC KEY") || is_certificate_label(block->label);
    if (block->label == "ENCRYPTED PRIVATE KEY") {
      return Error{Errc::kBadArgument, "an encrypted private key: decrypt it first"};
    }
    if (half == KeyHalf::kPublic && is_private) {
      return Error{Errc::kBadArgument, "a private key where a public key belongs"};
    }
    if (half == KeyHalf::kPublic ? !is_public : !is_private) continue;
    SLUICE_TRY(auto bytes, decode_pem_body(block->body));
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
  if (text.find(kPemBegin) != ByteView::npos) return unwrap_pem(text, half);
  if (text[0] == '{') return KeyText{.form = KeyForm::kJwk, .bytes = Bytes(text)};
  Bytes kept = without_blanks(text);
  auto unwrapped = unwrap_bare(kept, half);
  wipe(kept);
  return unwrapped;
}

}  // namespace sluice::crypto
