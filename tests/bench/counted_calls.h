// CallCounter: what this program asks of the system that a hot path must not: memory, locks, the
// time of day.
//
// The test program defines malloc, pthread_mutex_lock, clock_gettime and their like itself and
// hands on to the real ones. The cycle counter is no function: while calls are counted the
// processor is told to refuse the instruction (prctl PR_SET_TSC), and each refusal is a clock read
// too.
//
// Under the address sanitizer, which has its own malloc and watches the same functions, only
// operator new is counted: kOnlyOperatorNew.
//
// Thread safety: counts all threads; one counter at a time.
#ifndef BORDERFLOW_TESTS_BENCH_COUNTED_CALLS_H_
#define BORDERFLOW_TESTS_BENCH_COUNTED_CALLS_H_

#include <cstdint>
#include <ostream>

namespace borderflow {

#if defined(__SANITIZE_ADDRESS__)
inline constexpr bool kOnlyOperatorNew = true;
#else
inline constexpr bool kOnlyOperatorNew = false;
#endif

#if defined(BORDERFLOW_WATCH_ABSL_MUTEX)
inline constexpr bool kWatchesAbslMutex = true;
#else
inline constexpr bool kWatchesAbslMutex = false;
#endif

struct CountedCalls {
  uint64_t allocations = 0;  // of memory, by any way, and returns of it
  uint64_t locks = 0;
  uint64_t clock_reads = 0;
  friend bool operator==(const CountedCalls&, const CountedCalls&) = default;
  CountedCalls& operator+=(const CountedCalls& other) {
    allocations += other.allocations;
    locks += other.locks;
    clock_reads += other.clock_reads;
    return *this;
  }
};
std::ostream& operator<<(std::ostream& out, const CountedCalls& calls);

// Counts from its construction until Stop.
class CallCounter {
 public:
  CallCounter();
  CountedCalls Stop();

  // Whether reads of the cycle counter itself are noticed here.
  static bool WatchesCycles();
};

}  // namespace borderflow

#endif  // BORDERFLOW_TESTS_BENCH_COUNTED_CALLS_H_
