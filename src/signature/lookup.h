// The text that stands at a site of a request: there, once, and whole.
//
// A name that occurs twice has no text, wherever it stands: of two readers, one would take the
// first and one the last.
#pragma once

#include <forward_list>
#include <string>
#include <string_view>

#include "base/bytes.h"
#include "signature/request.h"
#include "signature/site.h"

namespace sluice::signature {

enum class Presence : std::uint8_t { kThere, kMissing, kRepeated, kMalformed };

struct Found {
  Presence presence = Presence::kMissing;
  std::string_view text;  // In the request, or in the shelf.
};

// Texts that had to be made, kept as long as somebody looks at them.
class Shelf {
 public:
  [[nodiscard]] std::string_view keep(Bytes text);

 private:
  std::forward_list<Bytes> texts_;
};

[[nodiscard]] Found find_header(const Request& request, std::string_view name);
[[nodiscard]] Found find_json(const Request& request, std::string_view pointer, Shelf& shelf);
[[nodiscard]] Found find_form(const Request& request, std::string_view name, Shelf& shelf);
[[nodiscard]] Found find_query(const Request& request, std::string_view name, Shelf& shelf);

// Of these four; a place inside the signature or a token is not looked at.
[[nodiscard]] Found find_at(const Site& site, const Request& request, Shelf& shelf);

}  // namespace sluice::signature
