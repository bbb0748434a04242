// A publication as metrics: every sample belongs to a family, and tables add up.
#include "collectors/export/prometheus_metrics.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <set>
#include <sstream>
#include <string>

#include "absl/strings/str_cat.h"
#include "tests/collectors/privacy/people.h"

namespace borderflow {
namespace {

struct Parsed {
  std::map<std::string, double> sums;              // by name of the samples
  std::map<std::string, std::string> label_names;  // of the last sample
  std::map<std::string, size_t> samples;
};

// Reads a page as a scraper does, by another way than it is written.
Parsed Parse(const std::string& page) {
  Parsed parsed;
  std::istringstream lines(page);
  std::set<std::string> seen;
  for (std::string line; std::getline(lines, line);) {
    if (line.empty() || line[0] == '#') continue;
    const size_t blank = line.rfind(' ');
    const std::string series = line.substr(0, blank);
    EXPECT_TRUE(seen.insert(series).second) << "twice: " << series;
    const std::string name = series.substr(0, series.find('{'));
    parsed.sums[name] += std::stod(line.substr(blank + 1));
    ++parsed.samples[name];
    std::string labels;
    for (size_t at = series.find("=\""); at != std::string::npos; at = series.find("=\"", at + 2)) {
      const size_t begin = series.find_last_of("{,", at) + 1;
      if (!labels.empty()) labels += ",";
      labels += series.substr(begin, at - begin);
    }
    parsed.label_names[name] = labels;
  }
  return parsed;
}

std::shared_ptr<const Publication> Published(std::vector<Cell> cells, uint64_t min_cell = 8) {
  SortCells(&cells);
  Report report;
  report.parameters.zones = {"EEA"};
  report.zones = {Groups::BuiltIn().Find("EEA")->members};
  report.snapshot.cells = std::move(cells);
  report.sums = SumUp(report.snapshot.cells, {});
  report.snapshot.decode.ip = {report.sums.total.frames, report.sums.total.bytes};
  report.snapshot.decode.captured = report.snapshot.decode.ip;
  report.geo.push_back({"p", "country", "mixed", 1, "aa", "d", 5, {}});
  report.live.emplace();
  report.live->ports.push_back({"eth-secret", "net_pcap", true, 0, {}, 7, {{"imissed", 2}}, 1});
  report.live->lanes.push_back({5, 0.5, 0.25, 1000});
  ExportCounters counters;
  counters.offered_batches = 12;
  counters.exported_batches = 5;
  counters.overflow_batches = 4;
  counters.failed_batches = 2;
  counters.queued_batches = 1;
  AddExporter("ipfix tcp:collector-secret:4739", counters, &*report.live);
  AddExporter("ipfix file:flows-secret", {}, &*report.live);
  counters.spool_limit_bytes = 1000;
  AddExporter("clickhouse http://server-secret/", counters, &*report.live);
  Publisher publisher({.min_cell = min_cell,
                       .period_seconds = 1,
                       .jurisdiction_series = 2000,
                       .operator_series = 400,
                       .cell_series = 20000,
                       .registered_series = 400,
                       .zone_series = 800},
                      0);
  return publisher.Publish(report, std::vector<Pack>{*LoadPack("data-allies", Groups::BuiltIn())},
                           1, 0.1);
}

// More pairs and categories than there are series, with enough people in most.
std::vector<Cell> ManyCells(int cells) {
  std::map<CellKey, Cell> by_key;
  std::mt19937 random(3);
  while (by_key.size() < static_cast<size_t>(cells)) {
    Cell cell;
    cell.key.source.location = static_cast<Jurisdiction>(random() % kJurisdictions);
    cell.key.destination.location = static_cast<Jurisdiction>(random() % kJurisdictions);
    cell.key.classification.category = static_cast<Category>(random() % kCategories);
    cell.counters = {1 + random() % 100, 1 + random() % 1'000'000, 0, 0};
    AddPeople(random() % 1000, random() % 10 == 0 ? 2 : 12, &cell);
    by_key.emplace(cell.key, cell);
  }
  std::vector<Cell> list;
  for (auto& [unused, cell] : by_key) list.push_back(std::move(cell));
  return list;
}

TEST(PrometheusMetricsTest, EverySampleBelongsToItsFamilyAndHasItsLabels) {
  const auto published = Published(ManyCells(50));
  Exposition out(ExpositionFormat::kText);
  WriteMetrics(*published, &out);
  WriteProcessMetrics(&out);
  const std::string page = out.Finish();
  const Parsed parsed = Parse(page);
  std::map<std::string, std::string> declared;
  for (const MetricFamily& family : MetricFamilies()) {
    const char* suffix = family.kind == MetricKind::kCounter ? "_total"
                         : family.kind == MetricKind::kInfo  ? "_info"
                                                             : "";
    declared[std::string(family.name) + suffix] = std::string(family.labels);
  }
  EXPECT_GT(parsed.samples.size(), 50u);
  for (const auto& [name, labels] : parsed.label_names) {
    ASSERT_TRUE(declared.contains(name)) << name;
    EXPECT_EQ(labels, declared[name]) << name;
  }
  EXPECT_THAT(page, testing::Not(testing::HasSubstr("secret")));
}

TEST(PrometheusMetricsTest, ExportersAreNamedByKindAndTheirWindowsAddUp) {
  Exposition out(ExpositionFormat::kText);
  WriteMetrics(*Published({}), &out);
  const std::string page = out.Finish();
  const Parsed parsed = Parse(page);
  for (const char* exporter : {"ipfix-1", "ipfix-2", "clickhouse-1"}) {
    EXPECT_THAT(page, testing::HasSubstr(absl::StrCat(
                          "borderflow_export_written_windows_total{exporter=\"", exporter, "\"}")));
  }
  EXPECT_EQ(parsed.sums.at("borderflow_export_offered_windows_total"), 24);
  EXPECT_EQ(parsed.sums.at("borderflow_export_offered_windows_total"),
            parsed.sums.at("borderflow_export_written_windows_total") +
                parsed.sums.at("borderflow_export_dropped_windows_total") +
                parsed.sums.at("borderflow_export_queued_windows"));
  EXPECT_THAT(page, testing::HasSubstr("dropped_windows_total{exporter=\"ipfix-2\",reason="
                                       "\"overflow\"} 0\n"));
  EXPECT_EQ(parsed.samples.at("borderflow_export_spool_bytes"), 1u) << "only one has a spool";
}

TEST(PrometheusMetricsTest, TablesAddUpBeyondTheirCapAndKeepToIt) {
  const std::vector<Cell> cells = ManyCells(6000);
  const auto published = Published(cells);
  Exposition out(ExpositionFormat::kText);
  WriteMetrics(*published, &out);
  const Parsed parsed = Parse(out.Finish());
  CellCounters total;
  for (const Cell& cell : cells) total += cell.counters;
  EXPECT_EQ(parsed.sums.at("borderflow_lens_agreement_bytes_total"),
            2 * static_cast<double>(total.bytes))
      << "two lenses";
  for (const char* table : {"traffic", "zone", "jurisdiction", "registered", "operator", "category",
                            "protection", "policy", "policy_rule", "published"}) {
    EXPECT_EQ(parsed.sums.at(absl::StrCat("borderflow_", table, "_bytes_total")),
              static_cast<double>(total.bytes))
        << table;
  }
  EXPECT_EQ(parsed.samples.at("borderflow_jurisdiction_bytes_total"), 2002u);
  EXPECT_GT(published->figures->jurisdiction.other.bytes, 0u);
  EXPECT_GT(published->figures->jurisdiction.suppressed.bytes, 0u);
}

TEST(PrometheusMetricsTest, AllVerdictsCrossingsAndReasonsAreThereFromTheStart) {
  const auto published = Published({});
  Exposition out(ExpositionFormat::kText);
  WriteMetrics(*published, &out);
  const std::string page = out.Finish();
  for (int i = 0; i < kVerdicts; ++i) {
    EXPECT_THAT(page, testing::HasSubstr(absl::StrCat(
                          "borderflow_policy_bytes_total{policy=\"data-allies\",verdict=\"",
                          std::string(Name(static_cast<Verdict>(i))), "\"} 0\n")));
  }
  for (const char* reason : {"imissed", "ierrors", "ring_full", "kernel", "interface"}) {
    EXPECT_THAT(page, testing::HasSubstr(absl::StrCat("borderflow_dropped_frames_total{reason=\"",
                                                      reason, "\"}")));
  }
  EXPECT_THAT(page, testing::HasSubstr("borderflow_traffic_bytes_total{crossing=\"domestic\"} 0"));
  for (const char* lens : {"registered", "operator"}) {
    EXPECT_THAT(
        page, testing::HasSubstr(absl::StrCat("borderflow_lens_agreement_bytes_total{lens=\"", lens,
                                              "\",result=\"differs\"} 0\n")));
  }
}

TEST(PrometheusMetricsTest, AThresholdOfOneIsStated) {
  Exposition out(ExpositionFormat::kText);
  WriteMetrics(*Published({}, 1), &out);
  EXPECT_THAT(out.Finish(), testing::HasSubstr("\nborderflow_suppression_threshold 1\n"));
}

}  // namespace
}  // namespace borderflow
