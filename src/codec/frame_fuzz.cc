// Any sequence of reads over any bytes stays inside them, and failure is final.
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "base/assert.h"
#include "codec/frame.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace sluice::codec;
  if (size == 0) return 0;
  // The first half says what to read, the second is read.
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  const std::string_view steps = bytes.substr(0, size / 2);
  FrameReader frame(bytes.substr(size / 2));
  std::size_t left = frame.rest().size();
  for (const char step : steps) {
    const bool failed = !frame.ok();
    switch (static_cast<unsigned char>(step) % 6) {
      case 0: (void)frame.u8(); break;
      case 1: (void)frame.u32(); break;
      case 2: (void)frame.f64(); break;
      case 3: (void)frame.flag(); break;
      case 4: {
        const auto taken = frame.bytes();
        SLUICE_ASSERT(taken.empty() ||
                      (taken.data() >= bytes.data() &&
                       taken.data() + taken.size() <= bytes.data() + bytes.size()));
        break;
      }
      default: SLUICE_ASSERT(frame.count(3) <= left / 3); break;
    }
    SLUICE_ASSERT(frame.rest().size() <= left);
    SLUICE_ASSERT(!failed || (!frame.ok() && frame.rest().size() == left));
    left = frame.rest().size();
  }
  return 0;
}
