// The exposition formats, and the table of families behind them.
#include "collectors/export/prometheus_exposition.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <iterator>
#include <regex>
#include <set>
#include <string>

#include "absl/strings/str_cat.h"
#include "tests/source_tree.h"

namespace borderflow {
namespace {

using testing::HasSubstr;
using testing::Not;
using enum MetricFamilyId;

std::string Page(ExpositionFormat format, std::string_view value) {
  Exposition out(format);
  out.Begin(kGeoDatabase);
  out.Sample({"0", value, "b", "d"}, uint64_t{1});
  out.Single(kCapturedBytes, uint64_t{18446744073709551615u});
  out.Single(kCollectDuration, 0.25);
  return out.Finish();
}

TEST(ExpositionTest, BothFormatsNameFamiliesAsTheirReadersExpect) {
  const std::string text = Page(ExpositionFormat::kText, "country");
  EXPECT_THAT(text, HasSubstr("# TYPE borderflow_geo_database_info gauge\n"
                              "borderflow_geo_database_info{database=\"0\",type=\"country\","
                              "basis=\"b\",digest=\"d\"} 1\n"));
  EXPECT_THAT(text, HasSubstr("# TYPE borderflow_captured_bytes_total counter\n"
                              "borderflow_captured_bytes_total 18446744073709551615\n"));
  EXPECT_THAT(text, HasSubstr("borderflow_collect_duration_seconds 0.25\n"));
  EXPECT_THAT(text, Not(HasSubstr("# EOF")));
  const std::string open = Page(ExpositionFormat::kOpenMetrics, "country");
  EXPECT_THAT(open, HasSubstr("# TYPE borderflow_geo_database info\n"
                              "borderflow_geo_database_info{"));
  EXPECT_THAT(open, HasSubstr("# TYPE borderflow_captured_bytes counter\n"
                              "borderflow_captured_bytes_total 1844"));
  EXPECT_TRUE(open.ends_with("\n# EOF\n"));
}

TEST(ExpositionTest, NoLabelValueBreaksThePage) {
  const std::string page =
      Page(ExpositionFormat::kText, std::string_view("a\"b\\c\nd\0e\x80\xff} 5\nforged 1", 22));
  EXPECT_THAT(page, HasSubstr("type=\"a\\\"b\\\\c\\nd?e??} 5\\nforged"));
  EXPECT_THAT(page, Not(HasSubstr("\nforged")));
}

TEST(ExpositionTest, TheFormatIsWhatTheReaderPrefers) {
  const auto is_open = [](std::string_view accept) {
    return Negotiate(accept) == ExpositionFormat::kOpenMetrics;
  };
  // As Prometheus 2.42 asks.
  EXPECT_TRUE(
      is_open("application/openmetrics-text;version=1.0.0,application/openmetrics-text;"
              "version=0.0.1;q=0.75,text/plain;version=0.0.4;q=0.5,*/*;q=0.1"));
  EXPECT_FALSE(is_open(""));
  EXPECT_FALSE(is_open("*/*"));
  EXPECT_FALSE(is_open("text/plain;version=0.0.4, application/openmetrics-text;q=0.5"));
  EXPECT_FALSE(is_open("application/openmetrics-text;version=0.0.1"));
  EXPECT_FALSE(is_open("application/openmetrics-text;q=0"));
  EXPECT_FALSE(is_open("application/openmetrics-text;q=nan"));
  EXPECT_FALSE(is_open(",;,;;q=,="));
}

TEST(ExpositionTest, EveryFamilyIsNamedAsPrometheusAsks) {
  std::set<std::string_view> names;
  const std::regex name("(borderflow|process)_[a-z0-9_]*[a-z0-9]");
  for (const MetricFamily& family : MetricFamilies()) {
    const std::string text(family.name);
    EXPECT_TRUE(names.insert(family.name).second) << text;
    EXPECT_TRUE(std::regex_match(text, name)) << text;
    for (const char* suffix : {"_total", "_info", "_count", "_sum", "_bucket"}) {
      EXPECT_FALSE(text.ends_with(suffix)) << text;
    }
    EXPECT_TRUE(family.help.ends_with(".")) << text;
    EXPECT_THAT(std::string(family.help), Not(testing::MatchesRegex(".*[\"\\\\\n|].*"))) << text;
    EXPECT_FALSE(family.bound.empty()) << text;
    // What would make series without bound, or say who somebody is.
    for (const char* label : {"address", "ip", "port_name", "host", "name", "sni", "user", "mac"}) {
      const std::string labels = absl::StrCat(",", std::string(family.labels), ",");
      EXPECT_THAT(labels, Not(HasSubstr(absl::StrCat(",", label, ",")))) << text;
    }
  }
}

TEST(ExpositionTest, TheDocumentIsMadeFromTheTable) {
  std::ifstream file(BORDERFLOW_SOURCE_DIR "/collectors/export/METRICS.md");
  const std::string document{std::istreambuf_iterator<char>(file), {}};
  EXPECT_THAT(document, HasSubstr(MetricFamiliesMarkdown()))
      << "put this table into collectors/export/METRICS.md:\n"
      << MetricFamiliesMarkdown();
}

}  // namespace
}  // namespace borderflow
