// The tap inside Debian's own dpdk-testpmd, and inside an application that cleans up badly.
#include <gmock/gmock.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <sstream>

#include "tests/collectors/http/http_client.h"
#include "tests/source_tree.h"
#include "tests/tools/plugin/host.h"

namespace borderflow {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;
using Json = nlohmann::json;
using Environment = std::map<std::string, std::string>;

class TapTest : public testing::Test {
 protected:
  void SetUp() override {
    if (const std::string why = WhyNoTap(); !why.empty()) GTEST_SKIP() << why;
  }

  // A capture, its overrides, and replay's report of it.
  Json Replayed(int flows) {
    const Finished generated =
        programs_.Generate("--profile flow-heavy --microseconds --out c.pcap --overrides o.csv" +
                           std::string(" --flows ") + std::to_string(flows));
    EXPECT_EQ(generated.exit_code, 0) << generated.err;
    const Finished run = programs_.Borderflow(
        "replay --quiet --geo tiny.mmdb --overrides o.csv --json r.json c.pcap");
    EXPECT_EQ(run.exit_code, 0) << run.err;
    return Json::parse(programs_.Read("r.json"));
  }

  // The variables that make the tap count, with the same geography.
  Environment Counting() const {
    programs_.Write("tap.yaml", "overrides: [" + programs_.Path("o.csv") + "]\nflows: 65536\n");
    return {{"BORDERFLOW_TAP_CONFIG", programs_.Path("tap.yaml")},
            {"BORDERFLOW_TAP_GEO", programs_.Path("tiny.mmdb")},
            {"BORDERFLOW_TAP_JSON", "tap.json"}};
  }
  Json Reported() const { return Json::parse(programs_.Read("tap.json")); }

  std::string Capture() const { return programs_.Path("c.pcap"); }

  const Programs programs_{"tap"};
};

class TestpmdTest : public TapTest {
 protected:
  void SetUp() override {
    TapTest::SetUp();
    if (std::system("command -v dpdk-testpmd >/dev/null") != 0) {
      GTEST_SKIP() << "dpdk-testpmd is not installed (package dpdk-dev)";
    }
  }

