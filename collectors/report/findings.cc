#include "collectors/report/findings.h"

#include <cmath>
#include <string>
#include <string_view>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"
#include "collectors/report/refuted_locations.h"
#include "collectors/report/text.h"

namespace borderflow {
namespace {

// Below these shares of bytes a reader is not misled.
constexpr double kPrivateShare = 0.05;
constexpr double kArtefactShare = 0.01;
constexpr double kDaysPerYear = 365.25;

bool Exceeds(uint64_t part, uint64_t whole, double share) {
  return whole > 0 && static_cast<double>(part) > share * static_cast<double>(whole);
}

// What overflows cost, as far as anything.
std::string Losses(const Overflows& overflows) {
  std::vector<std::string> losses;
  const auto add = [&losses](uint64_t count, std::string_view what) {
    if (count > 0) losses.push_back(absl::StrFormat("%s %s", Grouped(count), what));
  };
  add(overflows.stateless_frames, "frames were counted by jurisdiction only");
  add(overflows.as_numbers_dropped, "flows without AS number");
  add(overflows.cells_folded, "flows without category");
  add(overflows.reassembly_slots, "handshakes unread");
  add(overflows.dns_names, "DNS answers forgotten early");
  add(overflows.names, "names not listed");
  return absl::StrJoin(losses, ", ");
}

void AddCaptureFindings(const Report& report, std::vector<Finding>* findings) {
  for (const DamageStatement& damage : report.damaged) {
    findings->push_back(
        {absl::StrCat(damage.file, " is damaged at byte ", Grouped(damage.offset), ": ",
                      damage.reason, ". Everything before that is counted, nothing after it"),
         "get the capture again, or read the result as a part"});
  }
  const Snapshot& snapshot = report.snapshot;
  if (snapshot.decode.captured.frames == 0) {
    findings->push_back(
        {"the capture holds no frames: every figure below is zero for that reason", ""});
  }
  for (const auto& [link, frames] : snapshot.decode.unknown_links) {
    findings->push_back({absl::StrCat(Grouped(frames), " frames have the link type ",
                                      std::string(LinkTypeName(link)),
                                      ", which borderflow does not know: they count as non_ip"),
                         "capture on the Ethernet or IP side of that link"});
  }
  if (snapshot.overflows.any()) {
    findings->push_back({absl::StrCat("a fixed table was full: ", Losses(snapshot.overflows),
                                      ". Locations are exact all the same"),
                         "replay a part of the capture at a time"});
  }
}

void AddGeographyFindings(const Report& report, std::vector<Finding>* findings) {
  const Sums& sums = report.sums;
  if (report.geo.empty() && sums.total.bytes > 0) {
    findings->push_back({"no address database was used, so nearly everything is undetermined",
                         "borderflow geo build, then add --geo FILE"});
  }
  if (!report.parameters.home.has_value() &&
      Exceeds(sums.private_bytes, sums.total.bytes, kPrivateShare)) {
    findings->push_back(
        {absl::StrCat(Percent(sums.private_bytes, sums.total.bytes),
                      " of bytes are at private addresses, and no home was declared: they are "
                      "undetermined"),
         "add --home CC, the jurisdiction where that network stands"});
  }
  for (const GeoStatement& geo : report.geo) {
    const std::optional<double> age = AgeInDays(geo, report.snapshot.decode);
    if (!age.has_value() || std::abs(*age) <= kDaysPerYear) continue;
    findings->push_back(
        {absl::StrFormat("the database %s is %.1f years %s than the capture: blocks have moved "
                         "between jurisdictions since",
                         geo.path, std::abs(*age) / kDaysPerYear, *age > 0 ? "older" : "newer"),
         "use a database of the capture's time (--geo FILE), or compare two with borderflow geo "
         "diff"});
  }
}

// Locations that light refutes, where the sensor's place is known.
void AddRoundTripFindings(const Report& report, std::vector<Finding>* findings) {
  if (report.parameters.place.empty()) return;
  const RefutedLocations refuted = RefutedBy(report.snapshot.round_trips);
  if (refuted.contradicted == 0) return;
  std::string where;
  for (const auto& [code, flows] : refuted.most) {
    absl::StrAppend(&where, where.empty() ? "" : ", ", code, " ", Grouped(flows));
  }
  findings->push_back(
      {absl::StrCat(Grouped(refuted.contradicted), " of ", Grouped(refuted.timed),
                    " timed flows were answered sooner than light in fibre comes back from where "
                    "the database believes the server to be (",
                    where,
                    "): it is elsewhere, or something nearer answered for it (a proxy, a satellite "
                    "gateway), or the capture's clock stamps the two directions apart"),
       absl::StrCat("borderflow explain CAPTURE:FLOW --place ", report.parameters.place,
                    " shows a flow's bound; correct blocks with --overrides")});
}

void AddContentFindings(const Report& report, std::vector<Finding>* findings) {
  if (report.parameters.content) return;
  findings->push_back(
      {"content was not looked at (--no-content): what flows carry is told by protocol, name and "
       "port only, and personal data in readable flows goes unseen",
       ""});
}

void AddMirrorFindings(const Report& report, std::vector<Finding>* findings) {
  const Artefacts& a = report.snapshot.artefacts;
  const uint64_t captured = report.snapshot.decode.captured.bytes;
  if (Exceeds(a.duplicate_bytes, captured, kArtefactShare)) {
    findings->push_back({absl::StrCat(Percent(a.duplicate_bytes, captured),
                                      " of bytes look like second copies of frames, as a mirror of "
                                      "both directions of a port makes them: totals are too high"),
                         "add --dedup, or mirror one direction only"});
  }
  if (Exceeds(a.tunnel_differs_bytes, captured, 0)) {
    const bool inner = report.parameters.tunnel == "inner";
    findings->push_back(
        {absl::StrCat(Percent(a.tunnel_differs_bytes, captured), " of bytes run in tunnels whose ",
                      inner ? "outer" : "inner", " header has other jurisdictions"),
         absl::StrCat("compare with --tunnel ", inner ? "outer" : "inner")});
  }
  if (report.snapshot.decode.length_forged > 0) {
    findings->push_back({absl::StrCat(Grouped(report.snapshot.decode.length_forged),
                                      " frames state a length that no link carries; each counts as "
                                      "262,144 bytes"),
                         "look at where the capture comes from"});
  }
  if (a.nat_suspected > 0 &&
      Exceeds(a.nat_suspected, report.snapshot.decode.ip.frames, kArtefactShare)) {
    findings->push_back({absl::StrCat(Grouped(a.nat_suspected),
                                      " segments were seen twice with one address changed: the "
                                      "mirror shows both sides of a NAT"),
                         "mirror one side only"});
  }
}

}  // namespace

std::vector<Finding> Misleading(const Report& report) {
  std::vector<Finding> findings;
  AddCaptureFindings(report, &findings);
  AddGeographyFindings(report, &findings);
  AddRoundTripFindings(report, &findings);
  AddContentFindings(report, &findings);
  AddMirrorFindings(report, &findings);
  return findings;
}

}  // namespace borderflow
