// Steps and links as the admin API shows them, in their lists and in the overview.
#pragma once

#include <string>
#include <vector>

#include "codec/json_writer.h"
#include "flow/cell.h"
#include "store/transaction.h"

namespace sluice::app {

// The names of the manifest's steps and links that this cell runs.
[[nodiscard]] std::vector<std::string> steps_of(const flow::Cell& cell);
[[nodiscard]] std::vector<std::string> links_of(const flow::Cell& cell);

// One object; a row that cannot be read is reported in its place.
Task<Result<void>> write_step(flow::Cell& cell, store::Transaction& transaction, std::string name,
                              codec::JsonWriter& json);
Task<Result<void>> write_link(flow::Cell& cell, store::Transaction& transaction, std::string name,
                              codec::JsonWriter& json);

}  // namespace sluice::app
