#include "codec/frame.h"

#include <array>
#include <cstring>

#include "base/assert.h"

namespace sluice::codec {

FrameWriter& FrameWriter::reserve(std::size_t size) {
  bytes_.reserve(size);
  return *this;
}

FrameWriter& FrameWriter::u8(std::uint8_t value) {
  bytes_ += static_cast<char>(value);
  return *this;
}

FrameWriter& FrameWriter::u32(std::uint32_t value) {
  const std::array<char, 4> bytes{static_cast<char>(value), static_cast<char>(value >> 8),
                                  static_cast<char>(value >> 16), static_cast<char>(value >> 24)};
  bytes_.append(bytes.data(), bytes.size());
  return *this;
}

FrameWriter& FrameWriter::f64(double value) {
  std::uint64_t bits = 0;
  std::memcpy(&bits, &value, sizeof bits);
  return u32(static_cast<std::uint32_t>(bits)).u32(static_cast<std::uint32_t>(bits >> 32));
}

FrameWriter& FrameWriter::flag(bool value) { return u8(value ? 1 : 0); }

FrameWriter& FrameWriter::bytes(ByteView value) {
  count(value.size());
  bytes_ += value;
  return *this;
}

FrameWriter& FrameWriter::count(std::size_t items) {
  SLUICE_ASSERT(items <= UINT32_MAX);
  return u32(static_cast<std::uint32_t>(items));
}

ByteView FrameReader::take(std::size_t n) {
  if (!ok_ || rest_.size() < n) {
    ok_ = false;
    return {};
  }
  const ByteView taken = rest_.substr(0, n);
  rest_.remove_prefix(n);
  return taken;
}

std::uint8_t FrameReader::u8() {
  const ByteView taken = take(1);
  return taken.empty() ? std::uint8_t{0} : static_cast<std::uint8_t>(taken[0]);
}

std::uint32_t FrameReader::u32() {
  std::uint32_t value = 0;
  std::uint32_t shift = 0;
  for (const char c : take(4)) {
    value |= static_cast<std::uint32_t>(static_cast<unsigned char>(c)) << shift;
    shift += 8;
  }
  return value;
}

double FrameReader::f64() {
  std::uint64_t bits = 0;
  std::uint32_t shift = 0;
  for (const char c : take(8)) {
    bits |= static_cast<std::uint64_t>(static_cast<unsigned char>(c)) << shift;
    shift += 8;
  }
  double value = 0;
  std::memcpy(&value, &bits, sizeof value);
  return value;
}

bool FrameReader::flag() {
  const std::uint8_t value = u8();
  if (value > 1) ok_ = false;
  return value == 1 && ok_;
}

ByteView FrameReader::bytes() {
  const std::uint32_t size = u32();
  return take(size);
}

std::uint32_t FrameReader::count(std::uint32_t item_bytes_min) {
  SLUICE_ASSERT(item_bytes_min >= 1);
  const std::uint32_t items = u32();
  if (items > rest_.size() / item_bytes_min) ok_ = false;
  return ok_ ? items : 0;
}

}  // namespace sluice::codec
