#include "collectors/store/clickhouse/spool.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <optional>
#include <system_error>
#include <utility>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"

namespace borderflow {
namespace {

namespace fs = std::filesystem;

constexpr char kRefused[] = "refused";
constexpr char kUnfinished[] = "unfinished";
constexpr size_t kDigits = 20;

absl::Status DiskError(const std::string& path, const std::string& reason) {
  return absl::UnavailableError(
      absl::StrCat(path, ": the spool cannot be written: ", reason, "; name another with --spool"));
}

// All of it, on the disk, readable by its owner only.
absl::Status WriteFile(const std::string& path, std::string_view text) {
  const int file = open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, S_IRUSR | S_IWUSR);
  if (file < 0) return DiskError(path, std::strerror(errno));
  int error = 0;
  while (error == 0 && !text.empty()) {
    const ssize_t written = write(file, text.data(), text.size());
    if (written >= 0) {
      text.remove_prefix(static_cast<size_t>(written));
    } else if (errno != EINTR) {
      error = errno;
    }
  }
  if (error == 0 && fsync(file) != 0) error = errno;
  close(file);
  return error == 0 ? absl::OkStatus() : DiskError(path, std::strerror(error));
}

// Of a batch's folder; nullopt for what no batch is called. Numbers of twenty digits are left to
// strangers, so that there is always a next one.
std::optional<uint64_t> NumberOf(const std::string& name) {
  const bool ours = name.size() == kDigits && name.front() == '0' &&
                    name.find_first_not_of("0123456789") == std::string::npos;
  uint64_t number = 0;
  return ours && absl::SimpleAtoi(name, &number) ? std::optional(number) : std::nullopt;
}

void SyncFolder(const std::string& path) {
  const int folder = open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (folder < 0) return;
  fsync(folder);
  close(folder);
}

}  // namespace

Spool::Spool(std::string folder, uint64_t limit_bytes)
    : folder_(std::move(folder)), limit_bytes_(limit_bytes) {}

Spool::~Spool() {
  if (lock_ >= 0) close(lock_);
}

std::string Spool::PathOf(uint64_t number) const {
  return absl::StrFormat("%s/%0*u", folder_, static_cast<int>(kDigits), number);
}

absl::StatusOr<std::unique_ptr<Spool>> Spool::Open(const std::string& folder,
                                                   uint64_t limit_bytes) {
  std::unique_ptr<Spool> spool(new Spool(folder, limit_bytes));
  std::error_code error;
  fs::create_directories(folder, error);
  if (error) return DiskError(folder, error.message());
  const std::string lock = folder + "/lock";
  spool->lock_ = open(lock.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, S_IRUSR | S_IWUSR);
  if (spool->lock_ < 0) return DiskError(lock, std::strerror(errno));
  if (flock(spool->lock_, LOCK_EX | LOCK_NB) != 0) {
    return DiskError(folder, "another borderflow uses it");
  }
  if (absl::Status s = spool->TakeUp(); !s.ok()) return s;
  return spool;
}

absl::Status Spool::TakeUp() {
  std::error_code error;
  fs::remove_all(folder_ + "/" + kUnfinished, error);
  fs::directory_iterator entries(folder_, error);
  for (; !error && entries != fs::directory_iterator(); entries.increment(error)) {
    const std::string name = entries->path().filename();
    const std::optional<uint64_t> named = NumberOf(name);
    if (!named.has_value()) continue;
    const uint64_t number = *named;
    next_number_ = std::max(next_number_, number + 1);
    Batch batch;
    fs::directory_iterator files(entries->path(), error);
    for (; !error && files != fs::directory_iterator(); files.increment(error)) {
      const uint64_t size = files->file_size(error);
      if (error) break;
      batch.files[files->path().filename()] = size;
      bytes_ += size;
    }
    if (error) break;
    if (batch.files.empty()) {
      fs::remove(entries->path(), error);  // the crash came between its last statement and this
    } else {
      batches_.emplace(number, std::move(batch));
    }
  }
  return error ? DiskError(folder_, error.message()) : absl::OkStatus();
}

absl::Status Spool::Add(const std::vector<std::string>& statements) {
  uint64_t size = 0;
  for (const std::string& statement : statements) size += statement.size();
  if (bytes_ + size > limit_bytes_) {
    return absl::ResourceExhaustedError(absl::StrCat(folder_, ": the spool is full: ", bytes_,
                                                     " bytes wait, the limit is ", limit_bytes_,
                                                     "; a window was dropped"));
  }
  const std::string unfinished = folder_ + "/" + kUnfinished;
  std::error_code error;
  fs::remove_all(unfinished, error);
  fs::create_directory(unfinished, error);
  if (error) return DiskError(unfinished, error.message());
  Batch batch;
  absl::Status status;
  for (size_t i = 0; status.ok() && i < statements.size(); ++i) {
    const std::string name = absl::StrFormat("%06u.insert", i);
    status = WriteFile(unfinished + "/" + name, statements[i]);
    batch.files[name] = statements[i].size();
  }
  if (status.ok()) {
    SyncFolder(unfinished);
    fs::rename(unfinished, PathOf(next_number_), error);
    if (error) status = DiskError(PathOf(next_number_), error.message());
  }
  if (!status.ok()) {
    fs::remove_all(unfinished, error);
    return status;
  }
  SyncFolder(folder_);
  batches_.emplace(next_number_++, std::move(batch));
  bytes_ += size;
  return absl::OkStatus();
}

absl::StatusOr<std::optional<std::string>> Spool::Next() {
  if (batches_.empty()) return std::nullopt;
  const auto& [number, batch] = *batches_.begin();
  const auto& [name, size] = *batch.files.begin();
  const std::string path = PathOf(number) + "/" + name;
  std::ifstream in(path, std::ios::binary);
  std::string text{std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
  if (!in || text.size() != size) {
    return absl::DataLossError(
        absl::StrCat(path, ": ", text.size(), " of ", size, " bytes can be read"));
  }
  return text;
}

absl::Status Spool::Sent() {
  auto first = batches_.begin();
  auto& files = first->second.files;
  const std::string path = PathOf(first->first);
  std::error_code error;
  fs::remove(path + "/" + files.begin()->first, error);
  // Kept in the list when it cannot be removed: to send it again is harmless, to forget it not.
  if (error) return DiskError(path, error.message());
  bytes_ -= files.begin()->second;
  files.erase(files.begin());
  if (files.empty()) {
    fs::remove(path, error);
    batches_.erase(first);
  }
  return absl::OkStatus();
}

absl::Status Spool::Refused() {
  const auto first = batches_.begin();
  const std::string aside = folder_ + "/" + kRefused;
  std::error_code error;
  fs::remove_all(aside, error);  // the last one tells enough, and the folder stays bounded
  fs::create_directory(aside, error);
  const std::string to = aside + "/" + fs::path(PathOf(first->first)).filename().string();
  fs::rename(PathOf(first->first), to, error);
  if (error) return DiskError(to, error.message());
  for (const auto& [unused, size] : first->second.files) bytes_ -= size;
  batches_.erase(first);
  return absl::OkStatus();
}

uint64_t Spool::statements() const {
  uint64_t statements = 0;
  for (const auto& [unused, batch] : batches_) statements += batch.files.size();
  return statements;
}

}  // namespace borderflow
