// `borderflow live` as a user runs it, on ports that need no NIC: what it counts, what it refuses.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <nlohmann/json.hpp>
#include <string>
#include <utility>
#include <vector>

#include "tests/end_to_end/background.h"
#include "tests/end_to_end/programs.h"
#include "tests/source_tree.h"

namespace borderflow {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;
using Json = nlohmann::json;

class LiveTest : public testing::Test {
 protected:
  Finished Live(const std::string& arguments) {
    return programs_.Borderflow("live --geo tiny.mmdb --overrides o.csv " + arguments);
  }
  Json Report(const std::string& file) const { return Json::parse(programs_.Read(file)); }

  // A capture and the overrides that locate its addresses.
  void Generate(const std::string& profile) {
    const Finished generated = programs_.Generate("--microseconds --out c.pcap --overrides o.csv " +
                                                  std::string("--profile ") + profile);
    ASSERT_EQ(generated.exit_code, 0) << generated.err;
  }

  Programs programs_{"live"};
};

TEST_F(LiveTest, AWholeCaptureIsCountedAsByReplay) {
  Generate("flow-heavy --flows 5000");
  const Finished replay = programs_.Borderflow(
      "replay --geo tiny.mmdb --overrides o.csv --policy data-allies --zone EEA --quiet "
      "--json replayed.json c.pcap");
  ASSERT_EQ(replay.exit_code, 0) << replay.err;
  const Json replayed = Report("replayed.json");
  for (const char* workers : {"1", "3"}) {
    SCOPED_TRACE(workers);
    const Finished live = Live(
        "--policy data-allies --zone EEA --port net_pcap0,rx_pcap=c.pcap --until-idle 0.5 "
        "--quiet --json live.json --workers " +
        std::string(workers));
    ASSERT_EQ(live.exit_code, 0) << live.err;
    const Json report = Report("live.json");
    for (const char* key : {"decode", "flows", "pairs", "cells", "protocols", "crossing",
                            "coverage", "artefacts", "overflows", "policies", "parameters"}) {
      EXPECT_EQ(report[key], replayed[key]) << key;
    }
    for (const char* key : {"frames", "bytes", "first", "last"}) {
      EXPECT_EQ(report["capture"][key], replayed["capture"][key]) << key;
    }
    EXPECT_TRUE(report["conservation"]["ok"].get<bool>());
    EXPECT_EQ(report["conservation"]["lines"][0]["left"], "wire");
    EXPECT_EQ(report["dropped"], Json::object());
    EXPECT_EQ(report["live"]["ports"][0]["wire_frames"], replayed["capture"]["frames"]);
    EXPECT_EQ(report["live"]["time"], "frame");
    EXPECT_EQ(std::to_string(report["live"]["lanes"].size()), workers);
    uint64_t by_lanes = 0;
    for (const Json& lane : report["live"]["lanes"]) by_lanes += lane["frames"].get<uint64_t>();
    EXPECT_EQ(by_lanes, replayed["capture"]["frames"].get<uint64_t>());
  }
}

// The driver knows what was captured of a frame, and not how long it was.
TEST_F(LiveTest, OfASnappedCaptureEveryFrameIsCounted) {
  Generate("demo");
  ASSERT_EQ(programs_
                .Borderflow("replay --geo tiny.mmdb --overrides o.csv --quiet --json replayed.json "
                            "c.pcap")
                .exit_code,
            0);
  ASSERT_EQ(
      Live("--port net_pcap0,rx_pcap=c.pcap --until-idle 0.5 --quiet --json live.json").exit_code,
      0);
  const Json report = Report("live.json"), replayed = Report("replayed.json");
  ASSERT_GT(replayed["capture"]["truncated_frames"], 0);
  EXPECT_EQ(report["capture"]["frames"], replayed["capture"]["frames"]);
  for (const char* kind : {"ip", "non_ip", "malformed"}) {
    EXPECT_EQ(report["decode"][kind]["frames"], replayed["decode"][kind]["frames"]) << kind;
  }
  EXPECT_EQ(report["flows"], replayed["flows"]);
  EXPECT_TRUE(report["conservation"]["ok"].get<bool>());
}

TEST_F(LiveTest, AnotherDatabaseMovesWhatItMovesInAReplay) {
  Generate("flow-heavy --flows 2000");
  for (const auto& [name, upper] : {std::pair("one", "US"), std::pair("two", "IN")}) {
    std::filesystem::create_directory(programs_.Path(name));
    programs_.Write(std::string(name) + "/geoip",
                    std::string("# Generated: Thu, 25 Jun 2026 04:33:59 GMT\n0,1073741823,DE\n"
                                "1073741824,3758096383,") +
                        upper + "\n");
    programs_.Write(std::string(name) + "/geoip6",
                    "2001:4860::,2001:4860:ffff:ffff:ffff:ffff:ffff:ffff,US\n");
    ASSERT_EQ(programs_
                  .Borderflow(std::string("geo build --tor ") + name + " --no-libloc -o " + name +
                              ".mmdb")
                  .exit_code,
              0);
  }
  const std::string flags =
      " --geo one.mmdb --with-geo two.mmdb --home DE --policy data-allies --quiet ";
  const Finished replay = programs_.Borderflow("replay" + flags + "--json replayed.json c.pcap");
  ASSERT_EQ(replay.exit_code, 0) << replay.err;
  const Finished live = programs_.Borderflow(
      "live" + flags + "--port net_pcap0,rx_pcap=c.pcap --until-idle 0.5 --json live.json");
  ASSERT_EQ(live.exit_code, 0) << live.err;
  const Json report = Report("live.json");
  EXPECT_GT(report["with_geo"]["moved"]["bytes"], 0u);
  for (const char* key : {"with_geo", "cells", "policies"}) {
    EXPECT_EQ(report[key], Report("replayed.json")[key]) << key;
  }
}

TEST_F(LiveTest, SeveralPortsAreOneAccount) {
  Generate("flow-heavy --flows 300");
  const Finished live = Live(
      "--port net_pcap0,rx_pcap=c.pcap --port net_pcap1,rx_pcap=c.pcap --until-idle 0.5 "
      "--quiet --json live.json");
  ASSERT_EQ(live.exit_code, 0) << live.err;
  const Json report = Report("live.json");
  const Json& ports = report["live"]["ports"];
  ASSERT_EQ(ports.size(), 2u);
  EXPECT_EQ(ports[0]["device"], "net_pcap0,rx_pcap=c.pcap");
  EXPECT_EQ(ports[0]["wire_frames"], ports[1]["wire_frames"]);
  EXPECT_EQ(report["capture"]["frames"], 2 * ports[0]["wire_frames"].get<uint64_t>());
  EXPECT_TRUE(report["conservation"]["ok"].get<bool>());
}

TEST_F(LiveTest, APortWithoutTrafficIsSaidToHaveNone) {
  programs_.Write("o.csv", "prefix,location\n");
  const Finished live = Live("--port net_ring0 --duration 0.5s --json live.json");
  ASSERT_EQ(live.exit_code, 0) << live.err;
  EXPECT_THAT(live.err, HasSubstr("port net_ring0 (net_ring), link up"));
  EXPECT_EQ(Report("live.json")["capture"]["frames"], 0);
  EXPECT_TRUE(Report("live.json")["conservation"]["ok"].get<bool>());
}

TEST_F(LiveTest, LogLinesAreTextOrJson) {
  Generate("flow-heavy --flows 300");
  const std::string port = "--port net_pcap0,rx_pcap=c.pcap --until-idle 1 --every 0.2 ";
  const Finished text = Live(port);
  EXPECT_THAT(text.err, AllOf(HasSubstr("net_pcap0,rx_pcap=c.pcap (net_pcap), link up\n"),
                              HasSubstr(" dropped: none\n"), Not(HasSubstr("\x1b["))));
  const Finished json = Live(port + "--log json");
  std::istringstream lines(json.err);
  uint64_t frames = 0;
  for (std::string line; std::getline(lines, line);) {
    const Json parsed = Json::parse(line, nullptr, /*allow_exceptions=*/false);
    ASSERT_TRUE(parsed.is_object()) << line;
    EXPECT_TRUE(parsed.contains("time"));
    if (parsed.contains("frames")) frames = parsed["frames"].get<uint64_t>();
  }
  EXPECT_GT(frames, 0u);
}

TEST_F(LiveTest, BadInputIsNamedBeforeAnythingStarts) {
  Generate("flow-heavy --flows 50");
  programs_.Write("key.yaml", "geo: tiny.mmdb\nwrokers: 2\n");
  programs_.Write("value.yaml", "workers: 2\nhome: UK\n");
  programs_.Write("port.yaml", "interface: [no_such_if]\n");
  const struct {
    std::string arguments;
    std::vector<std::string> words;
  } cases[] = {
      {"", {"no port", "--port", "--interface"}},
      {"--port net_nothing0", {"net_nothing0", "driver installed", "DPDK sees no port"}},
      {"--port 0000:ff:1f.7", {"0000:ff:1f.7", "bound to it"}},
      {"--port net_pcap0,rx_pcap=missing.pcap", {"missing.pcap", "cannot be opened"}},
      {"--port net_null0 --ring 32768 -- -m 64", {"no memory for", "raise -m"}},
      {"--port net_null0 --ring 32768 --workers 16", {"no memory for", "lower the ring"}},
      {"--port net_null0 --mbufs 500", {"500 buffers are too few"}},
      {"--port net_null0 --ring 1", {"--ring"}},
      {"--port net_pcap0,rx_pcap=c.pcap,rx_pcap=c.pcap", {"2 receive queues"}},
      {"--port net_null0 --port net_null0", {"net_null0", "in use"}},
      {"--port net_null0 -- --no-such-option", {"DPDK does not start", "--no-such-option"}},
      {"--port net_null0 --workers 1000", {"--workers"}},
      {"--port net_null0 --config key.yaml",
       {"key.yaml:2:1: unknown key \"wrokers\"", "did you mean \"workers\"?"}},
      {"--port net_null0 --config value.yaml",
       {"value.yaml:2:7: --home: \"UK\"", "did you mean \"GB\"?"}},
      {"--config port.yaml", {"port.yaml:1:12: --interface: there is no 'no_such_if'"}},
      {"--port net_null0 --config none.yaml", {"none.yaml", "--dump"}},
      {"--port net_null0 --geo none.mmdb", {"none.mmdb"}},
      {"--port net_null0 --json no/such/folder/r.json", {"no/such/folder/r.json"}},
      {"--interface no_such_if", {"there is no 'no_such_if'", "lo"}},
  };
  for (const auto& [arguments, words] : cases) {
    const Finished live = Live("--duration 1s " + arguments);
    EXPECT_EQ(live.exit_code, 2) << arguments << ": " << live.err;
    for (const std::string& word : words) EXPECT_THAT(live.err, HasSubstr(word)) << arguments;
    EXPECT_THAT(live.err, Not(HasSubstr("link up"))) << arguments;
  }
}

TEST_F(LiveTest, TwoInstancesOnOnePortAreOneTooMany) {
  programs_.Write("o.csv", "prefix,location\n");
  const std::string device = "net_null_" + std::to_string(getpid());
  {
    Background first(programs_, "first", {"live", "--geo", "tiny.mmdb", "--port", device});
    ASSERT_TRUE(first.Says("link up")) << first.err();
    const Finished second = Live("--port " + device + " --duration 1s");
    EXPECT_EQ(second.exit_code, 2);
    EXPECT_THAT(second.err, AllOf(HasSubstr(device), HasSubstr("in use by another borderflow")));
    const Finished other = Live("--port " + device + "b --duration 0.2s --quiet");
    EXPECT_EQ(other.exit_code, 0) << other.err;
    first.Signal(SIGTERM);
    EXPECT_EQ(first.Wait().exit_code, 0);
  }
  EXPECT_EQ(Live("--port " + device + " --duration 0.2s --quiet").exit_code, 0);
}

TEST_F(LiveTest, AnUnprivilegedUserIsToldWhichCapabilityToGrant) {
  const std::string program = BORDERFLOW_BINARY_DIR "/borderflow";
  std::string as_nobody;
  if (geteuid() == 0) {
    as_nobody = "setpriv --reuid=65534 --regid=65534 --clear-groups --inh-caps=-all -- ";
    const std::string probe = as_nobody + "'" + program + "' --version >/dev/null 2>&1";
    if (std::system(probe.c_str()) != 0) {
      GTEST_SKIP() << "no setpriv, or an ordinary user may not reach " << program;
    }
  } else if (std::system("grep -q 'CapEff:.0*$' /proc/self/status") != 0) {
    GTEST_SKIP() << "this user has capabilities, and is not root who could shed them";
  }
  const std::string command = "cd '" + programs_.Path("") + "' && " + as_nobody + "'" + program +
                              "' live --geo tiny.mmdb --interface lo --duration 1s >out 2>err";
  const int status = std::system(command.c_str());
  EXPECT_TRUE(WIFEXITED(status));
  EXPECT_EQ(WEXITSTATUS(status), 2);
  EXPECT_THAT(programs_.Read("err"),
              AllOf(HasSubstr("--interface lo: this user may not capture"),
                    HasSubstr("setcap cap_net_raw,cap_net_admin,cap_ipc_lock=eip")));
}

TEST_F(LiveTest, CheckOpensNoPortAndDumpIsAConfiguration) {
  programs_.Write("o.csv", "prefix,location\n");
  const Finished check = Live("--port net_nothing0 --check");
  EXPECT_EQ(check.exit_code, 0) << check.err;
  EXPECT_THAT(check.err, HasSubstr("are usable; 1 port(s) not opened"));
  EXPECT_EQ(Live("--port net_null0 --policy data-alies --check").exit_code, 2);

  const Finished first = Live("--port net_null0 --workers 2 --dedup --home DE --dump -- -m 300");
  ASSERT_EQ(first.exit_code, 0) << first.err;
  programs_.Write("dump.yaml", first.out);
  const Finished second = programs_.Borderflow("live --config dump.yaml --dump");
  EXPECT_EQ(second.exit_code, 0) << second.err;
  EXPECT_EQ(second.out, first.out);
  // And it is one that runs.
  const Finished run =
      programs_.Borderflow("live --config dump.yaml --duration 0.2s --quiet --json live.json");
  ASSERT_EQ(run.exit_code, 0) << run.err;
  const Json report = Report("live.json");
  EXPECT_EQ(report["parameters"]["home"], "DE");
  EXPECT_EQ(report["live"]["lanes"].size(), 2u);
  EXPECT_THAT(report["provenance"]["command"].get<std::string>(),
              AllOf(StartsWith("borderflow live"), HasSubstr("--port net_null0 -- -m 300")));
}

}  // namespace
}  // namespace borderflow
