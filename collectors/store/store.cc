#include "collectors/store/store.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <utility>

#include "absl/strings/str_cat.h"
#include "collectors/report/sums.h"
#include "collectors/store/schema.h"
#include "rules/digest/sha256.h"

namespace borderflow {
namespace {

// Shares of a window's bytes, so that a list of windows shows where knowledge is thin.
std::string CoverageJson(const Snapshot& snapshot) {
  const Coverage coverage = SumUp(snapshot.cells, {}).coverage;
  const nlohmann::json json = {
      {"located", coverage.located},       {"named", coverage.named},
      {"classified", coverage.classified}, {"L", coverage.content_protocol},
      {"M", coverage.with_name},           {"U", coverage.with_operator_port}};
  return json.dump();
}

}  // namespace

absl::StatusOr<std::unique_ptr<Store>> Store::Open(const std::string& path, Mode mode) {
  std::unique_ptr<Store> store(new Store());
  const auto open = [&store, &path](SqliteFile::Mode how, bool write) -> absl::Status {
    absl::StatusOr<std::unique_ptr<SqliteFile>> file = SqliteFile::Open(path, how);
    if (!file.ok()) return file.status();
    store->file_ = *std::move(file);
    return PrepareSchema(store->file_.get(), write);
  };
  absl::Status status;
  if (mode == Mode::kRead) {
    status = open(SqliteFile::Mode::kRead, false);
    if (absl::IsFailedPrecondition(status) && store->file_ != nullptr) {
      const absl::StatusOr<int64_t> version = store->file_->Integer("PRAGMA user_version");
      const bool older = version.ok() && *version > 0 && *version < kSchemaVersion;
      if (older) status = open(SqliteFile::Mode::kWrite, true);
    }
  } else {
    status =
        open(mode == Mode::kCreate ? SqliteFile::Mode::kCreate : SqliteFile::Mode::kWrite, true);
  }
  if (status.ok()) status = store->PrepareSeal(mode != Mode::kRead);
  if (!status.ok()) return status;
  return store;
}

absl::Status Store::PrepareSeal(bool write) {
  const auto stated = [this]() -> absl::StatusOr<std::string> {
    absl::StatusOr<SqliteStatement> select =
        file_->Prepare("SELECT value FROM property WHERE name = 'client_key'");
    if (!select.ok()) return select.status();
    const absl::StatusOr<bool> row = select->Step();
    if (!row.ok()) return row.status();
    return *row ? std::string(select->Text(0)) : "";
  };
  absl::StatusOr<std::string> id = stated();
  if (!id.ok()) return id.status();
  if (id->empty() && !write) return absl::OkStatus();
  const std::string file = path() + ".key";
  absl::StatusOr<std::unique_ptr<ClientSeal>> seal =
      id->empty() ? ClientSeal::LoadOrMake(file) : ClientSeal::Load(file);
  if (absl::IsNotFound(seal.status())) {
    return absl::FailedPreconditionError(
        absl::StrCat(file, ": is not there: without the key of ", path(),
                     " nobody can count its clients; put the file beside the store"));
  }
  if (!seal.ok()) return seal.status();
  if (id->empty()) {
    absl::StatusOr<SqliteStatement> insert =
        file_->Prepare("INSERT OR IGNORE INTO property VALUES('client_key', ?)");
    if (!insert.ok()) return insert.status();
    if (absl::Status s = insert->Bind(1, (*seal)->id()).Run(); !s.ok()) return s;
    id = stated();
    if (!id.ok()) return id.status();
  }
  if (*id != (*seal)->id()) {
    return absl::FailedPreconditionError(absl::StrCat(file, ": is the key of another store than ",
                                                      path(), "; put the right one there"));
  }
  seal_ = *std::move(seal);
  return absl::OkStatus();
}

absl::Status Store::OpenClients(int64_t span, int64_t key, absl::Span<const uint8_t> stored,
                                std::vector<uint8_t>* set) {
  if (!ClientSeal::IsSealed(stored)) {  // of an older version
    set->assign(stored.begin(), stored.end());
    return absl::OkStatus();
  }
  if (seal_ != nullptr && seal_->Open(span, key, stored, set)) return absl::OkStatus();
  return absl::DataLossError(
      absl::StrCat(path(), ": is damaged: the clients of a cell cannot be opened"));
}

absl::StatusOr<uint64_t> Store::NextSequence(const std::string& sensor) {
  absl::StatusOr<SqliteStatement> select =
      file_->Prepare("SELECT next_sequence FROM sensor WHERE name = ?");
  if (!select.ok()) return select.status();
  select->Bind(1, sensor);
  const absl::StatusOr<bool> row = select->Step();
  if (!row.ok()) return row.status();
  return *row ? static_cast<uint64_t>(select->Integer(0)) : 0;
}

absl::StatusOr<bool> Store::Append(const Window& window, const std::string& statement) {
  absl::StatusOr<SqliteTransaction> transaction = SqliteTransaction::Begin(file_.get());
  if (!transaction.ok()) return transaction.status();
  const absl::StatusOr<uint64_t> next = NextSequence(window.sensor);
  if (!next.ok()) return next.status();
  if (window.sequence < *next) return false;
  if (absl::Status s = keys_.Refresh(file_.get()); !s.ok()) return s;
  absl::StatusOr<SqliteStatement> sensor = file_->Prepare(
      "INSERT INTO sensor(name, next_sequence) VALUES(?1, ?2) "
      "ON CONFLICT(name) DO UPDATE SET next_sequence = ?2 RETURNING id");
  if (!sensor.ok()) return sensor.status();
  sensor->Bind(1, window.sensor).Bind(2, static_cast<int64_t>(window.sequence) + 1);
  const absl::StatusOr<bool> row = sensor->Step();
  if (!row.ok()) return row.status();
  const int64_t sensor_id = sensor->Integer(0);
  sensor->Reset();
  absl::Status status = AppendIn(window, statement, sensor_id);
  if (status.ok()) status = transaction->Commit();
  if (!status.ok()) {
    keys_.RolledBack();
    return status;
  }
  keys_.Committed();
  return true;
}

absl::Status Store::AppendIn(const Window& window, const std::string& statement, int64_t sensor) {
  const absl::StatusOr<int64_t> statement_id = StatementId(statement);
  if (!statement_id.ok()) return statement_id.status();
  SpanCounts counts;
  counts.snapshot = window.counts;
  counts.dropped = window.dropped;
  counts.damaged = window.damaged;
  Span span;
  span.sensor = sensor;
  span.statement = *statement_id;
  span.begin = static_cast<int64_t>(window.begin);
  span.end = static_cast<int64_t>(window.begin + window.width);
  const absl::StatusOr<int64_t> id = Insert(span, window.sequence, counts);
  return id.ok() ? WriteCells(*id, window.counts.cells) : id.status();
}

absl::StatusOr<int64_t> Store::StatementId(const std::string& statement) {
  const std::string digest = Sha256Hex(statement);
  absl::StatusOr<SqliteStatement> find =
      file_->Prepare("SELECT id FROM statement WHERE digest = ?");
  if (!find.ok()) return find.status();
  find->Bind(1, digest);
  const absl::StatusOr<bool> row = find->Step();
  if (!row.ok()) return row.status();
  if (*row) return find->Integer(0);
  absl::StatusOr<SqliteStatement> insert =
      file_->Prepare("INSERT INTO statement(digest, json) VALUES(?, ?)");
  if (!insert.ok()) return insert.status();
  if (absl::Status s = insert->Bind(1, digest).Bind(2, statement).Run(); !s.ok()) return s;
  return file_->last_row_id();
}

absl::StatusOr<int64_t> Store::Insert(const Span& span, std::optional<uint64_t> sequence,
                                      const SpanCounts& counts) {
  absl::StatusOr<SqliteStatement> insert = file_->Prepare(
      "INSERT INTO span(tier, sensor, statement, sequence, begin, end, counts, coverage) "
      "VALUES(?, ?, ?, ?, ?, ?, ?, ?)");
  if (!insert.ok()) return insert.status();
  const std::string json = ToCountsJson(counts);
  const std::string coverage = CoverageJson(counts.snapshot);
  insert->Bind(1, span.tier).Bind(2, span.sensor).Bind(3, span.statement);
  if (sequence.has_value()) {
    insert->Bind(4, static_cast<int64_t>(*sequence));
  } else {
    insert->BindNull(4);
  }
  insert->Bind(5, span.begin).Bind(6, span.end).Bind(7, json).Bind(8, coverage);
  if (absl::Status s = insert->Run(); !s.ok()) return s;
  return file_->last_row_id();
}

absl::Status Store::WriteCells(int64_t span, const std::vector<Cell>& cells) {
  std::vector<CellKey> keys;
  keys.reserve(cells.size());
  for (const Cell& cell : cells) keys.push_back(cell.key);
  const absl::StatusOr<std::vector<int64_t>> ids = keys_.Intern(file_.get(), keys);
  if (!ids.ok()) return ids.status();
  absl::StatusOr<SqliteStatement> insert = file_->Prepare(
      "INSERT OR REPLACE INTO cell(span, key, frames, bytes, payload_bytes, flows, clients) "
      "VALUES(?, ?, ?, ?, ?, ?, ?)");
  if (!insert.ok()) return insert.status();
  // In the order of the table, so that each row goes to its end.
  std::vector<std::pair<int64_t, const Cell*>> sorted;
  sorted.reserve(cells.size());
  for (size_t i = 0; i < cells.size(); ++i) sorted.emplace_back((*ids)[i], &cells[i]);
  std::sort(sorted.begin(), sorted.end());
  for (const auto& [key, cell] : sorted) {
    const CellCounters& n = cell->counters;
    insert->Bind(1, span)
        .Bind(2, key)
        .Bind(3, static_cast<int64_t>(n.frames))
        .Bind(4, static_cast<int64_t>(n.bytes))
        .Bind(5, static_cast<int64_t>(n.payload_bytes))
        .Bind(6, static_cast<int64_t>(n.flows));
    std::string clients;
    if (cell->clients.exact() && cell->clients.Estimate() == 0) {
      insert->BindNull(7);
    } else {
      clients = seal_->Seal(span, key, cell->clients.ToBytes());
      if (clients.empty()) return absl::InternalError("libcrypto failed");
      insert->BindBytes(7, clients);
    }
    if (absl::Status s = insert->Run(); !s.ok()) return s;
  }
  return absl::OkStatus();
}

}  // namespace borderflow
