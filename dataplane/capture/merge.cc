#include "dataplane/capture/merge.h"

#include <algorithm>
#include <cstring>
#include <utility>

#include "absl/status/status.h"
#include "dataplane/capture/block_reader.h"

namespace borderflow {
namespace {

class MergedSource final : public FrameSource {
 public:
  explicit MergedSource(std::vector<std::unique_ptr<FrameSource>> sources) {
    inputs_.reserve(sources.size());
    for (std::unique_ptr<FrameSource>& source : sources) {
      inputs_.push_back({.source = std::move(source), .block = {}});
    }
  }

  absl::StatusOr<bool> Read(FrameBlock* block) override;

  uint64_t bytes_read() const override {
    uint64_t sum = 0;
    for (const Input& input : inputs_) sum += input.source->bytes_read();
    return sum;
  }

  // Unknown as a whole if unknown for one.
  uint64_t bytes_total() const override {
    uint64_t sum = 0;
    for (const Input& input : inputs_) {
      const uint64_t total = input.source->bytes_total();
      if (total == 0) return 0;
      sum += total;
    }
    return sum;
  }

  std::vector<Damage> damaged() const override {
    std::vector<Damage> all;
    for (const Input& input : inputs_) {
      for (Damage& damage : input.source->damaged()) all.push_back(std::move(damage));
    }
    return all;
  }

 private:
  struct Input {
    std::unique_ptr<FrameSource> source;
    FrameBlock block;
    size_t next = 0;  // index of the frame that waits
  };
  struct Waiting {
    uint64_t latest;  // time stamp of its input so far
    size_t input;
    // For a heap whose front is the earliest.
    bool operator<(const Waiting& other) const {
      return latest != other.latest ? latest > other.latest : input > other.input;
    }
  };

  void Start();
  void Enqueue(size_t index, uint64_t latest);

  std::vector<Input> inputs_;
  std::vector<Waiting> heap_;
  bool started_ = false;
  absl::Status failure_;
};

absl::StatusOr<bool> MergedSource::Read(FrameBlock* block) {
  block->Clear();
  if (!started_) Start();
  if (block->storage.size() < kReadBytes) block->storage.resize(kReadBytes);
  uint8_t* const storage = block->storage.data();
  size_t used = 0;
  while (!heap_.empty() && failure_.ok()) {
    const Waiting earliest = heap_.front();
    Input& input = inputs_[earliest.input];
    Frame frame = input.block.frames[input.next];
    if (used + frame.captured > kReadBytes) break;
    if (frame.captured > 0) std::memcpy(storage + used, frame.data, frame.captured);
    frame.data = storage + used;
    used += frame.captured;
    block->frames.push_back(frame);
    ++input.next;
    std::pop_heap(heap_.begin(), heap_.end());
    heap_.pop_back();
    Enqueue(earliest.input, earliest.latest);
  }
  if (!block->frames.empty()) return true;
  if (!failure_.ok()) return failure_;
  return false;
}

void MergedSource::Start() {
  started_ = true;
  heap_.reserve(inputs_.size());
  for (size_t i = 0; i < inputs_.size() && failure_.ok(); ++i) Enqueue(i, 0);
}

// Puts the input's next frame into the heap, if it has one.
void MergedSource::Enqueue(size_t index, uint64_t latest) {
  Input& input = inputs_[index];
  if (input.next == input.block.frames.size()) {
    const absl::StatusOr<bool> more = input.source->Read(&input.block);
    if (!more.ok()) failure_ = more.status();
    if (!more.ok() || !*more) {
      input.block = {};  // its memory is of no more use
      return;
    }
    input.next = 0;
  }
  heap_.push_back({std::max(latest, input.block.frames[input.next].time_ns), index});
  std::push_heap(heap_.begin(), heap_.end());
}

}  // namespace

std::unique_ptr<FrameSource> MergeByTime(std::vector<std::unique_ptr<FrameSource>> sources) {
  return std::make_unique<MergedSource>(std::move(sources));
}

}  // namespace borderflow
