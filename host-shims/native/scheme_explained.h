// A scheme in plain words, made from its data: for whoever chooses one, and for docs/schemes.md.
#pragma once

#include <string>
#include <vector>

#include "signature/scheme.h"

namespace sluice::native {

struct ExplainedRow {
  std::string label;
  std::string text;
};

// What signs, where it stands, what it covers, the key, the time, what names a delivery.
[[nodiscard]] std::vector<ExplainedRow> explained(const signature::Scheme& scheme);

// One line for a table: "`{timestamp}.{body}`", "HMAC-SHA256, hex".
[[nodiscard]] std::string signed_bytes_of(const signature::Scheme& scheme);
[[nodiscard]] std::string algorithm_words(const signature::Scheme& scheme);
[[nodiscard]] std::string site_words(const signature::Site& site);

// What its operator gives to `sluice send`, and to the manifest.
[[nodiscard]] std::string example_send(const signature::Scheme& scheme);
[[nodiscard]] std::string example_source(const signature::Scheme& scheme);

}  // namespace sluice::native
