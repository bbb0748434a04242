// Mix: random bits by number, so that what a benchmark draws needs no memory of its own.
//
// Thread safety: pure functions.
#ifndef BORDERFLOW_TOOLS_BENCH_MIX_H_
#define BORDERFLOW_TOOLS_BENCH_MIX_H_

#include <cstdint>

namespace borderflow {

// SplitMix64's finalizer (Steele, Lea, Flood, 2014): one to one, and each bit depends on all.
inline uint64_t Mix(uint64_t value) {
  value += 0x9e3779b97f4a7c15ULL;
  value = (value ^ (value >> 30)) * 0xbf58476d1ce4e5b9ULL;
  value = (value ^ (value >> 27)) * 0x94d049bb133111ebULL;
  return value ^ (value >> 31);
}

// 0 .. bound-1 by the upper half of `random`.
inline uint32_t Below(uint64_t random, uint32_t bound) {
  return static_cast<uint32_t>(((random >> 32) * bound) >> 32);
}

}  // namespace borderflow

#endif  // BORDERFLOW_TOOLS_BENCH_MIX_H_
