#include "collectors/store/clickhouse/inserts.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "absl/strings/str_split.h"
#include "tests/collectors/batches.h"

namespace borderflow {
namespace {

using testing::HasSubstr;

std::vector<std::string> Lines(const std::string& text) {
  return absl::StrSplit(text, '\n', absl::SkipEmpty());
}

TEST(ClickHouseInsertsTest, EqualBatchesGiveEqualStatementsButForTheTimeOfWriting) {
  const ExportBatch batch = RandomBatch("a", 0, 100);
  const std::vector<std::string> first = Inserts(batch, 1, 30);
  const std::vector<std::string> second = Inserts(batch, 2, 30);
  ASSERT_EQ(first.size(), 5u);  // 100 rows by 30, and the window
  for (size_t i = 0; i < 4; ++i) EXPECT_EQ(first[i], second[i]);
  EXPECT_NE(first[4], second[4]);
}

TEST(ClickHouseInsertsTest, AnyDifferenceGivesABatchOfItsOwn) {
  const ExportBatch batch = RandomBatch("a", 0, 10);
  const std::string before = Inserts(batch, 1)[0];
  ExportBatch other = batch;
  other.rows[9].cell.counters.bytes += 1;
  EXPECT_NE(Lines(Inserts(other, 1)[0])[1], Lines(before)[1]);  // already in the first row's key
  other = batch;
  other.captured.frames += 1;
  EXPECT_NE(Lines(Inserts(other, 1)[0])[1], Lines(before)[1]);
}

TEST(ClickHouseInsertsTest, RowsAreCountedThroughAllStatements) {
  const std::vector<std::string> inserts = Inserts(RandomBatch("a", 3, 7), 1, 3);
  std::vector<std::string> numbers;
  for (size_t i = 0; i + 1 < inserts.size(); ++i) {
    const std::vector<std::string> lines = Lines(inserts[i]);
    for (size_t line = 1; line < lines.size(); ++line) {
      const std::vector<std::string> values = absl::StrSplit(lines[line], '\t');
      EXPECT_EQ(values[0], "a");
      EXPECT_EQ(values[3], "3");
      numbers.push_back(values[5]);
    }
  }
  EXPECT_THAT(numbers, testing::ElementsAre("0", "1", "2", "3", "4", "5", "6"));
}

TEST(ClickHouseInsertsTest, AWindowWithoutCellsIsStillAWindow) {
  const std::vector<std::string> inserts = Inserts(RandomBatch("a", 0, 0), 1);
  ASSERT_EQ(inserts.size(), 1u);
  EXPECT_THAT(inserts[0], HasSubstr("INSERT INTO window_parts"));
}

TEST(ClickHouseInsertsTest, SeparatorsInsideTextAreEscaped) {
  ExportBatch batch = RandomBatch("a", 0, 1);
  batch.vantage = "a\tb\nc\\d";
  batch.packs[0].id = "it's";
  const std::vector<std::string> inserts = Inserts(batch, 1);
  EXPECT_THAT(inserts[1], HasSubstr("\ta\\tb\\nc\\\\d\t"));
  EXPECT_THAT(inserts[0], HasSubstr("['it\\'s']"));
}

}  // namespace
}  // namespace borderflow
