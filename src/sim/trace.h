// A hash over everything that happens in a world, in order: equal traces, equal runs.
//
// It takes bytes and fixed-width numbers only, so that it is the same on every platform.
#pragma once

#include <cstdint>
#include <string_view>

namespace sluice::sim {

class Trace {
 public:
  void add(std::string_view bytes) {
    add(std::uint64_t{bytes.size()});
    for (const char byte : bytes) step(static_cast<std::uint8_t>(byte));
  }
  void add(std::uint64_t number) {
    for (int shift = 0; shift < 64; shift += 8) step((number >> shift) & 0xffU);
    ++items_;
  }
  void add(std::int64_t number) { add(static_cast<std::uint64_t>(number)); }

  [[nodiscard]] std::uint64_t hash() const { return hash_; }
  [[nodiscard]] std::uint64_t items() const { return items_; }

 private:
  void step(std::uint64_t byte) { hash_ = (hash_ ^ byte) * 0x100000001b3ULL; }  // FNV-1a.

  std::uint64_t hash_ = 0xcbf29ce484222325ULL;
  std::uint64_t items_ = 0;
};

}  // namespace sluice::sim
