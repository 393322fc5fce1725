// The tree and the lookup read the same texts: one parser's answer checks the other's.
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/assert.h"
#include "codec/json.h"
#include "codec/json_pointer.h"

namespace sluice::codec {
namespace {

// Every value of the tree is found again by its pointer, at the same place.
void check_tree(std::string_view source, const Json& root, const Json& value,
                const std::string& pointer, int& budget) {
  if (--budget < 0) return;
  const Json* found = root.find(pointer);
  const auto raw = find_raw(source, pointer);
  SLUICE_ASSERT((found != nullptr) == raw.has_value());  // Neither where a key is repeated.
  if (found != nullptr && found == &value) {
    SLUICE_ASSERT(raw->slice == value.slice(source) && raw->kind == value.kind());
    if (value.is_string()) SLUICE_ASSERT(scalar_text(*raw) == value.as_string());
  }
  std::size_t i = 0;
  for (const Json& item : value.items()) {
    check_tree(source, root, item, pointer + "/" + std::to_string(i++), budget);
  }
  for (const JsonMember& member : value.members()) {
    check_tree(source, root, member.value, pointer + pointer_step(member.key), budget);
  }
}

}  // namespace
}  // namespace sluice::codec

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace sluice::codec;
  const std::string_view source(reinterpret_cast<const char*>(data), size);
  JsonLimits limits;
  limits.duplicate_keys = DuplicateKeys::kAllow;
  JsonFault fault;
  const auto tree = parse_json(source, limits, &fault);
  const auto raw = find_raw(source, "");
  if (!tree) {
    SLUICE_ASSERT(fault.offset <= size && fault.line >= 1 && fault.column >= 1);
    // The lookup reads deeper texts, and leaves numbers as they are.
    SLUICE_ASSERT(!raw || tree.error().code == sluice::Errc::kTooBig ||
                  fault.what == "a number out of range");
    return 0;
  }
  SLUICE_ASSERT(raw.has_value());
  int budget = 64;
  check_tree(source, *tree, *tree, "", budget);
  const auto again = parse_json(raw->slice, limits);
  SLUICE_ASSERT(again.has_value() && again->kind() == tree->kind());
  return 0;
}
