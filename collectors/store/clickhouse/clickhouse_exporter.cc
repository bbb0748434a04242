#include "collectors/store/clickhouse/clickhouse_exporter.h"

#include <chrono>
#include <utility>

#include "absl/strings/str_cat.h"

namespace borderflow {

ClickHouseExporter::ClickHouseExporter(ClickHouseServer server, std::unique_ptr<Spool> spool,
                                       size_t rows_in_insert)
    : name_("clickhouse " + server.shown),
      client_(std::move(server)),
      spool_(std::move(spool)),
      rows_in_insert_(rows_in_insert) {}

absl::Status ClickHouseExporter::Export(const ExportBatch& batch, const Hurry&) {
  const auto now = std::chrono::system_clock::now().time_since_epoch();
  const auto written =
      static_cast<uint64_t>(std::chrono::duration_cast<std::chrono::nanoseconds>(now).count());
  return spool_->Add(Inserts(batch, written, rows_in_insert_));
}

absl::Status ClickHouseExporter::SendOne(std::string_view statement, const Hurry& hurry) {
  if (!prepared_) {
    if (absl::Status s = client_.Prepare(hurry); !s.ok()) {
      // A statement that we do not even send is not what the server refuses.
      return absl::IsInvalidArgument(s) ? absl::UnavailableError(s.message()) : s;
    }
    prepared_ = true;
  }
  return client_.Run(statement, hurry).status();
}

uint64_t ClickHouseExporter::SendWaiting(const Hurry& hurry) {
  reason_ = absl::OkStatus();
  while (reason_.ok() && spool_->statements() > 0 && !hurry.begun()) {
    const absl::StatusOr<std::optional<std::string>> statement = spool_->Next();
    const absl::Status sent = statement.ok() ? SendOne(**statement, hurry) : statement.status();
    if (sent.ok()) {
      reason_ = spool_->Sent();
    } else if (absl::IsInvalidArgument(sent) || absl::IsDataLoss(sent)) {
      refused_.Update(absl::DataLossError(absl::StrCat(
          std::string(sent.message()), "; the window lies in ", spool_->folder(), "/refused")));
      reason_ = spool_->Refused();
    } else {
      prepared_ = false;  // the server may come back as another
      reason_ = sent;
    }
  }
  return spool_->statements();
}

absl::Status ClickHouseExporter::waiting_reason() const {
  return refused_.ok() ? reason_ : refused_;
}

}  // namespace borderflow
