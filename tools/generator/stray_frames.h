// Stray frames: what stands in every capture beside flows. The truth counts them as non-IP or
// malformed.
//
// Thread safety: none.
#ifndef BORDERFLOW_TOOLS_GENERATOR_STRAY_FRAMES_H_
#define BORDERFLOW_TOOLS_GENERATOR_STRAY_FRAMES_H_

#include <cstdint>

#include "tools/generator/recorder.h"

namespace borderflow::generator {

// An ARP request with its answer, and a bridge's hello in an 802.3 frame.
void AddNeighbourChatter(Recorder* recorder, uint64_t now);

// Four frames whose IP header is impossible or cut.
void AddBrokenFrames(Recorder* recorder, uint64_t now);

}  // namespace borderflow::generator

#endif  // BORDERFLOW_TOOLS_GENERATOR_STRAY_FRAMES_H_
