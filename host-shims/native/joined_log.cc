#include "native/joined_log.h"

#include <sqlite3.h>

#include <cstddef>
#include <cstring>
#include <map>
#include <memory>
#include <new>

namespace sluice::native {
namespace {

// 31 pages with their headers. SQLite's layer for Unix writes no more by one call.
constexpr std::size_t kHeldMax = 0x1ffff;

// The log, as SQLite sees it; the layer's below follows it in memory.
class Log {
 public:
  explicit Log(sqlite3_file* below) : below_(below), bytes_(new char[kHeldMax]) {}

  int read(void* to, int size, sqlite3_int64 at) {
    const int code = write_held();
    return code == SQLITE_OK ? methods().xRead(below_, to, size, at) : code;
  }

  int write(const void* from, int size, sqlite3_int64 at) {
    const auto count = static_cast<std::size_t>(size);
    if (count > kHeldMax - held_ || at != end()) {
      const int code = write_held();
      if (code != SQLITE_OK) return code;
      if (count > kHeldMax) return methods().xWrite(below_, from, size, at);
      begin_ = at;
    }
    std::memcpy(bytes_.get() + held_, from, count);
    held_ += count;
    return SQLITE_OK;
  }

  int truncate(sqlite3_int64 size) {
    const int code = write_held();
    return code == SQLITE_OK ? methods().xTruncate(below_, size) : code;
  }

  int sync(int flags) {
    const int code = write_held();
    return code == SQLITE_OK ? methods().xSync(below_, flags) : code;
  }

  int size(sqlite3_int64* size) {
    const int code = write_held();
    return code == SQLITE_OK ? methods().xFileSize(below_, size) : code;
  }

  int close() {
    const int code = write_held();
    const int closed = methods().xClose(below_);
    return code == SQLITE_OK ? closed : code;
  }

  [[nodiscard]] sqlite3_file* below() const { return below_; }
  [[nodiscard]] const sqlite3_io_methods& methods() const { return *below_->pMethods; }

 private:
  [[nodiscard]] sqlite3_int64 end() const { return begin_ + static_cast<sqlite3_int64>(held_); }

  int write_held() {
    if (held_ == 0) return SQLITE_OK;
    const int size = static_cast<int>(held_);
    held_ = 0;
    return methods().xWrite(below_, bytes_.get(), size, begin_);
  }

  sqlite3_file* below_;
  std::unique_ptr<char[]> bytes_;
  sqlite3_int64 begin_ = 0;
  std::size_t held_ = 0;
};

struct File {
  sqlite3_file base;
  Log log;
};

Log& log_of(sqlite3_file* file) { return reinterpret_cast<File*>(file)->log; }

// A log is never locked, shared or mapped: that is for the file it belongs to.
constexpr sqlite3_io_methods kMethods = {
    .iVersion = 1,
    .xClose =
        [](sqlite3_file* file) {
          const int code = log_of(file).close();
          log_of(file).~Log();
          return code;
        },
    .xRead = [](sqlite3_file* file, void* to, int size,
                sqlite3_int64 at) { return log_of(file).read(to, size, at); },
    .xWrite = [](sqlite3_file* file, const void* from, int size,
                 sqlite3_int64 at) { return log_of(file).write(from, size, at); },
    .xTruncate = [](sqlite3_file* file, sqlite3_int64 size) { return log_of(file).truncate(size); },
    .xSync = [](sqlite3_file* file, int flags) { return log_of(file).sync(flags); },
    .xFileSize = [](sqlite3_file* file, sqlite3_int64* size) { return log_of(file).size(size); },
    .xLock = [](sqlite3_file*, int) { return SQLITE_OK; },
    .xUnlock = [](sqlite3_file*, int) { return SQLITE_OK; },
    .xCheckReservedLock =
        [](sqlite3_file*, int* held) {
          *held = 0;
          return SQLITE_OK;
        },
    .xFileControl =
        [](sqlite3_file* file, int what, void* value) {
          const Log& log = log_of(file);
          return log.methods().xFileControl(log.below(), what, value);
        },
    .xSectorSize =
        [](sqlite3_file* file) { return log_of(file).methods().xSectorSize(log_of(file).below()); },
    .xDeviceCharacteristics =
        [](sqlite3_file* file) {
          const Log& log = log_of(file);
          return log.methods().xDeviceCharacteristics(log.below());
        },
    .xShmMap = nullptr,
    .xShmLock = nullptr,
    .xShmBarrier = nullptr,
    .xShmUnmap = nullptr,
    .xFetch = nullptr,
    .xUnfetch = nullptr,
};

// One for each layer below. SQLite keeps pointers to both for as long as the process runs.
struct Layer {
  std::string below;
  std::string name;
  sqlite3_vfs vfs{};
};

sqlite3_vfs* find(const std::string& name) {
  return sqlite3_vfs_find(name.empty() ? nullptr : name.c_str());
}

int open(sqlite3_vfs* vfs, const char* path, sqlite3_file* file, int flags, int* out_flags) {
  file->pMethods = nullptr;
  sqlite3_vfs* below = find(static_cast<const Layer*>(vfs->pAppData)->below);
  if (below == nullptr) return SQLITE_CANTOPEN;
  if ((flags & SQLITE_OPEN_WAL) == 0) return below->xOpen(below, path, file, flags, out_flags);
  auto* const real = reinterpret_cast<sqlite3_file*>(reinterpret_cast<char*>(file) + sizeof(File));
  const int code = below->xOpen(below, path, real, flags, out_flags);
  if (code != SQLITE_OK) return code;
  new (&log_of(file)) Log(real);
  file->pMethods = &kMethods;
  return SQLITE_OK;
}

}  // namespace

std::string joined_log(const std::string& below) {
  static std::map<std::string, Layer> layers;
  sqlite3_initialize();
  const sqlite3_vfs* real = find(below);
  if (real == nullptr) return below;
  const auto [at, is_new] = layers.try_emplace(below);
  Layer& layer = at->second;
  if (!is_new) return layer.name;
  layer.below = below;
  layer.name = "joined-log" + (below.empty() ? "" : "/" + below);
  layer.vfs = *real;  // Its other functions do not ask which layer they are called for.
  layer.vfs.pNext = nullptr;
  layer.vfs.zName = layer.name.c_str();
  layer.vfs.pAppData = &layer;
  layer.vfs.szOsFile = static_cast<int>(sizeof(File)) + real->szOsFile;
  layer.vfs.xOpen = open;
  if (sqlite3_vfs_register(&layer.vfs, 0) != SQLITE_OK) layer.name = below;
  return layer.name;
}

}  // namespace sluice::native
