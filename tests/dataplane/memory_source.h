// MemorySource: frames of a test as a FrameSource, in blocks of a chosen number of frames.
#ifndef BORDERFLOW_TESTS_DATAPLANE_MEMORY_SOURCE_H_
#define BORDERFLOW_TESTS_DATAPLANE_MEMORY_SOURCE_H_

#include <algorithm>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "dataplane/capture/source.h"

namespace borderflow {

struct OwnedBytes {
  std::vector<uint8_t> data;
  Frame frame;  // its `data` is not used
};

// All frames of `source`, with bytes of their own.
inline std::vector<OwnedBytes> AllFrames(FrameSource* source) {
  std::vector<OwnedBytes> frames;
  FrameBlock block;
  while (true) {
    const absl::StatusOr<bool> more = source->Read(&block);
    if (!more.ok() || !*more) return frames;
    for (const Frame& frame : block.frames) {
      frames.push_back({{frame.data, frame.data + frame.captured}, frame});
    }
  }
}

class MemorySource final : public FrameSource {
 public:
  // After `fails_after` frames, Read returns an error; SIZE_MAX for never. The bytes of a block are
  // overwritten when it is refilled, as those of a file's are.
  MemorySource(const std::vector<OwnedBytes>* frames, size_t per_block,
               size_t fails_after = SIZE_MAX)
      : frames_(frames), per_block_(per_block), fails_after_(fails_after) {}

  absl::StatusOr<bool> Read(FrameBlock* block) override {
    block->Clear();
    std::fill(block->storage.begin(), block->storage.end(), uint8_t{0xee});
    block->storage.clear();
    if (at_ >= fails_after_) return absl::DataLossError("memory: the disk is gone");
    const size_t end = std::min({at_ + per_block_, frames_->size(), fails_after_});
    if (at_ == end) return false;
    for (size_t i = at_; i < end; ++i) {
      const OwnedBytes& owned = (*frames_)[i];
      block->storage.insert(block->storage.end(), owned.data.begin(), owned.data.end());
    }
    const uint8_t* data = block->storage.data();
    for (; at_ < end; ++at_) {
      const OwnedBytes& owned = (*frames_)[at_];
      block->frames.push_back(owned.frame);
      block->frames.back().data = data;
      data += owned.data.size();
    }
    return true;
  }
  uint64_t bytes_read() const override { return at_; }
  uint64_t bytes_total() const override { return frames_->size(); }
  std::vector<Damage> damaged() const override { return {}; }

 private:
  const std::vector<OwnedBytes>* frames_;
  size_t per_block_;
  size_t fails_after_;
  size_t at_ = 0;
};

}  // namespace borderflow

#endif  // BORDERFLOW_TESTS_DATAPLANE_MEMORY_SOURCE_H_
