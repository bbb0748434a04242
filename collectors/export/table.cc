#include "collectors/export/table.h"

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
  std::string csv;
  AppendCsvLine(
      ToJson(CellRow{}), [](const auto& item) { return item.key(); }, &csv);
  for (const CellRow& row : rows) {
    AppendCsvLine(
        ToJson(row), [](const auto& item) { return CsvValue(item.value()); }, &csv);
  }
  return csv;
}

std::string ToNdjson(absl::Span<const CellRow> rows) {
  std::string lines;
  for (const CellRow& row : rows) lines += ToJson(row).dump() + "\n";
  return lines;
}

}  // namespace borderflow
