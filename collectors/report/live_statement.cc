#include "collectors/report/live_statement.h"

namespace borderflow {

uint64_t WireFrames(const LiveStatement& live) {
  uint64_t frames = 0;
  for (const PortStatement& port : live.ports) frames += port.wire_frames;
  return frames;
}

std::map<std::string, uint64_t> Dropped(const LiveStatement& live) {
  std::map<std::string, uint64_t> dropped;
  for (const PortStatement& port : live.ports) {
    for (const auto& [reason, frames] : port.dropped) dropped[reason] += frames;
  }
  return dropped;
}

}  // namespace borderflow
