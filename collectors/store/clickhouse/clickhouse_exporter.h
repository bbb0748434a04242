// ClickHouseExporter: batches to a spool on disk, and from there to a ClickHouse server.
//
// A batch is taken over once it is in the spool. What cannot be sent waits there, also for a later
// run, and is sent in the order in which it came. A statement may be sent twice, when the answer to
// the first was lost; the keys of its rows make that one (see inserts.h).
#ifndef BORDERFLOW_COLLECTORS_STORE_CLICKHOUSE_CLICKHOUSE_EXPORTER_H_
#define BORDERFLOW_COLLECTORS_STORE_CLICKHOUSE_CLICKHOUSE_EXPORTER_H_

#include <memory>
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
  uint64_t SendWaiting(const Hurry& hurry) override;
  absl::Status waiting_reason() const override;

 private:
  absl::Status SendOne(std::string_view statement, const Hurry& hurry);

  const std::string name_;
  ClickHouseClient client_;
  std::unique_ptr<Spool> spool_;
  const size_t rows_in_insert_;
  bool prepared_ = false;
  absl::Status reason_;
  absl::Status refused_;  // the first batch that the server would never take
};

}  // namespace borderflow

#endif  // BORDERFLOW_COLLECTORS_STORE_CLICKHOUSE_CLICKHOUSE_EXPORTER_H_
