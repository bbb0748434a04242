#include "collectors/store/sqlite.h"

#include <fcntl.h>
#include <sqlite3.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "absl/strings/str_cat.h"

namespace borderflow {
namespace {

// Longer than any transaction of ours takes.
constexpr std::chrono::seconds kBusy{10};

absl::Status ErrorOf(const std::string& path, int code, int system_error, const std::string& what) {
  switch (code & 0xff) {
    case SQLITE_NOTADB:
      return absl::FailedPreconditionError(
          absl::StrCat(path, ": is no store: ", what, "; give another file, or move it away"));
    case SQLITE_CORRUPT:
      return absl::DataLossError(absl::StrCat(path, ": is damaged: ", what,
                                              "; 'sqlite3 FILE .recover' saves what can be read"));
    case SQLITE_FULL:
      return absl::ResourceExhaustedError(
          absl::StrCat(path, ": ", what, "; free some space: what was stored before is intact"));
    case SQLITE_READONLY:
    case SQLITE_PERM:
      return absl::PermissionDeniedError(
          absl::StrCat(path, ": cannot be written: ", what, "; check who owns file and folder"));
    case SQLITE_CANTOPEN:
      return absl::NotFoundError(
          absl::StrCat(path, ": cannot be opened: ", what, "; check the path and who may read it"));
    case SQLITE_IOERR:
      return absl::ResourceExhaustedError(
          absl::StrCat(path, ": ", what, ": ",
                       system_error == 0 ? "no reason given" : std::strerror(system_error),
                       "; look at the disk's space and health: what was stored before is intact"));
    case SQLITE_BUSY:
      return absl::AbortedError(absl::StrCat(path, ": another program is writing to it: ", what));
    default:
      return absl::UnavailableError(absl::StrCat(path, ": ", what, " (SQLite error ", code, ")"));
  }
}

// There SQLite cannot make the shared memory by which readers and writers agree, and there is
// nobody to agree with.
bool OnReadOnlyDisk(const std::string& path) {
  struct statvfs disk = {};
  return statvfs(path.c_str(), &disk) == 0 && (disk.f_flag & ST_RDONLY) != 0;
}

// https://www.sqlite.org/uri.html
std::string ImmutableUri(const std::string& path) {
  std::string uri = "file:";
  for (const char c : path) {
    if (c == '%' || c == '?' || c == '#') {
      absl::StrAppend(&uri, "%", absl::Hex(static_cast<uint8_t>(c), absl::kZeroPad2));
    } else {
      uri.push_back(c);
    }
  }
  return uri + "?immutable=1";
}

// A store is its owner's alone: what it holds is unsuppressed. SQLite gives its companions (-wal,
// -shm) the file's own mode.
absl::Status MakeFile(const std::string& path) {
  const int descriptor = open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, S_IRUSR | S_IWUSR);
  if (descriptor < 0) {
    const std::string what = absl::StrCat(path, ": cannot be written: ", std::strerror(errno),
                                          "; give another file, or make its folder");
    return errno == EACCES || errno == EROFS ? absl::PermissionDeniedError(what)
                                             : absl::NotFoundError(what);
  }
  fchmod(descriptor, S_IRUSR | S_IWUSR);
  close(descriptor);
  return absl::OkStatus();
}

}  // namespace

void SqliteStatement::Finalize::operator()(sqlite3_stmt* statement) const {
  sqlite3_finalize(statement);
}

SqliteStatement& SqliteStatement::Bind(int at, int64_t value) {
  sqlite3_bind_int64(statement_.get(), at, value);
  return *this;
}

SqliteStatement& SqliteStatement::Bind(int at, std::string_view text) {
  sqlite3_bind_text(statement_.get(), at, text.data(), static_cast<int>(text.size()),
                    SQLITE_STATIC);
  return *this;
}

SqliteStatement& SqliteStatement::BindBytes(int at, std::string_view bytes) {
  sqlite3_bind_blob(statement_.get(), at, bytes.data(), static_cast<int>(bytes.size()),
                    SQLITE_STATIC);
  return *this;
}

SqliteStatement& SqliteStatement::BindNull(int at) {
  sqlite3_bind_null(statement_.get(), at);
  return *this;
}

absl::StatusOr<bool> SqliteStatement::Step() {
  const int code = sqlite3_step(statement_.get());
  if (code == SQLITE_ROW) return true;
  const absl::Status error = code == SQLITE_DONE ? absl::OkStatus() : file_->LastError();
  sqlite3_reset(statement_.get());
  if (!error.ok()) return error;
  return false;
}

absl::Status SqliteStatement::Run() {
  while (true) {
    const absl::StatusOr<bool> row = Step();
    if (!row.ok()) return row.status();
    if (!*row) return absl::OkStatus();
  }
}

void SqliteStatement::Reset() { sqlite3_reset(statement_.get()); }

