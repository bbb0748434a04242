// A live run that is told to end or to read its files again, while frames arrive without a pause.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <nlohmann/json.hpp>
#include <set>
#include <string>

#include "tests/end_to_end/background.h"
#include "tests/end_to_end/programs.h"

namespace borderflow {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using Json = nlohmann::json;

constexpr char kReloaded[] = "reloaded address databases";
constexpr char kRefused[] = "reload refused, going on as before";

size_t Times(const std::string& what, const std::string& text) {
  size_t times = 0;
  for (size_t at = text.find(what); at != std::string::npos; at = text.find(what, at + 1)) ++times;
  return times;
}

class LiveReloadTest : public testing::Test {
 protected:
  void SetUp() override {
    const Finished generated = programs_.Generate(
        "--profile flow-heavy --flows 200 --microseconds --out c.pcap --overrides o.csv");
    ASSERT_EQ(generated.exit_code, 0) << generated.err;
    programs_.Write("tor2/geoip", "");
    // A second database, of another place, under another name.
    std::filesystem::create_directories(programs_.Path("tor2"));
    programs_.Write("tor2/geoip",
                    "# Generated: Thu, 25 Jun 2026 04:33:59 GMT\n134744064,134744319,FR\n");
    programs_.Write("tor2/geoip6", programs_.Read("tor/geoip6"));
    ASSERT_EQ(programs_.Borderflow("geo build --tor tor2 --no-libloc -o next.mmdb").exit_code, 0);
  }

  // A run on the capture, over and over, that has counted something.
  std::unique_ptr<Background> Start(const std::string& workers = "1") {
    auto live = std::make_unique<Background>(
        programs_, "live",
        std::vector<std::string>{"live", "--geo", "tiny.mmdb", "--overrides", "o.csv", "--port",
                                 "net_pcap0,rx_pcap=c.pcap,infinite_rx=1", "--every", "0.2",
                                 "--workers", workers, "--json", "live.json"});
    EXPECT_TRUE(live->Says(" frames=")) << live->err();
    return live;
  }
  // Puts a file in the place of another, as a download does.
  void Replace(const std::string& file, const std::string& by) {
    std::filesystem::copy_file(programs_.Path(by), programs_.Path(by + ".part"));
    std::filesystem::rename(programs_.Path(by + ".part"), programs_.Path(file));
  }
  // Ends the run and checks that every frame is accounted for.
  Json End(Background* live, int signal) {
    live->Signal(signal);
    const Finished finished = live->Wait();
    EXPECT_EQ(finished.exit_code, 0) << finished.err;
    const Json report = Json::parse(programs_.Read("live.json"));
    EXPECT_TRUE(report["conservation"]["ok"].get<bool>()) << report["conservation"].dump(2);
    EXPECT_EQ(report["dropped"], Json::object());
    EXPECT_GT(report["capture"]["frames"].get<uint64_t>(), 0u);
    EXPECT_EQ(report["capture"]["frames"], report["live"]["ports"][0]["wire_frames"]);
    return report;
  }

  Programs programs_{"live_reload"};
};

TEST_F(LiveReloadTest, SignalsEndARunWithAWholeReport) {
  for (const int signal : {SIGINT, SIGTERM}) {
    SCOPED_TRACE(signal);
    const auto live = Start();
    const Json report = End(live.get(), signal);
    EXPECT_EQ(report["live"]["reloads"], 0);
    EXPECT_GT(report["flows"]["total"].get<uint64_t>(), 0u);
  }
}

TEST_F(LiveReloadTest, AHangUpReloadsWithoutLosingAFrame) {
  const auto live = Start("2");
  constexpr size_t kReloads = 5;
  for (size_t i = 1; i <= kReloads; ++i) {
    live->Signal(SIGHUP);
    ASSERT_TRUE(live->SaysSoOften(kReloaded, i)) << live->err();
  }
  EXPECT_EQ(End(live.get(), SIGINT)["live"]["reloads"], kReloads);
}

TEST_F(LiveReloadTest, AChangedDatabaseIsTakenAndABrokenOneRefused) {
  const auto live = Start();
  Replace("tiny.mmdb", "next.mmdb");
  ASSERT_TRUE(live->SaysSoOften(kReloaded, 1)) << live->err();
  programs_.Write("broken.mmdb", "no database at all");
  Replace("tiny.mmdb", "broken.mmdb");
  ASSERT_TRUE(live->Says(kRefused)) << live->err();
  EXPECT_THAT(live->err(), HasSubstr("tiny.mmdb"));
  // And so are broken overrides, on request; then both are right again.
  programs_.Write("bad.csv", "prefix,location\n10.0.0.0/8,Atlantis\n");
  const std::string good = programs_.Read("o.csv");
  Replace("tiny.mmdb", "next.mmdb");
  ASSERT_TRUE(live->SaysSoOften(kReloaded, 2)) << live->err();
  Replace("o.csv", "bad.csv");
  ASSERT_TRUE(live->SaysSoOften(kRefused, 2)) << live->err();
  EXPECT_THAT(live->err(), HasSubstr("o.csv:2"));
  const Json report = End(live.get(), SIGTERM);
  EXPECT_EQ(report["live"]["reloads"], 2);
  std::set<std::string> databases;
  for (const Json& file : report["geo"]) {
    if (file["path"] == "tiny.mmdb") databases.insert(file["sha256"].get<std::string>());
  }
  EXPECT_EQ(databases.size(), 2u) << "the report names every one that was in use";
}

TEST_F(LiveReloadTest, AChangeThatAHangUpAlreadyReadIsNotReadTwice) {
  const auto live = Start();
  Replace("tiny.mmdb", "next.mmdb");
  live->Signal(SIGHUP);
  ASSERT_TRUE(live->Says(kReloaded)) << live->err();
  // Some looks at the files later.
  const size_t lines = Times(" frames=", live->err());
  ASSERT_TRUE(live->SaysSoOften(" frames=", lines + 5)) << live->err();
  EXPECT_EQ(End(live.get(), SIGINT)["live"]["reloads"], 1);
}

}  // namespace
}  // namespace borderflow
