// Forms of strangers: what is read is read again from what is written of it.
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/assert.h"
#include "codec/form.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace sluice;
  using namespace sluice::codec;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const auto fields = parse_form(text);
  if (!fields) return 0;
  SLUICE_ASSERT(parse_form(format_form(*fields)) == fields);
  for (const FormField& field : *fields) {
    std::string value;
    const FormFind found = find_field(text, field.name, value);
    SLUICE_ASSERT(found == FormFind::kRepeated ||
                  (found == FormFind::kFound && value == field.value));
  }
  return 0;
}
