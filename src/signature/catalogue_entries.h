// What is said about the presets, by the files that say it.
#pragma once

#include <span>
#include <string_view>

#include "signature/catalogue.h"

namespace sluice::signature {

// The kinds of independent proof that the tests hold.
inline constexpr std::string_view kPublished = "vector published by the provider";
inline constexpr std::string_view kSpecification = "vectors published with the specification";
inline constexpr std::string_view kLibrary = "the provider's library";
inline constexpr std::string_view kLibraryVectors = "vectors of the provider's library";
inline constexpr std::string_view kSecondImplementation = "second implementation";
inline constexpr std::string_view kUnverified = "unverified";

[[nodiscard]] std::span<const CatalogueEntry> body_entries();
[[nodiscard]] std::span<const CatalogueEntry> other_entries();
[[nodiscard]] std::span<const CatalogueEntry> timed_entries();

}  // namespace sluice::signature
