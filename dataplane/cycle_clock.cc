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

}  // namespace

CycleClock::CycleClock() {
  const uint64_t cycles = ReadCycles();
  const uint64_t steady = SteadyNs();
  std::this_thread::sleep_for(std::chrono::milliseconds(20));
  ns_per_cycle_ =
      static_cast<double>(SteadyNs() - steady) / static_cast<double>(ReadCycles() - cycles);
  Correct();
}

void CycleClock::Correct() {
  const auto since_boot = static_cast<uint64_t>(static_cast<double>(ReadCycles()) * ns_per_cycle_);
  offset_ns_.store(SystemNs() - since_boot, std::memory_order_relaxed);
}

}  // namespace borderflow
