// What the C library would import from WASI, answered inside the module.
//
// The core reads no clock, no file and no environment: these functions are linked because parts
// of the C library mention them, and never asked for anything. Here they refuse, so the module
// imports from `sluice_*` alone and any runtime can host it. Randomness alone is real.
//
// Both C libraries are served: wasi-libc names its imports `__imported_wasi_snapshot_preview1_*`,
// Emscripten's `__wasi_*`.
#include <cstdint>

#include "abi/sluice_abi.h"

namespace {

constexpr std::int32_t kErrnoBadDescriptor = 8;
constexpr std::int32_t kErrnoIo = 29;
constexpr std::int32_t kErrnoNotSupported = 52;

}  // namespace

#ifdef __EMSCRIPTEN__
#define SLUICE_WASI(name) __wasi_##name
#else
#define SLUICE_WASI(name) __imported_wasi_snapshot_preview1_##name
#endif

extern "C" {

std::int32_t SLUICE_WASI(fd_write)(std::int32_t /*fd*/, std::int32_t /*vectors*/,
                                   std::int32_t /*count*/, std::int32_t /*written*/) {
  return kErrnoBadDescriptor;
}

std::int32_t SLUICE_WASI(fd_read)(std::int32_t /*fd*/, std::int32_t /*vectors*/,
                                  std::int32_t /*count*/, std::int32_t /*got*/) {
  return kErrnoBadDescriptor;
}

std::int32_t SLUICE_WASI(fd_seek)(std::int32_t /*fd*/, std::int64_t /*offset*/,
                                  std::int32_t /*whence*/, std::int32_t /*position*/) {
  return kErrnoBadDescriptor;
}

std::int32_t SLUICE_WASI(fd_close)(std::int32_t /*fd*/) { return kErrnoBadDescriptor; }

std::int32_t SLUICE_WASI(fd_fdstat_get)(std::int32_t /*fd*/, std::int32_t /*stat*/) {
  return kErrnoBadDescriptor;
}

std::int32_t SLUICE_WASI(environ_sizes_get)(std::int32_t /*count*/, std::int32_t /*size*/) {
  return kErrnoNotSupported;
}

std::int32_t SLUICE_WASI(environ_get)(std::int32_t /*entries*/, std::int32_t /*buffer*/) {
  return kErrnoNotSupported;
}

std::int32_t SLUICE_WASI(clock_time_get)(std::int32_t /*clock*/, std::int64_t /*precision*/,
                                         std::int32_t /*time*/) {
  return kErrnoNotSupported;
}

std::int32_t SLUICE_WASI(random_get)(std::int32_t buffer, std::int32_t size) {
  return sluice_sys_random(reinterpret_cast<void*>(buffer), static_cast<std::uint32_t>(size)) == 0
             ? 0
             : kErrnoIo;
}

[[noreturn]] void SLUICE_WASI(proc_exit)(std::int32_t /*code*/) { __builtin_trap(); }

#ifdef __EMSCRIPTEN__
// Hosts look at the memory's size themselves after each call.
void emscripten_notify_memory_growth(std::int32_t /*memory*/) {}
#endif

}  // extern "C"
