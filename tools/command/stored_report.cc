#include "tools/command/stored_report.h"

#include <algorithm>
#include <fstream>
#include <map>
#include <tuple>
#include <utility>

#include "absl/strings/str_cat.h"
#include "collectors/report/cells_by_spans.h"
#include "collectors/report/finished_report.h"
#include "collectors/report/policy_cells.h"
#include "collectors/report/report_rows.h"
#include "collectors/store/statement.h"
#include "rules/jurisdiction/suggest.h"
#include "rules/policy/lists.h"
#include "rules/policy/pack.h"
#include "tools/command/stored_spans.h"

namespace borderflow {
namespace {

// What is added up: of a store, or of a JSON report.
struct MergePart {
  StoredCounts of;
  std::string path;
  // Of a JSON report, what its cells do not say of themselves.
  bool is_report = false;
  std::map<CellKey, ClientBounds> client_bounds;
  std::vector<ProtocolSum> protocols;
  double named = 0;  // share of bytes

  const Report& statement() const { return of.statement; }
  std::string called() const {
    return of.statement.sensor.empty() ? path : absl::StrCat("\"", of.statement.sensor, "\"");
  }
};

// Adds what another part states.
void AddStatement(const Report& part, Report* report) {
  for (const GeoStatement& geo : part.geo) {
    const bool stated =
        std::any_of(report->geo.begin(), report->geo.end(), [&geo](const GeoStatement& other) {
          return other.path == geo.path && other.sha256 == geo.sha256;
        });
    if (!stated) report->geo.push_back(geo);
  }
  report->captures.insert(report->captures.end(), part.captures.begin(), part.captures.end());
  report->pack_digests.insert(part.pack_digests.begin(), part.pack_digests.end());
  report->has_as_numbers = report->has_as_numbers || part.has_as_numbers;
  report->has_registered = report->has_registered || part.has_registered;
  if (part.command != report->command) absl::StrAppend(&report->command, "; ", part.command);
  if (!part.sensor.empty() && part.sensor != report->sensor) {
    absl::StrAppend(&report->sensor, report->sensor.empty() ? "" : ", ", part.sensor);
  }
  // A list of names that leaves out a site's would mislead.
  report->parameters.names = report->parameters.names && part.parameters.names;
  if (part.parameters.home != report->parameters.home) report->parameters.home.reset();
}

// A sensor may go on from one store to the next, but not be in two at the same time.
absl::Status CheckApart(const std::vector<MergePart>& parts) {
  for (size_t i = 0; i < parts.size(); ++i) {
    const DecodeTotals& one = parts[i].of.counts.snapshot.decode;
    const std::string& sensor = parts[i].statement().sensor;
    for (size_t j = 0; j < i && !sensor.empty(); ++j) {
      const DecodeTotals& other = parts[j].of.counts.snapshot.decode;
      if (parts[i].path == parts[j].path || sensor != parts[j].statement().sensor ||
          one.first_time_ns > other.last_time_ns || other.first_time_ns > one.last_time_ns) {
        continue;
      }
      return absl::FailedPreconditionError(
          absl::StrCat("\"", sensor, "\" is in ", parts[j].path, " and in ", parts[i].path,
                       " at the same time, and would count twice; leave one out"));
    }
  }
  return absl::OkStatus();
}

absl::Status CheckAlike(const std::vector<MergePart>& parts, bool mixed) {
  std::map<std::string, const MergePart*> by_capture;
  for (const MergePart& part : parts) {
    for (const CaptureStatement& capture : part.statement().captures) {
      if (capture.sha256.empty()) continue;
      const MergePart*& other = by_capture[capture.sha256];
      if (other != nullptr &&
          (other->path != part.path || other->statement().sensor != part.statement().sensor)) {
        return absl::FailedPreconditionError(
            absl::StrCat(capture.file, " would count twice: it is in ", other->called(), " and in ",
                         part.called(),
                         other->path == part.path ? "; choose with --sensor" : "; leave one out"));
      }
      other = &part;
    }
    const std::string unlike = Unlike(parts.front().statement(), part.statement());
    if (mixed || unlike.empty()) continue;
    return absl::FailedPreconditionError(
        absl::StrCat(parts.front().called(), " and ", part.called(), " are unlike: ", unlike,
                     "; choose with --sensor, --from and --to, or add --mixed"));
  }
  return absl::OkStatus();
}

// Nobody can say how many clients of both are the same.
void AddBounds(const ClientBounds& from, ClientBounds* to) {
  to->least = std::max(to->least, from.least);
  to->most += from.most;
}

absl::Status ReadWith(const Lists& lists, MergePart* part) {
  const bool alike = part->of.statement.entities_digest == lists.entities().digest();
  if (absl::Status s = borderflow::ReadWith(lists, &part->of); !s.ok() || alike) return s;
  for (auto& [key, bounds] : std::exchange(part->client_bounds, {})) {
    CellKey folded = key;
    folded.classification.entity = kNoEntity;
    AddBounds(bounds, &part->client_bounds[folded]);
  }
  return absl::OkStatus();
}

// A part of an estimate may correct what an earlier window said.
void CutNegative(Artefacts* a) {
  for (uint64_t* estimate :
       {&a->duplicate_frames, &a->duplicate_bytes, &a->one_way_flows, &a->nat_suspected,
        &a->tcp_gap_bytes, &a->tunnelled_bytes, &a->tunnel_differs_bytes}) {
    if (static_cast<int64_t>(*estimate) < 0) *estimate = 0;
  }
}

absl::StatusOr<MergePart> PartOfReport(const std::string& path) {
  MergePart part;
  absl::StatusOr<Report> report = ReadFinishedReport(path, &part.of.counts.dropped);
  if (!report.ok()) return report.status();
  part.path = path;
  part.is_report = true;
  part.client_bounds = std::exchange(report->client_bounds, {});
  part.protocols = std::exchange(report->sums.protocols, {});
  part.named = report->sums.coverage.named;
  part.of.counts.snapshot = std::exchange(report->snapshot, {});
  part.of.counts.damaged = std::exchange(report->damaged, {});
  report->sums = {};
  part.of.statement = *std::move(report);
  part.of.spans = 1;
  return part;
}

absl::StatusOr<std::vector<MergePart>> PartsOfStore(const std::string& path,
                                                    const TimeRange& range) {
  const absl::StatusOr<std::unique_ptr<Store>> store = Store::Open(path, Store::Mode::kRead);
  if (!store.ok()) return store.status();
  absl::StatusOr<StoredRange> found = (*store)->Read(range);
  if (!found.ok()) return found.status();
  std::vector<MergePart> parts;
  for (StoredCounts& counts : found->parts) {
    MergePart part;
    part.of = std::move(counts);
    part.path = path;
    parts.push_back(std::move(part));
  }
  return parts;
}

absl::Status RefuseRange(const std::string& path, const StoredFlags& flags) {
  if (flags.from.empty() && flags.to.empty()) return absl::OkStatus();
  return absl::InvalidArgumentError(absl::StrCat(
      flags.from.empty() ? "--to" : "--from", ": ", path,
      " is one report, which holds no windows to choose from; name a store ('borderflow replay "
      "--sqlite FILE' makes one)"));
}

// Of all parts, those of JSON reports by what these said. Shares of named bytes are exact to six
// digits, as reports have them.
void SumProtocols(const std::vector<MergePart>& parts, Sums* sums) {
  std::map<std::pair<Protocol, Evidence>, CellCounters> protocols;
  double named_bytes = 0;
  for (const MergePart& part : parts) {
    const Sums own = SumUp(part.of.counts.snapshot.cells, {});
    for (const ProtocolSum& sum : part.is_report ? part.protocols : own.protocols) {
      protocols[{sum.protocol, sum.evidence}] += sum.counters;
    }
    named_bytes +=
        (part.is_report ? part.named : own.coverage.named) * static_cast<double>(own.total.bytes);
  }
  sums->protocols.clear();
  for (const auto& [key, counters] : protocols) {
    sums->protocols.push_back({key.first, key.second, counters});
  }
  SortProtocols(&sums->protocols);
  if (sums->total.bytes > 0) {
    sums->coverage.named = named_bytes / static_cast<double>(sums->total.bytes);
  }
}

void StateLosses(const SpanCounts& counts, Report* report) {
  if (counts.dropped.empty()) return;
  PortStatement port;
  port.device = report->sensor;
  port.driver = "from the store";
  port.link_up = true;
  port.dropped = counts.dropped;
  port.wire_frames = counts.snapshot.decode.captured.frames;
  for (const auto& [unused, frames] : counts.dropped) port.wire_frames += frames;
  report->live.emplace().ports.push_back(std::move(port));
}

}  // namespace

void AddStoredFlags(CLI::App* command, StoredFlags* flags) {
  command->add_option("--from", flags->from,
                      "count from this time on, such as 2026-06-25T04:00:00Z; whole windows");
  command->add_option("--to", flags->to, "count up to this time");
  command->add_option("--sensor", flags->sensor, "count this sensor only");
  command->add_flag("--mixed", flags->mixed,
                    "add up windows of unlike databases, rules, packs or vantage, too");
  command->add_option("--with-geo", flags->other_geo)->allow_extra_args(false)->group("");
}

absl::Status RefuseOtherGeo(const StoredFlags& flags) {
  if (flags.other_geo.empty()) return absl::OkStatus();
  return absl::InvalidArgumentError(
      "--with-geo: what is stored holds no addresses, only what one database said of them, so "
      "that another one cannot be asked any more; 'borderflow replay --with-geo FILE' looks every "
      "flow up in both");
}

absl::Status ReadWith(const Lists& lists, StoredCounts* part) {
  Report& statement = part->statement;
  statement.zones.clear();
  for (const std::string& zone : statement.parameters.zones) {
    const Group* group = lists.groups().Find(zone);
    if (group == nullptr) {
      return absl::FailedPreconditionError(
          absl::StrCat("--zone ", zone, " of what is stored is no group of this program",
                       DidYouMean(zone, lists.groups().Names()), "; give its file with --groups"));
    }
    statement.zones.push_back(group->members);
  }
  statement.entities = lists.shared_entities();
  if (statement.entities_digest == lists.entities().digest()) return absl::OkStatus();
  for (Cell& cell : part->counts.snapshot.cells) cell.key.classification.entity = kNoEntity;
  SortAndFold(&part->counts.snapshot.cells);
  return absl::OkStatus();
}

absl::StatusOr<TimeRange> RangeOf(const StoredFlags& flags) {
  TimeRange range;
  for (const auto& [flag, text, bound] :
       {std::tuple("--from", &flags.from, &range.from), std::tuple("--to", &flags.to, &range.to)}) {
    if (text->empty()) continue;
    const absl::StatusOr<uint64_t> time = ParseTimeFlag(flag, *text);
    if (!time.ok()) return time.status();
    *bound = *time;
  }
  if (range.from.has_value() && range.to.has_value() && *range.from >= *range.to) {
    return absl::InvalidArgumentError(
        absl::StrCat("--to: ", flags.to, " is not after --from ", flags.from));
  }
  return range;
}

absl::StatusOr<std::vector<Pack>> LoadPacks(const std::vector<std::string>& names,
                                            const Lists& lists) {
  std::vector<Pack> packs;
  for (const std::string& name : names) {
    absl::StatusOr<Pack> pack = LoadPack(name, lists);
    if (!pack.ok()) return pack.status();
    packs.push_back(*std::move(pack));
  }
  return packs;
}

bool HoldsJson(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  char first = '\0';
  return file >> first && first == '{';
}

absl::StatusOr<Report> ReportOf(const std::vector<std::string>& inputs, const StoredFlags& flags) {
  if (absl::Status s = RefuseOtherGeo(flags); !s.ok()) return s;
  const absl::StatusOr<TimeRange> range = RangeOf(flags);
  if (!range.ok()) return range.status();
  const absl::StatusOr<Lists> lists = LoadLists(flags.lists);
  if (!lists.ok()) return lists.status();
  const absl::StatusOr<std::vector<Pack>> packs = LoadPacks(flags.policies, *lists);
  if (!packs.ok()) return packs.status();
  std::vector<MergePart> parts;
  std::string names;
  for (size_t i = 0; i < inputs.size(); ++i) {
    const std::string& path = inputs[i];
    if (std::find(inputs.begin(), inputs.begin() + static_cast<std::ptrdiff_t>(i), path) !=
        inputs.begin() + static_cast<std::ptrdiff_t>(i)) {
      return absl::InvalidArgumentError(absl::StrCat(path, ": is named twice"));
    }
    std::vector<MergePart> found;
    if (HoldsJson(path)) {
      if (absl::Status s = RefuseRange(path, flags); !s.ok()) return s;
      absl::StatusOr<MergePart> part = PartOfReport(path);
      if (!part.ok()) return part.status();
      found.push_back(*std::move(part));
    } else {
      absl::StatusOr<std::vector<MergePart>> of_store = PartsOfStore(path, *range);
      if (!of_store.ok()) return of_store.status();
      found = *std::move(of_store);
    }
    for (MergePart& part : found) {
      absl::StrAppend(&names, names.empty() ? "" : ", ", "\"", part.statement().sensor, "\"");
      if (flags.sensor.empty() || flags.sensor == part.statement().sensor) {
        parts.push_back(std::move(part));
      }
    }
  }
  if (parts.empty()) {
    return absl::NotFoundError(
        absl::StrCat(inputs.front(), ": nothing lies in that time",
                     names.empty() ? "" : absl::StrCat(", but from the sensors ", names)));
  }
  if (absl::Status s = CheckApart(parts); !s.ok()) return s;
  if (absl::Status s = CheckAlike(parts, flags.mixed); !s.ok()) return s;
  Report report = parts.front().statement();
  bool any_report = false;
  for (MergePart& part : parts) {
    if (absl::Status s = ReadWith(*lists, &part); !s.ok()) return s;
    any_report = any_report || part.is_report;
  }
  report.zones = parts.front().statement().zones;
  report.entities = parts.front().statement().entities;
  Sums told;
  if (any_report) {
    for (const MergePart& part : parts) {
      told.total += SumUp(part.of.counts.snapshot.cells, {}).total;
    }
    SumProtocols(parts, &told);
  }
  SpanCounts counts;
  for (size_t i = 0; i < parts.size(); ++i) {
    if (i > 0) AddStatement(parts[i].statement(), &report);
    for (const auto& [key, bounds] : parts[i].client_bounds) {
      AddBounds(bounds, &report.client_bounds[key]);
    }
    AddCounts(std::move(parts[i].of.counts), &counts);
  }
  CutNegative(&counts.snapshot.artefacts);
  StateLosses(counts, &report);
  report.damaged = std::move(counts.damaged);
  report.snapshot = std::move(counts.snapshot);
  report.sums = SumUp(report.snapshot.cells, report.zones);
  if (any_report) {
    report.sums.protocols = std::move(told.protocols);
    report.sums.coverage.named = told.coverage.named;
  }
  report.policies.clear();
  if (packs->empty()) return report;
  const std::vector<PolicyCell> cells = PolicyCellsOf(report);
  const DecodeTotals& decode = report.snapshot.decode;
  const CellsBySpans by_time(cells, lists->entities(), SpansOf(inputs, flags, *lists, decode));
  EvaluateOptions options =
      OptionsOf(report.parameters.vantage, decode.first_time_ns, decode.last_time_ns);
  if (!any_report) options.by_time = &by_time;  // a JSON report says nothing of times
  for (const Pack& pack : *packs) {
    report.policies.push_back(Evaluate(pack, cells, options));
    report.pack_digests[pack.id] = pack.digest;
  }
  return report;
}

}  // namespace borderflow
