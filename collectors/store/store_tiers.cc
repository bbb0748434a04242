// Roll-up and retention: windows to hours to days to the total over all time.
#include <algorithm>
#include <array>
#include <limits>
#include <utility>

#include "absl/strings/str_cat.h"
#include "collectors/store/store.h"

namespace borderflow {
namespace {

constexpr int kAllTime = 3;
// Seconds of a span of each tier; windows have widths of their own.
constexpr std::array<int64_t, kAllTime> kLength = {0, 3600, 86'400};

}  // namespace

Store::Span Store::ParentOf(const Span& span) {
  Span parent;
  parent.tier = span.tier + 1;
  parent.sensor = span.sensor;
  parent.statement = span.statement;
  if (parent.tier >= kAllTime) {
    parent.end = std::numeric_limits<int64_t>::max();
  } else {
    const int64_t length = kLength[static_cast<size_t>(parent.tier)];
    parent.begin = span.begin / length * length;
    parent.end = parent.begin + length;
  }
  return parent;
}

absl::Status Store::RollUp(uint64_t now) {
  for (int tier = 0; tier < kAllTime; ++tier) {
    const absl::StatusOr<std::vector<Span>> spans =
        Select(absl::StrCat("tier = ", tier, " AND NOT rolled_up AND end <= ", now,
                            " ORDER BY sensor, statement, begin"));
    if (!spans.ok()) return spans.status();
    for (size_t i = 0; i < spans->size(); ++i) {
      const Span parent = ParentOf((*spans)[i]);
      // Days go to the total when they have ended, hours and windows with the span they are in.
      const bool ended = parent.tier == kAllTime || parent.end <= static_cast<int64_t>(now);
      const bool last = i + 1 == spans->size() || [&] {
        const Span next = ParentOf((*spans)[i + 1]);
        return next.sensor != parent.sensor || next.statement != parent.statement ||
               next.begin != parent.begin;
      }();
      if (!ended || !last) continue;
      absl::StatusOr<SqliteTransaction> transaction = SqliteTransaction::Begin(file_.get());
      if (!transaction.ok()) return transaction.status();
      absl::Status status = RollUpIn(parent);
      if (status.ok()) status = transaction->Commit();
      if (!status.ok()) return status;
    }
  }
  return absl::OkStatus();
}

absl::Status Store::RollUpIn(const Span& parent) {
  if (absl::Status s = keys_.Refresh(file_.get()); !s.ok()) return s;
  const std::string which =
      absl::StrCat("tier = ", parent.tier - 1, " AND sensor = ", parent.sensor,
                   " AND statement = ", parent.statement, " AND begin >= ", parent.begin,
                   " AND end <= ", parent.end, " AND NOT rolled_up");
  const absl::StatusOr<std::vector<Span>> children = Select(which + " ORDER BY begin, id");
  if (!children.ok()) return children.status();
  SpanCounts sum;
  for (const Span& child : *children) {
    absl::StatusOr<SpanCounts> counts = ReadCounts(child.id);
    if (!counts.ok()) return counts.status();
    AddCounts(*std::move(counts), &sum);
    if (absl::Status s = Accumulate(child.id); !s.ok()) return s;
  }
  sum.snapshot.cells = TakeAccumulated();
  if (absl::Status s = AddTo(parent, sum); !s.ok()) return s;
  return file_->Execute(absl::StrCat("UPDATE span SET rolled_up = 1 WHERE ", which));
}

// What comes late to a span that has itself rolled up goes on to the next.
absl::Status Store::AddTo(Span span, const SpanCounts& counts) {
  const absl::StatusOr<std::vector<Span>> found =
      Select(absl::StrCat("tier = ", span.tier, " AND sensor = ", span.sensor,
                          " AND statement = ", span.statement, " AND begin = ", span.begin));
  if (!found.ok()) return found.status();
  if (found->empty()) {
    const absl::StatusOr<int64_t> id = Insert(span, std::nullopt, counts);
    return id.ok() ? WriteCells(*id, counts.snapshot.cells) : id.status();
  }
  span = found->front();
  absl::StatusOr<SpanCounts> sum = ReadCounts(span.id);
  if (!sum.ok()) return sum.status();
  SpanCounts addend = counts;
  addend.snapshot.cells.clear();
  AddCounts(std::move(addend), &*sum);
  absl::StatusOr<SqliteStatement> update =
      file_->Prepare("UPDATE span SET counts = ?, coverage = NULL WHERE id = ?");
  if (!update.ok()) return update.status();
  const std::string json = ToCountsJson(*sum);
  if (absl::Status s = update->Bind(1, json).Bind(2, span.id).Run(); !s.ok()) return s;
  if (absl::Status s = AddCells(span.id, counts.snapshot.cells); !s.ok()) return s;
  return span.rolled_up ? AddTo(ParentOf(span), counts) : absl::OkStatus();
}

// Adds each cell to the one of the same key that the span has.
absl::Status Store::AddCells(int64_t span, std::vector<Cell> cells) {
  std::vector<CellKey> keys;
  keys.reserve(cells.size());
  for (const Cell& cell : cells) keys.push_back(cell.key);
  const absl::StatusOr<std::vector<int64_t>> ids = keys_.Intern(file_.get(), keys);
  if (!ids.ok()) return ids.status();
  absl::StatusOr<SqliteStatement> select = file_->Prepare(
      "SELECT frames, bytes, payload_bytes, flows, clients FROM cell WHERE span = ? AND key = ?");
  if (!select.ok()) return select.status();
  std::vector<uint8_t> set;
  for (size_t i = 0; i < cells.size(); ++i) {
    select->Bind(1, span).Bind(2, (*ids)[i]);
    const absl::StatusOr<bool> row = select->Step();
    if (!row.ok()) return row.status();
    if (!*row) continue;
    cells[i].counters += CellCounters{
        static_cast<uint64_t>(select->Integer(0)), static_cast<uint64_t>(select->Integer(1)),
        static_cast<uint64_t>(select->Integer(2)), static_cast<uint64_t>(select->Integer(3))};
    if (!select->IsNull(4)) {
      if (absl::Status s = OpenClients(span, (*ids)[i], select->Bytes(4), &set); !s.ok()) return s;
      const std::optional<ClientSet> clients = ClientSet::FromBytes(set);
      if (!clients.has_value()) {
        return absl::DataLossError(
            absl::StrCat(path(), ": is damaged: the clients of a cell cannot be read"));
      }
      cells[i].clients.Merge(*clients);
    }
    select->Reset();
  }
  return WriteCells(span, cells);
}

absl::Status Store::Prune(const Retention& retention, uint64_t now) {
  // A tier is kept at least as long as the finer one that it is made of.
  std::array<uint64_t, kAllTime> keep = {retention.windows, retention.hours, retention.days};
  for (size_t tier = 0; tier < keep.size(); ++tier) {
    if (keep[tier] == 0) break;  // for ever, and so are the coarser ones
    if (tier > 0) keep[tier] = std::max(keep[tier], keep[tier - 1]);
    if (now <= keep[tier]) continue;
    const absl::Status status =
        PruneTier(static_cast<int>(tier), static_cast<int64_t>(now - keep[tier]));
    if (!status.ok()) return status;
  }
  return absl::OkStatus();
}

absl::Status Store::PruneTier(int tier, int64_t before) {
  const absl::StatusOr<std::vector<Span>> spans =
      Select(absl::StrCat("tier = ", tier, " AND rolled_up AND end <= ", before));
  if (!spans.ok()) return spans.status();
  // One transaction each: other writers wait for a moment only.
  for (const Span& span : *spans) {
    const Span parent = ParentOf(span);
    absl::StatusOr<SqliteTransaction> transaction = SqliteTransaction::Begin(file_.get());
    if (!transaction.ok()) return transaction.status();
    absl::Status status = file_->Execute(absl::StrCat(
        "DELETE FROM cell WHERE span = ", span.id, "; DELETE FROM span WHERE id = ", span.id,
        "; UPDATE span SET pruned = 1 WHERE tier = ", parent.tier, " AND sensor = ", parent.sensor,
        " AND statement = ", parent.statement, " AND begin = ", parent.begin));
    if (status.ok()) status = transaction->Commit();
    if (!status.ok()) return status;
  }
  return absl::OkStatus();
}

}  // namespace borderflow
