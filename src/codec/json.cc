#include "codec/json.h"

#include "codec/json_pointer.h"

namespace sluice::codec {

std::optional<std::string_view> Json::as_string() const {
  if (kind_ != JsonKind::kString) return std::nullopt;
  return text_;
}

std::optional<bool> Json::as_bool() const {
  if (kind_ != JsonKind::kBool) return std::nullopt;
  return bool_;
}

std::optional<std::string_view> Json::as_number_text() const {
  if (kind_ != JsonKind::kNumber) return std::nullopt;
  return text_;
}

std::optional<std::int64_t> Json::as_int64() const {
  if (kind_ != JsonKind::kNumber) return std::nullopt;
  const bool negative = text_.front() == '-';
  std::int64_t value = 0;
  for (const char c : std::string_view(text_).substr(negative ? 1 : 0)) {
    if (c < '0' || c > '9') return std::nullopt;
    const int digit = c - '0';
    if (__builtin_mul_overflow(value, 10, &value)) return std::nullopt;
    if (__builtin_add_overflow(value, negative ? -digit : digit, &value)) return std::nullopt;
  }
  return value;
}

std::optional<std::string_view> Json::as_scalar_text() const {
  if (kind_ != JsonKind::kString && kind_ != JsonKind::kNumber) return std::nullopt;
  return text_;
}

const Json* Json::member(std::string_view key) const {
  const Json* found = nullptr;
  for (const auto& member : members_) {
    if (member.key != key) continue;
    if (found != nullptr) return nullptr;
    found = &member.value;
  }
  return found;
}

const Json* Json::find(std::string_view pointer) const {
  const auto steps = parse_pointer(pointer);
  if (!steps) return nullptr;
  const Json* value = this;
  for (const auto& step : *steps) {
    if (value->is_array()) {
      const auto index = parse_index(step);
      if (!index || *index >= value->items_.size()) return nullptr;
      value = &value->items_[*index];
    } else {
      value = value->member(step);
      if (value == nullptr) return nullptr;
    }
  }
  return value;
}

JsonFault locate(std::string_view source, std::uint32_t offset) {
  JsonFault place;
  place.offset = offset;
  const std::string_view before = source.substr(0, offset);
  for (const char c : before) {
    ++place.column;
    if (c != '\n') continue;
    ++place.line;
    place.column = 1;
  }
  return place;
}

}  // namespace sluice::codec
