// What a store holds of a span of time: the fewest spans that make it up.
#include <algorithm>
#include <array>
#include <limits>
#include <map>
#include <set>
#include <tuple>
#include <utility>

#include "absl/strings/str_cat.h"
#include "collectors/store/statement.h"
#include "collectors/store/store.h"

namespace borderflow {
namespace {

constexpr int64_t kEndOfTime = std::numeric_limits<int64_t>::max();

// Enough to have memory asked for in time, few enough to stay in the first cache.
constexpr size_t kStagedRows = 64;

struct StagedRow {
  int64_t id = 0;
  CellCounters counters;
  bool has_clients = false;
  std::vector<uint8_t> clients;
};

void PrefetchForWriting(const void* address) { __builtin_prefetch(address, 1); }

int64_t Seconds(uint64_t seconds) {
  return static_cast<int64_t>(std::min(seconds, static_cast<uint64_t>(kEndOfTime)));
}

}  // namespace

absl::StatusOr<std::vector<Store::Span>> Store::Select(const std::string& where) {
  absl::StatusOr<SqliteStatement> select = file_->Prepare(absl::StrCat(
      "SELECT id, tier, sensor, statement, begin, end, rolled_up FROM span WHERE ", where));
  if (!select.ok()) return select.status();
  std::vector<Span> spans;
  while (true) {
    const absl::StatusOr<bool> row = select->Step();
    if (!row.ok()) return row.status();
    if (!*row) return spans;
    spans.push_back({select->Integer(0), static_cast<int>(select->Integer(1)), select->Integer(2),
                     select->Integer(3), select->Integer(4), select->Integer(5),
                     select->Integer(6) != 0});
  }
}

absl::StatusOr<SpanCounts> Store::ReadCounts(int64_t span) {
  absl::StatusOr<SqliteStatement> select = file_->Prepare("SELECT counts FROM span WHERE id = ?");
  if (!select.ok()) return select.status();
  select->Bind(1, span);
  const absl::StatusOr<bool> row = select->Step();
  if (!row.ok()) return row.status();
  return FromCountsJson(*row ? select->Text(0) : "");
}

// Rows come in the order of their keys, which is none to the cells: of some rows at a time, memory
// is asked for all before any is added.
absl::Status Store::Accumulate(int64_t span) {
  absl::StatusOr<SqliteStatement> select = file_->Prepare(
      "SELECT key, frames, bytes, payload_bytes, flows, clients FROM cell WHERE span = ?");
  if (!select.ok()) return select.status();
  select->Bind(1, span);
  counted_.resize(static_cast<size_t>(keys_.highest()));
  clients_.resize(counted_.size());
  std::array<StagedRow, kStagedRows> staged;
  size_t count = 0;
  bool more = true;
  while (more) {
    const absl::StatusOr<bool> row = select->Step();
    if (!row.ok()) return row.status();
    more = *row;
    if (more) {
      StagedRow& to = staged[count++];
      to.id = select->Integer(0);
      if (to.id < 1 || to.id > keys_.highest()) {
        return absl::DataLossError(absl::StrCat(path(), ": is damaged: a cell has the key ", to.id,
                                                ", which is not there"));
      }
      PrefetchForWriting(&counted_[static_cast<size_t>(to.id) - 1]);
      to.counters = CellCounters{
          static_cast<uint64_t>(select->Integer(1)), static_cast<uint64_t>(select->Integer(2)),
          static_cast<uint64_t>(select->Integer(3)), static_cast<uint64_t>(select->Integer(4))};
      to.has_clients = !select->IsNull(5);
      if (to.has_clients) {
        PrefetchForWriting(&clients_[static_cast<size_t>(to.id) - 1]);
        if (absl::Status s = OpenClients(span, to.id, select->Bytes(5), &to.clients); !s.ok()) {
          return s;
        }
      }
    }
    if (more && count < kStagedRows) continue;
    for (size_t i = 0; i < count; ++i) {
      const auto at = static_cast<size_t>(staged[i].id) - 1;
      if (counted_[at] == CellCounters{}) accumulating_.push_back(staged[i].id);
      counted_[at] += staged[i].counters;
      if (staged[i].has_clients && !clients_[at].MergeBytes(staged[i].clients)) {
        return absl::DataLossError(
            absl::StrCat(path(), ": is damaged: the clients of a cell cannot be read"));
      }
    }
    count = 0;
  }
  return absl::OkStatus();
}

std::vector<Cell> Store::TakeAccumulated() {
  std::vector<Cell> cells;
  cells.reserve(accumulating_.size());
  for (const int64_t id : accumulating_) {
    const auto at = static_cast<size_t>(id) - 1;
    cells.push_back({*keys_.Find(id), std::exchange(counted_[at], CellCounters{}),
                     std::exchange(clients_[at], ClientSet{})});
  }
  accumulating_.clear();
  SortAndFold(&cells);
  return cells;
}

// To whole windows, and to whole hours and days where finer spans were pruned.
absl::Status Store::Widen(int64_t* from, int64_t* to) {
  absl::StatusOr<SqliteStatement> select = file_->Prepare(
      "SELECT min(begin), max(end) FROM span WHERE tier < 3 AND (tier = 0 OR pruned) AND "
      "begin < ?1 AND end > ?1");
  if (!select.ok()) return select.status();
  for (int64_t* const bound : {from, to}) {
    while (true) {
      const int64_t before = *bound;
      select->Bind(1, before);
      const absl::StatusOr<bool> row = select->Step();
      if (!row.ok()) return row.status();
      if (!select->IsNull(0)) *bound = select->Integer(bound == from ? 0 : 1);
      select->Reset();
      if (*bound == before) break;
    }
  }
  return absl::OkStatus();
}

absl::StatusOr<StoredRange> Store::Read(const TimeRange& range) {
  // One transaction, so that a writer in between changes nothing.
  if (absl::Status s = file_->Execute("BEGIN"); !s.ok()) return s;
  struct Finally {
    SqliteFile* file;
    ~Finally() { file->Execute("COMMIT").IgnoreError(); }
  } finally{file_.get()};

  if (absl::Status s = keys_.Refresh(file_.get()); !s.ok()) return s;
  int64_t from = Seconds(range.from.value_or(0));
  int64_t to = range.to.has_value() ? Seconds(*range.to) : kEndOfTime;
  if (absl::Status s = Widen(&from, &to); !s.ok()) return s;
  const absl::StatusOr<std::vector<Span>> spans =
      Select(absl::StrCat("begin < ", to, " AND end > ", from, " ORDER BY tier DESC, begin, id"));
  if (!spans.ok()) return spans.status();

  // A span counts if it lies in the range and its counts are not already in a coarser one.
  using Place = std::tuple<int, int64_t, int64_t, int64_t>;
  const auto place = [](const Span& span) {
    return Place{span.tier, span.sensor, span.statement, span.begin};
  };
  std::set<Place> counted;
  std::map<std::pair<int64_t, int64_t>, std::vector<const Span*>> parts;
  StoredRange found;
  for (const Span& span : *spans) {
    const bool within = span.begin >= from && span.end <= to;
    const bool covered = span.rolled_up && counted.count(place(ParentOf(span))) > 0;
    if (!within && !covered) continue;
    counted.insert(place(span));
    if (!covered) parts[{span.sensor, span.statement}].push_back(&span);
  }
  for (const auto& [key, list] : parts) {
    absl::StatusOr<SqliteStatement> select =
        file_->Prepare("SELECT json FROM statement WHERE id = ?");
    if (!select.ok()) return select.status();
    select->Bind(1, key.second);
    if (const absl::StatusOr<bool> row = select->Step(); !row.ok()) return row.status();
    absl::StatusOr<Report> statement = FromStatementJson(select->Text(0));
    if (!statement.ok()) return statement.status();
    StoredCounts part;
    part.statement = *std::move(statement);
    part.spans = list.size();
    for (const Span* span : list) {
      absl::StatusOr<SpanCounts> counts = ReadCounts(span->id);
      if (!counts.ok()) return counts.status();
      AddCounts(*std::move(counts), &part.counts);
      if (absl::Status s = Accumulate(span->id); !s.ok()) return s;
    }
    part.counts.snapshot.cells = TakeAccumulated();
    found.parts.push_back(std::move(part));
  }
  found.from = static_cast<uint64_t>(from);
  found.to = static_cast<uint64_t>(to);
  return found;
}

absl::StatusOr<std::vector<Store::Listed>> Store::Windows() {
  absl::StatusOr<SqliteStatement> select = file_->Prepare(
      "SELECT sensor.name, sequence, begin, end, counts, coverage FROM span "
      "JOIN sensor ON sensor.id = span.sensor WHERE tier = 0 ORDER BY begin, sensor.name, "
      "sequence");
  if (!select.ok()) return select.status();
  std::vector<Listed> windows;
  while (true) {
    const absl::StatusOr<bool> row = select->Step();
    if (!row.ok()) return row.status();
    if (!*row) return windows;
    windows.push_back({std::string(select->Text(0)), static_cast<uint64_t>(select->Integer(1)),
                       static_cast<uint64_t>(select->Integer(2)),
                       static_cast<uint64_t>(select->Integer(3)), std::string(select->Text(4)),
                       std::string(select->Text(5))});
  }
}

}  // namespace borderflow
