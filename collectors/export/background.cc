#include "collectors/export/background.h"

#include <utility>

#include "absl/strings/str_cat.h"

namespace borderflow {

void Hurry::Begin() {
  const std::lock_guard<std::mutex> lock(mutex_);
  begun_ = true;
  changed_.notify_all();
}

bool Hurry::begun() const {
  const std::lock_guard<std::mutex> lock(mutex_);
  return begun_;
}

void Hurry::WaitFor(std::chrono::milliseconds time) const {
  std::unique_lock<std::mutex> lock(mutex_);
  changed_.wait_for(lock, time, [this] { return begun_; });
}

BackgroundExporter::BackgroundExporter(std::unique_ptr<Exporter> exporter, size_t queue)
    : exporter_(std::move(exporter)), limit_(queue), thread_([this] { Run(); }) {}

BackgroundExporter::~BackgroundExporter() {
  if (thread_.joinable()) Finish(std::chrono::milliseconds(0)).IgnoreError();
}

bool BackgroundExporter::Offer(std::shared_ptr<const ExportBatch> batch) {
  const std::lock_guard<std::mutex> lock(mutex_);
  ++counters_.offered_batches;
  if (ending_ || queue_.size() >= limit_) {
    ++counters_.overflow_batches;
    counters_.overflow_rows += batch->rows.size();
    return false;
  }
  queue_.push_back(std::move(batch));
  changed_.notify_all();
  return true;
}

ExportCounters BackgroundExporter::Counters() const {
  const std::lock_guard<std::mutex> lock(mutex_);
  return counters_;
}

absl::Status BackgroundExporter::Finish(std::chrono::milliseconds patience) {
  {
    std::unique_lock<std::mutex> lock(mutex_);
    ending_ = true;
    changed_.notify_all();
    changed_.wait_for(lock, patience, [this] { return ended_; });
  }
  hurry_.Begin();
  if (thread_.joinable()) thread_.join();
  const std::lock_guard<std::mutex> lock(mutex_);
  if (!first_error_.ok()) return first_error_;
  if (counters_.overflow_batches == 0) return absl::OkStatus();
  return absl::ResourceExhaustedError(
      absl::StrCat(exporter_->name(), ": ", counters_.overflow_batches, " windows of ",
                   counters_.overflow_rows, " rows were dropped: the receiver was too slow"));
}

void BackgroundExporter::ExportOne(const ExportBatch& batch) {
  const absl::Status status =
      hurry_.begun() ? absl::DeadlineExceededError(absl::StrCat(
                           exporter_->name(), ": not sent: the exporter had no time left"))
                     : exporter_->Export(batch, hurry_);
  const std::lock_guard<std::mutex> lock(mutex_);
  (status.ok() ? counters_.exported_batches : counters_.failed_batches) += 1;
  (status.ok() ? counters_.exported_rows : counters_.failed_rows) += batch.rows.size();
  first_error_.Update(status);
}

void BackgroundExporter::Run() {
  uint64_t waiting = exporter_->SendWaiting(hurry_);  // what an earlier run left
  std::unique_lock<std::mutex> lock(mutex_);
  counters_.waiting = waiting;
  while (true) {
    const auto has_work = [this] { return !queue_.empty() || ending_; };
    if (waiting > 0) {
      changed_.wait_for(lock, kRetry, has_work);
    } else {
      changed_.wait(lock, has_work);
    }
    while (!queue_.empty()) {
      const std::shared_ptr<const ExportBatch> batch = std::move(queue_.front());
      queue_.pop_front();
      lock.unlock();
      ExportOne(*batch);
      lock.lock();
    }
    const bool last = ending_;  // nothing is queued after this is set
    lock.unlock();
    waiting = exporter_->SendWaiting(hurry_);
    const bool done = last && (waiting == 0 || hurry_.begun());
    if (last && !done) hurry_.WaitFor(kRetry);
    lock.lock();
    counters_.waiting = waiting;
    if (done) break;
  }
  ended_ = true;
  changed_.notify_all();
}

}  // namespace borderflow
