#include "collectors/store/cell_keys.h"

#include <string_view>

#include "absl/hash/hash.h"
#include "absl/strings/str_cat.h"
#include "collectors/export/rows.h"

namespace borderflow {
namespace {

constexpr std::string_view kColumns =
    "id, src, dst, src_registered, dst_registered, src_as, dst_as, role, category, evidence, "
    "confidence, protection, protocol, named, entity";

// The value of an enumeration whose name this is; the first, which is "not known", if none.
template <typename Enum>
Enum FromName(std::string_view name, int count) {
  for (int i = 0; i < count; ++i) {
    if (Name(static_cast<Enum>(i)) == name) return static_cast<Enum>(i);
  }
  return static_cast<Enum>(0);
}

Endpoint ReadEnd(const SqliteStatement& row, int location, int registered, int asn) {
  Endpoint end;
  end.location = FromCode(row.Text(location)).value_or(Jurisdiction::kUnknown);
  end.registered = FromCode(row.Text(registered)).value_or(Jurisdiction::kUnknown);
  end.asn = static_cast<uint32_t>(row.Integer(asn));
  return end;
}

CellKey ReadKey(const SqliteStatement& row) {
  constexpr int kProtections = static_cast<int>(Protection::kEncrypted) + 1;
  CellKey key;
  key.source = ReadEnd(row, 1, 3, 5);
  key.destination = ReadEnd(row, 2, 4, 6);
  key.role = row.Text(7) == Name(Role::kResponder) ? Role::kResponder : Role::kInitiator;
  Classification& c = key.classification;
  c.category = CategoryFromCode(row.Text(8)).value_or(Category::kUnk);
  c.evidence = FromName<Evidence>(row.Text(9), kEvidences);
  c.confidence = static_cast<uint8_t>(row.Integer(10));
  c.protection = FromName<Protection>(row.Text(11), kProtections);
  c.protocol = FromName<Protocol>(row.Text(12), static_cast<int>(Protocol::kCount));
  c.named = row.Integer(13) != 0;
  c.entity = static_cast<uint16_t>(row.Integer(14));
  return key;
}

void BindKey(int64_t id, const CellKey& key, SqliteStatement* insert) {
  const Classification& c = key.classification;
  insert->Bind(1, id)
      .Bind(2, Code(key.source.location))
      .Bind(3, Code(key.destination.location))
      .Bind(4, Code(key.source.registered))
      .Bind(5, Code(key.destination.registered))
      .Bind(6, int64_t{key.source.asn})
      .Bind(7, int64_t{key.destination.asn})
      .Bind(8, Name(key.role))
      .Bind(9, Code(c.category))
      .Bind(10, Name(c.evidence))
      .Bind(11, int64_t{c.confidence})
      .Bind(12, Name(c.protection))
      .Bind(13, Name(c.protocol))
      .Bind(14, int64_t{c.named})
      .Bind(15, int64_t{c.entity});
}

}  // namespace

size_t CellKeys::Hash::operator()(const CellKey& key) const {
  const auto word = [](const Endpoint& end) {
    return uint64_t{end.asn} << 16 | uint64_t{static_cast<uint8_t>(end.location)} << 8 |
           static_cast<uint8_t>(end.registered);
  };
  const Classification& c = key.classification;
  return absl::HashOf(word(key.source), word(key.destination), static_cast<int>(key.role),
                      static_cast<int>(c.category), static_cast<int>(c.evidence), c.confidence,
                      static_cast<int>(c.protection), static_cast<int>(c.protocol), c.named,
                      c.entity);
}

void CellKeys::Add(int64_t id, const CellKey& key) {
  if (keys_.size() < static_cast<size_t>(id)) keys_.resize(static_cast<size_t>(id));
  keys_[static_cast<size_t>(id) - 1] = key;
  ids_.try_emplace(key, id);
}

const CellKey* CellKeys::Find(int64_t id) const {
  return id >= 1 && id <= highest() ? &keys_[static_cast<size_t>(id) - 1] : nullptr;
}

absl::Status CellKeys::Refresh(SqliteFile* file) {
  absl::StatusOr<SqliteStatement> select = file->Prepare(
      absl::StrCat("SELECT ", std::string(kColumns), " FROM cell_key WHERE id > ? ORDER BY id"));
  if (!select.ok()) return select.status();
  select->Bind(1, committed_);
  while (true) {
    const absl::StatusOr<bool> row = select->Step();
    if (!row.ok()) return row.status();
    if (!*row) break;
    // Numbers follow each other; a gap of this size is no store of ours.
    const int64_t id = select->Integer(0);
    if (id != highest() + 1) {
      return absl::DataLossError(
          absl::StrCat(file->path(), ": is damaged: cell key ", id, " follows ", highest()));
    }
    Add(id, ReadKey(*select));
  }
  committed_ = highest();
  return absl::OkStatus();
}

absl::StatusOr<std::vector<int64_t>> CellKeys::Intern(SqliteFile* file,
                                                      const std::vector<CellKey>& keys) {
  absl::StatusOr<SqliteStatement> insert = file->Prepare(absl::StrCat(
      "INSERT INTO cell_key(", std::string(kColumns), ") VALUES(?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)"));
  if (!insert.ok()) return insert.status();
  std::vector<int64_t> ids;
  ids.reserve(keys.size());
  for (const CellKey& key : keys) {
    const auto at = ids_.find(key);
    if (at != ids_.end()) {
      ids.push_back(at->second);
      continue;
    }
    const int64_t id = highest() + 1;
    BindKey(id, key, &*insert);
    if (absl::Status s = insert->Run(); !s.ok()) return s;
    Add(id, key);
    ids.push_back(id);
  }
  return ids;
}

void CellKeys::RolledBack() {
  for (int64_t id = committed_ + 1; id <= highest(); ++id) {
    ids_.erase(keys_[static_cast<size_t>(id) - 1]);
  }
  keys_.resize(static_cast<size_t>(committed_));
}

}  // namespace borderflow
