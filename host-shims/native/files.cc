#include "native/files.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>

namespace sluice::native {

namespace {

Result<Bytes> read_all(int file) {
  Bytes bytes;
  char part[64 * 1024];
  while (bytes.size() <= kFileMax) {
    const ssize_t size = read(file, part, sizeof part);
    if (size < 0 && errno == EINTR) continue;
    if (size < 0) return Error{Errc::kIo, "cannot be read"};
    if (size == 0) return bytes;
    bytes.append(part, static_cast<std::size_t>(size));
  }
  return Error{Errc::kTooBig, "is too large"};
}

}  // namespace

Result<Bytes> read_file(const std::string& path) {
  if (path == "-") return read_all(STDIN_FILENO);
  const int file = open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (file < 0) {
    return errno == ENOENT ? Error{Errc::kNotFound, "does not exist"}
                           : Error{Errc::kIo, "cannot be opened"};
  }
  auto bytes = read_all(file);
  close(file);
  return bytes;
}

}  // namespace sluice::native
