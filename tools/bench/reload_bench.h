// ReloadBench: what a reload of the address database does to a worker that never rests.
//
// One lane of an Engine counts frames from memory without a pause, for a while as it is and for as
// long again while another thread loads the databases anew and hands over the map, over and over.
//
// Thread safety: one at a time; starts threads of its own.
#ifndef BORDERFLOW_TOOLS_BENCH_RELOAD_BENCH_H_
#define BORDERFLOW_TOOLS_BENCH_RELOAD_BENCH_H_

#include <array>
#include <cstdint>

#include "absl/status/statusor.h"
#include "dataplane/engine.h"
#include "dataplane/geo/geography.h"

namespace borderflow {

struct ReloadPhase {
  uint64_t frames = 0;
  uint64_t polls = 0;
  double seconds = 0;
  decltype(LaneLoad::gaps) gaps{};  // between polls, by powers of two in nanoseconds
};

struct ReloadBenchResult {
  ReloadPhase quiet;
  ReloadPhase reloading;
  uint64_t reloads = 0;
  uint64_t offered = 0;  // frames that the source handed out
  uint64_t counted = 0;  // frames in cells: as many, or frames were lost
};

// The least gap that is not exceeded by `share` of the polls, in nanoseconds, rounded up to a power
// of two.
uint64_t GapQuantile(const decltype(LaneLoad::gaps)& gaps, double share);

// Errors: those of Geography::Load.
absl::StatusOr<ReloadBenchResult> RunReloadBench(const GeographyOptions& options, double seconds);

}  // namespace borderflow

#endif  // BORDERFLOW_TOOLS_BENCH_RELOAD_BENCH_H_
