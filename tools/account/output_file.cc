#include "tools/account/output_file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstring>

#include "absl/strings/str_cat.h"

namespace borderflow {
namespace {

absl::Status Failed(const std::string& path, const char* remedy) {
  const std::string what =
      absl::StrCat(path, ": cannot be written: ", std::strerror(errno), "; ", remedy);
  return errno == EACCES ? absl::PermissionDeniedError(what) : absl::UnavailableError(what);
}

// Everything, or errno.
bool WriteAll(int descriptor, std::string_view text) {
  while (!text.empty()) {
    const ssize_t written = write(descriptor, text.data(), text.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return false;
    text.remove_prefix(static_cast<size_t>(written));
  }
  return true;
}

bool IsDeviceOrPipe(const std::string& path) {
  struct stat status = {};
  return stat(path.c_str(), &status) == 0 && !S_ISREG(status.st_mode);
}

}  // namespace

absl::Status CheckOutput(const std::string& path) {
  if (path.empty() || path == "-" || IsDeviceOrPipe(path)) return absl::OkStatus();
  const size_t slash = path.rfind('/');
  const std::string folder = slash == std::string::npos ? "." : path.substr(0, slash + 1);
  if (access(folder.c_str(), W_OK) == 0) return absl::OkStatus();
  return Failed(path, "give another file, or make its folder");
}

absl::Status WriteOutput(const std::string& path, std::string_view text) {
  if (path == "-") {
    if (WriteAll(STDOUT_FILENO, text)) return absl::OkStatus();
    return Failed("standard output", "give a file instead");
  }
  const bool direct = IsDeviceOrPipe(path);
  const std::string written = direct ? path : absl::StrCat(path, ".part");
  const int descriptor =
      open(written.c_str(), direct ? O_WRONLY : O_WRONLY | O_CREAT | O_TRUNC, S_IRUSR | S_IWUSR);
  if (descriptor < 0) return Failed(path, "give another file, or make its folder");
  // The bytes must be on the disk before the old report is given up.
  const bool complete = WriteAll(descriptor, text) && (direct || fsync(descriptor) == 0);
  const int error = errno;
  close(descriptor);
  errno = error;
  if (complete && (direct || std::rename(written.c_str(), path.c_str()) == 0)) {
    return absl::OkStatus();
  }
  const absl::Status status = Failed(path, "free some space, or give a file on another disk");
  if (!direct) unlink(written.c_str());
  return status;
}

}  // namespace borderflow
