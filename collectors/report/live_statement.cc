#include "collectors/report/live_statement.h"

#include <algorithm>

#include "absl/strings/str_cat.h"

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

void AddExporter(const std::string& to, const ExportCounters& counters, LiveStatement* live) {
  const std::string kind = to.substr(0, to.find(' '));
  const auto like = std::count_if(
      live->exporters.begin(), live->exporters.end(),
      [&kind](const ExporterStatement& other) { return other.to.rfind(kind + " ", 0) == 0; });
  live->exporters.push_back({absl::StrCat(kind, "-", like + 1), to, counters});
}

}  // namespace borderflow
