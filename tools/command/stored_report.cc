#include "tools/command/stored_report.h"

#include <algorithm>
#include <map>
#include <tuple>
#include <utility>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "collectors/report/cells_by_spans.h"
#include "collectors/report/policy_cells.h"
#include "collectors/store/statement.h"
#include "rules/jurisdiction/suggest.h"
#include "rules/policy/lists.h"
#include "rules/policy/pack.h"
#include "tools/command/stored_spans.h"

namespace borderflow {
namespace {

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
  if (part.sensor != report->sensor) absl::StrAppend(&report->sensor, ", ", part.sensor);
  if (part.parameters.home != report->parameters.home) report->parameters.home.reset();
}

// A sensor may go on from one store to the next, but not be in two at the same time.
absl::Status CheckApart(const std::vector<StoredCounts>& parts,
                        const std::vector<std::string>& store_of) {
  for (size_t i = 0; i < parts.size(); ++i) {
    const DecodeTotals& one = parts[i].counts.snapshot.decode;
    for (size_t j = 0; j < i; ++j) {
      const DecodeTotals& other = parts[j].counts.snapshot.decode;
      if (store_of[i] == store_of[j] || parts[i].statement.sensor != parts[j].statement.sensor ||
          one.first_time_ns > other.last_time_ns || other.first_time_ns > one.last_time_ns) {
        continue;
      }
      return absl::FailedPreconditionError(
          absl::StrCat("\"", parts[i].statement.sensor, "\" is in ", store_of[j], " and in ",
                       store_of[i], " at the same time, and would count twice; leave one out"));
    }
  }
  return absl::OkStatus();
}

absl::Status CheckAlike(const std::vector<StoredCounts>& parts, bool mixed) {
  std::map<std::string, const Report*> by_capture;
  for (const StoredCounts& part : parts) {
    for (const CaptureStatement& capture : part.statement.captures) {
      if (capture.sha256.empty()) continue;
      const Report*& other = by_capture[capture.sha256];
      if (other != nullptr && other->sensor != part.statement.sensor) {
        return absl::FailedPreconditionError(
            absl::StrCat(capture.file, " would count twice: it is in \"", other->sensor,
                         "\" and in \"", part.statement.sensor, "\"; choose with --sensor"));
      }
      other = &part.statement;
    }
    const std::string unlike = Unlike(parts.front().statement, part.statement);
    if (mixed || unlike.empty()) continue;
    return absl::FailedPreconditionError(absl::StrCat(
        "\"", parts.front().statement.sensor, "\" and \"", part.statement.sensor,
        "\" are unlike: ", unlike, "; choose with --sensor, --from and --to, or add --mixed"));
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

absl::StatusOr<uint64_t> ParseTimeFlag(const std::string& flag, const std::string& text) {
  uint64_t seconds = 0;
  if (absl::SimpleAtoi(text, &seconds)) return seconds;
  for (const char* format : {absl::RFC3339_full, "%Y-%m-%dT%H:%M:%E*S", "%Y-%m-%d %H:%M:%S",
                             "%Y-%m-%d %H:%M", "%Y-%m-%d"}) {
    absl::Time time;
    std::string error;
    if (absl::ParseTime(format, text, absl::UTCTimeZone(), &time, &error) &&
        time >= absl::UnixEpoch()) {
      return static_cast<uint64_t>(absl::ToUnixSeconds(time));
    }
  }
  return absl::InvalidArgumentError(absl::StrCat(
      flag, ": \"", text, "\" is no time such as 2026-06-25T04:00:00Z or 2026-06-25 (UTC)"));
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

absl::StatusOr<Report> ReportOf(const std::vector<std::string>& stores, const StoredFlags& flags) {
  if (absl::Status s = RefuseOtherGeo(flags); !s.ok()) return s;
  const absl::StatusOr<TimeRange> range = RangeOf(flags);
  if (!range.ok()) return range.status();
  const absl::StatusOr<Lists> lists = LoadLists(flags.lists);
  if (!lists.ok()) return lists.status();
  const absl::StatusOr<std::vector<Pack>> packs = LoadPacks(flags.policies, *lists);
  if (!packs.ok()) return packs.status();
  std::vector<StoredCounts> parts;
  std::vector<std::string> store_of;  // by part
  std::string names;
  for (size_t i = 0; i < stores.size(); ++i) {
    const std::string& path = stores[i];
    if (std::find(stores.begin(), stores.begin() + static_cast<std::ptrdiff_t>(i), path) !=
        stores.begin() + static_cast<std::ptrdiff_t>(i)) {
      return absl::InvalidArgumentError(absl::StrCat(path, ": is named twice"));
    }
    const absl::StatusOr<std::unique_ptr<Store>> store = Store::Open(path, Store::Mode::kRead);
    if (!store.ok()) return store.status();
    absl::StatusOr<StoredRange> found = (*store)->Read(*range);
    if (!found.ok()) return found.status();
    for (StoredCounts& part : found->parts) {
      absl::StrAppend(&names, names.empty() ? "" : ", ", "\"", part.statement.sensor, "\"");
      if (flags.sensor.empty() || flags.sensor == part.statement.sensor) {
        parts.push_back(std::move(part));
        store_of.push_back(path);
      }
    }
  }
  if (parts.empty()) {
    return absl::NotFoundError(
        absl::StrCat(stores.front(), ": nothing lies in that time",
                     names.empty() ? "" : absl::StrCat(", but from the sensors ", names)));
  }
  if (absl::Status s = CheckApart(parts, store_of); !s.ok()) return s;
  if (absl::Status s = CheckAlike(parts, flags.mixed); !s.ok()) return s;
  for (StoredCounts& part : parts) {
    if (absl::Status s = ReadWith(*lists, &part); !s.ok()) return s;
  }
  Report report = parts.front().statement;
  SpanCounts counts;
  for (size_t i = 0; i < parts.size(); ++i) {
    if (i > 0) AddStatement(parts[i].statement, &report);
    AddCounts(std::move(parts[i].counts), &counts);
  }
  CutNegative(&counts.snapshot.artefacts);
  StateLosses(counts, &report);
  report.damaged = std::move(counts.damaged);
  report.snapshot = std::move(counts.snapshot);
  report.sums = SumUp(report.snapshot.cells, report.zones);
  const std::vector<PolicyCell> cells =
      packs->empty() ? std::vector<PolicyCell>{}
                     : ToPolicyCells(report.snapshot.cells, lists->entities());
  const DecodeTotals& decode = report.snapshot.decode;
  EvaluateOptions options =
      OptionsOf(report.parameters.vantage, decode.first_time_ns, decode.last_time_ns);
  const CellsBySpans by_time(cells, lists->entities(), SpansOf(stores, flags, *lists, decode));
  options.by_time = &by_time;
  for (const Pack& pack : *packs) {
    report.policies.push_back(Evaluate(pack, cells, options));
    report.pack_digests[pack.id] = pack.digest;
  }
  return report;
}

}  // namespace borderflow
