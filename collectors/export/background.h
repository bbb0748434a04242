// BackgroundExporter: one exporter on threads of its own, behind a bounded queue.
//
// An exporter that keeps what it cannot send (a spool) sends from a second thread, so that a
// receiver that takes long, or never answers, does not keep windows from being kept.
//
// Thread safety: Offer, Counters and Finish may be called from any thread.
#ifndef BORDERFLOW_COLLECTORS_EXPORT_BACKGROUND_H_
#define BORDERFLOW_COLLECTORS_EXPORT_BACKGROUND_H_

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <memory>
#include <mutex>
#include <string>
#include <thread>

#include "absl/status/status.h"
#include "collectors/export/background_queue.h"
#include "collectors/export/batch.h"

namespace borderflow {

// What sends. Export is called from one thread only, SendWaiting from another.
class Exporter {
 public:
  virtual ~Exporter() = default;

  virtual const std::string& name() const = 0;  // "ipfix udp:127.0.0.1:4739"

  // Takes the batch over: it has arrived, or lies where a crash does not reach it. May take as long
  // as it needs, but must return soon after `hurry` begins.
  // Errors: the batch is lost; says why and what to do.
  virtual absl::Status Export(const ExportBatch& batch, const Hurry& hurry) = 0;

  // Whether Export keeps what SendWaiting sends.
  virtual bool keeps() const { return false; }

  // Called after each batch, from time to time while something waits, and before the end: sends
  // what waits. Returns how much still does (parts, messages), 0 for nothing.
  virtual uint64_t SendWaiting(const Hurry&) { return 0; }

  // The same without sending. From any thread.
  virtual uint64_t waiting() const { return 0; }

  // What it knows beside the queue: what it keeps, and how its receiver answers. Never waits for a
  // disk or a receiver. From any thread.
  virtual void State(ExportCounters*) const {}

  // Why something waits; OK when nothing does. From any thread.
  virtual absl::Status waiting_reason() const { return absl::OkStatus(); }
};

class BackgroundExporter {
 public:
  // Between two attempts to send what waits.
  static constexpr std::chrono::seconds kRetry{2};

  explicit BackgroundExporter(std::unique_ptr<Exporter> exporter,
                              size_t queue = BackgroundQueue::kLimit);
  // As Finish without patience.
  ~BackgroundExporter();

  // False when the batch was dropped because the queue is full.
  bool Offer(std::shared_ptr<const ExportBatch> batch);
  // Waits for room, within bounds (background_queue.h).
  bool OfferPatiently(std::shared_ptr<const ExportBatch> batch);

  // Ends: what is queued is exported, and what waits is sent, while something gets through every
  // `patience`; then the exporter is told to hurry, and what is still queued counts as failed.
  // Errors: the first of the exporter's, or ResourceExhausted when the queue overflowed.
  absl::Status Finish(std::chrono::milliseconds patience);

  ExportCounters Counters() const;
  absl::Status FirstError() const { return queue_.FirstError(); }
  const std::string& name() const { return exporter_->name(); }
  // Why something still waits.
  absl::Status waiting_reason() const { return exporter_->waiting_reason(); }

 private:
  BackgroundQueue::Job JobOf(std::shared_ptr<const ExportBatch> batch);
  void Send();
  void FinishSending(std::chrono::milliseconds patience);

  std::unique_ptr<Exporter> exporter_;
  Hurry hurry_;  // the sending thread's
  std::mutex mutex_;
  std::condition_variable changed_;
  bool more_ = false;
  bool ending_ = false;
  bool ended_ = false;
  BackgroundQueue queue_;
  std::thread sending_;  // last: it uses what stands above
};

}  // namespace borderflow

#endif  // BORDERFLOW_COLLECTORS_EXPORT_BACKGROUND_H_
