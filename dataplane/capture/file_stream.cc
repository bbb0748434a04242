#include "dataplane/capture/file_stream.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"

namespace borderflow {
namespace {

class FileStream final : public ByteStream {
 public:
  FileStream(std::string name, int descriptor, bool owned, uint64_t total)
      : name_(std::move(name)), descriptor_(descriptor), owned_(owned), total_(total) {}
  FileStream(const FileStream&) = delete;
  FileStream& operator=(const FileStream&) = delete;
  ~FileStream() override {
    if (owned_) ::close(descriptor_);
  }

  uint64_t bytes_read() const override { return read_; }
  uint64_t bytes_total() const override { return total_; }

 protected:
  absl::StatusOr<size_t> ReadSome(uint8_t* to, size_t size) override {
    for (;;) {
      const ssize_t count = ::read(descriptor_, to, size);
      if (count >= 0) {
        read_ += static_cast<uint64_t>(count);
        return static_cast<size_t>(count);
      }
      if (errno != EINTR) {
        return absl::ErrnoToStatus(errno, absl::StrCat(name_, ": reading failed after ", read_,
                                                       " bytes; check the disk or pipe"));
      }
    }
  }

 private:
  std::string name_;
  int descriptor_;
  bool owned_;
  uint64_t total_;
  uint64_t read_ = 0;
};

absl::Status OpenFailure(const std::string& path, int error) {
  switch (error) {
    case ENOENT:
      return absl::NotFoundError(
          absl::StrCat(path, ": no such file; check the name, or pass '-' for standard input"));
    case EACCES:
    case EPERM:
      return absl::PermissionDeniedError(absl::StrCat(
          path, ": permission denied; make it readable for this user, or pipe it in with '-'"));
    case EMFILE:
    case ENFILE:
      return absl::ResourceExhaustedError(
          absl::StrCat(path,
                       ": too many files are open; raise the limit (ulimit -n) or name fewer "
                       "captures at once"));
    default:
      return absl::ErrnoToStatus(error, absl::StrCat(path, ": cannot be opened"));
  }
}

}  // namespace

absl::StatusOr<std::unique_ptr<ByteStream>> OpenFileStream(const std::string& path) {
  const bool standard_input = path == "-";
  const std::string name = standard_input ? "standard input" : path;
  const int descriptor = standard_input ? STDIN_FILENO : ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (descriptor < 0) return OpenFailure(path, errno);
  struct stat about = {};
  const bool known = ::fstat(descriptor, &about) == 0;
  auto stream = std::make_unique<FileStream>(
      name, descriptor, !standard_input,
      known && S_ISREG(about.st_mode) ? static_cast<uint64_t>(about.st_size) : 0);
  if (known && S_ISDIR(about.st_mode)) {
    return absl::InvalidArgumentError(
        absl::StrCat(name, ": is a directory, expected a capture file; name the files in it"));
  }
  if (known && S_ISREG(about.st_mode)) {
    ::posix_fadvise(descriptor, 0, 0, POSIX_FADV_SEQUENTIAL);
  }
  return stream;
}

}  // namespace borderflow
