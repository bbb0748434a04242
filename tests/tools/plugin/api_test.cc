// libborderflow's contract, on one thread.
#include <gmock/gmock.h>
#include <rte_dev.h>
#include <rte_mbuf_dyn.h>

#include <cstdlib>
#include <functional>
#include <map>

#include "dataplane/capture/source.h"
#include "tests/dataplane/packet/frame_builder.h"
#include "tests/tools/plugin/handle.h"

namespace borderflow {
namespace {

using ::testing::HasSubstr;
using ::testing::StartsWith;
using namespace testing_frames;  // NOLINT: the layers of the frames below

testing_frames::Bytes Ping(const std::string& source, const std::string& destination) {
  return Ethernet(Ipv4({.source = source, .destination = destination}, Icmp(8, 0, Text("ping"))))
      .bytes;
}

class ApiTest : public PluginTest {
 protected:
  using MakeMbuf = std::function<rte_mbuf*(const testing_frames::Bytes&)>;

  // Inspects the frames of a capture, as `make` puts them into buffers, in bursts of `burst`.
  void InspectCapture(const Handle& sensor, const std::string& file, size_t burst,
                      const MakeMbuf& make) {
    const auto source = OpenCapture(programs_.Path(file));
    ASSERT_TRUE(source.ok()) << source.status();
    std::vector<rte_mbuf*> mbufs;
    const auto inspect = [&] {
      EXPECT_EQ(sensor.Inspect(0, mbufs), mbufs.size());
      rte_pktmbuf_free_bulk(mbufs.data(), static_cast<unsigned>(mbufs.size()));
      mbufs.clear();
    };
    FrameBlock block;
    while (*(*source)->Read(&block)) {
      for (const Frame& frame : block.frames) {
        mbufs.push_back(make({frame.data, frame.data + frame.captured}));
        if (mbufs.size() == burst) inspect();
      }
    }
    inspect();
  }
  MakeMbuf InOneBuffer() {
    return [this](const testing_frames::Bytes& frame) { return pool_.Make(frame); };
  }

  // What replay says of a capture of 1,000 flows, c.pcap, made with its overrides.
  Json Replayed() {
    const Finished generated = programs_.Generate(
        "--profile flow-heavy --flows 1000 --out c.pcap --overrides overrides.csv");
    EXPECT_EQ(generated.exit_code, 0) << generated.err;
    const Finished run = programs_.Borderflow(
        "replay --quiet --geo tiny.mmdb --overrides overrides.csv --json r.json c.pcap");
    EXPECT_EQ(run.exit_code, 0) << run.err;
    return Json::parse(programs_.Read("r.json"));
  }
  std::string WithOverrides() const {
    return Config("overrides: [" + programs_.Path("overrides.csv") + "]\n");
  }

