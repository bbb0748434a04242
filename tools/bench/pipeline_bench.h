// What one core's way from frames to cells costs: workers over prepared frames, timed.
//
// Each worker is a thread with a Pipeline and PreparedFrames of its own, pinned to a core where the
// system allows it, and counts bursts of kBurst, as live. Only counting is timed; filling the ring
// lies between. Time is the thread's CPU time, which is what a core of its own would take; what the
// clock on the wall showed stands beside it.
//
// Before the clock starts, every flow was opened and decided, so that its frames are counted the
// way nearly all are. Where frames are to open flows, the flow table was full of others first,
// which then fell silent: a sensor that has run for a while, whose sweep has work.
//
// Each run has workers of its own. At its end the sum of all cells must be what was offered, in
// frames and bytes.
#ifndef BORDERFLOW_TOOLS_BENCH_PIPELINE_BENCH_H_
#define BORDERFLOW_TOOLS_BENCH_PIPELINE_BENCH_H_

#include <array>
#include <cstddef>
#include <cstdint>

#include "absl/status/statusor.h"
#include "dataplane/geo/prefix_map.h"
#include "dataplane/stage_probe.h"
#include "tools/bench/places.h"
#include "tools/bench/prepared_frames.h"

namespace borderflow {

struct PipelineBenchOptions {
  PreparedOptions frames;       // flows are shared out among the workers
  uint64_t timed = 10'000'000;  // frames of a run, shared out among the workers
  int runs = 3;                 // the best counts; each twice, with stages probed and without
  int workers = 1;
  size_t flow_table = 0;  // entries of a worker; 0 for DefaultFlowTable
};

// What `live` takes, or as many as the flows of a worker need, with room for new ones.
size_t DefaultFlowTable(const PipelineBenchOptions& options);

struct PipelineCost {
  double ns = 0;          // CPU time of a worker, a frame
  double elapsed_ns = 0;  // of the same run
  double cycles = 0;      // of the time stamp counter, a frame
  double mpps = 0;        // of all workers: what `ns` means
  double elapsed_mpps = 0;
  // From the fastest probed run: the share of each stage in its cycles, of its CPU time a frame.
  std::array<double, static_cast<size_t>(Stage::kStages)> stage_ns{};
  std::array<double, static_cast<size_t>(Stage::kStages)> stage_cycles{};

  double frame_bytes = 0;     // mean of the timed frames, frame check sequence included
  uint64_t memory_bytes = 0;  // resident after opening, that was not before the pipelines were made
  // Of the fastest run.
  uint64_t offered_frames = 0;  // opening included, as in the next three
  uint64_t counted_frames = 0;  // sum of all cells
  uint64_t flows = 0;
  uint64_t cells = 0;
  uint64_t stateless_frames = 0;    // of the timed ones: the flow table was full
  uint64_t as_numbers_dropped = 0;  // of the timed ones: the cells were full
};

// Errors: Internal when frames were lost, or flows are not in the state that is to be measured.
absl::StatusOr<PipelineCost> MeasurePipeline(const Places& places, const PrefixMap& map,
                                             const PipelineBenchOptions& options);

}  // namespace borderflow

#endif  // BORDERFLOW_TOOLS_BENCH_PIPELINE_BENCH_H_
