#include "rules/category/line_reader.h"

#include <sys/stat.h>

#include <cerrno>
#include <cstring>
#include <utility>

#include "absl/strings/str_cat.h"

namespace borderflow {
namespace {

constexpr size_t kBuffer = size_t{1} << 16;
static_assert(kBuffer > LineReader::kLongest + 2);  // a whole line and its end

struct Magic {
  std::string_view bytes;
  const char* what;
  const char* remedy;
};
constexpr Magic kCompressed[] = {
    {{"\x1f\x8b", 2}, "gzip", "gunzip"},
    {{"\x28\xb5\x2f\xfd", 4}, "zstd", "unzstd"},
    {{"\xfd\x37zXZ", 5}, "xz", "unxz"},
    {{"BZh", 3}, "bzip2", "bunzip2"},
    {{"PK\x03\x04", 4}, "a zip archive", "unzip"},
};

constexpr std::string_view kUtf8Mark = "\xef\xbb\xbf";

absl::Status CannotOpen(const std::string& path, int error) {
  if (error == ENOENT) return absl::NotFoundError(absl::StrCat(path, ": no such file"));
  const std::string message =
      absl::StrCat(path, ": cannot be opened: ", std::string(std::strerror(error)));
  return error == EACCES ? absl::PermissionDeniedError(message)
                         : absl::InvalidArgumentError(message);
}

}  // namespace

void LineReader::Close::operator()(std::FILE* file) const {
  if (file != stdin) std::fclose(file);
}

LineReader::LineReader(std::string_view text) : rest_(text) { SkipMark(); }

LineReader::LineReader(std::string path, std::FILE* file)
    : path_(std::move(path)), file_(file), buffer_(kBuffer) {}

absl::StatusOr<LineReader> LineReader::Open(const std::string& path) {
  std::FILE* file = path == "-" ? stdin : std::fopen(path.c_str(), "rb");
  if (file == nullptr) return CannotOpen(path, errno);
  LineReader reader(path, file);
  struct stat status = {};
  if (fstat(fileno(file), &status) == 0 && S_ISDIR(status.st_mode)) {
    return absl::InvalidArgumentError(
        absl::StrCat(path, ": is a folder, expected a file: name the file in it"));
  }
  reader.Refill();
  for (const Magic& magic : kCompressed) {
    if (reader.rest_.starts_with(magic.bytes)) {
      return absl::InvalidArgumentError(absl::StrCat(
          path, ": is ", magic.what, ", expected text: decompress it first (", magic.remedy, ")"));
    }
  }
  reader.SkipMark();
  return reader;
}

// More of the file behind what is left of the buffer.
void LineReader::Refill() {
  if (file_ == nullptr) return;
  if (!rest_.empty()) std::memmove(buffer_.data(), rest_.data(), rest_.size());
  const size_t kept = rest_.size();
  const size_t read = std::fread(buffer_.data() + kept, 1, buffer_.size() - kept, file_.get());
  rest_ = {buffer_.data(), kept + read};
  if (kept + read == buffer_.size()) return;
  failed_ = std::ferror(file_.get()) != 0;
  file_.reset();
}

void LineReader::SkipMark() {
  if (rest_.starts_with(kUtf8Mark)) rest_.remove_prefix(kUtf8Mark.size());
}

bool LineReader::Next(std::string_view* line) {
  size_t end = rest_.find('\n');
  if (end == std::string_view::npos) {
    Refill();
    end = rest_.find('\n');
  }
  if (rest_.empty()) return false;
  ++number_;
  *line = rest_.substr(0, end);
  if (line->ends_with('\r')) line->remove_suffix(1);
  cut_ = line->size() > kLongest;
  if (cut_) *line = line->substr(0, kLongest);
  if (end != std::string_view::npos) {
    rest_.remove_prefix(end + 1);
    return true;
  }
  if (file_ == nullptr) {
    rest_ = {};
    return true;
  }
  // The line is longer than the buffer. Its beginning stays where it is while the rest goes by.
  beginning_ = *line;
  while (end == std::string_view::npos && !rest_.empty()) {
    rest_ = {};
    Refill();
    end = rest_.find('\n');
  }
  if (end != std::string_view::npos) rest_.remove_prefix(end + 1);
  *line = beginning_;
  return true;
}

absl::Status LineReader::status() const {
  if (!failed_) return absl::OkStatus();
  return absl::DataLossError(absl::StrCat(path_, ": cannot be read to its end"));
}

}  // namespace borderflow
