// What the flows of one cell share. The app owns the parts; they outlive every task.
#pragma once

#include <string>

#include "base/prng.h"
#include "host/host.h"
#include "manifest/manifest.h"
#include "store/store.h"
#include "tables/numbering.h"
#include "tables/secret_use.h"

namespace sluice::flow {

struct Cell {
  std::string name;  // `<installation>.<shard>`.
  std::string installation;
  Host& host;
  store::Store& store;
  tables::Numbering& numbering;
  Prng& jitter;
  const manifest::Manifest& manifest;
  tables::SecretMarks secret_marks = {};
};

// The cell of an installation, as long as there is one shard each.
[[nodiscard]] inline std::string cell_of(std::string_view installation) {
  return std::string(installation) + ".0";
}

// A transaction that lost a race against another owner's commit is planned anew this often.
inline constexpr int kConflictsMax = 3;

}  // namespace sluice::flow
