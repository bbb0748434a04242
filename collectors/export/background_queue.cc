#include "collectors/export/background_queue.h"

#include <ctime>
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

BackgroundQueue::BackgroundQueue(std::string name, size_t limit)
    : name_(std::move(name)), limit_(limit), thread_([this] { Run(); }) {}

BackgroundQueue::~BackgroundQueue() {
  if (thread_.joinable()) Finish(std::chrono::milliseconds(0)).IgnoreError();
}

bool BackgroundQueue::OfferLocked(uint64_t rows, Job job) {
  ++counters_.offered_batches;
  if (ending_ || queue_.size() >= limit_) {
    ++counters_.overflow_batches;
    counters_.overflow_rows += rows;
    return false;
  }
  queue_.push_back({rows, std::move(job)});
  changed_.notify_all();
  return true;
}

bool BackgroundQueue::Offer(uint64_t rows, Job job) {
  const std::lock_guard<std::mutex> lock(mutex_);
  return OfferLocked(rows, std::move(job));
}

bool BackgroundQueue::OfferPatiently(uint64_t rows, Job job) {
  std::unique_lock<std::mutex> lock(mutex_);
  const auto has_room = [this] { return queue_.size() < limit_ || ending_; };
  const bool stuck = exported_when_stuck_ == counters_.exported_batches;
  if (!stuck && !changed_.wait_for(lock, kPatience, has_room)) {
    exported_when_stuck_ = counters_.exported_batches;
  }
  return OfferLocked(rows, std::move(job));
}

ExportCounters BackgroundQueue::Counters() const {
  const std::lock_guard<std::mutex> lock(mutex_);
  ExportCounters counters = counters_;
  counters.queued_batches = queue_.size() + (busy_ ? 1 : 0);
  counters.queue_limit = limit_;
  const bool slow = busy_ && std::chrono::steady_clock::now() - busy_since_ >= kBlockedAfter;
  counters.blocked = last_failed_ || slow;
  return counters;
}

absl::Status BackgroundQueue::FirstError() const {
  const std::lock_guard<std::mutex> lock(mutex_);
  return first_error_;
}

absl::Status BackgroundQueue::Finish(std::chrono::milliseconds patience) {
  {
    std::unique_lock<std::mutex> lock(mutex_);
    ending_ = true;
    changed_.notify_all();
    bool moving = true;
    while (moving && !ended_) {
      const uint64_t settled = Settled();
      moving = changed_.wait_for(lock, patience,
                                 [this, settled] { return ended_ || Settled() != settled; });
    }
  }
  hurry_.Begin();
  if (thread_.joinable()) thread_.join();
  const std::lock_guard<std::mutex> lock(mutex_);
  if (!first_error_.ok()) return first_error_;
  if (counters_.overflow_batches == 0) return absl::OkStatus();
  return absl::ResourceExhaustedError(
      absl::StrCat(name_, ": ", counters_.overflow_batches, " windows of ", counters_.overflow_rows,
                   " rows were dropped: the receiver was too slow"));
}

void BackgroundQueue::Run() {
  std::unique_lock<std::mutex> lock(mutex_);
  while (true) {
    changed_.wait(lock, [this] { return !queue_.empty() || ending_; });
    if (queue_.empty()) break;
    const Entry entry = std::move(queue_.front());
    queue_.pop_front();
    busy_ = true;
    busy_since_ = std::chrono::steady_clock::now();
    changed_.notify_all();
    lock.unlock();
    const absl::Status status =
        hurry_.begun()
            ? absl::DeadlineExceededError(absl::StrCat(name_, ": not sent: there was no time left"))
            : entry.job(hurry_);
    lock.lock();
    busy_ = false;
    (status.ok() ? counters_.exported_batches : counters_.failed_batches) += 1;
    (status.ok() ? counters_.exported_rows : counters_.failed_rows) += entry.rows;
    first_error_.Update(status);
    last_failed_ = !status.ok();
    if (status.ok()) counters_.last_success = static_cast<uint64_t>(std::time(nullptr));
    if (!status.ok()) exported_when_stuck_ = counters_.exported_batches;
    changed_.notify_all();
  }
  ended_ = true;
  changed_.notify_all();
}

}  // namespace borderflow
