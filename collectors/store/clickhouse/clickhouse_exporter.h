// ClickHouseExporter: batches to a spool on disk, and from there to a ClickHouse server.
//
// A batch is taken over once it is in the spool. What cannot be sent waits there, also for a later
// run, and is sent in the order in which it came. A statement may be sent twice, when the answer to
// the first was lost; the keys of its rows make that one (see inserts.h).
//
// Thread safety: as Exporter asks. A server that never answers keeps nothing from the spool.
#ifndef BORDERFLOW_COLLECTORS_STORE_CLICKHOUSE_CLICKHOUSE_EXPORTER_H_
#define BORDERFLOW_COLLECTORS_STORE_CLICKHOUSE_CLICKHOUSE_EXPORTER_H_

#include <chrono>
#include <memory>
#include <mutex>
#include <optional>
#include <string>

#include "collectors/export/background.h"
#include "collectors/store/clickhouse/client.h"
#include "collectors/store/clickhouse/inserts.h"
#include "collectors/store/clickhouse/spool.h"

namespace borderflow {

class ClickHouseExporter : public Exporter {
 public:
  ClickHouseExporter(ClickHouseServer server, std::unique_ptr<Spool> spool,
                     size_t rows_in_insert = kRowsInInsert);

  const std::string& name() const override { return name_; }
  absl::Status Export(const ExportBatch& batch, const Hurry& hurry) override;
  bool keeps() const override { return true; }
  uint64_t SendWaiting(const Hurry& hurry) override;
  uint64_t waiting() const override;
  void State(ExportCounters* counters) const override;
  absl::Status waiting_reason() const override;

 private:
  absl::StatusOr<std::optional<std::string>> NextStatement();
  absl::Status SendOne(std::string_view statement, const Hurry& hurry);
  // What became of the statement that NextStatement gave; whether to go on with the next.
  bool Settle(const absl::Status& sent);
  // That the server is being asked, or no longer.
  void Ask(bool asking);
  // With the spool held: what it holds now.
  void TellSpool();

  const std::string name_;
  ClickHouseClient client_;  // the sending thread's
  bool prepared_ = false;    // likewise
  const size_t rows_in_insert_;
  mutable std::mutex mutex_;  // guards what stands below; never held while the server is asked
  std::unique_ptr<Spool> spool_;
  absl::Status reason_;
  absl::Status refused_;           // the first batch that the server would never take
  mutable std::mutex told_mutex_;  // never held while the disk or the server is waited for
  ExportCounters told_;            // what State tells
  std::optional<std::chrono::steady_clock::time_point> asked_;  // the server, still answering
};

}  // namespace borderflow

#endif  // BORDERFLOW_COLLECTORS_STORE_CLICKHOUSE_CLICKHOUSE_EXPORTER_H_
