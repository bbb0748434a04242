// BackgroundQueue: jobs that may take long, done in order on a thread of their own, behind a
// bounded queue.
//
// Offer never waits: a job that finds the queue full is dropped and counted. So nothing that a
// receiver does, or fails to do, reaches the thread that collects, and workers never meet either.
//
// Thread safety: OfferPatiently from one thread at a time; the others from any.
#ifndef BORDERFLOW_COLLECTORS_EXPORT_BACKGROUND_QUEUE_H_
#define BORDERFLOW_COLLECTORS_EXPORT_BACKGROUND_QUEUE_H_

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <deque>
#include <functional>
#include <mutex>
#include <optional>
#include <string>
#include <thread>

#include "absl/status/status.h"
#include "collectors/export/export_counters.h"

namespace borderflow {

// Whether a job has been told to hurry: it then begins no wait and no new attempt.
class Hurry {
 public:
  void Begin();
  bool begun() const;
  // Returns at once when begun, and early when it begins meanwhile.
  void WaitFor(std::chrono::milliseconds time) const;

 private:
  mutable std::mutex mutex_;
  mutable std::condition_variable changed_;
  bool begun_ = false;
};

class BackgroundQueue {
 public:
  // Does the work for one window. May take as long as it needs, but must return soon after the
  // hurry begins. Errors: the window is lost; says why and what to do.
  using Job = std::function<absl::Status(const Hurry&)>;

  // Windows that may wait for one that is under way: enough to bridge a slow receiver for some
  // minutes at 60 s, little enough to hold in memory at 100,000 cells each.
  static constexpr size_t kLimit = 4;
  // How long OfferPatiently waits.
  static constexpr std::chrono::seconds kPatience{10};
  // A job that takes longer is said to be blocked: most take less than a second.
  static constexpr std::chrono::seconds kBlockedAfter{10};

  explicit BackgroundQueue(std::string name, size_t limit = kLimit);
  // As Finish without patience.
  ~BackgroundQueue();

  // False when the job was dropped because the queue is full. `rows` is for the counters.
  bool Offer(uint64_t rows, Job job);

  // Waits for room, for whoever loses nothing by waiting, such as a replay: kPatience at most, and
  // after a wait in vain or a failure not before something has got through, so that a dead receiver
  // costs it one wait.
  bool OfferPatiently(uint64_t rows, Job job);

  // Ends: what is queued is done while something gets through every `patience`; then jobs are told
  // to hurry, and what is still queued counts as failed. Offers are refused from now on.
  // Errors: the first of the jobs', or ResourceExhausted when the queue overflowed.
  absl::Status Finish(std::chrono::milliseconds patience);

  ExportCounters Counters() const;
  // The first of the jobs' errors so far.
  absl::Status FirstError() const;
  const std::string& name() const { return name_; }

 private:
  struct Entry {
    uint64_t rows;
    Job job;
  };

  bool OfferLocked(uint64_t rows, Job job);
  // Done with, one way or the other.
  uint64_t Settled() const { return counters_.exported_batches + counters_.failed_batches; }
  void Run();

  const std::string name_;
  const size_t limit_;
  Hurry hurry_;
  mutable std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<Entry> queue_;
  ExportCounters counters_;
  absl::Status first_error_;
  // How many were exported when a job last failed or a wait was in vain: while there are no more,
  // waiting is no use.
  std::optional<uint64_t> exported_when_stuck_;
  bool busy_ = false;
  std::chrono::steady_clock::time_point busy_since_;
  bool last_failed_ = false;
  bool ending_ = false;
  bool ended_ = false;
  std::thread thread_;  // last: it uses what stands above
};

}  // namespace borderflow

#endif  // BORDERFLOW_COLLECTORS_EXPORT_BACKGROUND_QUEUE_H_
