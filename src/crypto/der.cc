#include "crypto/der.h"

#include <cstddef>

namespace sluice::crypto {
namespace {

// More than any input has; a length that claims more is refused before it is added to anything.
constexpr std::size_t kLengthBytesMax = 3;

std::uint8_t byte_at(ByteView bytes, std::size_t i) { return static_cast<std::uint8_t>(bytes[i]); }

}  // namespace

bool DerReader::next_is(std::uint8_t tag) const {
  return !rest_.empty() && byte_at(rest_, 0) == tag;
}

std::optional<DerValue> DerReader::take() {
  if (rest_.size() < 2) return std::nullopt;
  DerValue value{.tag = byte_at(rest_, 0)};
  if ((value.tag & 0x1f) == 0x1f) return std::nullopt;

  std::size_t header = 2;
  std::size_t length = byte_at(rest_, 1);
  if (length >= 0x80) {
    const std::size_t count = length & 0x7f;
    if (count == 0 || count > kLengthBytesMax || rest_.size() - 2 < count) return std::nullopt;
    length = 0;
    for (std::size_t i = 0; i < count; ++i) length = length << 8 | byte_at(rest_, 2 + i);
    // The short form where it fits, and no leading zero.
    if (length < 0x80 || byte_at(rest_, 2) == 0) return std::nullopt;
    header += count;
  }
  if (rest_.size() - header < length) return std::nullopt;
  value.content = rest_.substr(header, length);
  value.whole = rest_.substr(0, header + length);
  rest_.remove_prefix(header + length);
  return value;
}

std::optional<ByteView> DerReader::take(std::uint8_t tag) {
  if (!next_is(tag)) return std::nullopt;
  const auto value = take();
  if (!value) return std::nullopt;
  return value->content;
}

std::optional<DerReader> DerReader::enter(std::uint8_t tag) {
  const auto content = take(tag);
  if (!content) return std::nullopt;
  return DerReader(*content);
}

std::optional<ByteView> DerReader::take_unsigned() {
  const DerReader before = *this;
  const auto content = take(der::kInteger);
  if (!content) return std::nullopt;
  const bool is_negative = !content->empty() && byte_at(*content, 0) >= 0x80;
  const bool is_padded =
      content->size() > 1 && byte_at(*content, 0) == 0 && byte_at(*content, 1) < 0x80;
  if (content->empty() || is_negative || is_padded) {
    *this = before;
    return std::nullopt;
  }
  return byte_at(*content, 0) == 0 ? content->substr(1) : *content;
}

std::optional<ByteView> DerReader::take_octets_of_bits() {
  const DerReader before = *this;
  const auto content = take(der::kBitString);
  if (!content) return std::nullopt;
  if (content->empty() || byte_at(*content, 0) != 0) {
    *this = before;
    return std::nullopt;
  }
  return content->substr(1);
}

std::optional<DerReader> enter_whole(ByteView bytes, std::uint8_t tag) {
  DerReader outer(bytes);
  auto inner = outer.enter(tag);
  if (!outer.at_end()) return std::nullopt;
  return inner;
}

Bytes encode_der(std::uint8_t tag, ByteView content) {
  Bytes bytes(1, static_cast<char>(tag));
  if (content.size() < 0x80) {
    bytes += static_cast<char>(content.size());
  } else {
    std::size_t count = 1;
    while (count < sizeof(std::size_t) && content.size() >> (8 * count) != 0) ++count;
    bytes += static_cast<char>(0x80 | count);
    while (count-- > 0) bytes += static_cast<char>(content.size() >> (8 * count) & 0xff);
  }
  bytes += content;
  return bytes;
}

Bytes encode_der_unsigned(ByteView magnitude) {
  while (magnitude.size() > 1 && magnitude[0] == 0) magnitude.remove_prefix(1);
  Bytes content;
  if (magnitude.empty() || byte_at(magnitude, 0) >= 0x80) content += '\0';
  content += magnitude;
  return encode_der(der::kInteger, content);
}

}  // namespace sluice::crypto
