// CycleClock: the time of day from the processor's cycle counter, so that a burst gets its time
// without a call to the system.
//
// Thread safety: Now from any number of threads; Correct from one.
#ifndef BORDERFLOW_DATAPLANE_CYCLE_CLOCK_H_
#define BORDERFLOW_DATAPLANE_CYCLE_CLOCK_H_

#include <atomic>
#include <cstdint>

namespace borderflow {

class CycleClock {
 public:
  // Compares the counter with the system's clocks for about 20 ms.
  CycleClock();

  // Nanoseconds since 1970 at a value of ReadCycles (stage_probe.h).
  uint64_t TimeNs(uint64_t cycles) const {
    return offset_ns_.load(std::memory_order_relaxed) +
           static_cast<uint64_t>(static_cast<double>(cycles) * ns_per_cycle_);
  }

  // Follows the system's clock again, which it leaves by some microseconds a second. To be called
  // about once a second.
  void Correct();

  double ns_per_cycle() const { return ns_per_cycle_; }

 private:
  double ns_per_cycle_ = 1;
  std::atomic<uint64_t> offset_ns_{0};  // modulo 2^64
};

}  // namespace borderflow

#endif  // BORDERFLOW_DATAPLANE_CYCLE_CLOCK_H_
