#include "collectors/export/table.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <sstream>

#include "tests/collectors/cells.h"

namespace borderflow {
namespace {

std::vector<std::string> Lines(const std::string& text) {
  std::vector<std::string> lines;
  std::istringstream in(text);
  for (std::string line; std::getline(in, line);) lines.push_back(line);
  return lines;
}

std::vector<Cell> SomeCells() {
  std::vector<Cell> cells = {MakeCell("DE", "NO", 10), MakeCell("DE", "IN", 30),
                             MakeCell("IS", "TO", 20)};
  cells[0].key.classification.protocol = Protocol::kTls;
  cells.push_back(MakeCell("DE", "NO", 5));  // the same but for the protocol
  return cells;
}

TEST(RowsTest, CellsThatDifferOnlyInProtocolBecomeOneAndTheLargestComesFirst) {
  const std::vector<CellRow> rows = Rows(SomeCells());
  ASSERT_EQ(rows.size(), 3u);
  EXPECT_EQ(Code(rows[0].destination.location), "IN");
  EXPECT_EQ(Code(rows[2].destination.location), "NO");
  EXPECT_EQ(rows[2].counters.bytes, 15u);
  EXPECT_EQ(rows[2].counters.flows, 2u);
}

TEST(TableTest, CsvAndNdjsonHoldTheSameRows) {
  const std::vector<CellRow> rows = Rows(SomeCells());
  const std::vector<std::string> csv = Lines(ToCsv(rows));
  const std::vector<std::string> ndjson = Lines(ToNdjson(rows));
  ASSERT_EQ(csv.size(), rows.size() + 1);
  ASSERT_EQ(ndjson.size(), rows.size());
  EXPECT_EQ(csv[0].substr(0, 8), "src,dst,");
  for (size_t i = 0; i < rows.size(); ++i) {
    const auto json = nlohmann::ordered_json::parse(ndjson[i]);
    std::ostringstream joined;
    for (const auto& item : json.items()) {
      if (item.key() != "src") joined << ',';
      joined << (item.value().is_string() ? item.value().get<std::string>() : item.value().dump());
    }
    EXPECT_EQ(csv[i + 1], joined.str() + "\r");
  }
}

// NO, IN, IS, TO are codes, not words of any language that might read the file.
TEST(TableTest, CodesSurviveAsText) {
  const std::string ndjson = ToNdjson(Rows(SomeCells()));
  for (const char* code : {"\"NO\"", "\"IN\"", "\"IS\"", "\"TO\""}) {
    EXPECT_NE(ndjson.find(code), std::string::npos) << code;
  }
}

}  // namespace
}  // namespace borderflow
