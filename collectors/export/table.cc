#include "collectors/export/table.h"

#include <algorithm>

#include "collectors/export/row_json.h"

namespace borderflow {
namespace {

// Every value is a code, a number or a fixed word: none needs RFC 4180's quotes.
std::string CsvValue(const nlohmann::ordered_json& value) {
  return value.is_string() ? value.get<std::string>() : value.dump();
}

template <typename Pick>
void AppendCsvLine(const nlohmann::ordered_json& row, Pick pick, std::string* out) {
  bool first = true;
  for (const auto& item : row.items()) {
    if (!first) out->push_back(',');
    first = false;
    out->append(pick(item));
  }
  out->append("\r\n");
}

}  // namespace

std::string ToCsv(absl::Span<const CellRow> rows) {
  static constexpr char kAtMost[] = "clients_at_most";
  // A column of its own, in every line or in none.
  const bool intervals = std::any_of(rows.begin(), rows.end(),
                                     [](const CellRow& row) { return row.clients_at_most > 0; });
  const auto with_column = [intervals](const CellRow& row) {
    nlohmann::ordered_json json = ToJson(row);
    if (intervals) json[kAtMost] = std::max(row.clients, row.clients_at_most);
    return json;
  };
  std::string csv;
  AppendCsvLine(
      with_column(CellRow{}), [](const auto& item) { return item.key(); }, &csv);
  for (const CellRow& row : rows) {
    AppendCsvLine(
        with_column(row), [](const auto& item) { return CsvValue(item.value()); }, &csv);
  }
  return csv;
}

std::string ToNdjson(absl::Span<const CellRow> rows) {
  std::string lines;
  for (const CellRow& row : rows) lines += ToJson(row).dump() + "\n";
  return lines;
}

}  // namespace borderflow
