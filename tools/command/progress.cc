#include "tools/command/progress.h"

#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <string>

#include "absl/strings/str_format.h"
#include "absl/time/clock.h"
#include "collectors/report/text.h"

namespace borderflow {
namespace {

constexpr int kBarWidth = 30;

}  // namespace

Progress::Progress(bool wanted)
    : shown_(wanted && isatty(STDERR_FILENO) == 1), start_(absl::Now()), last_(start_) {}

Progress::~Progress() {
  if (drawn_) absl::FPrintF(stderr, "\r\033[K");
}

void Progress::Show(uint64_t bytes, uint64_t total, uint64_t frames) {
  if (!shown_) return;
  const absl::Time now = absl::Now();
  if (now - last_ < absl::Milliseconds(100)) return;
  last_ = now;
  drawn_ = true;
  const double elapsed = absl::ToDoubleSeconds(now - start_);
  const double rate = static_cast<double>(bytes) / elapsed;
  std::string line = absl::StrFormat("%s frames, %s, %s/s", Grouped(frames), Bytes(bytes),
                                     Bytes(static_cast<uint64_t>(rate)));
  if (total > 0) {
    const double share = std::min(1.0, static_cast<double>(bytes) / static_cast<double>(total));
    const int filled = static_cast<int>(share * kBarWidth);
    const double left = static_cast<double>(total - std::min(bytes, total)) / rate;
    line = absl::StrFormat("[%s%s] %3.0f %%  %s, %.0f s left", std::string(filled, '#'),
                           std::string(kBarWidth - filled, '.'), 100 * share, line, left);
  }
  absl::FPrintF(stderr, "\r%s\033[K", line);
}

}  // namespace borderflow
