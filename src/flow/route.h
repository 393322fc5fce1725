// Where an event goes: the manifest's routes, decided in the cell.
#pragma once

#include <string_view>
#include <vector>

#include "base/headers.h"
#include "manifest/manifest.h"
#include "tables/publish.h"

namespace sluice::flow {

// One target per endpoint, in the order of the routes; a route matches when each of its conditions
// has a value among its alternatives. An endpoint with order `key` gets the route's ordering key;
// an event that has no such value goes without order.
[[nodiscard]] std::vector<tables::Target> route(const manifest::Manifest& manifest,
                                                std::string_view source, const Headers& headers,
                                                ByteView body);

}  // namespace sluice::flow
