#include "collectors/store/clickhouse/clickhouse_exporter.h"

#include <chrono>
#include <ctime>
#include <utility>

#include "absl/strings/str_cat.h"

namespace borderflow {

ClickHouseExporter::ClickHouseExporter(ClickHouseServer server, std::unique_ptr<Spool> spool,
                                       size_t rows_in_insert)
    : name_("clickhouse " + server.shown),
      client_(std::move(server)),
      rows_in_insert_(rows_in_insert),
      spool_(std::move(spool)) {
  told_.spool_limit_bytes = spool_->limit_bytes();
  TellSpool();
}

void ClickHouseExporter::TellSpool() {
  const std::lock_guard<std::mutex> lock(told_mutex_);
  told_.waiting = spool_->statements();
  told_.spool_bytes = spool_->bytes();
}

absl::Status ClickHouseExporter::Export(const ExportBatch& batch, const Hurry&) {
  const auto now = std::chrono::system_clock::now().time_since_epoch();
  const auto written =
      static_cast<uint64_t>(std::chrono::duration_cast<std::chrono::nanoseconds>(now).count());
  const std::vector<std::string> statements = Inserts(batch, written, rows_in_insert_);
  const std::lock_guard<std::mutex> lock(mutex_);
  const absl::Status added = spool_->Add(statements);
  TellSpool();
  return added;
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

absl::StatusOr<std::optional<std::string>> ClickHouseExporter::NextStatement() {
  const std::lock_guard<std::mutex> lock(mutex_);
  return spool_->Next();
}

bool ClickHouseExporter::Settle(const absl::Status& sent) {
  const std::lock_guard<std::mutex> lock(mutex_);
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
  TellSpool();
  const std::lock_guard<std::mutex> told(told_mutex_);
  told_.blocked = !reason_.ok();
  if (told_.blocked) ++told_.retries;
  if (sent.ok()) told_.last_success = static_cast<uint64_t>(std::time(nullptr));
  return reason_.ok();
}

void ClickHouseExporter::Ask(bool asking) {
  const std::lock_guard<std::mutex> lock(told_mutex_);
  asked_ = asking ? std::optional(std::chrono::steady_clock::now()) : std::nullopt;
}

uint64_t ClickHouseExporter::SendWaiting(const Hurry& hurry) {
  bool going_on = true;
  while (going_on && !hurry.begun()) {
    const absl::StatusOr<std::optional<std::string>> statement = NextStatement();
    if (statement.ok() && !statement->has_value()) break;
    Ask(true);
    const absl::Status sent = statement.ok() ? SendOne(**statement, hurry) : statement.status();
    Ask(false);
    going_on = Settle(sent);
  }
  return waiting();
}

uint64_t ClickHouseExporter::waiting() const {
  const std::lock_guard<std::mutex> lock(told_mutex_);
  return told_.waiting;
}

void ClickHouseExporter::State(ExportCounters* counters) const {
  const std::lock_guard<std::mutex> lock(told_mutex_);
  counters->waiting = told_.waiting;
  counters->spool_bytes = told_.spool_bytes;
  counters->spool_limit_bytes = told_.spool_limit_bytes;
  counters->retries += told_.retries;
  // The queue knows when the spool took something, which is not the server.
  counters->last_success = told_.last_success;
  const bool slow = asked_.has_value() &&
                    std::chrono::steady_clock::now() - *asked_ >= BackgroundQueue::kBlockedAfter;
  counters->blocked = counters->blocked || told_.blocked || slow;
}

absl::Status ClickHouseExporter::waiting_reason() const {
  const std::lock_guard<std::mutex> lock(mutex_);
  if (!refused_.ok()) return refused_;
  return spool_->statements() > 0 ? reason_ : absl::OkStatus();
}

}  // namespace borderflow
