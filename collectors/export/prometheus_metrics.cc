#include "collectors/export/prometheus_metrics.h"

#include <algorithm>
#include <array>
#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "collectors/privacy/table_shapes.h"

namespace borderflow {
namespace {

using enum MetricFamilyId;

constexpr std::string_view kOther = "other";
constexpr std::string_view kSuppressed = "suppressed";
constexpr double kNanosecondsPerSecond = 1e9;

std::string_view CodeOf(uint16_t number) { return Code(static_cast<Jurisdiction>(number)); }
std::string_view CategoryOf(uint16_t number) { return Code(static_cast<Category>(number)); }
std::string_view EvidenceOf(uint16_t number) { return Name(static_cast<Evidence>(number)); }
std::string_view ProtectionOf(uint16_t number) { return Name(static_cast<Protection>(number)); }

void WriteCapture(const Report& report, Exposition* out) {
  const DecodeTotals& decode = report.snapshot.decode;
  out->Single(kCapturedFrames, decode.captured.frames);
  out->Single(kCapturedBytes, decode.captured.bytes);
  out->Begin(kDroppedFrames);
  // Every reason that there can be, so that none is missing before the first loss.
  std::map<std::string, uint64_t> dropped = {
      {"imissed", 0}, {"ierrors", 0}, {"ring_full", 0}, {"kernel", 0}, {"interface", 0}};
  if (report.live.has_value()) {
    for (const auto& [reason, frames] : Dropped(*report.live)) dropped[reason] += frames;
  }
  for (const auto& [reason, frames] : dropped) out->Sample({reason}, frames);
  out->Single(kTruncatedFrames, report.snapshot.decode_counters.truncated_frames);
  const std::array<std::pair<std::string_view, const FrameTotals*>, 4> results = {
      {{"ip", &decode.ip},
       {"non_ip", &decode.non_ip},
       {"malformed", &decode.malformed},
       {"duplicate", &decode.duplicates}}};
  out->Begin(kDecodedFrames);
  for (const auto& [result, totals] : results) out->Sample({result}, totals->frames);
  out->Begin(kDecodedBytes);
  for (const auto& [result, totals] : results) out->Sample({result}, totals->bytes);
  out->Begin(kMalformedFrames);
  for (size_t i = 0; i < decode.malformed_reasons.size(); ++i) {
    out->Sample({Name(static_cast<Malformed>(i))}, decode.malformed_reasons[i]);
  }
  const FlowTotals& flows = report.snapshot.flows;
  out->Begin(kFlowsSeen);
  out->Sample({"tcp"}, flows.tcp);
  out->Sample({"udp"}, flows.udp);
  out->Sample({"other"}, flows.other);
  out->Begin(kFirstFrame);
  out->Sample({}, static_cast<double>(decode.first_time_ns) / kNanosecondsPerSecond);
  out->Begin(kLastFrame);
  out->Sample({}, static_cast<double>(decode.last_time_ns) / kNanosecondsPerSecond);
}

void WritePorts(const LiveStatement& live, Exposition* out) {
  // A port's name may say where it is plugged in, or name a file: its number does.
  const auto each = [&live, out](MetricFamilyId id, const auto& write) {
    out->Begin(id);
    for (size_t i = 0; i < live.ports.size(); ++i) write(absl::StrCat(i), live.ports[i]);
  };
  each(kPortUp, [out](const std::string& number, const PortStatement& port) {
    out->Sample({number, port.driver}, uint64_t{port.link_up});
  });
  each(kPortWireFrames, [out](const std::string& number, const PortStatement& port) {
    out->Sample({number}, port.wire_frames);
  });
  each(kPortLinkLosses, [out](const std::string& number, const PortStatement& port) {
    out->Sample({number}, port.link_losses);
  });
  each(kPortNoBuffer, [out](const std::string& number, const PortStatement& port) {
    out->Sample({number}, port.no_mbuf);
  });
}

void WriteWorkers(const LiveStatement& live, Exposition* out) {
  const auto each = [&live, out](MetricFamilyId id, const auto& value) {
    out->Begin(id);
    for (size_t i = 0; i < live.lanes.size(); ++i) {
      out->Sample({absl::StrCat(i)}, value(live.lanes[i]));
    }
  };
  each(kWorkerFrames, [](const LaneStatement& lane) { return lane.frames; });
  each(kWorkerBusy, [](const LaneStatement& lane) { return lane.busy_share; });
  each(kWorkerFullBursts, [](const LaneStatement& lane) { return lane.full_burst_share; });
  each(kWorkerLongestGap, [](const LaneStatement& lane) {
    return static_cast<double>(lane.longest_gap_ns) / kNanosecondsPerSecond;
  });
  out->Single(kReloads, live.reloads);
}

// Every exporter by kind and number: where it exports to may be a host or a file.
void WriteExporters(const LiveStatement& live, Exposition* out) {
  using Count = uint64_t ExportCounters::*;
  const auto each = [&live, out](MetricFamilyId id, Count count) {
    out->Begin(id);
    for (const ExporterStatement& exporter : live.exporters) {
      out->Sample({exporter.name}, exporter.counters.*count);
    }
  };
  const auto each_reason = [&live, out](MetricFamilyId id, Count overflow, Count failed) {
    out->Begin(id);
    for (const ExporterStatement& exporter : live.exporters) {
      out->Sample({exporter.name, "overflow"}, exporter.counters.*overflow);
      out->Sample({exporter.name, "failed"}, exporter.counters.*failed);
    }
  };
  const auto each_spool = [&live, out](MetricFamilyId id, Count count) {
    out->Begin(id);
    for (const ExporterStatement& exporter : live.exporters) {
      if (exporter.counters.spool_limit_bytes == 0) continue;
      out->Sample({exporter.name}, exporter.counters.*count);
    }
  };
  each(kExportOfferedWindows, &ExportCounters::offered_batches);
  each(kExportWrittenWindows, &ExportCounters::exported_batches);
  each_reason(kExportDroppedWindows, &ExportCounters::overflow_batches,
              &ExportCounters::failed_batches);
  each(kExportWrittenCells, &ExportCounters::exported_rows);
  each_reason(kExportDroppedCells, &ExportCounters::overflow_rows, &ExportCounters::failed_rows);
  each(kExportQueuedWindows, &ExportCounters::queued_batches);
  each(kExportQueueLimit, &ExportCounters::queue_limit);
  each(kExportRetries, &ExportCounters::retries);
  each(kExportLastSuccess, &ExportCounters::last_success);
  out->Begin(kExportBlocked);
  for (const ExporterStatement& exporter : live.exporters) {
    out->Sample({exporter.name}, uint64_t{exporter.counters.blocked});
  }
  each_spool(kExportWaitingParts, &ExportCounters::waiting);
  each_spool(kExportSpoolBytes, &ExportCounters::spool_bytes);
  each_spool(kExportSpoolLimit, &ExportCounters::spool_limit_bytes);
}

void WriteDoubts(const Snapshot& snapshot, Exposition* out) {
  const Artefacts& a = snapshot.artefacts;
  out->Begin(kArtefactFrames);
  out->Sample({"duplicate"}, a.duplicate_frames);
  out->Sample({"nat_suspected"}, a.nat_suspected);
  out->Sample({"length_forged"}, snapshot.decode.length_forged);
  out->Single(kOneWayFlows, a.one_way_flows);
  out->Single(kGapBytes, a.tcp_gap_bytes);
  const Overflows& o = snapshot.overflows;
  out->Begin(kOverflows);
  out->Sample({"flows"}, o.stateless_frames);
  out->Sample({"as_numbers"}, o.as_numbers_dropped);
  out->Sample({"cells"}, o.cells_folded);
  out->Sample({"reassembly"}, o.reassembly_slots);
  out->Sample({"dns_names"}, o.dns_names);
}

void WriteGeography(const Report& report, Exposition* out) {
  out->Begin(kGeoDatabase);
  for (size_t i = 0; i < report.geo.size(); ++i) {
    const GeoStatement& geo = report.geo[i];
    out->Sample({absl::StrCat(i), geo.type, geo.basis, geo.sha256}, uint64_t{1});
  }
  out->Begin(kGeoBuildTime);
  for (size_t i = 0; i < report.geo.size(); ++i) {
    out->Sample({absl::StrCat(i)}, report.geo[i].build_time);
  }
  out->Begin(kGeoRanges);
  for (size_t i = 0; i < report.geo.size(); ++i) {
    out->Sample({absl::StrCat(i)}, report.geo[i].ranges);
  }
}

using Measure = uint64_t CellCounters::*;
// Writes one sample with the labels of a key.
using KeyWriter = std::function<void(const LedgerKey&, uint64_t)>;
using FoldWriter = std::function<void(std::string_view, uint64_t)>;

void WriteTable(MetricFamilyId id, const PublishedTable& table, Measure measure,
                const KeyWriter& key, const FoldWriter& folded, Exposition* out) {
  out->Begin(id);
  for (const auto& [labels, series] : table.series) key(labels, series.counters.*measure);
  folded(kSuppressed, table.suppressed.*measure);
}

// The series of an enumeration are there from the start, at 0.
template <typename NameOf>
void WriteEnumeration(MetricFamilyId id, const PublishedTable& table, int values, Measure measure,
                      const NameOf& name, Exposition* out) {
  out->Begin(id);
  for (int i = 0; i < values; ++i) {
    const auto at = table.series.find({static_cast<uint16_t>(i)});
    out->Sample({name(i)}, at == table.series.end() ? 0 : at->second.counters.*measure);
  }
  out->Sample({kSuppressed}, table.suppressed.*measure);
}

using Label = std::string_view (*)(uint16_t);

// A matrix by two ends, and by category where there is a third label; `ends` names an end.
template <typename NameOf>
void WriteMatrix(MetricFamilyId id, const PublishedTable& table, Measure measure,
                 const NameOf& ends, Label third, Exposition* out) {
  const auto folded = [out, third](std::string_view what, uint64_t value) {
    if (third == nullptr) {
      out->Sample({what, what}, value);
    } else {
      out->Sample({what, what, what}, value);
    }
  };
  const auto key = [&](const LedgerKey& labels, uint64_t value) {
    if (third == nullptr) {
      out->Sample({ends(labels[0]), ends(labels[1])}, value);
    } else {
      out->Sample({ends(labels[0]), ends(labels[1]), third(labels[2])}, value);
    }
  };
  WriteTable(id, table, measure, key, folded, out);
  folded(kOther, table.other.*measure);
}

void WritePlaces(const Figures& figures, Exposition* out) {
  const PublishedTable& places = figures.jurisdiction;
  WriteMatrix(kJurisdictionFrames, places, &CellCounters::frames, CodeOf, CategoryOf, out);
  WriteMatrix(kJurisdictionBytes, places, &CellCounters::bytes, CodeOf, CategoryOf, out);
  WriteMatrix(kJurisdictionFlows, places, &CellCounters::flows, CodeOf, CategoryOf, out);
  WriteMatrix(kOperatorBytes, figures.operators, &CellCounters::bytes, CodeOf, nullptr, out);
  WriteMatrix(kOperatorFlows, figures.operators, &CellCounters::flows, CodeOf, nullptr, out);
}

// Without --zone there is no such table.
void WriteZones(const Figures& figures, const std::vector<std::string>& zones, Exposition* out) {
  if (zones.empty()) return;
  const size_t told_apart = std::min(zones.size(), kMaxZones);
  const auto name = [&zones, told_apart](uint16_t number) -> std::string_view {
    if (number < told_apart) return zones[number];
    return number == told_apart ? "outside" : "undetermined";
  };
  WriteMatrix(kZoneFrames, figures.zones, &CellCounters::frames, name, CategoryOf, out);
  WriteMatrix(kZoneBytes, figures.zones, &CellCounters::bytes, name, CategoryOf, out);
  WriteMatrix(kZoneFlows, figures.zones, &CellCounters::flows, name, CategoryOf, out);
}

// What a database or the table of operators cannot know is `unknown`, so a lens that is not there
// is one row.
void WriteLenses(const Figures& figures, Exposition* out) {
  WriteMatrix(kRegisteredBytes, figures.registered, &CellCounters::bytes, CodeOf, nullptr, out);
  WriteMatrix(kRegisteredFlows, figures.registered, &CellCounters::flows, CodeOf, nullptr, out);
  const std::array<std::pair<std::string_view, const PublishedTable*>, 2> lenses = {
      {{"registered", &figures.registered_agreement}, {"operator", &figures.operator_agreement}}};
  out->Begin(kAgreementBytes);
  for (const auto& [lens, table] : lenses) {
    for (int i = 0; i < kAgreements; ++i) {
      const auto at = table->series.find({static_cast<uint16_t>(i)});
      out->Sample({lens, Name(static_cast<Agreement>(i))},
                  at == table->series.end() ? 0 : at->second.counters.bytes);
    }
    out->Sample({lens, kSuppressed}, table->suppressed.bytes);
  }
}

void WriteKinds(const Figures& figures, Exposition* out) {
  const auto crossing = [](int i) { return Name(static_cast<Crossing>(i)); };
  WriteEnumeration(kTrafficFrames, figures.crossing, kCrossings, &CellCounters::frames, crossing,
                   out);
  WriteEnumeration(kTrafficBytes, figures.crossing, kCrossings, &CellCounters::bytes, crossing,
                   out);
  WriteEnumeration(kTrafficFlows, figures.crossing, kCrossings, &CellCounters::flows, crossing,
                   out);
  WriteEnumeration(
      kProtectionBytes, figures.protection, 3, &CellCounters::bytes,
      [](int i) { return ProtectionOf(static_cast<uint16_t>(i)); }, out);
  const auto category = [&](MetricFamilyId id, Measure measure) {
    WriteTable(
        id, figures.category, measure,
        [out](const LedgerKey& key, uint64_t value) {
          out->Sample({CategoryOf(key[0]), EvidenceOf(key[1])}, value);
        },
        [out](std::string_view what, uint64_t value) {
          out->Sample({what, what}, value);
        },
        out);
  };
  category(kCategoryFrames, &CellCounters::frames);
  category(kCategoryBytes, &CellCounters::bytes);
  category(kCategoryFlows, &CellCounters::flows);
}

void WritePolicies(const Figures& figures, Exposition* out) {
  out->Begin(kPolicy);
  for (const PublishedPolicy& policy : figures.policies) {
    out->Sample({policy.pack, policy.version, policy.as_of, policy.digest}, uint64_t{1});
  }
  const auto verdicts = [&](MetricFamilyId id, Measure measure) {
    out->Begin(id);
    for (const PublishedPolicy& policy : figures.policies) {
      for (int i = 0; i < kVerdicts; ++i) {
        const auto at = policy.verdicts.series.find({static_cast<uint16_t>(i)});
        out->Sample({policy.pack, Name(static_cast<Verdict>(i))},
                    at == policy.verdicts.series.end() ? 0 : at->second.counters.*measure);
      }
      out->Sample({policy.pack, kSuppressed}, policy.verdicts.suppressed.*measure);
    }
  };
  verdicts(kPolicyFrames, &CellCounters::frames);
  verdicts(kPolicyBytes, &CellCounters::bytes);
  verdicts(kPolicyFlows, &CellCounters::flows);
  out->Begin(kPolicyRuleBytes);
  for (const PublishedPolicy& policy : figures.policies) {
    for (const auto& [key, series] : policy.rules.series) {
      out->Sample({policy.pack, policy.rule_ids[key[0]]}, series.counters.bytes);
    }
    out->Sample({policy.pack, kOther}, policy.rules.other.bytes);
    out->Sample({policy.pack, kSuppressed}, policy.rules.suppressed.bytes);
  }
}

void WriteTables(const Figures& figures, Exposition* out) {
  const std::array<std::pair<std::string_view, const PublishedTable*>, 10> tables = {
      {{"traffic", &figures.crossing},
       {"zone", &figures.zones},
       {"jurisdiction", &figures.jurisdiction},
       {"registered", &figures.registered},
       {"operator", &figures.operators},
       {"registered_agreement", &figures.registered_agreement},
       {"operator_agreement", &figures.operator_agreement},
       {"category", &figures.category},
       {"protection", &figures.protection},
       {"cells", &figures.cells}}};
  out->Begin(kSeries);
  for (const auto& [name, table] : tables) out->Sample({name}, uint64_t{table->series.size()});
  out->Begin(kSeriesLimit);
  for (const auto& [name, table] : tables) out->Sample({name}, uint64_t{table->limit});
  out->Begin(kHiddenKeys);
  for (const auto& [name, table] : tables) out->Sample({name}, uint64_t{table->hidden_keys});
  out->Begin(kFoldedBytes);
  for (const auto& [name, table] : tables) {
    out->Sample({name, kOther}, table->other.bytes);
    out->Sample({name, kSuppressed}, table->suppressed.bytes);
  }
}

}  // namespace

void WriteMetrics(const Publication& publication, Exposition* out) {
  const Report& report = publication.statement;
  const Figures& figures = *publication.figures;
  out->Begin(kBuild);
  out->Sample({report.version, report.build}, uint64_t{1});
  WriteCapture(report, out);
  WriteGeography(report, out);
  WriteDoubts(report.snapshot, out);
  if (report.live.has_value()) {
    WritePorts(*report.live, out);
    WriteWorkers(*report.live, out);
    WriteExporters(*report.live, out);
  }
  out->Single(kPublishedFrames, figures.total.frames);
  out->Single(kPublishedBytes, figures.total.bytes);
  out->Single(kPublishedFlows, figures.total.flows);
  out->Single(kWaitingFrames, figures.waiting.frames);
  out->Single(kWaitingBytes, figures.waiting.bytes);
  WriteKinds(figures, out);
  WriteZones(figures, report.parameters.zones, out);
  WritePlaces(figures, out);
  WriteLenses(figures, out);
  WritePolicies(figures, out);
  WriteTables(figures, out);
  out->Single(kPublishedAt, figures.published_at);
  out->Single(kPeriod, figures.period_seconds);
  out->Single(kMinCell, figures.min_cell);
  out->Single(kConserved, uint64_t{publication.conserved});
  out->Single(kCollectDuration, publication.collect_seconds);
}

}  // namespace borderflow
