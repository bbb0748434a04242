#include "dataplane/window_gatherer.h"

#include <utility>

namespace borderflow {

uint64_t WindowGatherer::Close(uint64_t index) {
  const absl::MutexLock lock(&mutex_);
  Gathered gathered;
  gathered.index = index;
  gathered.missing = parts_;
  windows_.push_back(std::move(gathered));
  return first_number_ + windows_.size() - 1;
}

void WindowGatherer::Add(uint64_t number, Snapshot part) {
  const absl::MutexLock lock(&mutex_);
  Gathered& gathered = windows_[number - first_number_];
  Merge(std::move(part), &gathered.counts);
  --gathered.missing;
}

void WindowGatherer::Emit(Snapshot* total) {
  while (true) {
    CountedWindow window;
    {
      const absl::MutexLock lock(&mutex_);
      if (windows_.empty() || windows_.front().missing > 0) return;
      window.begin_ns = windows_.front().index * width_;
      window.end_ns = window.begin_ns + width_;
      window.counts = std::move(windows_.front().counts);
      windows_.pop_front();
      ++first_number_;
    }
    if (sink_ && window.counts.decode.captured.frames > 0) sink_(window);
    AddWindow(std::move(window.counts), total);
  }
}

}  // namespace borderflow
