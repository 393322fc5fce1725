// Which formats the rows of a store may have, so that a roll-back of the code works.
//
// Every row starts with a format byte. Code reads the formats `oldest` to `newest` it knows, and
// writes `Schema::floor`: a new version starts by writing what the old one reads, and the floor is
// raised when nobody will go back. Code that cannot read what the schema names does not open the
// store, and changes nothing in it.
//
//   code 1:2   reads 1 and 2          floor 1: writes 1      code 1 may come back
//   raise_floor(2)                    floor 2: writes 2      code 1 refuses
#pragma once

#include <cstdint>
#include <string_view>

#include "base/bytes.h"
#include "base/result.h"
#include "codec/row.h"
#include "task/task.h"

namespace sluice::store {

class Store;

inline constexpr std::string_view kSchemaKey = "m/schema";

// What a version of the code reads.
struct Formats {
  std::uint8_t oldest = codec::kRowFormatOldest;
  std::uint8_t newest = codec::kRowFormatNewest;
};

// The row `m/schema`. Its own format never changes.
struct Schema {
  std::uint8_t newest = 1;  // The newest format that any row may have.
  std::uint8_t floor = 1;   // The format that is written now.

  friend bool operator==(const Schema&, const Schema&) = default;
};

[[nodiscard]] Bytes encode(const Schema& schema);
[[nodiscard]] Result<Schema> decode_schema(ByteView row);

// kUnknownFormat when code that reads `formats` must leave a store of this schema alone.
[[nodiscard]] Result<void> admit(const Schema& schema, const Formats& formats);

// Writes `floor` from now on. Errors: kBadArgument (lower than now, or unknown to this code),
// kConflict, and those of a commit.
Task<Result<void>> raise_floor(Store& store, std::uint8_t floor);

}  // namespace sluice::store
