// Whether a number in decimal has a double, without making one: numbers are kept as their text.
#pragma once

#include <string_view>

namespace sluice::codec {

// `number` as JSON spells it (RFC 8259 section 6). False where it would round to infinity, exactly
// where IEEE 754 says so: from 2^1024 - 2^970 on, the middle between the largest double and what
// would be the next.
[[nodiscard]] bool has_double(std::string_view number);

}  // namespace sluice::codec
