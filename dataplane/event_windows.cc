#include "dataplane/event_windows.h"

#include "dataplane/flow/event_clock.h"

namespace borderflow {

void EventWindows::CloseAll(Run* run) {
  if (older_ == Older::kOpen) run->closes.push_back(newest_ - 1);
  run->closes.push_back(newest_);
}

// To a later window than the newest.
void EventWindows::GoTo(uint64_t index, Run* run) {
  if (index == newest_ + 1) {
    if (older_ == Older::kOpen) run->closes.push_back(newest_ - 1);
    older_ = Older::kOpen;
  } else {
    CloseAll(run);
    older_ = Older::kPossible;
  }
  newest_ = index;
}

EventWindows::Run EventWindows::Next(absl::Span<const Frame> frames) {
  const uint64_t time = frames.front().time_ns;
  Run run;
  run.index = time / width_;
  const bool is_open =
      any_ && (run.index == newest_ || (older_ == Older::kOpen && run.index + 1 == newest_));
  if (!any_) {
    any_ = true;
    newest_ = run.index;
    older_ = Older::kPossible;
    latest_ns_ = time;
  } else if (!is_open && run.index < newest_ && latest_ns_ - time > EventClock::kDisorderNs) {
    CloseAll(&run);
    newest_ = run.index;
    older_ = Older::kPossible;
    latest_ns_ = time;
  } else if (run.index > newest_) {
    GoTo(run.index, &run);
  }
  uint64_t from = run.index * width_;
  uint64_t length = width_;
  if (run.index == newest_) {
    if (time - from >= lateness_) {
      if (older_ == Older::kOpen) run.closes.push_back(newest_ - 1);
      older_ = Older::kClosed;
    } else if (older_ != Older::kClosed) {
      length = lateness_;
    }
  } else if (run.index + 1 == newest_ && older_ != Older::kClosed) {
    older_ = Older::kOpen;
  } else {
    run.late = true;
    run.index = older_ == Older::kOpen ? newest_ - 1 : newest_;
    // As long as frames are earlier than any that could count in a window of their own.
    length = (older_ == Older::kClosed ? newest_ : newest_ - 1) * width_;
    from = latest_ns_ - std::min(latest_ns_, EventClock::kDisorderNs);
    length -= std::min(length, from);
  }
  for (; run.frames < frames.size(); ++run.frames) {
    const uint64_t next = frames[run.frames].time_ns;
    if (next < from || next - from >= length) break;
    latest_ns_ = std::max(latest_ns_, next);
  }
  return run;
}

std::vector<uint64_t> EventWindows::Finish() {
  Run run;
  if (any_) CloseAll(&run);
  any_ = false;
  older_ = Older::kClosed;
  return run.closes;
}

}  // namespace borderflow
