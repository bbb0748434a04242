// `borderflow live --listen`, scraped by Debian's Prometheus: totals are the report's, and every
// shipped query and rule has an answer.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <nlohmann/json.hpp>
#include <regex>
#include <string>

#include "tests/end_to_end/prometheus_server.h"
#include "tests/end_to_end/served_capture.h"
#include "tests/source_tree.h"

namespace borderflow {
namespace {

using testing::HasSubstr;
using Json = nlohmann::json;

std::string WithValues(std::string expression) {
  for (const auto& [variable, value] :
       {std::pair{"\\$__rate_interval", "30s"}, std::pair{"\\$__range", "30s"},
        std::pair{"\\$(sensor|category|policy)", ".*"}}) {
    expression = std::regex_replace(expression, std::regex(variable), value);
  }
  return expression;
}

TEST(MetricsTest, PrometheusScrapesTheTotalsOfTheReportAndAnswersEveryBoard) {
  if (!HasProgramNamed("prometheus")) GTEST_SKIP() << "needs Debian's package prometheus";
  // ClickHouse is away: its windows wait in the spool.
  ServedCapture sensor("metrics", {"--window", "1s", "--sensor", "one", "--sqlite", "s.sqlite",
                                   "--ipfix", "file:flows.ipfix", "--spool", "spool",
                                   "--clickhouse", "http://127.0.0.1:9/borderflow"});
  const PrometheusServer prometheus(sensor.programs(), sensor.port());
  sensor.WaitUntilStill();
  ASSERT_TRUE(prometheus.WaitUntil("min(borderflow_published_timestamp_seconds > bool 0)", 1))
      << prometheus.log();
  std::this_thread::sleep_for(std::chrono::seconds(3));  // rates want two scrapes of the end

  // Every matrix adds up to what was published, exactly.
  for (const char* measure : {"frames", "bytes", "flows"}) {
    const std::string m = measure;
    const double published = prometheus.Value("borderflow_published_" + m + "_total");
    EXPECT_GT(published, 0);
    EXPECT_EQ(prometheus.Value("sum(borderflow_traffic_" + m + "_total)"), published) << m;
    EXPECT_EQ(prometheus.Value("sum(borderflow_jurisdiction_" + m + "_total)"), published) << m;
    EXPECT_EQ(prometheus.Value("sum(borderflow_category_" + m + "_total)"), published) << m;
    EXPECT_EQ(prometheus.Value("sum(borderflow_policy_" + m + "_total)"), published) << m;
  }
  const double bytes = prometheus.Value("borderflow_published_bytes_total");
  for (const char* table : {"operator", "registered", "zone"}) {
    EXPECT_EQ(prometheus.Value(std::string("sum(borderflow_") + table + "_bytes_total)"), bytes);
  }
  for (const char* lens : {"operator", "registered"}) {
    EXPECT_EQ(prometheus.Value(std::string("sum(borderflow_lens_agreement_bytes_total{lens=\"") +
                               lens + "\"})"),
              bytes);
  }
  EXPECT_EQ(prometheus.Value("sum(borderflow_protection_bytes_total)"), bytes);
  EXPECT_EQ(prometheus.Value("sum(borderflow_policy_rule_bytes_total)"), bytes);
  const double with_waiting = bytes + prometheus.Value("borderflow_waiting_bytes");
  const double captured = prometheus.Value("borderflow_captured_bytes_total");
  EXPECT_EQ(prometheus.Value("sum(borderflow_decoded_bytes_total)"), captured);

  EXPECT_EQ(prometheus.Value("sum(borderflow_export_offered_windows_total)"),
            prometheus.Value("sum(borderflow_export_written_windows_total) + "
                             "sum(borderflow_export_dropped_windows_total) + "
                             "sum(borderflow_export_queued_windows)"));
  for (const char* exporter : {"sqlite-1", "ipfix-1", "clickhouse-1"}) {
    EXPECT_GE(prometheus.Value(std::string("borderflow_export_written_windows_total{exporter=\"") +
                               exporter + "\"}"),
              1)
        << exporter;
  }
  EXPECT_GT(prometheus.Value("borderflow_export_spool_bytes{exporter=\"clickhouse-1\"}"), 0);
  EXPECT_GT(prometheus.Value("borderflow_export_retries_total{exporter=\"clickhouse-1\"}"), 0);

  for (const auto& file :
       std::filesystem::directory_iterator(BORDERFLOW_SOURCE_DIR "/tools/grafana/boards")) {
    SCOPED_TRACE(file.path().filename());
    const Json board =
        Json::parse(SourceFile("tools/grafana/boards/" + file.path().filename().string()));
    EXPECT_FALSE(board["uid"].get<std::string>().empty());
    for (const Json& panel : board["panels"]) {
      for (const Json& target : panel["targets"]) {
        const std::string expression = WithValues(target["expr"]);
        const Json answer = prometheus.Query(expression);
        ASSERT_TRUE(answer.is_object()) << expression;
        EXPECT_EQ(answer["status"], "success") << expression << answer.dump();
        EXPECT_FALSE(answer["data"]["result"].empty()) << panel["title"] << ": " << expression;
      }
    }
  }

  const Json groups = prometheus.Get("/api/v1/rules")["data"]["groups"];
  int rules = 0;
  for (const Json& group : groups) {
    for (const Json& rule : group["rules"]) {
      ++rules;
      EXPECT_EQ(rule["health"], "ok") << rule.dump();
    }
  }
  EXPECT_GE(rules, 20);

  const Json report = sensor.Report();
  EXPECT_EQ(captured, report["capture"]["bytes"].get<double>());
  EXPECT_EQ(with_waiting, report["decode"]["ip"]["bytes"].get<double>());
  EXPECT_TRUE(report["conservation"]["ok"].get<bool>());
}

TEST(MetricsTest, PromtoolAcceptsThePageTheRulesAndTheirTests) {
  if (!HasProgramNamed("promtool")) GTEST_SKIP() << "needs Debian's package prometheus";
  const ServedCapture sensor("promtool");
  sensor.WaitUntilStill();
  sensor.programs().Write("page", Fetch(sensor.port(), "/metrics").body);
  EXPECT_EQ(
      std::system(("promtool check metrics <'" + sensor.programs().Path("page") + "'").c_str()), 0);
  const std::string folder = "cd '" BORDERFLOW_SOURCE_DIR "/tools/prometheus' && promtool ";
  for (const char* command : {"check config prometheus.yml", "check rules borderflow.rules.yml",
                              "test rules borderflow.rules.test.yml"}) {
    EXPECT_EQ(std::system((folder + command + " >/dev/null").c_str()), 0) << command;
  }
}

TEST(MetricsTest, EveryAlertHasItsPlaceInTheRunbook) {
  const std::string rules = SourceFile("tools/prometheus/borderflow.rules.yml");
  const std::string runbook = SourceFile("tools/prometheus/runbook.md");
  const std::regex alert("- alert: (\\S+)");
  int alerts = 0;
  for (std::sregex_iterator at(rules.begin(), rules.end(), alert), end; at != end; ++at, ++alerts) {
    const std::string name = (*at)[1];
    EXPECT_THAT(runbook, HasSubstr("\n## " + name + "\n"));
    std::string anchor = name;
    for (char& c : anchor) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
    EXPECT_THAT(rules, HasSubstr("runbook.md#" + anchor + "\n"));
  }
  EXPECT_GE(alerts, 10);
}

}  // namespace
}  // namespace borderflow
