// LiveStatement: what a live run states beside what it counted: frames that never reached a worker,
// and how the sensor fared.
//
// Thread safety: a value.
#ifndef BORDERFLOW_COLLECTORS_REPORT_LIVE_STATEMENT_H_
#define BORDERFLOW_COLLECTORS_REPORT_LIVE_STATEMENT_H_

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "collectors/export/export_counters.h"

namespace borderflow {

struct PortStatement {
  std::string device;
  std::string driver;
  bool link_up = false;
  uint64_t link_losses = 0;  // times that the link was seen to go down
  std::vector<std::string> notes;
  // Frames that reached the port, by the driver's or the interface's own count.
  uint64_t wire_frames = 0;
  // Reason -> frames. wire_frames = captured + these.
  std::map<std::string, uint64_t> dropped;
  // Beside them, because some drivers count retries here: times that no buffer was free.
  uint64_t no_mbuf = 0;
};

struct LaneStatement {
  uint64_t frames = 0;
  double busy_share = 0;        // of its time
  double full_burst_share = 0;  // of its polls: a whole burst waited
  // Between two polls, rounded up to a power of two. What arrives meanwhile must fit the ring.
  uint64_t longest_gap_ns = 0;
};

struct ExporterStatement {
  std::string name;  // "ipfix-1": the kind, and the number among its kind
  std::string to;    // "ipfix udp:127.0.0.1:4739"; for the operator's eyes only
  ExportCounters counters;
};

struct LiveStatement {
  std::vector<PortStatement> ports;
  std::vector<LaneStatement> lanes;
  bool burst_clock = false;  // frames carry the time of their burst, not of their own
  uint64_t reloads = 0;      // of address databases while running
  std::vector<ExporterStatement> exporters;
};

// Over all ports.
uint64_t WireFrames(const LiveStatement& live);
std::map<std::string, uint64_t> Dropped(const LiveStatement& live);

// `to` begins with the kind of the exporter.
void AddExporter(const std::string& to, const ExportCounters& counters, LiveStatement* live);

}  // namespace borderflow

#endif  // BORDERFLOW_COLLECTORS_REPORT_LIVE_STATEMENT_H_
