#include "rules/measures/catalogue.h"

#include <gtest/gtest.h>

#include <fstream>
#include <set>
#include <sstream>
#include <string>
#include <string_view>

#include "absl/strings/str_split.h"
#include "tests/source_tree.h"

namespace borderflow {
namespace {

TEST(CatalogueTest, EveryMeasureIsNamedOnceWithQuestionFormulaSourceAndUnit) {
  std::set<std::string_view> ids;
  for (const MeasureInfo& info : MeasureCatalogue()) {
    EXPECT_TRUE(ids.insert(info.id).second) << info.id;
    EXPECT_FALSE(info.asks.empty()) << info.id;
    EXPECT_FALSE(info.formula.empty()) << info.id;
    EXPECT_FALSE(info.source.empty()) << info.id;
    EXPECT_FALSE(info.unit.empty()) << info.id;
    EXPECT_EQ(FindMeasure(info.id), &info);
  }
  EXPECT_EQ(FindMeasure("score"), nullptr);
}

TEST(CatalogueTest, TheTableHasOneRowOfFiveColumnsForEachMeasure) {
  const std::string table = CatalogueAsMarkdown();
  size_t rows = 0;
  for (const auto line : absl::StrSplit(table, '\n', absl::SkipEmpty())) {
    const std::string text(line.data(), line.size());
    int columns = -1;
    for (size_t i = 0; i < text.size(); ++i) {
      if (text[i] == '|' && (i == 0 || text[i - 1] != '\\')) ++columns;
    }
    EXPECT_EQ(columns, 5) << text;
    ++rows;
  }
  EXPECT_EQ(rows, MeasureCatalogue().size() + 2);
}

TEST(CatalogueTest, TheDocumentIsGenerated) {
  std::ifstream file(BORDERFLOW_SOURCE_DIR "/rules/measures/MEASURES.md");
  std::stringstream text;
  text << file.rdbuf();
  EXPECT_NE(text.str().find(CatalogueAsMarkdown()), std::string::npos)
      << "put the output of `borderflow policy measures --list --markdown` into MEASURES.md";
}

TEST(CatalogueTest, TheTextFitsATerminal) {
  const std::string text = CatalogueAsText();
  for (const auto line : absl::StrSplit(text, '\n')) {
    EXPECT_LE(line.size(), 100U) << std::string(line.data(), line.size());
  }
}

}  // namespace
}  // namespace borderflow
