#include "collectors/store/schema.h"

#include <utility>

#include "absl/strings/str_cat.h"

namespace borderflow {
namespace {

constexpr const char* kVersion1 = R"sql(
CREATE TABLE property(name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT;
INSERT INTO property VALUES('suppressed', 'false');
CREATE TABLE sensor(
  id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, next_sequence INTEGER NOT NULL) STRICT;
CREATE TABLE statement(id INTEGER PRIMARY KEY, digest TEXT NOT NULL UNIQUE, json TEXT NOT NULL)
  STRICT;
CREATE TABLE span(
  id INTEGER PRIMARY KEY, tier INTEGER NOT NULL, sensor INTEGER NOT NULL REFERENCES sensor(id),
  statement INTEGER NOT NULL REFERENCES statement(id), sequence INTEGER, begin INTEGER NOT NULL,
  end INTEGER NOT NULL, rolled_up INTEGER NOT NULL DEFAULT 0, pruned INTEGER NOT NULL DEFAULT 0,
  counts TEXT NOT NULL) STRICT;
CREATE INDEX span_by_time ON span(tier, begin);
CREATE TABLE cell_key(
  id INTEGER PRIMARY KEY, src TEXT NOT NULL, dst TEXT NOT NULL, src_registered TEXT NOT NULL,
  dst_registered TEXT NOT NULL, src_as INTEGER NOT NULL, dst_as INTEGER NOT NULL,
  role TEXT NOT NULL, category TEXT NOT NULL, evidence TEXT NOT NULL, confidence INTEGER NOT NULL,
  protection TEXT NOT NULL, protocol TEXT NOT NULL, named INTEGER NOT NULL,
  entity INTEGER NOT NULL) STRICT;
CREATE TABLE cell(
  span INTEGER NOT NULL, key INTEGER NOT NULL, frames INTEGER NOT NULL, bytes INTEGER NOT NULL,
  payload_bytes INTEGER NOT NULL, flows INTEGER NOT NULL, clients BLOB, PRIMARY KEY(span, key))
  STRICT, WITHOUT ROWID;
CREATE VIEW windows AS
  SELECT span.id AS id, sensor.name AS sensor, span.sequence AS sequence,
         datetime(span.begin, 'unixepoch') AS begin, span.end - span.begin AS seconds, span.counts
  FROM span JOIN sensor ON sensor.id = span.sensor WHERE span.tier = 0;
CREATE VIEW window_cells AS
  SELECT windows.sensor, windows.begin, windows.seconds, cell_key.*, cell.frames, cell.bytes,
         cell.payload_bytes, cell.flows
  FROM windows JOIN cell ON cell.span = windows.id JOIN cell_key ON cell_key.id = cell.key;
)sql";

// What each version adds to the one before it.
constexpr const char* kVersion2 = "ALTER TABLE span ADD COLUMN coverage TEXT;";

// Client sets are sealed from here on (client_seal.h); those of before can still be read.
constexpr const char* kVersion3 = "";

constexpr const char* kSteps[kSchemaVersion] = {kVersion1, kVersion2, kVersion3};

absl::Status Migrate(SqliteFile* file) {
  absl::StatusOr<SqliteTransaction> transaction = SqliteTransaction::Begin(file);
  if (!transaction.ok()) return transaction.status();
  // Asked again within the transaction: another program may have been faster.
  const absl::StatusOr<int64_t> version = file->Integer("PRAGMA user_version");
  if (!version.ok()) return version.status();
  for (int64_t step = *version; step < kSchemaVersion; ++step) {
    if (absl::Status s = file->Execute(kSteps[step]); !s.ok()) return s;
  }
  if (absl::Status s = file->Execute(absl::StrCat("PRAGMA application_id = ", kApplicationId,
                                                  "; PRAGMA user_version = ", kSchemaVersion));
      !s.ok()) {
    return s;
  }
  return transaction->Commit();
}

}  // namespace

absl::Status PrepareSchema(SqliteFile* file, bool write) {
  const absl::StatusOr<int64_t> application = file->Integer("PRAGMA application_id");
  if (!application.ok()) return application.status();
  const absl::StatusOr<int64_t> version = file->Integer("PRAGMA user_version");
  if (!version.ok()) return version.status();
  const absl::StatusOr<int64_t> tables = file->Integer("SELECT count(*) FROM sqlite_schema");
  if (!tables.ok()) return tables.status();
  const bool empty = *application == 0 && *version == 0 && *tables == 0;
  if (*application != kApplicationId && !(empty && write)) {
    return absl::FailedPreconditionError(absl::StrCat(
        file->path(), empty ? ": is an empty file, no store; 'borderflow replay --sqlite' makes one"
                            : ": is a SQLite file of another program, no store; give another one"));
  }
  if (*version > kSchemaVersion) {
    return absl::FailedPreconditionError(
        absl::StrCat(file->path(), ": its version is ", *version, ", and this borderflow knows ",
                     kSchemaVersion, ": it was written by a newer one; use that"));
  }
  if (*version < kSchemaVersion && !write) {
    return absl::FailedPreconditionError(
        absl::StrCat(file->path(), ": its version is ", *version, ", today's is ", kSchemaVersion,
                     ", and it cannot be written to bring it up to date; make a copy that can be"));
  }
  if (!write) return absl::OkStatus();
  // Cells are read in long runs: large pages ask the system a quarter as often. (For a new file
  // only; another has its size.) Readers never wait for the writer. A commit is on the disk when it
  // returns.
  if (absl::Status s = file->Execute("PRAGMA page_size = 16384"); !s.ok()) return s;
  if (absl::Status s = file->Execute("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL");
      !s.ok()) {
    return s;
  }
  return *version < kSchemaVersion ? Migrate(file) : absl::OkStatus();
}

}  // namespace borderflow
