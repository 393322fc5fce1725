// The bytes of a row: a format byte, then fields in fixed order (codec/frame.h's encoding).
//
// Readers accept kFormatOldest to kFormatNewest. `u64` crosses as two u32, low first.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/id.h"
#include "base/result.h"
#include "base/time.h"
#include "codec/frame.h"

namespace sluice::store {

class RowWriter {
 public:
  explicit RowWriter(std::uint8_t format = 1) { frame_.u8(format); }
  RowWriter& u8(std::uint8_t value);
  RowWriter& u32(std::uint32_t value);
  RowWriter& u64(std::uint64_t value);
  RowWriter& instant(Instant value);
  RowWriter& optional_instant(const std::optional<Instant>& value);
  RowWriter& text(std::string_view value);
  RowWriter& id(const Id& value);
  [[nodiscard]] Bytes take() { return frame_.take(); }

 private:
  codec::FrameWriter frame_;
};

// Reads with a sticky error: ask `end` once, after the last field.
class RowReader {
 public:
  explicit RowReader(ByteView row);
  [[nodiscard]] std::uint8_t format() const { return format_; }
  std::uint8_t u8();
  std::uint32_t u32();
  std::uint64_t u64();
  Instant instant();
  std::optional<Instant> optional_instant();
  std::string text();
  Id id();
  // kCorrupt when a field was missing, kUnknownFormat when a newer version wrote the row.
  [[nodiscard]] Result<void> end() const;

 private:
  codec::FrameReader frame_;
  std::uint8_t format_ = 0;
};

}  // namespace sluice::store
