// SQLite, as far as the store needs it: a file, statements, transactions; no exceptions, no leaks.
//
// Thread safety: none; one a thread.
#ifndef BORDERFLOW_COLLECTORS_STORE_SQLITE_H_
#define BORDERFLOW_COLLECTORS_STORE_SQLITE_H_

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/types/span.h"

struct sqlite3;
struct sqlite3_stmt;

namespace borderflow {

class SqliteFile;

// A prepared statement. Values are bound by position from 1; columns are read by position from 0.
class SqliteStatement {
 public:
  SqliteStatement(SqliteStatement&&) noexcept = default;
  SqliteStatement& operator=(SqliteStatement&&) noexcept = default;

  // Text and bytes must stay until the statement was stepped to its end.
  SqliteStatement& Bind(int at, int64_t value);
  SqliteStatement& Bind(int at, std::string_view text);
  SqliteStatement& BindBytes(int at, std::string_view bytes);
  SqliteStatement& BindNull(int at);

  // The next row: false when there is none; the statement may then be bound and stepped anew.
  absl::StatusOr<bool> Step();
  // Steps to the end.
  absl::Status Run();
  // Forgets the rest of the rows.
  void Reset();

  int64_t Integer(int column) const;
  bool IsNull(int column) const;
  // Valid until the next step.
  std::string_view Text(int column) const;
  absl::Span<const uint8_t> Bytes(int column) const;

 private:
  friend class SqliteFile;
  struct Finalize {
    void operator()(sqlite3_stmt* statement) const;
  };
  SqliteStatement(SqliteFile* file, sqlite3_stmt* statement) : file_(file), statement_(statement) {}

  SqliteFile* file_;
  std::unique_ptr<sqlite3_stmt, Finalize> statement_;
};

class SqliteFile {
 public:
  enum class Mode { kRead, kWrite, kCreate };

  // Errors: NotFound; PermissionDenied; FailedPrecondition for a file that is no SQLite database;
  // each with path and remedy.
  static absl::StatusOr<std::unique_ptr<SqliteFile>> Open(const std::string& path, Mode mode);

  // How long a statement waits for another program that writes, before it is Aborted.
  void WaitForOthers(std::chrono::milliseconds time);

  absl::StatusOr<SqliteStatement> Prepare(std::string_view sql);
  // Any number of statements without values.
  absl::Status Execute(const std::string& sql);
  // The first column of the first row, or 0.
  absl::StatusOr<int64_t> Integer(std::string_view sql);

  int64_t last_row_id() const;
  const std::string& path() const { return path_; }

  // What SQLite last complained of, with path and remedy.
  absl::Status LastError() const;

 private:
  struct Close {
    void operator()(sqlite3* file) const;
  };
  SqliteFile(std::string path, sqlite3* file) : path_(std::move(path)), file_(file) {}

  std::string path_;
  std::unique_ptr<sqlite3, Close> file_;
};

// A write transaction: all or nothing. Rolls back unless committed.
class SqliteTransaction {
 public:
  // Waits for another writer for some seconds.
  static absl::StatusOr<SqliteTransaction> Begin(SqliteFile* file);
  SqliteTransaction(SqliteTransaction&& other) noexcept
      : file_(std::exchange(other.file_, nullptr)) {}
  SqliteTransaction& operator=(SqliteTransaction&&) = delete;
  ~SqliteTransaction();

  absl::Status Commit();

 private:
  explicit SqliteTransaction(SqliteFile* file) : file_(file) {}
  SqliteFile* file_;
};

}  // namespace borderflow

#endif  // BORDERFLOW_COLLECTORS_STORE_SQLITE_H_
