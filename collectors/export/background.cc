#include "collectors/export/background.h"

#include <utility>

namespace borderflow {

BackgroundExporter::BackgroundExporter(std::unique_ptr<Exporter> exporter, size_t queue)
    : exporter_(std::move(exporter)), queue_(exporter_->name(), queue) {
  if (exporter_->keeps()) sending_ = std::thread([this] { Send(); });
}

BackgroundExporter::~BackgroundExporter() {
  Finish(std::chrono::milliseconds(0)).IgnoreError();  // again does no harm
}

BackgroundQueue::Job BackgroundExporter::JobOf(std::shared_ptr<const ExportBatch> batch) {
  return [this, kept = std::move(batch)](const Hurry& hurry) {
    const absl::Status status = exporter_->Export(*kept, hurry);
    const std::lock_guard<std::mutex> lock(mutex_);
    more_ = true;
    changed_.notify_all();
    return status;
  };
}

bool BackgroundExporter::Offer(std::shared_ptr<const ExportBatch> batch) {
  const size_t rows = batch->rows.size();
  return queue_.Offer(rows, JobOf(std::move(batch)));
}

bool BackgroundExporter::OfferPatiently(std::shared_ptr<const ExportBatch> batch) {
  const size_t rows = batch->rows.size();
  return queue_.OfferPatiently(rows, JobOf(std::move(batch)));
}

ExportCounters BackgroundExporter::Counters() const {
  ExportCounters counters = queue_.Counters();
  counters.waiting = exporter_->waiting();
  exporter_->State(&counters);
  return counters;
}

absl::Status BackgroundExporter::Finish(std::chrono::milliseconds patience) {
  const absl::Status status = queue_.Finish(patience);
  FinishSending(patience);
  return status;
}

void BackgroundExporter::FinishSending(std::chrono::milliseconds patience) {
  if (!sending_.joinable()) return;
  {
    std::unique_lock<std::mutex> lock(mutex_);
    ending_ = true;
    changed_.notify_all();
    bool moving = true;
    while (moving && !ended_) {
      const uint64_t before = exporter_->waiting();
      changed_.wait_for(lock, patience, [this] { return ended_; });
      moving = exporter_->waiting() < before;
    }
  }
  hurry_.Begin();
  sending_.join();
}

void BackgroundExporter::Send() {
  uint64_t waiting = exporter_->SendWaiting(hurry_);  // what an earlier run left
  std::unique_lock<std::mutex> lock(mutex_);
  while (true) {
    if (waiting > 0 && !ending_) {
      changed_.wait_for(lock, kRetry, [this] { return ending_; });
    } else {
      changed_.wait(lock, [this] { return more_ || ending_; });
    }
    more_ = false;
    const bool last = ending_;  // nothing comes after this is set
    lock.unlock();
    waiting = exporter_->SendWaiting(hurry_);
    const bool done = last && (waiting == 0 || hurry_.begun());
    if (last && !done) hurry_.WaitFor(kRetry);
    lock.lock();
    if (done) break;
  }
  ended_ = true;
  changed_.notify_all();
}

}  // namespace borderflow
