// `borderflow live --interface` on one end of a cable, tcpreplay as the mirrored traffic on the
// other: every frame is counted, and every one that could not be is accounted for.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "tests/dataplane/capture/captures.h"
#include "tests/dataplane/packet/frame_builder.h"
#include "tests/end_to_end/background.h"
#include "tests/end_to_end/network_namespace.h"
#include "tests/end_to_end/programs.h"

namespace borderflow {
namespace {

using testing::HasSubstr;
using testing::Not;
using Json = nlohmann::json;

constexpr uint32_t kFramesOfCapture = 10'000;

class NamespaceTest : public testing::Test {
 protected:
  void SetUp() override {
    if (!network_.problem().empty()) GTEST_SKIP() << network_.problem();
    if (std::system("command -v tcpreplay >/dev/null 2>&1") != 0) GTEST_SKIP() << "no tcpreplay";
    WriteCapture();
  }

  // Small frames of 2,500 flows, back and forth.
  void WriteCapture() {
    using namespace testing_frames;  // NOLINT: the layers of the frames
    PcapBuilder capture;
    for (uint32_t i = 0; i < kFramesOfCapture; ++i) {
      const std::string client =
          "10.1." + std::to_string(i / 4 / 250) + "." + std::to_string(1 + i / 4 % 250);
      const bool back = i % 4 >= 2;
      const Built tcp = back ? Tcp({.source_port = 443, .destination_port = 40'000})
                             : Tcp({.source_port = 40'000, .destination_port = 443});
      capture.Record(1'700'000'000, i,
                     Ethernet(back ? Ipv4({.source = "8.8.8.8", .destination = client}, tcp)
                                   : Ipv4({.source = client, .destination = "8.8.8.8"}, tcp))
                         .bytes);
    }
    const borderflow::Bytes& bytes = capture.bytes();
    programs_.Write("small.pcap", std::string(bytes.begin(), bytes.end()));
  }

  // The capture `times` over, at so many frames a second (0: as fast as it goes).
  void Replay(uint32_t times, uint32_t frames_per_second) {
    const std::string speed =
        frames_per_second == 0 ? "--topspeed" : "--pps=" + std::to_string(frames_per_second);
    ASSERT_TRUE(network_.RunInto(programs_.Path("tcpreplay.txt"),
                                 "tcpreplay --preload-pcap --loop=" + std::to_string(times) + " " +
                                     speed + " -i out0 '" + programs_.Path("small.pcap") + "'"))
        << programs_.Read("tcpreplay.txt");
    ASSERT_THAT(programs_.Read("tcpreplay.txt"),
                HasSubstr(" " + std::to_string(uint64_t{times} * kFramesOfCapture) + " packets"));
  }

  std::unique_ptr<Background> Start() {
    auto live = std::make_unique<Background>(
        programs_, "live",
        std::vector<std::string>{"live", "--geo", "tiny.mmdb", "--interface", "in0", "--every",
                                 "0.2", "--json", "live.json"},
        network_.Before());
    EXPECT_TRUE(live->Says("port in0 (net_af_packet), link up")) << live->err();
    EXPECT_TRUE(live->Says(" frames=")) << live->err();
    return live;
  }
  Json End(Background* live) {
    live->Signal(SIGINT);
    const Finished finished = live->Wait();
    EXPECT_EQ(finished.exit_code, 0) << finished.err;
    const Json report = Json::parse(programs_.Read("live.json"));
    EXPECT_TRUE(report["conservation"]["ok"].get<bool>()) << report["conservation"].dump(2);
    EXPECT_EQ(report["live"]["time"], "burst") << "this driver has no time of a frame";
    return report;
  }
  // Frames that the interface received, by the kernel.
  uint64_t InterfaceFrames() {
    network_.RunInto(programs_.Path("rx"), "cat /sys/class/net/in0/statistics/rx_packets");
    return std::stoull(programs_.Read("rx"));
  }
  std::string Flags() {
    network_.RunInto(programs_.Path("flags"), "ip -o link show in0");
    return programs_.Read("flags");
  }

  Programs programs_{"namespace"};
  NetworkNamespace network_;
};

// A machine that is too busy for one rate is asked again at half of it; what it did not get, it
// must say each time.
TEST_F(NamespaceTest, EveryOneOfAMillionFramesIsCounted) {
  constexpr uint64_t kFrames = 1'000'000;
  for (const uint32_t rate : {200'000u, 100'000u, 50'000u}) {
    SCOPED_TRACE(rate);
    const auto live = Start();
    const uint64_t before = InterfaceFrames();
    Replay(kFrames / kFramesOfCapture, rate);
    ASSERT_EQ(InterfaceFrames() - before, kFrames);
    const Json report = End(live.get());
    const uint64_t captured = report["capture"]["frames"].get<uint64_t>();
    uint64_t dropped = 0;
    for (const auto& [reason, frames] : report["dropped"].items())
      dropped += frames.get<uint64_t>();
    ASSERT_EQ(report["live"]["ports"][0]["wire_frames"], kFrames);
    ASSERT_EQ(captured + dropped, kFrames);
    ASSERT_EQ(report["decode"]["ip"]["frames"], captured);
    if (dropped > 0 && rate > 50'000) continue;
    EXPECT_EQ(captured, kFrames);
    EXPECT_EQ(report["dropped"], Json::object());
    EXPECT_EQ(report["capture"]["bytes"], kFrames * 54);
    EXPECT_EQ(report["flows"]["total"], kFramesOfCapture / 4);
    return;
  }
}

TEST_F(NamespaceTest, WhatTheKernelHadNoRoomForIsCountedWhileItRuns) {
  constexpr uint64_t kFrames = 60'000;  // the driver's ring holds 16,384
  const auto live = Start();
  live->Signal(SIGSTOP);
  Replay(kFrames / kFramesOfCapture, 0);
  live->Signal(SIGCONT);
  EXPECT_TRUE(live->Says("kernel=")) << live->err();
  const Json report = End(live.get());
  const uint64_t captured = report["capture"]["frames"].get<uint64_t>();
  EXPECT_LT(captured, kFrames);
  EXPECT_EQ(report["dropped"], (Json{{"kernel", kFrames - captured}}));
  EXPECT_EQ(report["live"]["ports"][0]["wire_frames"], kFrames);
}

TEST_F(NamespaceTest, ALinkThatGoesAndComesIsSaidAndCounted) {
  const auto live = Start();
  ASSERT_TRUE(network_.Run("ip link set out0 down"));
  EXPECT_TRUE(live->Says("link down: in0")) << live->err();
  EXPECT_TRUE(live->Says("LINK DOWN: in0")) << live->err();
  ASSERT_TRUE(network_.Run("ip link set out0 up"));
  EXPECT_TRUE(live->Says("link up again: in0")) << live->err();
  Replay(1, 0);
  const Json report = End(live.get());
  EXPECT_EQ(report["live"]["ports"][0]["link_losses"], 1);
  EXPECT_TRUE(report["live"]["ports"][0]["link_up"].get<bool>());
  EXPECT_EQ(report["capture"]["frames"], kFramesOfCapture) << "and it goes on counting";
}

TEST_F(NamespaceTest, PromiscuousModeIsLeftAsItWas) {
  {
    const auto live = Start();
    EXPECT_THAT(Flags(), HasSubstr("PROMISC"));
    End(live.get());
  }
  EXPECT_THAT(Flags(), Not(HasSubstr("PROMISC")));
  ASSERT_TRUE(network_.Run("ip link set in0 promisc on"));
  {
    const auto live = Start();
    End(live.get());
  }
  EXPECT_THAT(Flags(), HasSubstr("PROMISC")) << "it is the administrator's";
}

TEST_F(NamespaceTest, AnInterfaceThatIsDownIsSaidToBe) {
  ASSERT_TRUE(network_.Run("ip link set out0 down"));
  Background live(
      programs_, "live",
      {"live", "--geo", "tiny.mmdb", "--interface", "in0", "--every", "0.2", "--json", "live.json"},
      network_.Before());
  EXPECT_TRUE(live.Says("port in0 (net_af_packet), link down")) << live.err();
  EXPECT_TRUE(live.Says("LINK DOWN: in0")) << live.err();
  EXPECT_FALSE(End(&live)["live"]["ports"][0]["link_up"].get<bool>());
}

TEST_F(NamespaceTest, TwoInstancesOnOneInterfaceAreOneTooMany) {
  const auto first = Start();
  Background second(programs_, "second", {"live", "--geo", "tiny.mmdb", "--interface", "in0"},
                    network_.Before());
  const Finished refused = second.Wait();
  EXPECT_EQ(refused.exit_code, 2);
  EXPECT_THAT(refused.err, HasSubstr("'in0' is in use by another borderflow"));
  Replay(1, 0);
  EXPECT_EQ(End(first.get())["capture"]["frames"], kFramesOfCapture);
}

}  // namespace
}  // namespace borderflow
