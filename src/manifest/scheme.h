// A scheme as people write it: a JSON object in the manifest, in a file, or handed to a binding.
//
//   { "like": "stripe",                         begin with a preset, or with nothing
//     "signature": { "from": "header:x-acme-signature", "prefix": "sha256=" },
//     "message": "{timestamp}.{body}",
//     "time": { "from": "header:x-acme-timestamp" } }
//
// A member that is given is laid over what `like` brought, member by member; null takes the
// default back. docs/schemes.md has every member with an example.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "codec/json.h"
#include "manifest/object.h"
#include "manifest/report.h"
#include "signature/scheme.h"

namespace sluice::manifest {

// A scheme that is defined here and has no name of its own.
inline constexpr std::string_view kUnnamedScheme = "custom";

// A definition, read and checked; none when something was reported. `like` may name a preset or
// one of `known`, which may be null. Without a "name" and without `like` it is called `name`.
[[nodiscard]] std::optional<signature::Scheme> read_scheme(
    const codec::Json& json, const std::string& at, std::string_view name,
    const std::vector<signature::Scheme>* known, Report& report);

// The text of a file: one definition. What is wrong with it is added to `findings`, each with its
// place; the error is kMalformed, or kTooBig.
[[nodiscard]] Result<signature::Scheme> read_scheme(std::string_view text,
                                                    std::vector<Finding>& findings);

// The definition of any scheme, complete: reading it gives the same scheme again.
[[nodiscard]] std::string format_scheme(const signature::Scheme& scheme);

// The section "schemes": definitions by name, for sources and endpoints to name. Each may be `like`
// a preset or one that stands before it; none may take a preset's name.
[[nodiscard]] std::vector<signature::Scheme> read_schemes(const Object& root, Report& report);

// The member "scheme" of a source or an endpoint: a name, or a definition. `standard` where it is
// optional and absent.
[[nodiscard]] std::optional<signature::Scheme> read_scheme(
    const Object& object, Presence presence, const std::vector<signature::Scheme>* known);

// The preset or the one of `known` that has this name; reported at `at` when there is none.
[[nodiscard]] std::optional<signature::Scheme> named_scheme(
    std::string_view name, const std::string& at, const std::vector<signature::Scheme>* known,
    Report& report);

}  // namespace sluice::manifest