  MbufPool pool_{"api"};
};

TEST_F(ApiTest, ACaptureGivesTheAccountThatReplayGives) {
  const Json replayed = Replayed();
  Handle sensor(WithOverrides());
  ASSERT_NE(sensor.get(), nullptr) << sensor.error();
  InspectCapture(sensor, "c.pcap", 32, InOneBuffer());
  ExpectSameAccount(sensor.Finish(), replayed);
}

TEST_F(ApiTest, SegmentsOfAChainAreReadAsOneFrame) {
  const Json replayed = Replayed();
  Handle sensor(WithOverrides());
  ASSERT_NE(sensor.get(), nullptr) << sensor.error();
  // The first cut lies within the Ethernet header, the second within what follows it.
  InspectCapture(sensor, "c.pcap", 32, [this](const testing_frames::Bytes& frame) {
    return pool_.Chain({{frame.begin(), frame.begin() + 7},
                        {frame.begin() + 7, frame.begin() + 30},
                        {frame.begin() + 30, frame.end()}});
  });
  ExpectSameAccount(sensor.Finish(), replayed);
}

TEST_F(ApiTest, BurstsOfAnyLengthAreCountedWhole) {
  const Json replayed = Replayed();
  for (const size_t burst : {1, 31, 33, 512}) {
    Handle sensor(WithOverrides());
    ASSERT_NE(sensor.get(), nullptr) << sensor.error();
    InspectCapture(sensor, "c.pcap", burst, InOneBuffer());
    ExpectSameAccount(sensor.Finish(), replayed);
  }
}

TEST_F(ApiTest, BuffersStayTheCallersAndUnchanged) {
  Handle sensor(Config(""));
  const testing_frames::Bytes frame = Ping("8.8.8.8", "10.0.0.1");
  rte_mbuf* mbuf = pool_.Make(frame);
  const std::vector<uint8_t> before(reinterpret_cast<uint8_t*>(mbuf),
                                    reinterpret_cast<uint8_t*>(mbuf) + sizeof(*mbuf));
  EXPECT_EQ(sensor.Inspect(0, {mbuf}), 1);
  EXPECT_EQ(std::memcmp(before.data(), mbuf, sizeof(*mbuf)), 0);
  EXPECT_EQ(std::memcmp(rte_pktmbuf_mtod(mbuf, void*), frame.data(), frame.size()), 0);
  rte_pktmbuf_free(mbuf);
  EXPECT_EQ(sensor.Snapshot()["capture"]["frames"], 1) << "the buffer is not needed any more";
}

TEST_F(ApiTest, LanesAreAsManyAsWorkersAndNoOtherCounts) {
  Handle sensor(Config("workers: 3\n"));
  EXPECT_EQ(bf_lanes(sensor.get()), 3u);
  rte_mbuf* mbuf = pool_.Make(Ping("8.8.8.8", "10.0.0.1"));
  EXPECT_EQ(sensor.Inspect(2, {mbuf}), 1);
  EXPECT_EQ(sensor.Inspect(3, {mbuf}), 0);
  rte_pktmbuf_free(mbuf);
  const Json report = sensor.Finish();
  EXPECT_EQ(report["capture"]["frames"], 1);
  ASSERT_EQ(report["live"]["lanes"].size(), 3u);
  EXPECT_EQ(report["live"]["lanes"][2]["frames"], 1);
}

TEST_F(ApiTest, FinishCountsWhatWaitsAndWritesTheReportOfAllThatWasCounted) {
  Handle sensor(Config("json: " + programs_.Path("report.json") + "\n"));
  // A handshake that goes no further: its category stays open until the flow ends.
  rte_mbuf* mbuf = pool_.Make(
      Ethernet(Ipv4({.source = "10.0.0.1", .destination = "8.8.8.8"}, Tcp({.flags = 2}, {})))
          .bytes);
  EXPECT_EQ(sensor.Inspect(0, {mbuf}), 1);
  const Json waiting = sensor.Snapshot();
  EXPECT_EQ(waiting["decode"]["ip"]["frames"], 1);
  EXPECT_EQ(waiting["cells"].size(), 0u);
  const Json finished = sensor.Finish();
  EXPECT_EQ(finished["cells"].size(), 1u);
  EXPECT_EQ(Json::parse(programs_.Read("report.json")), finished);

  EXPECT_EQ(sensor.Inspect(0, {mbuf}), 0);
  EXPECT_EQ(sensor.Snapshot(), finished);
  char error[200] = "";
  EXPECT_EQ(bf_reload(sensor.get(), error, sizeof(error)), -1);
  EXPECT_THAT(error, HasSubstr("finished"));
  rte_pktmbuf_free(mbuf);
}

TEST_F(ApiTest, AReportThatCannotBeWrittenIsNamedAndCanStillBeRead) {
  Handle sensor(Config("json: /dev/full\n"));
  char error[200] = "";
  EXPECT_EQ(bf_finish(sensor.get(), error, sizeof(error)), -1);
  EXPECT_THAT(error, StartsWith("/dev/full: cannot be written"));
  EXPECT_EQ(sensor.Snapshot()["schema"], "borderflow.report/1");
}

TEST_F(ApiTest, OnlyFramesOfNetPcapCarryTheirOwnTime) {
  const Finished generated =
      programs_.Generate("--profile flow-heavy --flows 1 --microseconds --out c.pcap");
  ASSERT_EQ(generated.exit_code, 0) << generated.err;
  const std::string device = "net_pcap_stamps";
  ASSERT_EQ(rte_dev_probe((device + ",rx_pcap=" + programs_.Path("c.pcap")).c_str()), 0);
  uint16_t port = 0;
  ASSERT_EQ(rte_eth_dev_get_port_by_name(device.c_str(), &port), 0);
  const int offset = rte_mbuf_dynfield_lookup(RTE_MBUF_DYNFIELD_TIMESTAMP_NAME, nullptr);
  const int flag = rte_mbuf_dynflag_lookup(RTE_MBUF_DYNFLAG_RX_TIMESTAMP_NAME, nullptr);
  ASSERT_GE(offset, 0);
  ASSERT_GE(flag, 0);
  const auto stamped = [&](uint16_t from) {
    rte_mbuf* mbuf = pool_.Make(Ping("8.8.8.8", "10.0.0.1"));
    mbuf->port = from;
    mbuf->ol_flags |= uint64_t{1} << flag;
    *RTE_MBUF_DYNFIELD(mbuf, offset, rte_mbuf_timestamp_t*) = 1'000'000'000'000'000;  // 2001
    return mbuf;
  };
  std::vector<rte_mbuf*> mbufs = {stamped(port), stamped(port)};
  Handle sensor(Config(""));
  EXPECT_EQ(sensor.Inspect(0, mbufs), 2);
  const Json before = sensor.Snapshot();
  EXPECT_EQ(before["capture"]["last"], "2001-09-09T01:46:40.000000000Z");
  EXPECT_EQ(before["live"]["time"], "frame");

  // In the middle of the same burst, a buffer of another port: what stands there is not a time.
  mbufs.insert(mbufs.begin() + 1, stamped(RTE_MBUF_PORT_INVALID));
  EXPECT_EQ(sensor.Inspect(0, mbufs), 3);
  const Json after = sensor.Snapshot();
  EXPECT_EQ(after["capture"]["frames"], 5);
  EXPECT_GT(after["capture"]["last"], "2025");
  EXPECT_EQ(after["live"]["time"], "burst");
  rte_pktmbuf_free_bulk(mbufs.data(), 3);
  rte_eal_hotplug_remove("vdev", device.c_str());
}

TEST_F(ApiTest, AReloadLocatesNewFlowsAndLosesNoFrame) {
  programs_.Write("overrides.csv", "prefix,location\n192.0.2.0/24,DE\n");
  Handle sensor(WithOverrides());
  ASSERT_NE(sensor.get(), nullptr) << sensor.error();
  const auto ping = [&](const char* destination) {
    rte_mbuf* mbuf = pool_.Make(Ping("8.8.8.8", destination));
    EXPECT_EQ(sensor.Inspect(0, {mbuf}), 1);
    rte_pktmbuf_free(mbuf);
  };
  ping("192.0.2.1");
  programs_.Write("overrides.csv", "prefix,location\n192.0.2.0/24,FR\n");
  char error[200] = "";
  ASSERT_EQ(bf_reload(sensor.get(), error, sizeof(error)), 0) << error;
  ping("192.0.2.1");
  ping("192.0.2.2");
  const Json report = sensor.Finish();
  std::map<std::string, int> frames;
  for (const Json& pair : report["pairs"]) frames[pair["dst"]] = pair["frames"];
  EXPECT_EQ(frames, (std::map<std::string, int>{{"DE", 2}, {"FR", 1}}));
  EXPECT_EQ(report["live"]["reloads"], 1);
  EXPECT_EQ(report["geo"].size(), 4u) << "database and overrides, of both times";
}

TEST_F(ApiTest, AReloadOfSomethingBrokenChangesNothing) {
  programs_.Write("overrides.csv", "prefix,location\n8.8.8.0/24,DE\n");
  Handle sensor(WithOverrides());
  ASSERT_NE(sensor.get(), nullptr) << sensor.error();
  programs_.Write("overrides.csv", "prefix,location\n8.8.8.0/99,DE\n");
  char error[200] = "";
  EXPECT_EQ(bf_reload(sensor.get(), error, sizeof(error)), -1);
  EXPECT_THAT(error, HasSubstr("overrides.csv:2"));
  rte_mbuf* mbuf = pool_.Make(Ping("8.8.8.8", "10.0.0.1"));
  EXPECT_EQ(sensor.Inspect(0, {mbuf}), 1);
  rte_pktmbuf_free(mbuf);
  const Json report = sensor.Finish();
  EXPECT_EQ(report["pairs"][0]["src"], "DE");
  EXPECT_EQ(report["live"]["reloads"], 0);
}

TEST_F(ApiTest, AWrongConfigurationIsRefusedWithPlaceAndRemedy) {
  const auto refusal = [this](const std::string& lines) {
    const Handle sensor(Config(lines));
    EXPECT_EQ(sensor.get(), nullptr) << lines;
    return std::string(sensor.error());
  };
  EXPECT_THAT(refusal("homme: DE\n"), HasSubstr("config.yaml:2:1: unknown key \"homme\""));
  EXPECT_THAT(refusal("homme: DE\n"), HasSubstr("did you mean \"home\"?"));
  EXPECT_THAT(refusal("home: UK\n"), HasSubstr("did you mean \"GB\"?"));
  EXPECT_THAT(refusal("workers: 0\n"), HasSubstr("config.yaml:2:"));
  EXPECT_THAT(refusal("port: [net_null0]\n"), HasSubstr("unknown key \"port\""));
  EXPECT_THAT(refusal("json: /no/such/folder/r.json\n"), HasSubstr("/no/such/folder/r.json"));
  EXPECT_THAT(Handle(programs_.Path("none.yaml")).error(), HasSubstr("none.yaml"));
}

TEST_F(ApiTest, AnErrorIsCutToTheCallersRoom) {
  char error[8] = "xxxxxxx";
  EXPECT_EQ(bf_create("/none.yaml", error, 6), nullptr);
  EXPECT_STREQ(error, "/none");
  EXPECT_EQ(error[6], 'x');
  EXPECT_EQ(bf_create("/none.yaml", nullptr, 0), nullptr);
  bf_destroy(nullptr);
}

TEST_F(ApiTest, WithoutAConfigurationThereIsOneLaneAndTheDefaultDatabase) {
  setenv("BORDERFLOW_GEO", programs_.Path("tiny.mmdb").c_str(), 1);
  char error[200] = "";
  bf_handle* handle = bf_create(nullptr, error, sizeof(error));
  unsetenv("BORDERFLOW_GEO");
  ASSERT_NE(handle, nullptr) << error;
  EXPECT_EQ(bf_lanes(handle), 1u);
  bf_destroy(handle);
}

}  // namespace
}  // namespace borderflow
