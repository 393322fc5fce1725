// What `sluice verify` prints about a verdict, for people and for programs.
#pragma once

#include <string>

#include "signature/verify.h"

namespace sluice::native {

// `{"ok":true,"secret":0,...}`, `{"ok":false,"reason":"timestamp_too_old",...}`.
[[nodiscard]] std::string json_of(const signature::Scheme& scheme,
                                  const signature::Accepted& accepted);
[[nodiscard]] std::string json_of(const signature::Refusal& refusal);
// There is no verdict before the document at its URL is given.
[[nodiscard]] std::string json_of(const signature::KeyWanted& wanted);

// One line, without its end.
[[nodiscard]] std::string line_of(const signature::Scheme& scheme,
                                  const signature::Accepted& accepted);
[[nodiscard]] std::string line_of(const signature::Refusal& refusal);
[[nodiscard]] std::string line_of(const signature::KeyWanted& wanted);

}  // namespace sluice::native
