// WindowWriter: the windows of a run on their way to the store (--sqlite).
//
// A store that cannot be written to ends nothing: the run goes on, windows that could not be stored
// are counted, and the first reason is kept.
//
// Thread safety: none; one controlling thread.
#ifndef BORDERFLOW_TOOLS_ACCOUNT_WINDOW_WRITER_H_
#define BORDERFLOW_TOOLS_ACCOUNT_WINDOW_WRITER_H_

#include <cstdint>
#include <memory>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "collectors/report/report.h"
#include "collectors/store/store.h"
#include "collectors/window/window.h"

namespace borderflow {

class WindowWriter {
 public:
  // Windows are numbered from 0 (`replay`: a second run of the same sensor stores nothing twice),
  // or go on where the sensor's last run ended. Errors: those of Store::Open.
  enum class Numbers { kFromZero, kGoOn };
  static absl::StatusOr<std::unique_ptr<WindowWriter>> Open(const std::string& path,
                                                            const std::string& sensor,
                                                            uint64_t width, Numbers numbers);

  // What windows state from now on; counts in it are left out.
  void State(const Report& report);

  // Stores a window; sensor, sequence and width are filled in.
  absl::Status Write(Window window);

  // After the last one: an error if any window was not stored.
  absl::Status Finish();
  uint64_t stored() const { return stored_; }
  uint64_t already_there() const { return already_there_; }

 private:
  WindowWriter() = default;
  absl::Status Maintain(uint64_t now);

  std::unique_ptr<Store> store_;
  std::string sensor_;
  uint64_t width_ = 0;
  uint64_t sequence_ = 0;
  std::string statement_;
  uint64_t stored_ = 0;
  uint64_t already_there_ = 0;
  uint64_t lost_ = 0;
  uint64_t maintained_ = 0;  // the hour of the last roll-up
  absl::Status first_error_;
};

// A replay's sensor: its captures by content, and everything that decides how they are counted, so
// that the same replay is the same sensor again. `name` may be empty.
std::string ReplaySensor(const std::string& name, const Report& report);

}  // namespace borderflow

#endif  // BORDERFLOW_TOOLS_ACCOUNT_WINDOW_WRITER_H_
