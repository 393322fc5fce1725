// A token is a place in a log: which stream, which past of it, and the entry it follows.
//
//   events.6f1d2c3b4a5968776655443322110f0e.114263498812416001.0195f0c2a1b30001aabbccddeeff0011
//   stream history                          position           id of the entry there
//
// The history is drawn when the stream begins and again at a reset or a restore. A reader that
// comes back with a token of another history has read a past that this stream does not have; it
// is told so, and never given the entries "behind" its old position.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/id.h"
#include "replication/entry.h"

namespace sluice::replication {

struct Token {
  std::string stream;
  Id history;
  Position position = 0;  // Entries behind it are yet to be read.
  Id id;                  // Of the entry at `position`; zero at position 0.

  friend bool operator==(const Token&, const Token&) = default;
};

[[nodiscard]] std::string format(const Token& token);

// Strict: one spelling per token. Positions are `0|[1-9][0-9]*` and fit 64 bits.
[[nodiscard]] std::optional<Token> parse_token(std::string_view text);

// What is wrong with a token that a reader came back with. The order is the order of the checks.
enum class Gap : std::uint8_t {
  kNone = 0,
  kStream = 1,   // The token is of another stream.
  kHistory = 2,  // The stream has begun anew since.
  kTooNew = 3,   // The stream never got that far.
  kTooOld = 4,   // Entries behind the token have been deleted already.
  kEntry = 5,    // Another entry stands at that position.
};

// The stable lower-case name of a gap, as problem documents spell it.
[[nodiscard]] std::string_view name(Gap gap);

// What a stream knows about itself when a reader comes.
struct StreamState {
  std::string stream;
  Id history;
  Position trimmed = 0;        // Entries up to here are deleted.
  Position last = 0;           // Of the newest entry.
  std::optional<Id> at_token;  // Id of the entry at the token's position, where it still exists.
};

[[nodiscard]] Gap check_token(const Token& token, const StreamState& state);

}  // namespace sluice::replication
