// Structured header fields (RFC 8941): dictionaries, as message signatures use them.
//
//   sig1=("@method" "content-digest");created=1618884473;keyid="k1", sig2=:MEUC...=:
//   name  inner list of items          parameters                    an item: bytes
//
// Reading is strict and bounded. Where the RFC lets the last of two equal names win, two are
// refused: which one a sender meant is not for a verifier to guess.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/bytes.h"
#include "base/result.h"

namespace sluice::signature {

inline constexpr std::size_t kStructuredFieldMax = 16 * 1024;
inline constexpr std::size_t kStructuredMembersMax = 16;
inline constexpr std::size_t kStructuredItemsMax = 64;
inline constexpr std::size_t kStructuredParametersMax = 16;

enum class BareKind : std::uint8_t { kInteger, kDecimal, kString, kToken, kBytes, kBoolean };

struct BareItem {
  BareKind kind = BareKind::kBoolean;
  Bytes text;  // Strings without quotes, bytes decoded, numbers as written; "1" or "0".

  friend bool operator==(const BareItem&, const BareItem&) = default;
};

struct FieldParameter {
  std::string name;
  BareItem value;

  friend bool operator==(const FieldParameter&, const FieldParameter&) = default;
};
using FieldParameters = std::vector<FieldParameter>;

struct FieldItem {
  BareItem value;
  FieldParameters parameters;

  friend bool operator==(const FieldItem&, const FieldItem&) = default;
};

struct InnerList {
  std::vector<FieldItem> items;
  FieldParameters parameters;

  friend bool operator==(const InnerList&, const InnerList&) = default;
};

struct DictionaryMember {
  std::string name;
  std::variant<FieldItem, InnerList> value;

  friend bool operator==(const DictionaryMember&, const DictionaryMember&) = default;
};
using Dictionary = std::vector<DictionaryMember>;

// Errors: kMalformed, kTooBig.
[[nodiscard]] Result<Dictionary> parse_dictionary(std::string_view text);

[[nodiscard]] const DictionaryMember* find_member(const Dictionary& dictionary,
                                                  std::string_view name);
[[nodiscard]] const BareItem* find_parameter(const FieldParameters& parameters,
                                             std::string_view name);

// In the one form that the RFC serialises to. Strings are printable ASCII.
[[nodiscard]] std::string serialize(const BareItem& item);
[[nodiscard]] std::string serialize(const FieldItem& item);
[[nodiscard]] std::string serialize(const InnerList& list);

}  // namespace sluice::signature
