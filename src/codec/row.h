// The bytes of a stored row: a format byte, then fields in fixed order in the encoding of frames.
//
//   01 | u8 | u32 | u64 as two u32, low first | instant as u64 | text as u32 length and bytes
//
// Readers accept the formats from kRowFormatOldest to kRowFormatNewest; a row of a newer format is
// reported, never guessed at.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/bytes.h"
#include "base/id.h"
#include "base/result.h"
#include "base/time.h"
#include "codec/frame.h"

namespace sluice::codec {

inline constexpr std::uint8_t kRowFormatNewest = 1;
inline constexpr std::uint8_t kRowFormatOldest = 1;
inline constexpr std::size_t kRowSizeUsual = 128;  // Of rows that hold no body.

class RowWriter {
 public:
  // `size` is about how long the row will be: one that is right saves copies while it grows.
  explicit RowWriter(std::size_t size = kRowSizeUsual) {
    frame_.reserve(size).u8(kRowFormatNewest);
  }

  RowWriter& u8(std::uint8_t value);
  RowWriter& flag(bool value);
  RowWriter& u32(std::uint32_t value);
  RowWriter& u64(std::uint64_t value);
  RowWriter& instant(Instant value);
  RowWriter& optional_instant(const std::optional<Instant>& value);
  RowWriter& text(ByteView value);
  RowWriter& id(const Id& value);
  RowWriter& count(std::size_t items);

  [[nodiscard]] Bytes take() { return std::move(frame_).take(); }

 private:
  FrameWriter frame_;
};

// Reads in the writer's order; the error is sticky. Ask `end` once, after the last field: until
// then nothing that was read may be trusted.
class RowReader {
 public:
  explicit RowReader(ByteView row) : frame_(row), format_(frame_.u8()) {}

  [[nodiscard]] std::uint8_t format() const { return format_; }

  [[nodiscard]] std::uint8_t u8() { return frame_.u8(); }
  [[nodiscard]] bool flag() { return frame_.flag(); }
  [[nodiscard]] std::uint32_t u32() { return frame_.u32(); }
  [[nodiscard]] std::uint64_t u64();
  [[nodiscard]] Instant instant();
  [[nodiscard]] std::optional<Instant> optional_instant();
  [[nodiscard]] std::string text() { return std::string(frame_.bytes()); }
  [[nodiscard]] Id id();
  [[nodiscard]] std::uint32_t count(std::uint32_t item_bytes_min) {
    return frame_.count(item_bytes_min);
  }

  // Whether fields follow that writers of this format did not always write.
  [[nodiscard]] bool has_more() const { return frame_.ok() && !frame_.rest().empty(); }

  // kCorrupt when a field was missing, kUnknownFormat when a newer version wrote the row.
  [[nodiscard]] Result<void> end() const;

 private:
  FrameReader frame_;
  std::uint8_t format_;
};

}  // namespace sluice::codec
