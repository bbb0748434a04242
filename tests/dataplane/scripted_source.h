// ScriptedSource: a BurstSource whose frames a test makes, by number, and hands out when it likes.
#ifndef BORDERFLOW_TESTS_DATAPLANE_SCRIPTED_SOURCE_H_
#define BORDERFLOW_TESTS_DATAPLANE_SCRIPTED_SOURCE_H_

#include <algorithm>
#include <array>
#include <atomic>
#include <cstdint>
#include <functional>
#include <utility>
#include <vector>

#include "dataplane/burst_source.h"

namespace borderflow {

class ScriptedSource final : public BurstSource {
 public:
  using MakeFrame = std::function<void(uint64_t number, std::vector<uint8_t>* bytes)>;

  static constexpr uint64_t kEndless = UINT64_MAX;

  // Each poll finds `burst` frames, or what is left. `make` is called by the polling thread.
  explicit ScriptedSource(MakeFrame make, size_t burst = kBurst)
      : make_(std::move(make)), burst_(burst) {}

  // So many frames in all may be polled from now on.
  void Offer(uint64_t frames) { offered_.store(frames, std::memory_order_release); }

  bool attached() const { return attached_; }
  bool detached() const { return detached_; }

  void Attach() override { attached_ = true; }
  void Detach() override { detached_ = true; }

  size_t Poll(uint64_t now_ns, absl::Span<Frame> frames) override {
    const uint64_t left = offered_.load(std::memory_order_acquire) - taken_;
    const auto found = static_cast<size_t>(std::min<uint64_t>({left, burst_, frames.size()}));
    for (size_t i = 0; i < found; ++i) {
      make_(taken_++, &bytes_[i]);
      const auto length = static_cast<uint32_t>(bytes_[i].size());
      frames[i] = {bytes_[i].data(), length, length, now_ns, /*link_type=*/1, false};
    }
    return found;
  }
  // The bytes are gone, as those of a freed buffer.
  void Release() override {
    for (std::vector<uint8_t>& bytes : bytes_) {
      std::fill(bytes.begin(), bytes.end(), uint8_t{0xee});
    }
  }

 private:
  MakeFrame make_;
  size_t burst_;
  std::atomic<uint64_t> offered_{0};
  uint64_t taken_ = 0;
  std::array<std::vector<uint8_t>, kBurst> bytes_;
  std::atomic<bool> attached_{false};
  std::atomic<bool> detached_{false};
};

}  // namespace borderflow

#endif  // BORDERFLOW_TESTS_DATAPLANE_SCRIPTED_SOURCE_H_
