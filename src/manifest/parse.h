// Reads sluice.json and says everything that is wrong with it, each with its place.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "manifest/manifest.h"

namespace sluice::manifest {

// One finding. `at` is a JSON pointer into the manifest (empty: the whole); `code` is stable;
// `message` says what is wrong, what was expected, and the nearest valid name where there is one.
// It never contains a secret.
struct Finding {
  std::string at;
  std::string code;
  std::string message;

  friend bool operator==(const Finding&, const Finding&) = default;
};

using Environment = std::vector<std::pair<std::string, std::string>>;

enum class Secrets : std::uint8_t {
  kRequired,   // `env:NAME` must resolve: a secret missing from the environment is an error.
  kUnchecked,  // `sluice check` on a machine that has no secrets.
};

struct Parsed {
  Manifest manifest;  // Usable only when `errors` is empty.
  std::vector<Finding> errors;
  std::vector<Finding> warnings;  // Such as private hosts.
};

// At most 100 errors are collected. Never fails otherwise, whatever the text.
[[nodiscard]] Parsed parse(std::string_view text, const Environment& environment, Secrets secrets);

}  // namespace sluice::manifest
