#include "dataplane/replay_windows.h"

#include <utility>

namespace borderflow {

Snapshot ReplayWindows::SinceLast::operator()(Snapshot totals) {
  Snapshot since = totals;
  SubtractEarlier(last_, &since);
  last_ = std::move(totals);
  return since;
}

ReplayWindows::ReplayWindows(uint64_t width_ns, WindowSink sink, Front* front,
                             absl::Span<Worker* const> workers)
    : windows_(width_ns), gatherer_(workers.size() + 1, width_ns, std::move(sink)), front_(front) {
  for (Worker* worker : workers) parts_.push_back({worker, {}});
}

size_t ReplayWindows::Turn(absl::Span<const Frame> frames, WindowStep* step) {
  EventWindows::Run run = windows_.Next(frames);
  step->tick = front_->now();
  step->first_number = CloseFront(run.closes);
  step->closes = std::move(run.closes);
  step->index = run.index;
  front_->Use(EventWindows::PlaceOf(run.index));
  if (run.late) {
    for (const Frame& frame : frames.first(run.frames)) front_->NoteLate({1, frame.bytes});
  }
  return run.frames;
}

// Returns the number of the first.
uint64_t ReplayWindows::CloseFront(absl::Span<const uint64_t> indices) {
  uint64_t first = 0;
  for (size_t i = 0; i < indices.size(); ++i) {
    const uint64_t number = gatherer_.Close(indices[i]);
    if (i == 0) first = number;
    Snapshot totals = front_->Totals();
    totals.decode = {};
    Snapshot part = since_last_(std::move(totals));
    part.decode = front_->TakeWindow(EventWindows::PlaceOf(indices[i]));
    gatherer_.Add(number, std::move(part));
  }
  return first;
}

void ReplayWindows::Take(size_t w, const WindowStep& step) {
  Worker* const worker = parts_[w].worker;
  uint64_t number = step.first_number;
  for (const uint64_t index : step.closes) {
    const int place = EventWindows::PlaceOf(index);
    worker->AddWaiting(place, step.tick, SIZE_MAX);
    Snapshot part = parts_[w].since_last(worker->Totals());
    Merge(worker->TakeWindowAndCells(place), &part);
    gatherer_.Add(number++, std::move(part));
  }
  worker->Use(EventWindows::PlaceOf(step.index));
}

void ReplayWindows::Finish(Snapshot* total) {
  WindowStep last;
  last.closes = windows_.Finish();
  last.first_number = CloseFront(last.closes);
  last.tick = front_->now();
  for (size_t w = 0; w < parts_.size(); ++w) Take(w, last);
  Emit(total);
}

}  // namespace borderflow
