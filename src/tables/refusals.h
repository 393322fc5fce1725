// What was refused at the door: the last 100 requests of each source, for the operator.
//
//   rf/<source>/<~n mod 100>    one refusal; the newest overwrites the oldest
//
// A refused caller learns nothing; the operator learns the exact reason, and of some what to look
// at. Nothing of the request's content is kept, and a flood costs the same 100 rows as one request
// a day.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/result.h"
#include "base/time.h"
#include "signature/diagnosis.h"
#include "store/transaction.h"
#include "task/task.h"

namespace sluice::tables {

inline constexpr std::uint64_t kRefusalsKept = 100;    // Of one source.
inline constexpr std::size_t kRefusalsAddedMax = 64;   // In one transaction; the newest count.
inline constexpr std::size_t kRefusalDetailMax = 120;  // Bytes; longer ones are cut.
inline constexpr std::size_t kHintsKept = 3;           // Of one refusal.
inline constexpr std::size_t kHintTextMax = 240;       // Bytes; longer ones are cut.

struct Refusal {
  std::string source;
  std::string installation;  // Empty where it does not exist.
  Instant at;
  std::string reason;  // An enumeration's name.
  std::string detail;
  std::vector<signature::Hint> hints;  // Where it was diagnosed.
  std::uint64_t n = 0;                 // Counts the refusals of a source; given by `add`.

  friend bool operator==(const Refusal&, const Refusal&) = default;
};

[[nodiscard]] Bytes encode(const Refusal& refusal);
[[nodiscard]] Result<Refusal> decode_refusal(std::string source, ByteView row);

struct Refusals {
  // Adds them in their order. What names no source by its form is passed over.
  static Task<Result<void>> add(store::Transaction& transaction, std::vector<Refusal> refusals);

  // What is kept of one source, newest first; rows that cannot be read are left out.
  static Task<Result<std::vector<Refusal>>> list(store::Transaction& transaction,
                                                 std::string source);
};

}  // namespace sluice::tables
