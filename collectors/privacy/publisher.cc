#include "collectors/privacy/publisher.h"

#include <algorithm>
#include <map>
#include <utility>

#include "collectors/export/rows.h"
#include "collectors/privacy/table_shapes.h"
#include "collectors/report/policy_cells.h"
#include "rules/policy/evaluate.h"

namespace borderflow {
namespace {

// A pack has eight verdicts, and as many rules as somebody has written.
constexpr size_t kRuleSeries = 200;

uint64_t EndOfPeriod(uint64_t now, uint64_t seconds) { return (now / seconds + 1) * seconds; }

// What a statement must not hold.
Report WithoutCells(const Report& report) {
  Report statement;
  statement.version = report.version;
  statement.build = report.build;
  statement.groups_digest = report.groups_digest;
  statement.entities_digest = report.entities_digest;
  statement.rules_digest = report.rules_digest;
  statement.pack_digests = report.pack_digests;
  statement.parameters.home = report.parameters.home;
  statement.parameters.zones = report.parameters.zones;
  statement.parameters.tunnel = report.parameters.tunnel;
  statement.parameters.anycast = report.parameters.anycast;
  statement.parameters.dedup = report.parameters.dedup;
  statement.parameters.vantage = report.parameters.vantage;
  statement.parameters.purpose = report.parameters.purpose;
  statement.geo = report.geo;
  statement.has_as_numbers = report.has_as_numbers;
  statement.has_registered = report.has_registered;
  statement.live = report.live;
  statement.snapshot.decode = report.snapshot.decode;
  statement.snapshot.decode_counters = report.snapshot.decode_counters;
  statement.snapshot.flows = report.snapshot.flows;
  statement.snapshot.artefacts = report.snapshot.artefacts;
  statement.snapshot.overflows = report.snapshot.overflows;
  return statement;
}

// What waits in flows is in no cell yet, so a running sensor's cells may fall short by it.
bool Conserved(const Report& report) {
  const DecodeTotals& d = report.snapshot.decode;
  FrameTotals classes = d.ip;
  classes += d.non_ip;
  classes += d.malformed;
  classes += d.duplicates;
  const CellCounters& cells = report.sums.total;
  return classes == d.captured && cells.frames <= d.ip.frames && cells.bytes <= d.ip.bytes;
}

}  // namespace

Publisher::Publisher(const PublisherOptions& options, uint64_t start)
    : options_(options),
      next_at_(EndOfPeriod(start, options.period_seconds)),
      last_end_(start),
      windows_(std::make_shared<const std::vector<PublishedWindow>>()) {
  Figures figures;
  figures.min_cell = options_.min_cell;
  figures.period_seconds = options_.period_seconds;
  figures.next_at = next_at_;
  figures_ = std::make_shared<const Figures>(std::move(figures));
}

void Publisher::Reserve(const Admission& admission) {
  jurisdiction_.Reserve(admission.jurisdiction, options_.jurisdiction_series);
  registered_.Reserve(admission.registered, options_.registered_series);
  operators_.Reserve(admission.operators, options_.operator_series);
}

Admission Publisher::Admitted() const {
  return {jurisdiction_.Admitted(), registered_.Admitted(), operators_.Admitted()};
}

void Publisher::Keep(PublishedWindow window) {
  window.sequence = sequence_++;
  std::vector<PublishedWindow> windows;
  const size_t kept = std::min(windows_->size(), kMaxPublishedWindows - 1);
  windows.reserve(kept + 1);
  windows.assign(windows_->end() - static_cast<ptrdiff_t>(kept), windows_->end());
  windows.push_back(std::move(window));
  windows_ = std::make_shared<const std::vector<PublishedWindow>>(std::move(windows));
}

void Publisher::AddWindow(const Window& window, const Report& statement) {
  if (!std::exchange(own_windows_, true)) {
    sequence_ = 0;
    windows_ = std::make_shared<const std::vector<PublishedWindow>>();
  }
  Keep(Published(window, statement, options_.min_cell));
}

// The time since the last publication as a window: nothing but what the tables tell already.
PublishedWindow Publisher::SinceLast(const Report& report, const Figures& figures) {
  PublishedWindow window = Between(figures_->crossing, figures.crossing);
  window.begin = std::exchange(last_end_, figures.published_at);
  window.end = figures.published_at;
  if (report.live.has_value()) {
    for (const auto& [reason, frames] : Dropped(*report.live)) {
      uint64_t& before = lost_[reason];
      if (frames > before) window.lost[reason] = frames - before;
      before = std::max(before, frames);
    }
  }
  StateIn(report, &window);
  return window;
}

std::shared_ptr<const Publication> Publisher::Publish(const Report& report,
                                                      absl::Span<const Pack> packs, uint64_t now,
                                                      double collect_seconds) {
  if (now >= next_at_) EndPeriod(report, packs, now);
  Publication publication;
  publication.number = ++number_;
  publication.figures = figures_;
  publication.windows = windows_;
  publication.own_windows = own_windows_;
  publication.statement = WithoutCells(report);
  publication.conserved = Conserved(report);
  publication.collect_seconds = collect_seconds;
  return std::make_shared<const Publication>(std::move(publication));
}

std::shared_ptr<const Publication> Publisher::Finish(const Report& report,
                                                     absl::Span<const Pack> packs, uint64_t now) {
  next_at_ = std::min(next_at_, now);
  return Publish(report, packs, now, 0);
}

void Publisher::EndPeriod(const Report& report, absl::Span<const Pack> packs, uint64_t now) {
  const absl::Span<const Cell> cells = report.snapshot.cells;
  const std::vector<PeriodCell> period = Since(before_, cells);
  const uint64_t k = options_.min_cell;
  const auto publish = [&period, k](const TableShape& shape, Ledger* ledger) {
    ledger->Publish(shape, period, k);
    return ledger->table();
  };
  next_at_ = EndOfPeriod(now, options_.period_seconds);

  Figures figures;
  figures.periods = ++periods_;
  figures.published_at = now;
  figures.next_at = next_at_;
  figures.min_cell = k;
  figures.period_seconds = options_.period_seconds;
  figures.ip = report.snapshot.decode.ip;
  for (const Cell& cell : cells) figures.total += cell.counters;
  figures.waiting = {figures.ip.frames - figures.total.frames,
                     figures.ip.bytes - figures.total.bytes};
  Hides zone_hides;
  if (!report.zones.empty()) {
    figures.zones = publish(ZoneShape(options_.zone_series, report.zones), &zones_);
    zone_hides = [this](const LedgerKey& coarse) { return zones_.Hid(coarse); };
  }
  figures.jurisdiction = publish(
      JurisdictionShape(options_.jurisdiction_series, report.zones, zone_hides), &jurisdiction_);
  figures.cells =
      publish(CellShape(options_.cell_series, report.zones,
                        [this](const LedgerKey& coarse) { return jurisdiction_.Hid(coarse); }),
              &cells_);
  figures.streams =
      publish(StreamShape(options_.stream_series, report.zones,
                          [this](const LedgerKey& coarse) { return jurisdiction_.Hid(coarse); }),
              &streams_);
  figures.servers = publish(ServerShape(options_.server_series), &servers_);
  figures.crossing = publish(CrossingShape(report.zones), &crossing_);
  figures.registered = publish(RegisteredShape(options_.registered_series), &registered_);
  figures.operators = publish(OperatorShape(options_.operator_series), &operators_);
  figures.registered_agreement = publish(RegisteredAgreementShape(), &registered_agreement_);
  figures.operator_agreement = publish(OperatorAgreementShape(), &operator_agreement_);
  figures.category = publish(CategoryShape(), &category_);
  figures.protection = publish(ProtectionShape(), &protection_);
  for (const Pack& pack : packs) figures.policies.push_back(Judge(pack, report, period));
  if (!own_windows_) Keep(SinceLast(report, figures));
  figures_ = std::make_shared<const Figures>(std::move(figures));
  before_ = Counted(cells);
}

namespace {

// Of the cells that outputs fold to one row.
CellKey RowKey(CellKey key) {
  key.classification.protocol = Protocol::kNone;
  key.classification.named = false;
  return key;
}

// All that was counted, judged together as in the report.
std::map<CellKey, CellVerdict> JudgeAll(const Pack& pack, const Report& report) {
  const std::vector<CellRow> rows = Rows(report.snapshot.cells);
  std::vector<PolicyCell> cells;
  cells.reserve(rows.size());
  for (const CellRow& row : rows) cells.push_back(ToPolicyCell(row, EntitiesOf(report)));
  const DecodeTotals& decode = report.snapshot.decode;
  const std::vector<CellVerdict> verdicts = VerdictsOf(
      pack, cells, OptionsOf(report.parameters.vantage, decode.first_time_ns, decode.last_time_ns));
  std::map<CellKey, CellVerdict> judged;
  for (size_t i = 0; i < rows.size(); ++i) {
    const CellRow& row = rows[i];
    const Classification classification = {row.category,   row.evidence,    row.confidence,
                                           row.protection, Protocol::kNone, /*named=*/false,
                                           row.entity};
    judged.emplace(CellKey{row.source, row.destination, row.role, classification}, verdicts[i]);
  }
  return judged;
}

}  // namespace

PublishedPolicy Publisher::Judge(const Pack& pack, const Report& report,
                                 absl::Span<const PeriodCell> period) {
  PolicyLedgers& ledgers = policies_[pack.id];
  const std::map<CellKey, CellVerdict> judged = JudgeAll(pack, report);
  const auto judge = [&judged](const CellKey& key) { return judged.at(RowKey(key)); };
  TableShape verdicts;
  verdicts.limit = kVerdicts;
  verdicts.key = [&judge](const CellKey& key) {
    return LedgerKey{static_cast<uint16_t>(judge(key).verdict)};
  };
  ledgers.verdicts.Publish(verdicts, period, options_.min_cell);
  TableShape rules;
  rules.limit = kRuleSeries;
  rules.key = [&judge, &ledgers](const CellKey& key) {
    const std::string_view rule = judge(key).decided_by;
    std::vector<std::string>& ids = ledgers.rule_ids;
    auto at = std::find(ids.begin(), ids.end(), rule);
    if (at == ids.end()) at = ids.emplace(ids.end(), rule);
    return LedgerKey{static_cast<uint16_t>(at - ids.begin())};
  };
  ledgers.rules.Publish(rules, period, options_.min_cell);
  return {pack.id,
          pack.title,
          pack.version,
          pack.as_of,
          pack.digest,
          ledgers.verdicts.table(),
          ledgers.rules.table(),
          ledgers.rule_ids,
          std::make_shared<const Pack>(pack)};
}

std::shared_ptr<const Publication> PublicationOfFinished(const Report& report,
                                                         absl::Span<const Pack> packs) {
  constexpr uint64_t kNsPerSecond = 1'000'000'000;
  PublisherOptions options;
  options.min_cell = 1;
  options.period_seconds = 1;
  Publisher publisher(options, 0);
  const uint64_t last = report.snapshot.decode.last_time_ns / kNsPerSecond;
  return publisher.Publish(report, packs, std::max<uint64_t>(1, last), 0);
}

}  // namespace borderflow
