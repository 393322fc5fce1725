// What `sluice verify` prints about a verdict, for people and for programs.
#pragma once

#include <string>
#include <vector>

#include "signature/diagnosis.h"
#include "signature/verify.h"

namespace sluice::native {

// `{"ok":true,"secret":0,...}`, `{"ok":false,"reason":"timestamp_too_old",...}`.
[[nodiscard]] std::string json_of(const signature::Scheme& scheme,
                                  const signature::Accepted& accepted);
[[nodiscard]] std::string json_of(const signature::Refusal& refusal,
                                  const std::vector<signature::Hint>& hints);
// There is no verdict before the document at its URL is given.
[[nodiscard]] std::string json_of(const signature::KeyWanted& wanted);

// One line, without its end; a refusal has another line for each hint.
[[nodiscard]] std::string line_of(const signature::Scheme& scheme,
                                  const signature::Accepted& accepted);
[[nodiscard]] std::string line_of(const signature::Refusal& refusal,
                                  const std::vector<signature::Hint>& hints);
[[nodiscard]] std::string line_of(const signature::KeyWanted& wanted);

}  // namespace sluice::native
