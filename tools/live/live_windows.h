// LiveWindows: when the windows of a live run close, by the clock.
//
// A window closes kGraceSeconds after its end, when what the network and the queues held back has
// come. A clock that was set back by more than a minute, or ahead past both open windows, closes
// both and goes on where it stands.
//
// Thread safety: none; one controlling thread.
#ifndef BORDERFLOW_TOOLS_LIVE_LIVE_WINDOWS_H_
#define BORDERFLOW_TOOLS_LIVE_LIVE_WINDOWS_H_

#include <algorithm>
#include <cstdint>
#include <optional>

namespace borderflow {

class LiveWindows {
 public:
  static constexpr double kGraceSeconds = 2;
  static constexpr double kSetBackSeconds = 60;

  // `width` and times in seconds; times since 1970.
  LiveWindows(uint64_t width, double now) : width_(width), first_(IndexAt(now)) {}

  // The first of the two windows that are open: it begins at first() * width().
  uint64_t first() const { return first_; }
  uint64_t width() const { return width_; }

  // The first that is to be open from now on, if that is another; it is taken for first() then.
  std::optional<uint64_t> Due(double now) {
    const uint64_t index = IndexAt(now);
    const double begin = static_cast<double>(first_ * width_);
    const double grace = std::min(kGraceSeconds, static_cast<double>(width_) / 2);
    if (now < begin - kSetBackSeconds || index > first_ + 2) {
      first_ = index;
    } else if (now >= begin + static_cast<double>(width_) + grace) {
      ++first_;
    } else {
      return std::nullopt;
    }
    return first_;
  }

 private:
  uint64_t IndexAt(double now) const { return static_cast<uint64_t>(now) / width_; }

  uint64_t width_;
  uint64_t first_;
};

}  // namespace borderflow

#endif  // BORDERFLOW_TOOLS_LIVE_LIVE_WINDOWS_H_
