// Which of the secrets made one of the candidates, by the algorithm that is meant: the scheme's, or
// the one of those it allows that the request names.
#pragma once

#include <cstddef>
#include <optional>

#include "signature/reading.h"

namespace sluice::signature {

// Verifying by public key is dear, so a stranger may ask for so many at most.
inline constexpr std::size_t kPublicCandidatesMax = 4;

struct DecodedCandidate {
  Bytes bytes;
  std::string_view key_id;
};

using Candidates = BoundedList<DecodedCandidate, kCandidatesMax>;

// Those that are well-formed. One that is not cannot match, and does not spoil the others.
[[nodiscard]] Candidates decode(const Scheme& scheme, Algorithm algorithm, const Reading& reading);

struct Match {
  std::optional<std::size_t> valid;  // The first secret that matches, and holds now.
  bool expired = false;              // One outside its validity matches.
};

// Every shared secret against every candidate, whatever matched before. Public keys are no secret:
// those that hold now go first, and the first match ends it.
[[nodiscard]] Match match(const Scheme& scheme, Algorithm algorithm, const Keys& keys,
                          const Message& message, const Candidates& candidates, Instant now);

}  // namespace sluice::signature
