// The registry: the cell that knows all cells, so that cron can wake each of them. Off the hot
// path.
//
//   rg/c/<cell>     one row per cell, put before the cell accepts anything
//   rg/at           where the last tick stopped: a tick wakes a bounded number and goes on there
#pragma once

#include <string>
#include <vector>

#include "base/bytes.h"
#include "base/result.h"
#include "manifest/manifest.h"
#include "store/store.h"

namespace sluice::app {

struct Registry {
  // A row that says no more than its key.
  [[nodiscard]] static Bytes mark();

  // Cells of the manifest's installations are known from the start, so that their steps and links
  // run before the first webhook comes.
  static Task<Result<void>> adopt_manifest(store::Store& store, const manifest::Manifest& manifest);

  // Errors: kMalformed (no cell's name).
  static Task<Result<void>> remember(store::Store& store, std::string cell);

  // The cells of the next tick, at most 64; all of them in turn.
  static Task<Result<std::vector<std::string>>> next_cells(store::Store& store);
};

}  // namespace sluice::app
