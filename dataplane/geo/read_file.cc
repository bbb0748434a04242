#include "dataplane/geo/read_file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <utility>

#include "absl/cleanup/cleanup.h"
#include "absl/status/status.h"
#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"

namespace borderflow {
namespace {

absl::Status OpenError(const std::string& path, int error) {
  switch (error) {
    case ENOENT:
    case ENOTDIR:
      return absl::NotFoundError(absl::StrCat(path, ": no such file; check the path"));
    case EACCES:
    case EPERM:
      return absl::PermissionDeniedError(
          absl::StrCat(path, ": not readable by this user; change its permissions"));
    default:
      return absl::InvalidArgumentError(
          absl::StrCat(path, ": cannot be opened: ", std::strerror(error)));
  }
}

}  // namespace

absl::StatusOr<HugeVector<uint8_t>> ReadWholeFile(const std::string& path, uint64_t limit) {
  // Not blocking, so that a pipe without a writer is refused below instead of waited for.
  const int file = open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK);
  if (file < 0) return OpenError(path, errno);
  const absl::Cleanup closer = [file] { close(file); };
  struct stat status;
  if (fstat(file, &status) != 0) return OpenError(path, errno);
  if (!S_ISREG(status.st_mode)) {
    return absl::InvalidArgumentError(absl::StrCat(
        path, S_ISDIR(status.st_mode) ? ": a folder; name a file in it"
                                      : ": not a regular file; copy its content to one"));
  }
  const auto size = static_cast<uint64_t>(status.st_size);
  if (size > limit) {
    return absl::InvalidArgumentError(absl::StrCat(path, ": ", size, " bytes, more than the ",
                                                   limit, " that this kind of file may have"));
  }
  HugeVector<uint8_t> bytes(size);
  size_t done = 0;
  while (done < bytes.size()) {
    const ssize_t got = read(file, bytes.data() + done, bytes.size() - done);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) {
      return absl::DataLossError(
          absl::StrCat(path, ": reading failed at byte ", done, ": ", std::strerror(errno)));
    }
    if (got == 0) bytes.resize(done);  // it shrank meanwhile
    done += static_cast<size_t>(got);
  }
  return bytes;
}

}  // namespace borderflow
