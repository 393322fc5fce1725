#include "codec/row.h"

namespace sluice::codec {

RowWriter& RowWriter::u8(std::uint8_t value) {
  frame_.u8(value);
  return *this;
}

RowWriter& RowWriter::flag(bool value) {
  frame_.flag(value);
  return *this;
}

RowWriter& RowWriter::u32(std::uint32_t value) {
  frame_.u32(value);
  return *this;
}

RowWriter& RowWriter::u64(std::uint64_t value) {
  frame_.u32(static_cast<std::uint32_t>(value & 0xffff'ffffU));
  frame_.u32(static_cast<std::uint32_t>(value >> 32));
  return *this;
}

RowWriter& RowWriter::instant(Instant value) { return u64(static_cast<std::uint64_t>(value.ms)); }

RowWriter& RowWriter::optional_instant(const std::optional<Instant>& value) {
  flag(value.has_value());
  return value ? instant(*value) : *this;
}

RowWriter& RowWriter::text(ByteView value) {
  frame_.bytes(value);
  return *this;
}

RowWriter& RowWriter::id(const Id& value) { return u64(value.seq).u64(value.random); }

RowWriter& RowWriter::count(std::size_t items) {
  frame_.count(items);
  return *this;
}

std::uint64_t RowReader::u64() {
  const std::uint64_t low = frame_.u32();
  const std::uint64_t high = frame_.u32();
  return (high << 32) | low;
}

Instant RowReader::instant() { return {static_cast<std::int64_t>(u64())}; }

std::optional<Instant> RowReader::optional_instant() {
  if (!frame_.flag()) return std::nullopt;
  return instant();
}

Id RowReader::id() {
  const std::uint64_t seq = u64();
  return {.seq = seq, .random = u64()};
}

Result<void> RowReader::end() const {
  if (format_ > kRowFormatNewest) {
    return Error{Errc::kUnknownFormat, "a newer version wrote this row"};
  }
  if (!frame_.ok() || format_ < kRowFormatOldest) {
    return Error{Errc::kCorrupt, "a row is cut short or not of its format"};
  }
  return {};
}

}  // namespace sluice::codec
