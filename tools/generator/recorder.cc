#include "tools/generator/recorder.h"

namespace borderflow::generator {

void Recorder::Add(uint64_t time_ns, absl::Span<const uint8_t> captured, uint32_t original_length) {
  uint32_t slot;
  if (free_.empty()) {
    slot = static_cast<uint32_t>(slots_.size());
    slots_.emplace_back();
  } else {
    slot = free_.back();
    free_.pop_back();
  }
  slots_[slot].captured.assign(captured.begin(), captured.end());
  slots_[slot].original_length = original_length;
  waiting_.push({time_ns, order_++, slot});
}

void Recorder::FlushBefore(uint64_t time_ns) {
  while (!waiting_.empty() && waiting_.top().time_ns < time_ns) {
    const Waiting next = waiting_.top();
    waiting_.pop();
    const Slot& slot = slots_[next.slot];
    writer_->Write(next.time_ns, slot.captured, slot.original_length);
    free_.push_back(next.slot);
  }
}

}  // namespace borderflow::generator
