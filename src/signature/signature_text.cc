#include "signature/signature_text.h"

#include <algorithm>

#include "codec/base64.h"
#include "codec/hex.h"
#include "codec/json_pointer.h"

namespace sluice::signature {
namespace {

Refusal malformed(const SignatureSite& site, std::string_view what) {
  const std::string subject =
      site.from.place == Place::kHeader ? site.from.name : format(site.from);
  return {Reason::kHeaderMalformed, subject + std::string(what)};
}

// Items one after another; the last one ends the text. A space may follow a separator.
class Items {
 public:
  Items(std::string_view text, char separator) : rest_(text), separator_(separator) {}

  std::optional<std::string_view> next() {
    if (done_) return std::nullopt;
    const std::size_t end = separator_ == '\0' ? std::string_view::npos : rest_.find(separator_);
    const std::string_view item = rest_.substr(0, end);
    done_ = end == std::string_view::npos;
    if (!done_) rest_.remove_prefix(end + 1);
    if (!done_ && separator_ != ' ' && !rest_.empty() && rest_[0] == ' ') rest_.remove_prefix(1);
    return item;
  }

 private:
  std::string_view rest_;
  char separator_;
  bool done_ = false;
};

bool take_prefix(std::string_view& text, std::string_view prefix) {
  if (text.substr(0, prefix.size()) != prefix) return false;
  text.remove_prefix(prefix.size());
  return true;
}

}  // namespace

std::optional<Refusal> read_candidates(const SignatureSite& site, std::string_view text,
                                       Reading& reading) {
  if (!take_prefix(text, site.prefix)) return std::nullopt;
  Items items(text, site.item_separator);
  std::size_t number = 0;
  for (auto item = items.next(); item; item = items.next(), ++number) {
    if (number == kItemsMax) return malformed(site, " holds too many items");
    Candidate candidate{*item, {}};
    if (site.field_separator != '\0') {
      const std::size_t at = item->find(site.field_separator);
      if (at == std::string_view::npos || at == 0) {
        return malformed(site, " holds an item without a field name");
      }
      candidate = {item->substr(at + 1), {}};
      if (site.field_is_key_id) {
        candidate.key_id = item->substr(0, at);
      } else if (item->substr(0, at) != site.field) {
        continue;
      }
    }
    if (site.position >= 0 && number < static_cast<std::size_t>(site.position)) continue;
    if (item->empty() && site.item_separator != '\0' && site.item_prefix.empty()) {
      return malformed(site, " holds an empty item");  // One signature has one text.
    }
    if (!take_prefix(candidate.text, site.item_prefix)) continue;
    if (reading.candidates.size() == site.candidates_max) {
      return malformed(site, " holds too many signatures");
    }
    reading.candidates.push_back(candidate);
  }
  return std::nullopt;
}

Found find_in_signature(const SignatureSite& site, const Site& where, const Reading& reading) {
  if (reading.signatures.empty()) return {};
  std::string_view text = *reading.signatures.begin();
  if (!take_prefix(text, site.prefix)) return {};
  const auto wanted = where.place == Place::kPosition ? codec::parse_index(where.name)
                                                      : std::optional<std::uint32_t>();
  Found found;
  Items items(text, site.item_separator);
  std::size_t number = 0;
  for (auto item = items.next(); item; item = items.next(), ++number) {
    if (wanted) {
      if (number == *wanted) return {Presence::kThere, *item};
      continue;
    }
    const std::size_t at = item->find(site.field_separator);
    if (at == std::string_view::npos || item->substr(0, at) != where.name) continue;
    if (found.presence == Presence::kThere) return {Presence::kRepeated, {}};
    found = {Presence::kThere, item->substr(at + 1)};
  }
  return found;
}

std::optional<Bytes> decode_signature(Encoding encoding, std::string_view text) {
  switch (encoding) {
    case Encoding::kHexLower: return codec::decode_hex(text, codec::HexCase::kLowerOnly);
    case Encoding::kHexAny: return codec::decode_hex(text, codec::HexCase::kAny);
    case Encoding::kHexUpper: {
      const bool upper =
          std::none_of(text.begin(), text.end(), [](char c) { return c >= 'a' && c <= 'z'; });
      if (!upper) return std::nullopt;
      return codec::decode_hex(text, codec::HexCase::kAny);
    }
    case Encoding::kBase64: return codec::decode_base64(text);
    case Encoding::kBase64Url: {
      // Some providers keep the padding.
      const bool padded = text.ends_with('=');
      return codec::decode_base64(text, {.alphabet = codec::Base64Alphabet::kUrl,
                                         .padding = padded ? codec::Base64Padding::kRequired
                                                           : codec::Base64Padding::kNone});
    }
    case Encoding::kNone: break;
  }
  return Bytes(text);
}

std::string encode_signature(Encoding encoding, ByteView bytes) {
  switch (encoding) {
    case Encoding::kHexLower:
    case Encoding::kHexAny: return codec::encode_hex(bytes);
    case Encoding::kHexUpper: {
      std::string text = codec::encode_hex(bytes);
      for (char& c : text) {
        if (c >= 'a' && c <= 'f') c = static_cast<char>(c - 'a' + 'A');
      }
      return text;
    }
    case Encoding::kBase64: return codec::encode_base64(bytes);
    case Encoding::kBase64Url: return codec::encode_base64(bytes, codec::kBase64Url);
    case Encoding::kNone: break;
  }
  return Bytes(bytes);
}

}  // namespace sluice::signature
