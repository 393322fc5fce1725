// Publishes what an application sends through the admin API: one event, one message per endpoint.
//
// With an `Idempotency-Key` the answer is kept for a day: the same key and the same bytes give the
// same answer, the same key and other bytes are refused.
#pragma once

#include <string>
#include <vector>

#include "flow/cell.h"
#include "tables/publish.h"

namespace sluice::flow {

struct Publication {
  std::vector<tables::Target> targets;  // At least one; endpoints that exist.
  std::string content_type;
  Bytes body;
  std::string idempotency_key;  // Empty for none; at most 255 bytes.
};

enum class Publishing : std::uint8_t { kPublished, kRepeated, kKeyReused };

struct Published {
  Publishing outcome{};
  Id event;
};

Task<Result<Published>> publish_message(Cell& cell, Publication publication);

}  // namespace sluice::flow
