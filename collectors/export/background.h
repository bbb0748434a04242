// BackgroundExporter: one exporter on a thread of its own, behind a bounded queue.
//
// Offer never waits: a batch that finds the queue full is dropped and counted. So nothing that an
// exporter does, or fails to do, reaches the thread that collects, and workers never meet either.
//
// Thread safety: Offer, Counters and Finish may be called from any thread.
#ifndef BORDERFLOW_COLLECTORS_EXPORT_BACKGROUND_H_
#define BORDERFLOW_COLLECTORS_EXPORT_BACKGROUND_H_

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <deque>
#include <memory>
#include <mutex>
#include <string>
#include <thread>

#include "absl/status/status.h"
#include "collectors/export/batch.h"

namespace borderflow {

// Whether an exporter has been told to hurry: it then begins no wait and no new attempt.
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

// What sends. Called from one thread only.
class Exporter {
 public:
  virtual ~Exporter() = default;

  virtual const std::string& name() const = 0;  // "ipfix udp:127.0.0.1:4739"

  // Takes the batch over: it has arrived, or lies where a crash does not reach it. May take as long
  // as it needs, but must return soon after `hurry` begins.
  // Errors: the batch is lost; says why and what to do.
  virtual absl::Status Export(const ExportBatch& batch, const Hurry& hurry) = 0;

  // Called from time to time while there is nothing to export, and once before the end: sends what
  // waits. Returns how much still does (parts, messages), 0 for nothing.
  virtual uint64_t SendWaiting(const Hurry&) { return 0; }

  // Why something waits; OK when nothing does.
  virtual absl::Status waiting_reason() const { return absl::OkStatus(); }
};

struct ExportCounters {
  uint64_t offered_batches = 0;
  uint64_t exported_batches = 0;  // taken over by the exporter
  uint64_t exported_rows = 0;
  uint64_t overflow_batches = 0;  // found the queue full
  uint64_t overflow_rows = 0;
  uint64_t failed_batches = 0;  // refused by the exporter, or left when it was abandoned
  uint64_t failed_rows = 0;
  uint64_t waiting = 0;  // parts that the exporter holds for later
};

class BackgroundExporter {
 public:
  // Windows that may wait for one that is being sent: enough to bridge a slow server for some
  // minutes at 60 s, little enough to hold in memory at 100,000 cells each.
  static constexpr size_t kQueue = 4;
  // Between two attempts to send what waits.
  static constexpr std::chrono::seconds kRetry{2};

  explicit BackgroundExporter(std::unique_ptr<Exporter> exporter, size_t queue = kQueue);
  // Waits for the exporter's thread as Finish(0) does.
  ~BackgroundExporter();

  // False when the batch was dropped because the queue is full.
  bool Offer(std::shared_ptr<const ExportBatch> batch);

  // Ends: what is queued is exported and what waits is sent for `patience`; then the exporter is
  // told to hurry, and what is still queued counts as failed.
  // Errors: the first of the exporter's, or ResourceExhausted when the queue overflowed.
  absl::Status Finish(std::chrono::milliseconds patience);

  ExportCounters Counters() const;
  const std::string& name() const { return exporter_->name(); }
  // After Finish: why something still waits.
  absl::Status waiting_reason() const { return exporter_->waiting_reason(); }

 private:
  void Run();
  void ExportOne(const ExportBatch& batch);

  std::unique_ptr<Exporter> exporter_;
  const size_t limit_;
  Hurry hurry_;
  mutable std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<std::shared_ptr<const ExportBatch>> queue_;
  ExportCounters counters_;
  absl::Status first_error_;
  bool ending_ = false;
  bool ended_ = false;
  std::thread thread_;  // last: it uses what stands above
};

}  // namespace borderflow

#endif  // BORDERFLOW_COLLECTORS_EXPORT_BACKGROUND_H_
