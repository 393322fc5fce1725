// Any bytes as the two headers of a message signature: refused, and what can be read is written
// back in one form.
//
//   length of the input u8 | input | signature
#include <algorithm>
#include <cstddef>
#include <cstdint>

#include "base/assert.h"
#include "signature/content_digest.h"
#include "signature/message_signature.h"
#include "signature/message_signature_base.h"
#include "signature/structured_fields.h"

namespace sluice::signature {
namespace {

constexpr Instant kNow{1'618'884'473'000};
constexpr ByteView kBody = R"({"hello": "world"})";

std::string text_of(const Dictionary& dictionary) {
  std::string text;
  for (const auto& member : dictionary) {
    if (!text.empty()) text += ", ";
    text += member.name + "=";
    const auto* list = std::get_if<InnerList>(&member.value);
    text += list != nullptr ? serialize(*list) : serialize(*std::get_if<FieldItem>(&member.value));
  }
  return text;
}

void check_field(std::string_view field) {
  const auto read = parse_dictionary(field);
  if (!read.has_value()) return;
  const auto again = parse_dictionary(text_of(*read));
  SLUICE_ASSERT(again.has_value() || text_of(*read).size() > kStructuredFieldMax);
  if (again.has_value()) SLUICE_ASSERT(*again == *read);
}

void check_request(std::string_view input, std::string_view signature) {
  Scheme scheme;
  scheme.family = Family::kMessageSignature;
  scheme.time.from = {.place = Place::kField, .name = "created"};
  scheme.message_signature.components = {"@method"};
  scheme.body_unsigned = true;
  const Headers headers = {
      {"signature-input", std::string(input)},
      {"signature", std::string(signature)},
      {"content-digest", "sha-256=:X48E9qOokqqrvdts8nOJRJN3OWDUoyWxBf7kbu9DBPE=:"},
  };
  const Request request{.method = "POST",
                        .url = "https://example.com/foo?param=Value&Pet=dog",
                        .headers = headers,
                        .body = kBody};
  const Secret secret{.value = Bytes(32, 's')};
  const auto verdict = verify(scheme, {secret}, request, kNow);
  SLUICE_ASSERT(std::holds_alternative<Refusal>(verdict));
}

}  // namespace
}  // namespace sluice::signature

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size < 1) return 0;
  const std::string_view all(reinterpret_cast<const char*>(data) + 1, size - 1);
  const std::size_t length = std::min<std::size_t>(data[0], all.size());
  sluice::signature::check_field(all);
  sluice::signature::check_field(all.substr(0, length));
  sluice::signature::check_request(all.substr(0, length), all.substr(length));
  (void)sluice::signature::match_content_digest(all, all);
  return 0;
}
