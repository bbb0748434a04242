// --report: one file that says what the JSON report says, whoever wrote the names in it.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "tests/dataplane/inspect/wire.h"
#include "tests/dataplane/packet/frame_builder.h"
#include "tests/end_to_end/programs.h"

namespace borderflow {
namespace {

using namespace testing_frames;
using testing::HasSubstr;
using testing::Not;
using Json = nlohmann::json;

constexpr char kInHello[] = "<script>alert(1)</script>.example.com";
constexpr char kInDns[] = "<script>alert(2)<b>.example.com";

void AppendLittle32(size_t value, std::string* bytes) {
  for (int i = 0; i < 4; ++i) bytes->push_back(static_cast<char>(value >> (8 * i) & 0xff));
}

std::string Capture(const std::vector<std::vector<uint8_t>>& frames) {
  std::string bytes("\xd4\xc3\xb2\xa1\x02\x00\x04\x00\0\0\0\0\0\0\0\0\xff\xff\x00\x00\x01\0\0\0",
                    24);
  for (size_t i = 0; i < frames.size(); ++i) {
    AppendLittle32(1'750'000'000 + 20 * i, &bytes);
    AppendLittle32(0, &bytes);
    AppendLittle32(frames[i].size(), &bytes);
    AppendLittle32(frames[i].size(), &bytes);
    bytes.append(frames[i].begin(), frames[i].end());
  }
  return bytes;
}

std::string PlantedCapture() {
  std::vector<std::vector<uint8_t>> frames;
  for (uint16_t i = 0; i < 20; ++i) {
    const uint16_t port = static_cast<uint16_t>(40000 + i);
    frames.push_back(Ethernet(Ipv4({.source = "203.0.113.77", .destination = "8.8.8.8"},
                                   Tcp({.source_port = port, .destination_port = 443},
                                       TlsClientHello({.name = kInHello}))))
                         .bytes);
    frames.push_back(
        Ethernet(Ipv4({.source = "203.0.113.77", .destination = "8.8.8.8"},
                      Udp({.source_port = port, .destination_port = 53}, DnsQuery(kInDns))))
            .bytes);
  }
  return Capture(frames);
}

Json ModelIn(const std::string& html) {
  const std::string begin = "<script type=\"application/json\" id=\"view\">";
  const size_t from = html.find(begin) + begin.size();
  return Json::parse(html.substr(from, html.find("</script>", from) - from), nullptr, false);
}

std::string Grouped(uint64_t number) {
  std::string text = std::to_string(number);
  for (size_t at = text.size(); at > 3; at -= 3) text.insert(at - 3, ",");
  return text;
}

class ReportFileTest : public testing::Test {
 protected:
  void SetUp() override { programs_.Write("planted.pcap", PlantedCapture()); }
  const Programs programs_{"report_file"};
};

TEST_F(ReportFileTest, NamesThatLookLikeMarkupAreText) {
  const Finished run = programs_.Borderflow(
      "replay --geo tiny.mmdb --names --quiet --json r.json --report r.html planted.pcap");
  ASSERT_EQ(run.exit_code, 0) << run.err;
  const std::string html = programs_.Read("r.html");
  EXPECT_THAT(programs_.Read("r.json"), HasSubstr("<script>alert(2)")) << "the plant is seen";
  EXPECT_THAT(html, Not(HasSubstr("<script>alert")));
  EXPECT_THAT(html, Not(HasSubstr("<b>.example")));
  EXPECT_THAT(html, HasSubstr("&lt;script&gt;alert(2)"));
  struct stat status {};
  ASSERT_EQ(stat(programs_.Path("r.html").c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 0777, 0600u);
  EXPECT_THAT(html, HasSubstr("Unsuppressed"));
}

TEST_F(ReportFileTest, ItIsTheSameForAnyNumberOfWorkersAndAgreesWithTheJsonReport) {
  ASSERT_EQ(programs_.Generate("--profile demo --flows 300 --out d.pcap").exit_code, 0);
  const std::string replay =
      "replay --geo tiny.mmdb --home DE --window 10s --policy data-allies --quiet d.pcap ";
  ASSERT_EQ(programs_.Borderflow(replay + "--workers 1 --report one.html --json r.json").exit_code,
            0);
  ASSERT_EQ(programs_.Borderflow(replay + "--workers 3 --report three.html").exit_code, 0);
  const std::string html = programs_.Read("one.html");
  EXPECT_EQ(html, programs_.Read("three.html"));
  const Json report = Json::parse(programs_.Read("r.json"));
  const Json view = ModelIn(html);
  EXPECT_EQ(view["crossing"], report["crossing"]);
  EXPECT_EQ(view["total"]["bytes"], report["decode"]["ip"]["bytes"]);
  EXPECT_EQ(view["conservation"], report["conservation"]);
  EXPECT_EQ(view["provenance"]["captures"], report["provenance"]["captures"]);
  EXPECT_GT(view["timeline"]["windows"].size(), 1u);
  for (const auto& [crossing, counts] : report["crossing"].items()) {
    EXPECT_THAT(html, HasSubstr(">" + Grouped(counts["bytes"].get<uint64_t>()) + "<")) << crossing;
  }
  for (const auto& [verdict, counts] : report["policies"][0]["verdicts"].items()) {
    EXPECT_THAT(html, HasSubstr(">" + Grouped(counts["bytes"].get<uint64_t>()) + "<")) << verdict;
  }
}

TEST_F(ReportFileTest, AReportThatIsReadAgainShowsTheSame) {
  ASSERT_EQ(programs_.Generate("--profile demo --flows 300 --out d.pcap").exit_code, 0);
  ASSERT_EQ(programs_
                .Borderflow("replay --geo tiny.mmdb --home DE --policy data-allies --names --quiet "
                            "--report r.html --json r.json d.pcap")
                .exit_code,
            0);
  const Finished run = programs_.Borderflow("view r.json --json v.json --report again.html");
  ASSERT_EQ(run.exit_code, 0) << run.err;
  Json written = ModelIn(programs_.Read("r.html"));
  Json read = Json::parse(programs_.Read("v.json"));
  // The reason why there are none differs.
  written.erase("timeline");
  read.erase("timeline");
  for (const auto& [key, part] : written.items()) EXPECT_EQ(part, read[key]) << key;
}

TEST_F(ReportFileTest, AStoreHasItsWindowsAsTheTimeline) {
  ASSERT_EQ(programs_
                .Borderflow("replay --geo tiny.mmdb --window 60s --quiet --sqlite s.sqlite "
                            "--report r.html planted.pcap")
                .exit_code,
            0);
  const Finished run =
      programs_.Borderflow("report --sqlite s.sqlite --policy data-allies --quiet --report s.html");
  ASSERT_EQ(run.exit_code, 0) << run.err;
  const Json replayed = ModelIn(programs_.Read("r.html"));
  const Json stored = ModelIn(programs_.Read("s.html"));
  EXPECT_GT(stored["timeline"]["windows"].size(), 10u);
  EXPECT_EQ(stored["timeline"]["windows"], replayed["timeline"]["windows"]);
  EXPECT_EQ(stored["policies"].size(), 1u);
}

TEST_F(ReportFileTest, WhatIsNoReportIsRefused) {
  programs_.Write("no.json",
                  "{\"schema\":\"borderflow.report/1\",\"cells\":[],\"policies\":[3],"
                  "\"geo\":4,\"live\":{\"lanes\":[{}]}}");
  const int odd = programs_.Borderflow("view no.json --json v.json --report v.html").exit_code;
  EXPECT_TRUE(odd == 0 || odd == 2) << odd;
  programs_.Write("none.json", "[]");
  EXPECT_EQ(programs_.Borderflow("view none.json --json v.json").exit_code, 2);
  const Finished open = programs_.Borderflow("view none.json --listen 0.0.0.0:9670");
  EXPECT_EQ(open.exit_code, 2);
  EXPECT_THAT(open.err, HasSubstr("unsuppressed"));
}

}  // namespace
}  // namespace borderflow
