// `borderflow live --listen`, scraped by Debian's Prometheus: totals are the report's, and every
// shipped query and rule has an answer.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <nlohmann/json.hpp>
#include <regex>
#include <string>

#include "tests/end_to_end/background.h"
#include "tests/end_to_end/prometheus_server.h"

namespace borderflow {
namespace {

using testing::HasSubstr;
using Json = nlohmann::json;

// A sensor on a generated capture, idle when that is counted, until it is told to stop.
class ServedCapture {
 public:
  ServedCapture(const std::string& name, const std::string& options) : programs_(name) {
    const Finished generated = programs_.Generate(
        "--microseconds --out c.pcap --overrides o.csv --profile flow-heavy --flows 5000");
    EXPECT_EQ(generated.exit_code, 0) << generated.err;
    std::vector<std::string> words = {"live",
                                      "--geo",
                                      "tiny.mmdb",
                                      "--policy",
                                      "data-allies",
                                      "--overrides",
                                      "o.csv",
                                      "--zone",
                                      "EEA",
                                      "--port",
                                      "net_pcap0,rx_pcap=c.pcap",
                                      "--listen",
                                      "127.0.0.1:0",
                                      "--period",
                                      "1s",
                                      "--json",
                                      "r.json",
                                      "--quiet"};
    std::istringstream more(options);
    for (std::string word; more >> word;) words.push_back(word);
    sensor_ = std::make_unique<Background>(programs_, "sensor", words);
    EXPECT_TRUE(sensor_->Says("serving on ")) << sensor_->err();
    const std::string said = sensor_->err();
    const size_t at = said.find("127.0.0.1:");
    if (at != std::string::npos) port_ = static_cast<uint16_t>(std::stoi(said.substr(at + 10)));
  }

  uint16_t port() const { return port_; }
  const Programs& programs() const { return programs_; }

  // Waits until the whole capture is counted and published.
  void WaitUntilStill() const {
    std::string before;
    for (int same = 0, tries = 0; same < 3 && tries < 100; ++tries) {
      const std::string now = Fetch(port_, "/api/v1/crossings").body;
      const size_t total = now.find("\"total\"");
      const std::string part = total == std::string::npos ? "" : now.substr(total);
      same = !part.empty() && part == before && part.rfind("\"total\":{\"frames\":0,", 0) != 0 ? same + 1 : 0;
      before = part;
      std::this_thread::sleep_for(std::chrono::milliseconds(600));
    }
  }

  Json Report() {
    sensor_->Signal(SIGTERM);
    const Finished ended = sensor_->Wait();
    EXPECT_EQ(ended.exit_code, 0) << ended.err;
    return Json::parse(programs_.Read("r.json"));
  }

 private:
  Programs programs_;
  std::unique_ptr<Background> sensor_;
  uint16_t port_ = 0;
};

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
  ServedCapture sensor("metrics", "");
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
  EXPECT_EQ(prometheus.Value("sum(borderflow_operator_bytes_total)"), bytes);
  EXPECT_EQ(prometheus.Value("sum(borderflow_protection_bytes_total)"), bytes);
  EXPECT_EQ(prometheus.Value("sum(borderflow_policy_rule_bytes_total)"), bytes);
  const double with_waiting = bytes + prometheus.Value("borderflow_waiting_bytes");
  const double captured = prometheus.Value("borderflow_captured_bytes_total");
  EXPECT_EQ(prometheus.Value("sum(borderflow_decoded_bytes_total)"), captured);

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
  const ServedCapture sensor("promtool", "");
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