int64_t SqliteStatement::Integer(int column) const {
  return sqlite3_column_int64(statement_.get(), column);
}

bool SqliteStatement::IsNull(int column) const {
  return sqlite3_column_type(statement_.get(), column) == SQLITE_NULL;
}

std::string_view SqliteStatement::Text(int column) const {
  const auto* text = reinterpret_cast<const char*>(sqlite3_column_text(statement_.get(), column));
  if (text == nullptr) return {};
  return {text, static_cast<size_t>(sqlite3_column_bytes(statement_.get(), column))};
}

absl::Span<const uint8_t> SqliteStatement::Bytes(int column) const {
  const auto* bytes = static_cast<const uint8_t*>(sqlite3_column_blob(statement_.get(), column));
  if (bytes == nullptr) return {};
  return {bytes, static_cast<size_t>(sqlite3_column_bytes(statement_.get(), column))};
}

void SqliteFile::Close::operator()(sqlite3* file) const { sqlite3_close_v2(file); }

absl::StatusOr<std::unique_ptr<SqliteFile>> SqliteFile::Open(const std::string& path, Mode mode) {
  if (mode == Mode::kCreate) {
    if (absl::Status s = MakeFile(path); !s.ok()) return s;
  }
  struct stat status = {};
  if (stat(path.c_str(), &status) == 0 && S_ISDIR(status.st_mode)) {
    return absl::NotFoundError(
        absl::StrCat(path, ": is a folder, no store; give the file that is in it"));
  }
  sqlite3* opened = nullptr;
  int flags =
      (mode == Mode::kRead ? SQLITE_OPEN_READONLY : SQLITE_OPEN_READWRITE) | SQLITE_OPEN_NOMUTEX;
  std::string name = path;
  if (mode == Mode::kRead && OnReadOnlyDisk(path)) {
    if (stat((path + "-wal").c_str(), &status) == 0 && status.st_size > 0) {
      return absl::FailedPreconditionError(
          absl::StrCat(path, ": lies on a read-only disk, and windows that are not in it yet in ",
                       path, "-wal; copy both and ", path, ".key to a disk that can be written"));
    }
    name = ImmutableUri(path);
    flags |= SQLITE_OPEN_URI;
  }
  const int code = sqlite3_open_v2(name.c_str(), &opened, flags, nullptr);
  std::unique_ptr<SqliteFile> file(new SqliteFile(path, opened));
  if (code != SQLITE_OK) {
    if (opened == nullptr) return absl::ResourceExhaustedError(absl::StrCat(path, ": no memory"));
    return file->LastError();
  }
  sqlite3_extended_result_codes(opened, 1);
  file->WaitForOthers(kBusy);
  return file;
}

void SqliteFile::WaitForOthers(std::chrono::milliseconds time) {
  sqlite3_busy_timeout(file_.get(), static_cast<int>(time.count()));
}

absl::Status SqliteFile::LastError() const {
  return ErrorOf(path_, sqlite3_extended_errcode(file_.get()), sqlite3_system_errno(file_.get()),
                 sqlite3_errmsg(file_.get()));
}

absl::StatusOr<SqliteStatement> SqliteFile::Prepare(std::string_view sql) {
  sqlite3_stmt* statement = nullptr;
  const int code = sqlite3_prepare_v3(file_.get(), sql.data(), static_cast<int>(sql.size()),
                                      SQLITE_PREPARE_PERSISTENT, &statement, nullptr);
  if (code != SQLITE_OK) return LastError();
  return SqliteStatement(this, statement);
}

absl::Status SqliteFile::Execute(const std::string& sql) {
  if (sqlite3_exec(file_.get(), sql.c_str(), nullptr, nullptr, nullptr) != SQLITE_OK) {
    return LastError();
  }
  return absl::OkStatus();
}

absl::StatusOr<int64_t> SqliteFile::Integer(std::string_view sql) {
  absl::StatusOr<SqliteStatement> statement = Prepare(sql);
  if (!statement.ok()) return statement.status();
  const absl::StatusOr<bool> row = statement->Step();
  if (!row.ok()) return row.status();
  return *row ? statement->Integer(0) : 0;
}

int64_t SqliteFile::last_row_id() const { return sqlite3_last_insert_rowid(file_.get()); }

absl::StatusOr<SqliteTransaction> SqliteTransaction::Begin(SqliteFile* file) {
  if (absl::Status s = file->Execute("BEGIN IMMEDIATE"); !s.ok()) return s;
  return SqliteTransaction(file);
}

absl::Status SqliteTransaction::Commit() {
  const absl::Status status = file_->Execute("COMMIT");
  if (status.ok()) file_ = nullptr;
  return status;
}

SqliteTransaction::~SqliteTransaction() {
  // SQLite may have rolled back by itself, which is as well.
  if (file_ != nullptr) file_->Execute("ROLLBACK").IgnoreError();
}

}  // namespace borderflow
