// DER (ITU-T X.690): tag, length, content, in exactly one way.
//
//   30 0a | 02 03 01 00 01 | 02 03 ...     a SEQUENCE of 10 bytes: an INTEGER of 3 bytes, ...
//
// A reader walks over the content of one value. Whatever BER allows and DER does not is refused:
// indefinite and padded lengths, padded integers, tags of several bytes. So a key, a certificate
// or a signature has one encoding only.
#pragma once

#include <cstdint>
#include <optional>

#include "base/bytes.h"

namespace sluice::crypto {

namespace der {
inline constexpr std::uint8_t kBoolean = 0x01;
inline constexpr std::uint8_t kInteger = 0x02;
inline constexpr std::uint8_t kBitString = 0x03;
inline constexpr std::uint8_t kOctetString = 0x04;
inline constexpr std::uint8_t kNull = 0x05;
inline constexpr std::uint8_t kOid = 0x06;
inline constexpr std::uint8_t kUtf8String = 0x0c;
inline constexpr std::uint8_t kPrintableString = 0x13;
inline constexpr std::uint8_t kTeletexString = 0x14;
inline constexpr std::uint8_t kIa5String = 0x16;
inline constexpr std::uint8_t kUtcTime = 0x17;
inline constexpr std::uint8_t kGeneralizedTime = 0x18;
inline constexpr std::uint8_t kSequence = 0x30;
inline constexpr std::uint8_t kSet = 0x31;
// A context tag around other values, and one in place of a primitive's own.
[[nodiscard]] constexpr std::uint8_t explicit_tag(std::uint8_t n) {
  return static_cast<std::uint8_t>(0xa0 | n);
}
[[nodiscard]] constexpr std::uint8_t implicit_tag(std::uint8_t n) {
  return static_cast<std::uint8_t>(0x80 | n);
}
}  // namespace der

struct DerValue {
  std::uint8_t tag = 0;
  ByteView content;
  ByteView whole;  // With tag and length.
};

// Over bytes that outlive it. A call that finds something else takes nothing.
class DerReader {
 public:
  explicit DerReader(ByteView bytes) : rest_(bytes) {}

  [[nodiscard]] bool at_end() const { return rest_.empty(); }
  [[nodiscard]] bool next_is(std::uint8_t tag) const;
  [[nodiscard]] std::optional<DerValue> take();
  [[nodiscard]] std::optional<ByteView> take(std::uint8_t tag);
  // A reader over the content of the next value.
  [[nodiscard]] std::optional<DerReader> enter(std::uint8_t tag);
  // The big-endian magnitude without leading zeros (empty for 0); none for a negative number.
  [[nodiscard]] std::optional<ByteView> take_unsigned();
  // The bytes of a bit string whose length is a multiple of eight.
  [[nodiscard]] std::optional<ByteView> take_octets_of_bits();

 private:
  ByteView rest_;
};

// The content of the one value that `bytes` are, with nothing behind it.
[[nodiscard]] std::optional<DerReader> enter_whole(ByteView bytes, std::uint8_t tag);

// Tag, length and content.
[[nodiscard]] Bytes encode_der(std::uint8_t tag, ByteView content);
// The INTEGER of a big-endian magnitude, whatever leading zeros it has.
[[nodiscard]] Bytes encode_der_unsigned(ByteView magnitude);

}  // namespace sluice::crypto
