// Progress: a bar on standard error with rate and time left, on a terminal only.
//
// Thread safety: one thread.
#ifndef BORDERFLOW_TOOLS_COMMAND_PROGRESS_H_
#define BORDERFLOW_TOOLS_COMMAND_PROGRESS_H_

#include <cstdint>

#include "absl/time/time.h"

namespace borderflow {

class Progress {
 public:
  // Shows nothing when `wanted` is false or standard error is no terminal.
  explicit Progress(bool wanted);
  ~Progress();

  // `total` is 0 when the size is not known. Redraws at most ten times a second.
  void Show(uint64_t bytes, uint64_t total, uint64_t frames);

 private:
  bool shown_;
  bool drawn_ = false;
  absl::Time start_;
  absl::Time last_;
};

}  // namespace borderflow

#endif  // BORDERFLOW_TOOLS_COMMAND_PROGRESS_H_
