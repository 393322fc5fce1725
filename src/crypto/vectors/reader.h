// Reads the vectors of Project Wycheproof beside this file; native-tests/wycheproof.mjs wrote them.
#pragma once

#include <algorithm>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "codec/base64.h"
#include "crypto/public_signature.h"
#include "doctest/doctest.h"

namespace sluice::crypto::wycheproof {

inline std::vector<std::string_view> words_of(std::string_view line) {
  std::vector<std::string_view> words;
  while (!line.empty()) {
    const auto end = std::min(line.find(' '), line.size());
    words.push_back(line.substr(0, end));
    line.remove_prefix(std::min(end + 1, line.size()));
  }
  return words;
}

inline Bytes bytes_of(std::string_view word) {
  if (word == "-") return {};
  const auto bytes = codec::decode_base64(word);
  CHECK(bytes.has_value());
  return bytes.value_or("");
}

// How many vectors of each result a file holds: a file that lost some is noticed.
struct Tally {
  int valid = 0;
  int invalid = 0;
  int acceptable = 0;

  void count(std::string_view result) {
    ++(result == "v" ? valid : result == "i" ? invalid : acceptable);
  }
  friend bool operator==(const Tally&, const Tally&) = default;
};

struct Algorithm {
  PublicAlgorithm algorithm{};
  EcdsaForm form = EcdsaForm::kDer;
};

// Each vector is accepted where it is valid, and only there: one that is "acceptable" is refused.
inline Tally check_signatures(std::span<const char* const> lines, Algorithm how) {
  Tally tally;
  std::optional<PublicKey> key;
  for (const std::string_view line : lines) {
    const auto words = words_of(line);
    if (words[0] == "key") {
      const auto parsed = parse_public_key(words[1]);
      CHECK(parsed.has_value());
      key = parsed ? std::optional(*parsed) : std::nullopt;
      continue;
    }
    CHECK((words.size() == 4 && key.has_value()));
    if (words.size() != 4 || !key) continue;
    tally.count(words[1]);
    const Bytes message = bytes_of(words[2]);
    const ByteView parts[] = {ByteView(message).substr(0, message.size() / 2),
                              ByteView(message).substr(message.size() / 2)};
    CAPTURE(words[0]);
    CHECK(verify(how.algorithm, how.form, *key, parts, bytes_of(words[3])) == (words[1] == "v"));
  }
  return tally;
}

}  // namespace sluice::crypto::wycheproof
