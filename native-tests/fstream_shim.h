// Stands in for std::fstream where a C++ library has none.
//
// Debian's libc++ for wasm is built without a file system, and so without file streams. doctest's
// option to write a report into a file needs the type to exist; in wasm nobody uses the option.
#pragma once

#if defined(__wasi__)
#include <__config>
// The first spelling is that of LLVM up to 19, the second that of LLVM from 20 on.
#if defined(_LIBCPP_HAS_NO_FILESYSTEM) || \
    (defined(_LIBCPP_HAS_FILESYSTEM) && !_LIBCPP_HAS_FILESYSTEM)
#include <ios>
#include <iosfwd>
#include <ostream>

template <>
class std::basic_fstream<char> : public std::ostream {
 public:
  basic_fstream() : std::ostream(nullptr) {}
  void open(const char*, std::ios_base::openmode) {}
  bool is_open() const { return false; }
  void close() {}
};
#endif
#endif