  // Interactive, so that nothing is received before the test says "start".
  static std::vector<std::string> Testpmd(const std::vector<std::string>& devices,
                                          const std::vector<std::string>& options = {}) {
    std::vector<std::string> words = {
        "dpdk-testpmd", "--no-huge",   "--no-pci",       "-m", "256", "-l",
        "0-1",          "--no-shconf", "--no-telemetry", "-d", kTap};
    for (const std::string& device : devices) words.push_back("--vdev=" + device);
    words.insert(words.end(),
                 {"--", "-i", "--forward-mode=rxonly", "--total-num-mbufs=4096", "--no-mlockall"});
    words.insert(words.end(), options.begin(), options.end());
    return words;
  }
};

TEST_F(TestpmdTest, ACaptureGivesTheAccountThatReplayGives) {
  const Json replayed = Replayed(20'000);
  Host host(programs_, Testpmd({"net_pcap0,rx_pcap=" + Capture()}), Counting());
  ASSERT_TRUE(host.Says("borderflow_tap: port 0 (net_pcap0, net_pcap): counting 1 receive queue"))
      << host.err();
  host.Type("start");
  ASSERT_TRUE(host.HasReceived(0, replayed["capture"]["frames"])) << host.Shown();
  host.Type("quit");
  EXPECT_EQ(host.Wait(), 0) << host.err();
  const Json report = Reported();
  for (const char* section : {"decode", "pairs", "cells", "flows"}) {
    EXPECT_EQ(report[section], replayed[section]) << section;
  }
  for (const char* time : {"first", "last"}) {
    EXPECT_EQ(report["capture"][time], replayed["capture"][time]);
  }
  EXPECT_TRUE(report["conservation"]["ok"].get<bool>()) << report["conservation"];
  EXPECT_EQ(report["live"]["time"], "frame");
  EXPECT_EQ(report["dropped"], Json::object());
  EXPECT_THAT(host.err(), HasSubstr("borderflow_tap: reported"));
}

TEST_F(TestpmdTest, EveryQueueOfEveryPortHasALane) {
  const Json replayed = Replayed(1000);
  const uint64_t frames = replayed["capture"]["frames"];
  Host host(programs_,
            Testpmd({"net_pcap0,rx_pcap=" + Capture() + ",rx_pcap=" + Capture(),
                     "net_pcap1,rx_pcap=" + Capture() + ",rx_pcap=" + Capture()},
                    {"--rxq=2"}),
            Counting());
  ASSERT_TRUE(host.Says("port 1 (net_pcap1, net_pcap): counting 2 receive queues")) << host.err();
  host.Type("start");
  ASSERT_TRUE(host.HasReceived(0, 2 * frames));
  ASSERT_TRUE(host.HasReceived(1, 2 * frames));
  host.Type("quit");
  EXPECT_EQ(host.Wait(), 0) << host.err();
  const Json report = Reported();
  EXPECT_TRUE(report["conservation"]["ok"].get<bool>()) << report["conservation"];
  ASSERT_EQ(report["live"]["ports"].size(), 2u);
  for (const Json& port : report["live"]["ports"]) EXPECT_EQ(port["wire_frames"], 2 * frames);
  ASSERT_EQ(report["live"]["lanes"].size(), 4u);
  for (const Json& lane : report["live"]["lanes"]) EXPECT_EQ(lane["frames"], frames);
}

TEST_F(TestpmdTest, APortThatIsReplacedWhileTheApplicationRunsIsCountedOn) {
  const Json replayed = Replayed(1000);
  const uint64_t frames = replayed["capture"]["frames"];
  Host host(programs_, Testpmd({"net_pcap0,rx_pcap=" + Capture()}), Counting());
  const auto receive = [&] {
    host.Type("start");
    EXPECT_TRUE(host.HasReceived(0, frames)) << host.Shown();
    for (const char* line : {"stop", "port stop 0", "port close 0"}) host.Type(line);
    EXPECT_TRUE(host.Says("Port 0 is closed"));
  };
  const auto attach = [&](const std::string& device, int times) {
    host.Type("port attach " + device + ",rx_pcap=" + Capture());
    EXPECT_TRUE(host.Says("port 0 (" + device + ", net_pcap): counting", times)) << host.err();
    host.Type("port start 0");
  };
  ASSERT_TRUE(host.Says("counting 1 receive queue")) << host.err();
  receive();
  attach("net_pcap7", 1);  // another device under the number that has become free
  receive();
  host.Type("device detach net_pcap0");
  attach("net_pcap0", 2);  // the first one again
  receive();
  host.Type("quit");
  EXPECT_EQ(host.Wait(), 0) << host.err();
  const Json report = Reported();
  EXPECT_TRUE(report["conservation"]["ok"].get<bool>()) << report["conservation"];
  ASSERT_EQ(report["live"]["ports"].size(), 2u);
  EXPECT_EQ(report["live"]["ports"][0]["wire_frames"], 2 * frames);
  EXPECT_EQ(report["live"]["ports"][1]["wire_frames"], frames);
  EXPECT_EQ(report["live"]["lanes"].size(), 2u);
}

// net_null, because a bond wants members whose address can be set; it makes frames without end.
TEST_F(TestpmdTest, FramesOfABondAreCountedOnce) {
  Replayed(1);
  Host host(programs_, Testpmd({"net_null0", "net_bonding0,mode=0,slave=net_null0"}), Counting());
  ASSERT_TRUE(host.Says("port 0 (net_null0, net_null): counting")) << host.err();
  ASSERT_TRUE(host.Says("Checking link statuses"));
  host.Type("start");
  ASSERT_TRUE(host.Says("rxonly packet forwarding packets/burst"));
  host.Type("stop");
  ASSERT_TRUE(host.Says("Accumulated forward statistics")) << host.Shown();
  host.Type("show port stats 1");
  ASSERT_TRUE(host.Says("NIC statistics for port 1")) << host.Shown();
  ASSERT_TRUE(host.Says("Tx-pps")) << host.Shown();
  host.Type("quit");
  EXPECT_EQ(host.Wait(), 0) << host.err();
  const std::string shown = host.Shown();
  const size_t stats = shown.find("NIC statistics for port 1");
  const uint64_t received = std::stoull(shown.substr(shown.find("RX-packets: ", stats) + 12));
  const Json report = Reported();
  EXPECT_GT(received, 0u);
  EXPECT_EQ(report["capture"]["frames"], received);
  ASSERT_EQ(report["live"]["ports"].size(), 1u);
  EXPECT_EQ(report["live"]["ports"][0]["device"], "net_null0");
  EXPECT_EQ(report["live"]["time"], "burst");
}

TEST_F(TestpmdTest, AnApplicationThatIsToldToEndReports) {
  const Json replayed = Replayed(1000);
  Host host(programs_, Testpmd({"net_pcap0,rx_pcap=" + Capture()}), Counting());
  ASSERT_TRUE(host.Says("counting 1 receive queue")) << host.err();
  host.Type("start");
  ASSERT_TRUE(host.HasReceived(0, replayed["capture"]["frames"]));
  host.Signal(SIGTERM);
  host.Wait();
  EXPECT_EQ(Reported()["pairs"], replayed["pairs"]);
}

// Whatever is wrong with the tap, the application receives every frame and ends as ever.
class MisconfiguredTest : public TestpmdTest {
 protected:
  void ExpectUncounted(const Environment& environment, const std::string& message) {
    Host host(programs_, Testpmd({"net_pcap0,rx_pcap=" + Capture()}), environment);
    ASSERT_TRUE(host.Says("borderflow_tap: not counting: ")) << host.err();
    EXPECT_THAT(host.err(), HasSubstr(message));
    host.Type("start");
    EXPECT_TRUE(host.HasReceived(0, frames_)) << host.Shown();
    host.Type("quit");
    EXPECT_EQ(host.Wait(), 0) << host.err();
    EXPECT_FALSE(std::filesystem::exists(programs_.Path("tap.json")));
  }

  uint64_t frames_ = 0;
};

TEST_F(MisconfiguredTest, TheApplicationRunsOnUncounted) {
  frames_ = Replayed(1000)["capture"]["frames"];
  Environment environment = Counting();
  environment["BORDERFLOW_TAP_CONFIG"] = "none.yaml";
  ExpectUncounted(environment, "none.yaml: no such configuration file");

  programs_.Write("tap.yaml", "homme: DE\n");
  environment["BORDERFLOW_TAP_CONFIG"] = "tap.yaml";
  ExpectUncounted(environment, "tap.yaml:1:1: unknown key \"homme\"");

  environment = Counting();
  environment["BORDERFLOW_TAP_GEO"] = "c.pcap";
  ExpectUncounted(environment, "c.pcap");

  environment = Counting();
  environment["BORDERFLOW_TAP_JSON"] = "";
  ExpectUncounted(environment, "set BORDERFLOW_TAP_JSON");

  environment["BORDERFLOW_TAP_JSON"] = "/no/such/folder/tap.json";
  ExpectUncounted(environment, "/no/such/folder/tap.json");
}

TEST_F(TestpmdTest, WhatHasNoEffectIsSaid) {
  Replayed(1);
  const Environment environment = Counting();
  programs_.Write("tap.yaml", "workers: 2\n");
  Host host(programs_, Testpmd({"net_pcap0,rx_pcap=" + Capture()}), environment);
  ASSERT_TRUE(host.Says("counting 1 receive queue")) << host.err();
  EXPECT_THAT(host.err(), HasSubstr("borderflow_tap: the setting 'workers' has no effect"));
  host.Type("quit");
  EXPECT_EQ(host.Wait(), 0);
}

// The value of a sample without labels, or of all of a family, added up; -1 when there is none.
double SampleOf(const std::string& page, const std::string& name) {
  double sum = -1;
  std::istringstream lines(page);
  for (std::string line; std::getline(lines, line);) {
    if (line.rfind(name + " ", 0) != 0 && line.rfind(name + "{", 0) != 0) continue;
    sum = std::max(sum, 0.0) + std::stod(line.substr(line.rfind(' ') + 1));
  }
  return sum;
}

// Clients that ask and never read, and clients that never finish asking, while the application
// receives: it gets every frame, and every frame is counted.
TEST_F(TestpmdTest, WhatIsCountedIsServedHoweverManyClientsHang) {
  const Json replayed = Replayed(20'000);
  const uint64_t frames = replayed["capture"]["frames"];
  Environment environment = Counting();
  programs_.Write("tap.yaml", programs_.Read("tap.yaml") + "period: 1s\n");
  environment["BORDERFLOW_TAP_LISTEN"] = "127.0.0.1:0";
  Host host(programs_, Testpmd({"net_pcap0,rx_pcap=" + Capture()}), environment);
  ASSERT_TRUE(host.Says("counting 1 receive queue")) << host.err();
  ASSERT_TRUE(host.Says("borderflow_tap: serving on http://127.0.0.1:")) << host.err();
  const std::string said = host.err();
  const auto port =
      static_cast<uint16_t>(std::stoi(said.substr(said.find("http://127.0.0.1:") + 17)));
  std::vector<ClientSocket> hanging;
  for (int i = 0; i < 50; ++i) {
    hanging.emplace_back(port);
    ASSERT_TRUE(hanging.back().connected());
    hanging.back().Send(i % 2 == 0 ? "GET /metrics HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n"
                                   : "GET /me");
  }
  host.Type("start");
  ASSERT_TRUE(host.HasReceived(0, frames)) << host.Shown();
  const auto until = std::chrono::steady_clock::now() + std::chrono::minutes(1);
  std::string page;
  do {
    page = Fetch(port, "/metrics").body;
  } while (SampleOf(page, "borderflow_published_frames_total") +
                   SampleOf(page, "borderflow_waiting_frames") <
               static_cast<double>(frames) &&
           std::chrono::steady_clock::now() < until);
  EXPECT_EQ(SampleOf(page, "borderflow_captured_frames_total"), static_cast<double>(frames));
  EXPECT_EQ(SampleOf(page, "borderflow_port_wire_frames_total"), static_cast<double>(frames));
  EXPECT_EQ(SampleOf(page, "borderflow_jurisdiction_bytes_total"),
            SampleOf(page, "borderflow_published_bytes_total"));
  host.Type("quit");
  EXPECT_EQ(host.Wait(), 0) << host.err();
  const Json report = Reported();
  EXPECT_EQ(report["decode"], replayed["decode"]);
  EXPECT_EQ(report["pairs"], replayed["pairs"]);
  EXPECT_EQ(report["cells"], replayed["cells"]);
  for (const ClientSocket& socket : hanging) socket.ReadAll();  // each was closed
}

// What cannot be served is said; the application runs, and is counted.
TEST_F(TestpmdTest, WhatCannotBeServedIsCountedAllTheSame) {
  const Json replayed = Replayed(1000);
  const int taken = socket(AF_INET, SOCK_STREAM, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof(address);
  ASSERT_EQ(bind(taken, reinterpret_cast<sockaddr*>(&address), size), 0);
  ASSERT_EQ(listen(taken, 1), 0);
  ASSERT_EQ(getsockname(taken, reinterpret_cast<sockaddr*>(&address), &size), 0);
  for (const auto& [listen_on, why] :
       {std::pair{std::string("0.0.0.0:9669"), "can be reached from other machines: add"},
        std::pair{std::string("nowhere"), "expected ADDRESS:PORT"},
        std::pair{"127.0.0.1:" + std::to_string(ntohs(address.sin_port)),
                  "another program listens there"}}) {
    Environment environment = Counting();
    environment["BORDERFLOW_TAP_LISTEN"] = listen_on;
    Host host(programs_, Testpmd({"net_pcap0,rx_pcap=" + Capture()}), environment);
    ASSERT_TRUE(host.Says("borderflow_tap: not serving: --listen: ")) << host.err();
    EXPECT_THAT(host.err(), HasSubstr(why));
    ASSERT_TRUE(host.Says("counting 1 receive queue")) << host.err();
    host.Type("start");
    ASSERT_TRUE(host.HasReceived(0, replayed["capture"]["frames"])) << host.Shown();
    host.Type("quit");
    EXPECT_EQ(host.Wait(), 0) << host.err();
    EXPECT_EQ(Reported()["pairs"], replayed["pairs"]);
  }
  close(taken);
}

TEST_F(TestpmdTest, AReportThatCannotBeWrittenIsSaidAtTheEnd) {
  Replayed(1);
  Environment environment = Counting();
  environment["BORDERFLOW_TAP_JSON"] = "/dev/full";
  Host host(programs_, Testpmd({"net_pcap0,rx_pcap=" + Capture()}), environment);
  ASSERT_TRUE(host.Says("counting 1 receive queue")) << host.err();
  host.Type("quit");
  EXPECT_EQ(host.Wait(), 0);
  EXPECT_THAT(host.err(), HasSubstr("were counted, but: /dev/full: cannot be written"));
}

// careless_host.c ends in the way that its last argument names.
class CarelessHostTest : public TapTest, public testing::WithParamInterface<const char*> {};

TEST_P(CarelessHostTest, EndsAsWithoutTheTapAndIsReported) {
  const Json replayed = Replayed(1000);
  const uint64_t frames = replayed["capture"]["frames"];
  Host host(programs_,
            {BORDERFLOW_BINARY_DIR "/tests/plugin_careless_host", "--no-huge", "--no-pci", "-m",
             "64", "-l", "0", "--no-shconf", "--no-telemetry", "-d", kTap,
             "--vdev=net_pcap0,rx_pcap=" + Capture(), "--", std::to_string(frames), GetParam()},
            Counting());
  ASSERT_TRUE(host.Says("counting 1 receive queue")) << host.err();
  host.Type("receive");
  EXPECT_EQ(host.Wait(), 7) << host.err() << host.Shown();
  EXPECT_EQ(Reported()["pairs"], replayed["pairs"]);
  EXPECT_TRUE(Reported()["conservation"]["ok"].get<bool>());
  EXPECT_THAT(host.err(), Not(HasSubstr("not counting")));
}

INSTANTIATE_TEST_SUITE_P(Ways, CarelessHostTest,
                         testing::Values("return", "cleanup", "close", "fork", "thread"),
                         [](const auto& way) { return std::string(way.param); });

}  // namespace
}  // namespace borderflow
