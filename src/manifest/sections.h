// The sections of the manifest, one reader each (and one file each). `json` is the section's value;
// what does not fit is reported, and left out of the result.
#pragma once

#include <string>
#include <vector>

#include "manifest/context.h"
#include "manifest/manifest.h"

namespace sluice::manifest {

[[nodiscard]] std::vector<Source> read_sources(const Object& root, const Context& context);
[[nodiscard]] std::vector<Route> read_routes(const Object& root, const Context& context);
[[nodiscard]] std::vector<Endpoint> read_endpoints(const Object& root, const Context& context);
[[nodiscard]] std::vector<Step> read_steps(const Object& root, const Context& context);
[[nodiscard]] std::vector<Link> read_links(const Object& root, const Context& context);

// `main` first, whether it is listed or not.
[[nodiscard]] std::vector<std::string> read_installations(const Object& root, Report& report);
[[nodiscard]] Limits read_limits(const Object& root, Report& report);
[[nodiscard]] std::vector<std::string> read_admin_tokens(const Object& root,
                                                         const Context& context);
[[nodiscard]] std::vector<std::string> read_private_hosts(const Object& root, Report& report);

inline constexpr std::size_t kSectionMax = 1000;  // Sources, routes, endpoints, installations.
inline constexpr std::size_t kTimersMax = 256;    // Steps and links: each has a timer in the cell.

}  // namespace sluice::manifest
