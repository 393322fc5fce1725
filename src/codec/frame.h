// Frames: how values cross the wasm boundary and RPC.
//
// Fields in fixed order, little-endian, unaligned, without tags:
//
//   u8 | u32 | f64      as they are; a flag is a u8 of 0 or 1; an optional is a flag, then the
//   value bytes               u32 length, then the bytes list                u32 count, then the
//   items
//
// Bytes behind the last field are ignored, so a newer peer may append fields.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

#include "base/bytes.h"

namespace sluice::codec {

class FrameWriter {
 public:
  // Makes room for a frame of about `size` bytes, so that it is not copied while it grows.
  FrameWriter& reserve(std::size_t size);

  FrameWriter& u8(std::uint8_t value);
  FrameWriter& u32(std::uint32_t value);
  FrameWriter& f64(double value);
  FrameWriter& flag(bool value);
  FrameWriter& bytes(ByteView value);
  // The items follow, as many as `items` says.
  FrameWriter& count(std::size_t items);

  [[nodiscard]] ByteView view() const { return bytes_; }
  [[nodiscard]] Bytes take() && { return std::move(bytes_); }

 private:
  Bytes bytes_;
};

// Reads in the writer's order. The first read that does not fit makes the reader fail for good:
// it and all later reads give zero or empty, and `ok` says so. Check `ok` once, at the end, and
// before anything irreversible.
class FrameReader {
 public:
  explicit FrameReader(ByteView frame) : rest_(frame) {}

  [[nodiscard]] std::uint8_t u8();
  [[nodiscard]] std::uint32_t u32();
  [[nodiscard]] double f64();
  // Anything but 0 and 1 fails.
  [[nodiscard]] bool flag();
  // The view points into the frame.
  [[nodiscard]] ByteView bytes();
  // The count of a list whose items take at least `item_bytes_min` (>= 1) bytes each; a count that
  // the rest of the frame cannot hold fails, so a loop over it is bounded.
  [[nodiscard]] std::uint32_t count(std::uint32_t item_bytes_min);

  [[nodiscard]] bool ok() const { return ok_; }
  [[nodiscard]] ByteView rest() const { return rest_; }

 private:
  [[nodiscard]] ByteView take(std::size_t n);

  ByteView rest_;
  bool ok_ = true;
};

}  // namespace sluice::codec
