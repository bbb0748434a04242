#include "collectors/report/summary.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "collectors/export/times.h"
#include "collectors/report/findings.h"
#include "collectors/report/policy_text.h"
#include "collectors/report/refuted_locations.h"
#include "collectors/report/text.h"

namespace borderflow {
namespace {

constexpr size_t kTopPairs = 10;
constexpr size_t kTopCategories = 8;
constexpr size_t kTopNames = 15;

std::string_view Plain(Crossing crossing) {
  switch (crossing) {
    case Crossing::kDomestic:
      return "stays in one jurisdiction";
    case Crossing::kIntraZone:
      return "crosses within a zone";
    case Crossing::kCrossBorder:
      return "crosses a border";
    case Crossing::kUndetermined:
      break;
  }
  return "cannot be told";
}

// Names come from the wire: anything but printable ASCII is shown as '?'.
std::string Printable(std::string_view name) {
  std::string text(name.substr(0, 60));
  std::replace_if(
      text.begin(), text.end(), [](char c) { return c < ' ' || c > '~'; }, '?');
  return text;
}

void AddHead(const Report& report, std::string* out) {
  const DecodeTotals& d = report.snapshot.decode;
  absl::StrAppendFormat(out, "%s frames, %s, %s flows", Grouped(d.captured.frames),
                        Bytes(d.captured.bytes), Grouped(report.snapshot.flows.total));
  if (d.captured.frames > 0) {
    constexpr uint64_t kPerSecond = 1'000'000'000;
    absl::StrAppendFormat(out, ", %s to %s", Iso8601(d.first_time_ns / kPerSecond),
                          Iso8601(d.last_time_ns / kPerSecond));
  }
  out->append("\n");
}

void AddMisleading(const Report& report, std::string* out) {
  const std::vector<Finding> findings = Misleading(report);
  if (findings.empty()) return;
  out->append("\nRead this first\n");
  for (const Finding& finding : findings) {
    absl::StrAppendFormat(out, "  ! %s.\n", finding.what);
    if (!finding.remedy.empty()) absl::StrAppendFormat(out, "    -> %s\n", finding.remedy);
  }
}

void AddCrossing(const Report& report, std::string* out) {
  const Sums& sums = report.sums;
  out->append("\nWhat crosses a border (by location: where the database believes an address is)\n");
  for (int i = kCrossings - 1; i >= 0; --i) {
    const auto crossing = static_cast<Crossing>(i);
    if (crossing == Crossing::kIntraZone && report.zones.empty()) continue;
    const CellCounters& c = sums.crossing[static_cast<size_t>(i)];
    absl::StrAppendFormat(out, "  %-26s %8s %10s %9s flows\n", std::string(Plain(crossing)),
                          Percent(c.bytes, sums.total.bytes), Bytes(c.bytes), Grouped(c.flows));
  }
  // What cannot be told may cross a border, or not.
  const uint64_t known = sums.crossing[static_cast<size_t>(Crossing::kCrossBorder)].bytes;
  const uint64_t unknown = sums.crossing[static_cast<size_t>(Crossing::kUndetermined)].bytes;
  if (unknown > 0) {
    absl::StrAppendFormat(out, "  so between %s and %s of bytes cross a border\n",
                          Percent(known, sums.total.bytes),
                          Percent(known + unknown, sums.total.bytes));
  }
  out->append("\nFrom where to where\n");
  for (size_t i = 0; i < std::min(kTopPairs, sums.pairs.size()); ++i) {
    const PairSum& pair = sums.pairs[i];
    absl::StrAppendFormat(out, "  %-11s -> %-11s %8s %10s %9s flows\n",
                          std::string(Code(pair.source)), std::string(Code(pair.destination)),
                          Percent(pair.counters.bytes, sums.total.bytes),
                          Bytes(pair.counters.bytes), Grouped(pair.counters.flows));
  }
  if (sums.pairs.size() > kTopPairs) {
    uint64_t rest = 0;
    for (size_t i = kTopPairs; i < sums.pairs.size(); ++i) rest += sums.pairs[i].counters.bytes;
    absl::StrAppendFormat(out, "  %d more pairs            %8s %10s\n",
                          sums.pairs.size() - kTopPairs, Percent(rest, sums.total.bytes),
                          Bytes(rest));
  }
}

void AddKinds(const Report& report, std::string* out) {
  std::map<Category, uint64_t> bytes;
  for (const Cell& cell : report.snapshot.cells) {
    bytes[cell.key.classification.category] += cell.counters.bytes;
  }
  std::vector<std::pair<Category, uint64_t>> sorted(bytes.begin(), bytes.end());
  std::stable_sort(sorted.begin(), sorted.end(),
                   [](const auto& a, const auto& b) { return a.second > b.second; });
  out->append("\nOf what kind\n");
  for (size_t i = 0; i < std::min(kTopCategories, sorted.size()); ++i) {
    absl::StrAppendFormat(out, "  %-9s %8s  %s\n", std::string(Code(sorted[i].first)),
                          Percent(sorted[i].second, report.sums.total.bytes),
                          std::string(Meaning(sorted[i].first)));
  }
  if (sorted.size() > kTopCategories) {
    absl::StrAppendFormat(out, "  %d more categories in the report\n",
                          sorted.size() - kTopCategories);
  }
}

void AddNames(const Report& report, std::string* out) {
  if (!report.parameters.names) return;
  std::vector<std::pair<std::string, NameCounters>> names(report.snapshot.names.begin(),
                                                          report.snapshot.names.end());
  std::stable_sort(names.begin(), names.end(),
                   [](const auto& a, const auto& b) { return a.second.bytes > b.second.bytes; });
  absl::StrAppendFormat(out, "\nNames (%s)\n", Grouped(names.size()));
  for (size_t i = 0; i < std::min(kTopNames, names.size()); ++i) {
    const NameCounters& c = names[i].second;
    absl::StrAppendFormat(out, "  %-60s %-9s %6s flows %10s\n", Printable(names[i].first),
                          std::string(Code(c.category)), Grouped(c.flows), Bytes(c.bytes));
  }
}

void AddCertainty(const Report& report, std::string* out) {
  const Coverage& c = report.sums.coverage;
  out->append("\nHow sure (shares of bytes)\n");
  absl::StrAppendFormat(out, "  located %s at both ends, named %s, classified %s\n",
                        Percent(c.located), Percent(c.named), Percent(c.classified));
  absl::StrAppendFormat(out,
                        "  classified by content or protocol %s (L), with names %s (M), with "
                        "operators and ports %s (U)\n",
                        Percent(c.content_protocol), Percent(c.with_name),
                        Percent(c.with_operator_port));
  std::string kinds;
  for (size_t i = 0; i < kContentKinds; ++i) {
    const uint64_t hits = report.snapshot.content_hits[i];
    if (hits == 0) continue;
    absl::StrAppendFormat(&kinds, "%s %s %s", kinds.empty() ? "" : ",", Grouped(hits),
                          std::string(MeaningOf(static_cast<ContentKind>(i)).name));
  }
  if (kinds.empty()) return;
  absl::StrAppendFormat(out, "  seen in readable flows, counted and not kept:%s\n", kinds);
}

void AddLens(const char* name, bool available, const LensAgreement& lens, uint64_t total,
             std::string* out) {
  if (!available) {
    absl::StrAppendFormat(out, "  %s: not known, no database in use says\n", name);
    return;
  }
  absl::StrAppendFormat(
      out, "  %s: differs from location on %s of the %s of end-bytes where both are known\n", name,
      Percent(lens.differing_bytes, lens.comparable_bytes),
      Percent(lens.comparable_bytes, 2 * total));
}

void AddLenses(const Report& report, std::string* out) {
  const Sums& sums = report.sums;
  out->append("\nWhere the lenses disagree\n");
  AddLens("registered", report.has_registered, sums.location_registered, sums.total.bytes, out);
  AddLens("operator (curated)", report.has_as_numbers, sums.location_operator, sums.total.bytes,
          out);
  absl::StrAppendFormat(out, "  anycast, which is many places at once: %s of bytes\n",
                        Percent(sums.anycast_bytes, sums.total.bytes));
}

// Only with the sensor's place.
void AddRoundTrips(const Report& report, std::string* out) {
  if (report.parameters.place.empty()) return;
  const RefutedLocations refuted = RefutedBy(report.snapshot.round_trips);
  absl::StrAppendFormat(out,
                        "  round trips: %s of %s timed flows were answered sooner than light in "
                        "fibre could have come\n  from their location to %s",
                        Grouped(refuted.contradicted), Grouped(refuted.timed),
                        report.parameters.place);
  for (size_t i = 0; i < refuted.most.size(); ++i) {
    absl::StrAppendFormat(out, "%s %s (%s)", i == 0 ? ":" : ",", refuted.most[i].first,
                          Grouped(refuted.most[i].second));
  }
  out->append("\n");
}

void AddDatabases(const Report& report, std::string* out) {
  out->append("\nOn what basis\n");
  for (const GeoStatement& geo : report.geo) {
    absl::StrAppendFormat(out, "  %s: %s, %s", geo.path, geo.type, geo.basis);
    if (geo.build_time != 0) {
      absl::StrAppendFormat(out, ", of %s", Iso8601(geo.build_time).substr(0, 10));
    }
    const std::optional<double> age = AgeInDays(geo, report.snapshot.decode);
    if (age.has_value()) {
      absl::StrAppendFormat(out, ", %.0f days %s than the last frame", std::abs(*age),
                            *age >= 0 ? "older" : "newer");
    }
    out->append("\n");
    if (!geo.description.empty()) absl::StrAppendFormat(out, "    %s\n", geo.description);
    if (!geo.odd_codes.empty()) {
      out->append("    codes outside ISO 3166-1, counted as unknown or by their successor:");
      for (const auto& [code, ranges] : geo.odd_codes) {
        absl::StrAppendFormat(out, " %s (%s)", Printable(code), Grouped(ranges));
      }
      out->append("\n");
    }
  }
  if (report.geo.empty()) out->append("  no database\n");
  for (const GeoStatement& geo : report.other_geo) {
    absl::StrAppendFormat(
        out, "  beside them, for comparison only: %s: %s, %s%s\n", geo.path, geo.type, geo.basis,
        geo.build_time == 0 ? std::string() : ", of " + Iso8601(geo.build_time).substr(0, 10));
  }
}

void AddMirror(const Report& report, std::string* out) {
  const Artefacts& a = report.snapshot.artefacts;
  absl::StrAppendFormat(
      out,
      "\nWhat the mirror did (estimates, nothing is subtracted)\n"
      "  %s frames look like copies, %s one-way TCP flows, %s TCP bytes missing, %s frames cut "
      "short,\n  %s segments on both sides of a NAT\n",
      Grouped(a.duplicate_frames), Grouped(a.one_way_flows), Bytes(a.tcp_gap_bytes),
      Grouped(report.snapshot.decode_counters.truncated_frames), Grouped(a.nat_suspected));
}

void AddLive(const Report& report, std::string* out) {
  if (!report.live.has_value()) return;
  out->append("\nThe port\n");
  for (const PortStatement& port : report.live->ports) {
    absl::StrAppendFormat(out, "  %s (%s), link %s", port.device, port.driver,
                          port.link_up ? "up" : "DOWN");
    if (port.link_losses > 0) {
      absl::StrAppendFormat(out, ", lost %s times", Grouped(port.link_losses));
    }
    out->append("\n");
    for (const std::string& note : port.notes) absl::StrAppendFormat(out, "    %s\n", note);
    if (port.no_mbuf > 0) {
      absl::StrAppendFormat(out, "    no buffer was free %s times (some drivers count retries)\n",
                            Grouped(port.no_mbuf));
    }
  }
  for (size_t i = 0; i < report.live->lanes.size(); ++i) {
    const LaneStatement& lane = report.live->lanes[i];
    absl::StrAppendFormat(
        out, "  worker %d: %s frames, busy %s, full bursts %s, no gap above %.3f ms\n", i,
        Grouped(lane.frames), Percent(lane.busy_share), Percent(lane.full_burst_share),
        static_cast<double>(lane.longest_gap_ns) / 1e6);
  }
  if (report.live->burst_clock) {
    out->append("  the driver gives no time stamps: a frame's time is that of its burst\n");
  }
}

void AddPolicies(const Report& report, std::string* out) {
  for (const PolicyResult& policy : report.policies) {
    out->append(PolicyText(policy, PolicyDetail::kSummary));
  }
}

void AddConservation(const Report& report, std::string* out) {
  const DecodeTotals& d = report.snapshot.decode;
  const bool lost = report.live.has_value() && !Dropped(*report.live).empty();
  out->append(lost ? "\nWhat was lost, and that nothing else is missing\n" : "\nNothing is lost\n");
  absl::StrAppendFormat(out, "  captured %s frames = ip %s + non_ip %s + malformed %s",
                        Grouped(d.captured.frames), Grouped(d.ip.frames), Grouped(d.non_ip.frames),
                        Grouped(d.malformed.frames));
  if (d.duplicates.frames > 0) {
    absl::StrAppendFormat(out, " + removed copies %s", Grouped(d.duplicates.frames));
  }
  out->append("\n");
  if (report.live.has_value()) {
    absl::StrAppendFormat(out, "  wire %s frames = captured %s", Grouped(WireFrames(*report.live)),
                          Grouped(d.captured.frames));
    for (const auto& [reason, frames] : Dropped(*report.live)) {
      absl::StrAppendFormat(out, " + %s %s", reason, Grouped(frames));
    }
    out->append("\n");
  }
  bool holds = true;
  for (const ConservationLine& line : Conservation(report)) {
    if (line.holds()) continue;
    holds = false;
    absl::StrAppendFormat(
        out, "  DOES NOT HOLD: %s (%s frames, %s bytes) = %s (%s frames, %s bytes)\n", line.left,
        Grouped(line.left_value.frames), Grouped(line.left_value.bytes), line.right,
        Grouped(line.right_value.frames), Grouped(line.right_value.bytes));
  }
  if (holds) {
    absl::StrAppendFormat(out, "  ip %s bytes = sum of %d cells = sum by crossing%s: exact\n",
                          Grouped(d.ip.bytes), report.snapshot.cells.size(),
                          report.policies.empty() ? "" : " = sum of every policy's verdicts");
  }
}

}  // namespace

std::string ToSummary(const Report& report) {
  std::string out;
  AddHead(report, &out);
  AddMisleading(report, &out);
  AddCrossing(report, &out);
  AddKinds(report, &out);
  AddNames(report, &out);
  AddCertainty(report, &out);
  AddLenses(report, &out);
  AddRoundTrips(report, &out);
  AddDatabases(report, &out);
  AddMirror(report, &out);
  AddLive(report, &out);
  AddPolicies(report, &out);
  if (report.geo_choice.has_value()) out.append(GeoChoiceText(*report.geo_choice));
  AddConservation(report, &out);
  return out;
}

}  // namespace borderflow
