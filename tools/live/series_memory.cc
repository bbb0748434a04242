#include "tools/live/series_memory.h"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <nlohmann/json.hpp>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "collectors/privacy/table_shapes.h"
#include "collectors/store/store.h"
#include "tools/account/output_file.h"

namespace borderflow {
namespace {

using Json = nlohmann::ordered_json;

constexpr char kSchema[] = "borderflow.series/1";

// A table by name: how many of the labels are jurisdictions; one more may be a category.
struct KeptTable {
  const char* name;
  std::vector<LedgerKey> Admission::*keys;
  bool with_category;
};
constexpr KeptTable kTables[] = {{"jurisdiction", &Admission::jurisdiction, true},
                                 {"registered", &Admission::registered, false},
                                 {"operators", &Admission::operators, false}};

Json ToJson(const LedgerKey& key, bool with_category) {
  Json json = {Code(static_cast<Jurisdiction>(key[0])), Code(static_cast<Jurisdiction>(key[1]))};
  if (with_category) json.push_back(Code(static_cast<Category>(key[2])));
  return json;
}

bool FromJson(const Json& json, bool with_category, LedgerKey* key) {
  if (!json.is_array() || json.size() != (with_category ? 3u : 2u)) return false;
  for (size_t i = 0; i < json.size(); ++i) {
    if (!json[i].is_string()) return false;
    const auto text = json[i].get<std::string>();
    if (i < 2) {
      const auto code = FromCode(text);
      if (!code.has_value()) return false;
      (*key)[i] = static_cast<uint16_t>(*code);
    } else {
      const auto category = CategoryFromCode(text);
      if (!category.has_value()) return false;
      (*key)[i] = static_cast<uint16_t>(*category);
    }
  }
  return true;
}

std::vector<LedgerKey> Largest(const std::vector<StoredCounts>& parts, const TableShape& shape) {
  std::map<LedgerKey, uint64_t> bytes;
  for (const StoredCounts& part : parts) {
    for (const Cell& cell : part.counts.snapshot.cells)
      bytes[shape.key(cell.key)] += cell.counters.bytes;
  }
  std::vector<std::pair<LedgerKey, uint64_t>> sums(bytes.begin(), bytes.end());
  std::stable_sort(sums.begin(), sums.end(),
                   [](const auto& a, const auto& b) { return a.second > b.second; });
  std::vector<LedgerKey> keys;
  for (size_t i = 0; i < std::min(sums.size(), shape.limit); ++i) keys.push_back(sums[i].first);
  std::sort(keys.begin(), keys.end());
  return keys;
}

absl::StatusOr<Admission> LargestOf(const std::string& store, const PublisherOptions& options) {
  absl::StatusOr<std::unique_ptr<Store>> opened = Store::Open(store, Store::Mode::kRead);
  if (!opened.ok()) return opened.status();
  const absl::StatusOr<StoredRange> all = (*opened)->Read({});
  if (!all.ok()) return all.status();
  return Admission{Largest(all->parts, JurisdictionShape(options.jurisdiction_series, {})),
                   Largest(all->parts, RegisteredShape(options.registered_series)),
                   Largest(all->parts, OperatorShape(options.operator_series))};
}

}  // namespace

absl::StatusOr<Admission> ParseAdmission(const std::string& text) {
  const Json json = Json::parse(text, nullptr, /*allow_exceptions=*/false);
  if (!json.is_object() || json.value("schema", Json()) != kSchema) {
    return absl::InvalidArgumentError(absl::StrCat("expected JSON with schema ", kSchema));
  }
  Admission admission;
  for (const KeptTable& table : kTables) {
    const auto list = json.find(table.name);
    if (list == json.end()) continue;
    for (const Json& row : *list) {
      LedgerKey key{};
      if (!FromJson(row, table.with_category, &key)) {
        return absl::InvalidArgumentError(
            absl::StrCat(table.name, ": expected codes such as ",
                         table.with_category ? "[\"DE\",\"US\",\"HLT\"]" : "[\"DE\",\"US\"]"));
      }
      (admission.*table.keys).push_back(key);
    }
    std::sort((admission.*table.keys).begin(), (admission.*table.keys).end());
  }
  return admission;
}

std::string ToText(const Admission& admission) {
  Json json = {{"schema", kSchema}};
  for (const KeptTable& table : kTables) {
    Json list = Json::array();
    for (const LedgerKey& key : admission.*table.keys) {
      list.push_back(ToJson(key, table.with_category));
    }
    json[table.name] = std::move(list);
  }
  return json.dump() + "\n";
}

SeriesMemory SeriesMemory::Open(const std::string& store, const PublisherOptions& options,
                                std::string* note) {
  SeriesMemory memory(store + ".series");
  note->clear();
  absl::StatusOr<Admission> kept = absl::NotFoundError("");
  if (std::ifstream file(memory.path_, std::ios::binary); file) {
    kept = ParseAdmission(std::string{std::istreambuf_iterator<char>(file), {}});
    if (!kept.ok()) {
      *note = absl::StrCat(memory.path_, ": ", std::string(kept.status().message()),
                           "; series are taken from the store's largest pairs instead");
    }
  }
  if (!kept.ok() && std::filesystem::exists(store)) {
    kept = LargestOf(store, options);
    if (!kept.ok()) {
      *note = absl::StrCat("series begin anew: ", std::string(kept.status().message()));
    }
  }
  if (kept.ok()) memory.admission_ = *std::move(kept);
  return memory;
}

absl::Status SeriesMemory::Keep(const Admission& admission) {
  if (admission == admission_) return absl::OkStatus();
  if (absl::Status s = WriteOutput(path_, ToText(admission)); !s.ok()) return s;
  admission_ = admission;
  return absl::OkStatus();
}

}  // namespace borderflow
