// `sluice serve`: a front and its cells in one process, until a signal ends it.
//
// SIGTERM and SIGINT drain: no new connections, requests that are under way are answered, engines
// record what they have started, and the process ends with 0 after `kDrainMax` at the latest.
#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "native/resident.h"

namespace sluice::native {

inline constexpr Duration kDrainMax = seconds(10);

struct ServeOptions {
  std::string manifest;  // The text of sluice.json.
  std::string data;      // The directory of the store.
  std::string host;
  std::uint16_t port = 0;
  std::string origin;  // Empty: as the Host field of each request says.
  std::uint32_t body_max = 1024 * 1024;
  std::uint64_t store_bytes_max = 8ULL * 1024 * 1024 * 1024;
  Level log_level = Level::kInfo;
  std::vector<std::pair<std::string, std::string>> environment;
};

// Prints one line on stdout when ready. The result is the process's exit code: 0 after a drain, 1
// when it could not start, with the reason on stderr.
[[nodiscard]] int serve(const ServeOptions& options, const EngineFactory& factory);

}  // namespace sluice::native
