// Native only: a file layer of SQLite.
#include "faulty_files.h"

#include <sqlite3.h>

#include <cstddef>
#include <new>

#include "base/assert.h"

namespace sluice::native {

namespace {

struct Faults {
  bool syncs = false;
  bool writes = false;
  bool read_only = false;
  std::uint64_t synced = 0;
  std::uint64_t log_writes = 0;
  std::uint64_t synced_log_writes = 0;
};

// SQLite's file layers are plain functions without a context of their own.
Faults faults;
sqlite3_vfs layer;

struct File {
  sqlite3_file base;
  bool is_log;
  alignas(sqlite3_file) char real[1];  // As large as the system's layer needs.
};

bool is_log(sqlite3_file* file) { return reinterpret_cast<File*>(file)->is_log; }

sqlite3_file* real(sqlite3_file* file) {
  return reinterpret_cast<sqlite3_file*>(reinterpret_cast<File*>(file)->real);
}

const sqlite3_io_methods* methods(sqlite3_file* file) { return real(file)->pMethods; }

int write(sqlite3_file* file, const void* bytes, int size, sqlite3_int64 at) {
  if (faults.writes) return SQLITE_FULL;
  if (faults.read_only) return SQLITE_READONLY;
  if (is_log(file)) ++faults.log_writes;
  return methods(file)->xWrite(real(file), bytes, size, at);
}

int sync(sqlite3_file* file, int flags) {
  if (faults.syncs) return SQLITE_IOERR_FSYNC;
  ++faults.synced;
  if (is_log(file)) faults.synced_log_writes = faults.log_writes;
  return methods(file)->xSync(real(file), flags);
}

const sqlite3_io_methods kMethods = {
    .iVersion = 2,
    .xClose = [](sqlite3_file* f) { return methods(f)->xClose(real(f)); },
    .xRead = [](sqlite3_file* f, void* to, int size,
                sqlite3_int64 at) { return methods(f)->xRead(real(f), to, size, at); },
    .xWrite = write,
    .xTruncate = [](sqlite3_file* f,
                    sqlite3_int64 size) { return methods(f)->xTruncate(real(f), size); },
    .xSync = sync,
    .xFileSize = [](sqlite3_file* f,
                    sqlite3_int64* size) { return methods(f)->xFileSize(real(f), size); },
    .xLock = [](sqlite3_file* f, int level) { return methods(f)->xLock(real(f), level); },
    .xUnlock = [](sqlite3_file* f, int level) { return methods(f)->xUnlock(real(f), level); },
    .xCheckReservedLock = [](sqlite3_file* f,
                             int* held) { return methods(f)->xCheckReservedLock(real(f), held); },
    .xFileControl = [](sqlite3_file* f, int op,
                       void* value) { return methods(f)->xFileControl(real(f), op, value); },
    .xSectorSize = [](sqlite3_file* f) { return methods(f)->xSectorSize(real(f)); },
    .xDeviceCharacteristics =
        [](sqlite3_file* f) { return methods(f)->xDeviceCharacteristics(real(f)); },
    .xShmMap =
        [](sqlite3_file* f, int page, int size, int extend, void volatile** to) {
          return methods(f)->xShmMap(real(f), page, size, extend, to);
        },
    .xShmLock = [](sqlite3_file* f, int at, int count,
                   int flags) { return methods(f)->xShmLock(real(f), at, count, flags); },
    .xShmBarrier = [](sqlite3_file* f) { methods(f)->xShmBarrier(real(f)); },
    .xShmUnmap = [](sqlite3_file* f, int erase) { return methods(f)->xShmUnmap(real(f), erase); },
    .xFetch = nullptr,
    .xUnfetch = nullptr,
};

int open(sqlite3_vfs* vfs, const char* path, sqlite3_file* file, int flags, int* out_flags) {
  auto* system = static_cast<sqlite3_vfs*>(vfs->pAppData);
  const int code = system->xOpen(system, path, real(file), flags, out_flags);
  file->pMethods = code == SQLITE_OK ? &kMethods : nullptr;
  reinterpret_cast<File*>(file)->is_log = (flags & SQLITE_OPEN_WAL) != 0;
  return code;
}

}  // namespace

FaultyFiles::FaultyFiles() {
  faults = {};
  sqlite3_initialize();
  sqlite3_vfs* system = sqlite3_vfs_find(nullptr);
  layer = *system;
  layer.zName = kName;
  layer.pAppData = system;
  layer.szOsFile = static_cast<int>(offsetof(File, real)) + system->szOsFile;
  layer.xOpen = open;
  const int code = sqlite3_vfs_register(&layer, 0);
  SLUICE_ASSERT(code == SQLITE_OK);
}

FaultyFiles::~FaultyFiles() { sqlite3_vfs_unregister(&layer); }

void FaultyFiles::fail_syncs(bool yes) { faults.syncs = yes; }
void FaultyFiles::fail_writes(bool yes) { faults.writes = yes; }
void FaultyFiles::make_read_only(bool yes) { faults.read_only = yes; }
std::uint64_t FaultyFiles::syncs() const { return faults.synced; }
std::uint64_t FaultyFiles::log_writes() const { return faults.log_writes; }
std::uint64_t FaultyFiles::unsynced_log_writes() const {
  return faults.log_writes - faults.synced_log_writes;
}

}  // namespace sluice::native
