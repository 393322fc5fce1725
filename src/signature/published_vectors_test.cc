// The presets against the world: requests that providers publish, and requests that their libraries
// or third parties accept. None of them was made from a preset.
#include <algorithm>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "doctest/doctest.h"
#include "signature/catalogue_entries.h"
#include "signature/presets.h"
#include "signature/verify.h"

namespace sluice::signature {
namespace {

struct Vector {
  std::string_view scheme;
  std::string_view origin;
  std::string_view method;
  std::string_view url;
  std::string_view headers;  // "name: value\n" each.
  std::string_view body;
  std::string_view secret;
  std::int64_t now_ms;
};

constexpr Vector kProviderVectors[] = {
#include "signature/provider_vectors.inc"
};

constexpr Vector kLibraryVectors[] = {
#include "signature/library_vectors.inc"
};

Headers headers_of(std::string_view text) {
  Headers headers;
  while (!text.empty()) {
    const auto end = text.find('\n');
    const auto line = text.substr(0, end);
    const auto colon = line.find(": ");
    headers.push_back({std::string(line.substr(0, colon)), std::string(line.substr(colon + 2))});
    text.remove_prefix(end + 1);
  }
  return headers;
}

Verdict verdict_of(const Scheme& scheme, const Vector& vector, std::string_view body,
                   std::string_view secret) {
  const Headers headers = headers_of(vector.headers);
  const Request request{
      .method = vector.method, .url = vector.url, .headers = headers, .body = body};
  return verify(scheme, std::vector<Secret>{{.value = Bytes(secret)}}, request,
                Instant{vector.now_ms});
}

bool accepts(const Scheme& scheme, const Vector& vector, std::string_view body,
             std::string_view secret) {
  return std::holds_alternative<Accepted>(verdict_of(scheme, vector, body, secret));
}

std::string reason_of(const Verdict& verdict) {
  if (const auto* refusal = std::get_if<Refusal>(&verdict)) {
    return std::string(name(refusal->reason)) + ": " + refusal->detail;
  }
  return std::holds_alternative<Accepted>(verdict) ? "accepted" : "a key is wanted";
}

void check_vector(const Vector& vector) {
  CAPTURE(vector.scheme);
  CAPTURE(vector.origin);
  const auto scheme = preset(vector.scheme);
  CHECK(scheme.has_value());
  if (!scheme) return;
  CHECK(reason_of(verdict_of(*scheme, vector, vector.body, vector.secret)) == "accepted");

  std::string changed(vector.body);
  changed += 'x';
  if (!scheme->body_unsigned) CHECK_FALSE(accepts(*scheme, vector, changed, vector.secret));
  // A letter in the middle is a part of the key, in whatever form the key is written.
  std::string other(vector.secret);
  char& letter = other[other.size() / 2];
  letter = letter == 'B' ? 'C' : 'B';
  CHECK_FALSE(accepts(*scheme, vector, vector.body, other));
}

bool is_in(std::string_view scheme, const Vector* begin, const Vector* end) {
  return std::any_of(begin, end, [&](const Vector& vector) { return vector.scheme == scheme; });
}

TEST_SUITE("signature/published") {
  TEST_CASE("requests that providers publish are accepted, and refused when changed") {
    for (const Vector& vector : kProviderVectors) check_vector(vector);
  }

  TEST_CASE("requests that other implementations accept are accepted, and refused when changed") {
    for (const Vector& vector : kLibraryVectors) check_vector(vector);
  }

  TEST_CASE("evidence is claimed where there is some, and nowhere else") {
    std::size_t proven = 0;
    for (const CatalogueEntry& entry : catalogue()) {
      CAPTURE(entry.name);
      const bool published =
          is_in(entry.name, std::begin(kProviderVectors), std::end(kProviderVectors));
      const bool answered =
          is_in(entry.name, std::begin(kLibraryVectors), std::end(kLibraryVectors));
      const bool says_published = entry.evidence == kPublished || entry.evidence == kSpecification;
      CHECK(says_published == published);
      CHECK((entry.evidence != kUnverified) == (published || answered));
      proven += entry.evidence != kUnverified ? std::size_t{1} : std::size_t{0};
    }
    CHECK(catalogue().size() >= 100);
    CHECK(proven >= 60);
  }
}

}  // namespace
}  // namespace sluice::signature
