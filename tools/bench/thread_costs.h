// What a thread's work cost, and where the thread runs: the clocks around a measured part.
//
// Thread safety: each function speaks of the calling thread, ResidentBytes of the process.
#ifndef BORDERFLOW_TOOLS_BENCH_THREAD_COSTS_H_
#define BORDERFLOW_TOOLS_BENCH_THREAD_COSTS_H_

#include <cstdint>

namespace borderflow {

// A point in time, or the span between two.
struct Clocks {
  double cpu_ns = 0;      // that the thread was given
  double elapsed_ns = 0;  // on the wall
  uint64_t cycles = 0;    // of the time stamp counter

  Clocks& operator+=(const Clocks& other) {
    cpu_ns += other.cpu_ns;
    elapsed_ns += other.elapsed_ns;
    cycles += other.cycles;
    return *this;
  }
  friend Clocks operator-(const Clocks& end, const Clocks& start) {
    return {end.cpu_ns - start.cpu_ns, end.elapsed_ns - start.elapsed_ns,
            end.cycles - start.cycles};
  }
};
Clocks ReadClocks();

// Memory of the process that is present now; 0 where the system does not tell.
uint64_t ResidentBytes();

// To the nth of the cores that this process may use, counted round; where that is refused the
// system chooses.
void PinToCore(int n);

}  // namespace borderflow

#endif  // BORDERFLOW_TOOLS_BENCH_THREAD_COSTS_H_
