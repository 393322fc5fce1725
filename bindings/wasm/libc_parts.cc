// What stands in for parts of the C library that would be linked and come to nothing in a module.
//
// They are large: formatted output for messages that nobody could read, and decimal numbers for a
// JSON parser whose numbers are kept as their text. Whoever needs more of one than is here traps.
// wasi-libc alone: each of these stands in an object of its own there, so this one is linked.
#ifdef __wasi__

#include <__verbose_abort>
#include <cmath>
#include <cstddef>
#include <string_view>

#include "codec/double_range.h"

// What libc++ says before it aborts.
void std::__libcpp_verbose_abort(const char* /*format*/, ...) noexcept { __builtin_trap(); }

extern "C" {

// What libc++abi says, and assert().
[[noreturn]] void __abort_message(const char* /*format*/, ...) { __builtin_trap(); }

[[noreturn]] void __assert_fail(const char* /*condition*/, const char* /*file*/, int /*line*/,
                                const char* /*function*/) {
  __builtin_trap();
}

// The JSON parser describes a control character in its message, of which codec/json_parse.cc takes
// nothing over.
int snprintf(char* out, std::size_t size, const char* format, ...) {
  if (size == 0 || std::string_view(format) != "<U+%.4X>") __builtin_trap();
  *out = '\0';
  return 0;
}

// The JSON parser asks whether a number has a double, and never for its value.
double strtod(const char* number, char** end) {
  const std::string_view text(number);
  *end = const_cast<char*>(number) + text.size();
  return sluice::codec::has_double(text) ? 0 : HUGE_VAL;
}

float strtof(const char* /*number*/, char** /*end*/) { __builtin_trap(); }

long double strtold(const char* /*number*/, char** /*end*/) { __builtin_trap(); }

}  // extern "C"

#endif
