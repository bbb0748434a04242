// WindowWriter: the windows of a run on their way to the store (--sqlite), on a thread of their
// own.
//
// A store that cannot be written to ends nothing and delays nobody: the run goes on, windows wait
// in a bounded queue while another program holds the store, and those that could not be stored are
// counted, with the first reason.
//
// Thread safety: none; one controlling thread.
#ifndef BORDERFLOW_TOOLS_ACCOUNT_WINDOW_WRITER_H_
#define BORDERFLOW_TOOLS_ACCOUNT_WINDOW_WRITER_H_

#include <atomic>
#include <cstdint>
#include <memory>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "collectors/export/background_queue.h"
#include "collectors/report/report.h"
#include "collectors/store/retention.h"
#include "collectors/store/store.h"
#include "collectors/window/window.h"

namespace borderflow {

class WindowWriter {
 public:
  // Windows are numbered from 0 (`replay`: a second run of the same sensor stores nothing twice),
  // or go on where the sensor's last run ended.
  enum class Numbers { kFromZero, kGoOn };
  struct Place {
    std::string path;
    std::string sensor;
    uint64_t width = 0;  // seconds
    Numbers numbers = Numbers::kFromZero;
    Retention retention;
  };

  // Errors: those of Store::Open.
  static absl::StatusOr<std::unique_ptr<WindowWriter>> Open(const Place& place);

  // What windows state from now on; counts in it are left out.
  void State(const Report& report);

  // Stores a window when its turn comes; sensor, sequence and width are filled in. Never waits:
  // false when the window is lost because the queue is full.
  bool Offer(Window window);
  // Waits for room, within bounds (background_queue.h).
  bool OfferPatiently(Window window);

  // After the last one, waiting some seconds for what is under way: an error if any window was not
  // stored.
  absl::Status Finish();

  // `exported` are stored, or were there already.
  ExportCounters Counters() const;
  absl::Status FirstError() const { return queue_.FirstError(); }
  const std::string& name() const { return queue_.name(); }

  // After Finish.
  uint64_t stored() const { return stored_; }
  uint64_t already_there() const { return already_there_; }

 private:
  WindowWriter(const Place& place, std::unique_ptr<Store> store);
  BackgroundQueue::Job JobOf(Window window);
  absl::Status Write(const Window& window, const std::string& statement, const Hurry& hurry);
  void Maintain(uint64_t now);

  const Place place_;
  uint64_t sequence_ = 0;
  std::shared_ptr<const std::string> statement_;
  // The queue's thread's.
  std::unique_ptr<Store> store_;
  uint64_t stored_ = 0;
  uint64_t already_there_ = 0;
  uint64_t maintained_ = 0;  // the hour of the last roll-up
  absl::Status maintenance_;
  std::atomic<uint64_t> retries_ = 0;  // anybody's to read
  BackgroundQueue queue_;              // last: it uses what stands above
};

// A replay's sensor: its captures by content, and everything that decides how they are counted, so
// that the same replay is the same sensor again. `name` may be empty.
std::string ReplaySensor(const std::string& name, const Report& report);

}  // namespace borderflow

#endif  // BORDERFLOW_TOOLS_ACCOUNT_WINDOW_WRITER_H_
