#include "collectors/report/report.h"

namespace borderflow {
namespace {

constexpr double kSecondsPerDay = 86400.0;

FrameTotals ToFrames(const CellCounters& counters) { return {counters.frames, counters.bytes}; }

}  // namespace

std::vector<ConservationLine> Conservation(const Report& report) {
  const DecodeTotals& decode = report.snapshot.decode;
  std::vector<ConservationLine> lines;

  // What reached the wire is known only of ports that are ours to ask.
  if (report.live.has_value() && !report.live->ports.empty()) {
    // Frames only: nobody tells the bytes of what was lost.
    FrameTotals accounted = {decode.captured.frames, 0};
    for (const auto& [reason, frames] : Dropped(*report.live)) accounted.frames += frames;
    lines.push_back(
        {"wire", "captured + dropped", FrameTotals{WireFrames(*report.live), 0}, accounted});
  }

  FrameTotals classes = decode.ip;
  classes += decode.non_ip;
  classes += decode.malformed;
  classes += decode.duplicates;
  lines.push_back({"captured",
                   decode.duplicates.frames > 0 ? "ip + non_ip + malformed + duplicates"
                                                : "ip + non_ip + malformed",
                   decode.captured, classes});

  FrameTotals cells;
  for (const Cell& cell : report.snapshot.cells) cells += ToFrames(cell.counters);
  lines.push_back({"ip", "sum of all cells", decode.ip, cells});

  FrameTotals crossings;
  for (const CellCounters& crossing : report.sums.crossing) crossings += ToFrames(crossing);
  lines.push_back({"ip", "sum by crossing", decode.ip, crossings});

  for (const PolicyResult& policy : report.policies) {
    FrameTotals verdicts;
    for (const PolicySum& sum : policy.verdicts) verdicts += FrameTotals{sum.frames, sum.bytes};
    lines.push_back({"ip", "verdicts of " + policy.pack, decode.ip, verdicts});
  }
  return lines;
}

std::optional<double> AgeInDays(const GeoStatement& geo, const DecodeTotals& decode) {
  if (geo.build_time == 0 || decode.last_time_ns == 0) return std::nullopt;
  const double last = static_cast<double>(decode.last_time_ns) / 1e9;
  return (last - static_cast<double>(geo.build_time)) / kSecondsPerDay;
}

}  // namespace borderflow
