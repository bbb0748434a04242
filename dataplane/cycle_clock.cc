#include "dataplane/cycle_clock.h"

#include <chrono>
#include <thread>

#include "dataplane/stage_probe.h"

namespace borderflow {
namespace {

uint64_t SteadyNs() {
  return static_cast<uint64_t>(std::chrono::duration_cast<std::chrono::nanoseconds>(
                                   std::chrono::steady_clock::now().time_since_epoch())
                                   .count());
}

uint64_t SystemNs() {
  return static_cast<uint64_t>(std::chrono::duration_cast<std::chrono::nanoseconds>(
                                   std::chrono::system_clock::now().time_since_epoch())
                                   .count());
}

struct Reading {
  uint64_t cycles = 0;
  uint64_t ns = 0;
};

// Counter and clock at one moment. The system may take the core away between the two: of a few
// tries the quickest is the one in which it did not.
Reading ReadBoth(uint64_t (*clock)()) {
  constexpr int kTries = 5;
  Reading best;
  uint64_t shortest = UINT64_MAX;
  for (int i = 0; i < kTries; ++i) {
    const uint64_t before = ReadCycles();
    const uint64_t ns = clock();
    const uint64_t took = ReadCycles() - before;
    if (took >= shortest) continue;
    shortest = took;
    best = {before + took / 2, ns};
  }
  return best;
}

}  // namespace

CycleClock::CycleClock() {
  const Reading first = ReadBoth(SteadyNs);
  std::this_thread::sleep_for(std::chrono::milliseconds(20));
  const Reading second = ReadBoth(SteadyNs);
  ns_per_cycle_ =
      static_cast<double>(second.ns - first.ns) / static_cast<double>(second.cycles - first.cycles);
  Correct();
}

void CycleClock::Correct() {
  const Reading now = ReadBoth(SystemNs);
  const auto since_boot = static_cast<uint64_t>(static_cast<double>(now.cycles) * ns_per_cycle_);
  offset_ns_.store(now.ns - since_boot, std::memory_order_relaxed);
}

}  // namespace borderflow
