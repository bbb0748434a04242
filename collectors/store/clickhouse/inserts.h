// Inserts: a batch as the statements that put it into ClickHouse.
//
// Every statement is an INSERT with its rows behind it, and is sent as it is. Sending one again
// changes nothing: its rows have the same keys. The last one makes the window visible, so a window
// is read whole or not at all.
//
// Thread safety: pure functions.
#ifndef BORDERFLOW_COLLECTORS_STORE_CLICKHOUSE_INSERTS_H_
#define BORDERFLOW_COLLECTORS_STORE_CLICKHOUSE_INSERTS_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "collectors/export/batch.h"

namespace borderflow {

// Rows of cells in one statement. The server takes so many in one piece or not at all, and some 20
// MB of text are no burden to it.
inline constexpr size_t kRowsInInsert = 50'000;

// In the order in which they must arrive. Equal batches give equal statements, but for the last,
// which holds `written_ns`: of two different batches for one window, the one written later counts.
std::vector<std::string> Inserts(const ExportBatch& batch, uint64_t written_ns,
                                 size_t rows_in_insert = kRowsInInsert);

}  // namespace borderflow

#endif  // BORDERFLOW_COLLECTORS_STORE_CLICKHOUSE_INSERTS_H_
