// The store's tables, and how an older store becomes one of today. FORMAT.md describes them.
//
// Thread safety: none.
#ifndef BORDERFLOW_COLLECTORS_STORE_SCHEMA_H_
#define BORDERFLOW_COLLECTORS_STORE_SCHEMA_H_

#include "absl/status/status.h"
#include "collectors/store/sqlite.h"

namespace borderflow {

inline constexpr int kSchemaVersion = 3;
// In the file's header, so that a store is told from any other SQLite file: "bflw".
inline constexpr int kApplicationId = 0x62666c77;

// Checks what kind of file it is; with `write`, makes the tables of an empty file, and those of an
// older store today's, in one transaction.
// Errors: FailedPrecondition for another program's file, for a newer version, and for an older one
// that may only be read.
absl::Status PrepareSchema(SqliteFile* file, bool write);

}  // namespace borderflow

#endif  // BORDERFLOW_COLLECTORS_STORE_SCHEMA_H_
