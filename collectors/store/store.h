// Store: the embedded store of windows, one SQLite file, mode 0600, with full cells, unsuppressed.
//
// A window is appended in one transaction, which is on the disk when Append returns: a crash at any
// instant loses at most the open window. Windows roll up to hours, days and a total over all time,
// each with client sets that can be merged; what has rolled up may be pruned by age, tier by tier,
// but the total never. FORMAT.md describes the file.
//
//   tier      0 window     1 hour     2 day     3 all time
//
// Thread safety: none; one a thread. Several programs may have the file open: one writes at a time.
// Slow twin in tests: a vector of windows.
#ifndef BORDERFLOW_COLLECTORS_STORE_STORE_H_
#define BORDERFLOW_COLLECTORS_STORE_STORE_H_

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "collectors/report/report.h"
#include "collectors/store/cell_keys.h"
#include "collectors/store/client_seal.h"
#include "collectors/store/counts_json.h"
#include "collectors/store/retention.h"
#include "collectors/store/sqlite.h"
#include "collectors/window/window.h"

namespace borderflow {

// Seconds since 1970, from <= time < to. Windows are not divided, and neither is an hour or a day
// whose windows were pruned: those that `from` or `to` lies in count as a whole.
struct TimeRange {
  std::optional<uint64_t> from;
  std::optional<uint64_t> to;
};

// What a store holds of one sensor under one statement.
struct StoredCounts {
  Report statement;   // without counts
  SpanCounts counts;  // with cells, sorted by key
  uint64_t spans = 0;
};

struct StoredRange {
  std::vector<StoredCounts> parts;  // by sensor, then by time of first use
  uint64_t from = 0;                // what counts: as asked for, and widened to whole spans
  uint64_t to = 0;
};

class Store {
 public:
  enum class Mode { kRead, kWrite, kCreate };

  // kRead brings an older store up to date first, which must then be writable.
  // Errors: those of SqliteFile::Open and PrepareSchema.
  static absl::StatusOr<std::unique_ptr<Store>> Open(const std::string& path, Mode mode);

  // How long a call waits for another program that writes; ten seconds unless said.
  void WaitForOthers(std::chrono::milliseconds time) { file_->WaitForOthers(time); }

  // The sequence number that the sensor's next window must have: 0 for a sensor that is new.
  absl::StatusOr<uint64_t> NextSequence(const std::string& sensor);

  // Stores a window; false, and nothing changes, when one of this sensor and sequence is there
  // already. `statement` (statement.h) is the one of the run.
  // A gap in the sequence is a window that was lost. Errors: ResourceExhausted for a full disk,
  // Aborted while another program writes, and others; nothing of the window is stored then, and a
  // later call may succeed.
  absl::StatusOr<bool> Append(const Window& window, const std::string& statement);

  // Adds windows to hours, hours to days and days to the total, as far as they ended before `now`
  // (seconds since 1970; of the data, not of a clock). One transaction each.
  absl::Status RollUp(uint64_t now);

  // Removes what has rolled up and is older than its tier is kept.
  absl::Status Prune(const Retention& retention, uint64_t now);

  absl::StatusOr<StoredRange> Read(const TimeRange& range);

  // Every window that is still there, oldest first, without cells: for lists.
  struct Listed {
    std::string sensor;
    uint64_t sequence = 0;
    uint64_t begin = 0;
    uint64_t end = 0;
    std::string counts;    // JSON (counts_json.h)
    std::string coverage;  // JSON; empty in stores of an older version
  };
  absl::StatusOr<std::vector<Listed>> Windows();

  const std::string& path() const { return file_->path(); }

 private:
  // A row of the table of spans.
  struct Span {
    int64_t id = 0;
    int tier = 0;
    int64_t sensor = 0;
    int64_t statement = 0;
    int64_t begin = 0;  // seconds
    int64_t end = 0;
    bool rolled_up = false;  // its counts are in the span of the next tier, too
  };

  Store() = default;

  static Span ParentOf(const Span& span);

  // Each within a transaction of the caller's.
  absl::Status AppendIn(const Window& window, const std::string& statement, int64_t sensor);
  absl::Status RollUpIn(const Span& parent);
  absl::Status AddTo(Span span, const SpanCounts& counts);
  absl::Status PruneTier(int tier, int64_t before);
  absl::StatusOr<int64_t> StatementId(const std::string& statement);
  absl::StatusOr<int64_t> Insert(const Span& span, std::optional<uint64_t> sequence,
                                 const SpanCounts& counts);
  absl::Status WriteCells(int64_t span, const std::vector<Cell>& cells);
  absl::Status AddCells(int64_t span, std::vector<Cell> cells);
  absl::StatusOr<std::vector<Span>> Select(const std::string& where);
  absl::StatusOr<SpanCounts> ReadCounts(int64_t span);

  // Sums up the cells of spans, until they are taken.
  absl::Status Accumulate(int64_t span);
  std::vector<Cell> TakeAccumulated();

  // The key of the client sets, made with the store (client_seal.h).
  absl::Status PrepareSeal(bool write);
  // The set as ClientSet reads it. Errors: DataLoss.
  absl::Status OpenClients(int64_t span, int64_t key, absl::Span<const uint8_t> stored,
                           std::vector<uint8_t>* set);

  absl::Status Widen(int64_t* from, int64_t* to);

  std::unique_ptr<SqliteFile> file_;
  std::unique_ptr<ClientSeal> seal_;  // nullptr: a store of an older version, read only
  CellKeys keys_;
  // By key number - 1, each for itself: counters of many keys then fit into the processor's cache.
  std::vector<CellCounters> counted_;
  std::vector<ClientSet> clients_;
  std::vector<int64_t> accumulating_;  // those numbers that are in use
};

}  // namespace borderflow

#endif  // BORDERFLOW_COLLECTORS_STORE_STORE_H_
