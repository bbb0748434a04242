// Where a pipeline's cycles go, stage by stage: for measurements only.
//
// The stages are compiled twice: with NoProbe, which is nothing, and with StageCycles, which reads
// the time stamp counter once a stage and burst.
#ifndef BORDERFLOW_DATAPLANE_STAGE_PROBE_H_
#define BORDERFLOW_DATAPLANE_STAGE_PROBE_H_

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>

#if defined(__x86_64__)
#include <x86intrin.h>
#endif

namespace borderflow {

enum class Stage : uint8_t {
  kDecode,  // headers to packets, echoes, hash
  kFind,    // flow table look-ups
  kLocate,  // addresses of new flows
  kCount,   // flows made, cells counted, payload inspected
  kSweep,   // flows that ended
  kStages,
};

// The processor's time stamp counter: constant rate, not the core's clock; nanoseconds elsewhere.
inline uint64_t ReadCycles() {
#if defined(__x86_64__)
  return __rdtsc();
#else
  return static_cast<uint64_t>(std::chrono::steady_clock::now().time_since_epoch().count());
#endif
}

struct NoProbe {
  void Begin() {}
  void End(Stage) {}
};

struct StageCycles {
  std::array<uint64_t, static_cast<size_t>(Stage::kStages)> cycles{};
  uint64_t at = 0;

  void Begin() { at = ReadCycles(); }
  void End(Stage stage) {
    const uint64_t now = ReadCycles();
    cycles[static_cast<size_t>(stage)] += now - at;
    at = now;
  }
};

}  // namespace borderflow

#endif  // BORDERFLOW_DATAPLANE_STAGE_PROBE_H_
