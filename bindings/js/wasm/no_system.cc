// What the C library would import from WASI, answered inside the module: there is no system.
//
// Verifying and signing read no clock, file or random number. These functions are linked because
// parts of the C library mention them; the module imports nothing, so any runtime can host it.
#include <cstdint>

#define SLUICE_WASI(name) __imported_wasi_snapshot_preview1_##name

namespace {

constexpr std::int32_t kErrnoNotSupported = 52;

}  // namespace

extern "C" {

std::int32_t SLUICE_WASI(fd_write)(std::int32_t /*fd*/, std::int32_t /*vectors*/,
                                   std::int32_t /*count*/, std::int32_t /*written*/) {
  return kErrnoNotSupported;
}

std::int32_t SLUICE_WASI(fd_seek)(std::int32_t /*fd*/, std::int64_t /*offset*/,
                                  std::int32_t /*whence*/, std::int32_t /*position*/) {
  return kErrnoNotSupported;
}

std::int32_t SLUICE_WASI(fd_close)(std::int32_t /*fd*/) { return kErrnoNotSupported; }

std::int32_t SLUICE_WASI(fd_fdstat_get)(std::int32_t /*fd*/, std::int32_t /*stat*/) {
  return kErrnoNotSupported;
}

std::int32_t SLUICE_WASI(random_get)(std::int32_t /*buffer*/, std::int32_t /*size*/) {
  return kErrnoNotSupported;
}

[[noreturn]] void SLUICE_WASI(proc_exit)(std::int32_t /*code*/) { __builtin_trap(); }

}  // extern "C"
