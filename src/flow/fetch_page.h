// Fetches one page for a step, and says what it means when there is none.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "flow/cell.h"
#include "sync/cursor.h"

namespace sluice::flow {

// Why a page could not be had. The place inside the window survives what may pass by itself.
struct PageFailure {
  std::string_view reason;  // An enumeration's name.
  sync::Keep keep = sync::Keep::kPlace;
  std::optional<Duration> retry_after{};
};

struct PageAnswer {
  Bytes body;
  std::optional<PageFailure> failure;
};

// Errors: kCancelled; nothing is known then. At most 4 MiB are read; a longer page is a failure,
// since a part of a page is no page.
Task<Result<PageAnswer>> fetch_page(Cell& cell, const manifest::Step& step, std::string url);

}  // namespace sluice::flow
