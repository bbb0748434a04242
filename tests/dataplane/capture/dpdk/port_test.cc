#include "dataplane/capture/dpdk/port.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "tests/dataplane/capture/dpdk/mbufs.h"
#include "tests/dataplane/capture/dpdk/polled.h"

namespace borderflow {
namespace {

using testing::AllOf;
using testing::Contains;
using testing::HasSubstr;
using testing::IsEmpty;

std::unique_ptr<Port> OpenPort(const std::string& device, const PortOptions& options = {}) {
  absl::StatusOr<std::unique_ptr<Port>> port = Port::Open(device, options);
  EXPECT_TRUE(port.ok()) << port.status();
  return port.ok() ? *std::move(port) : nullptr;
}

std::string Refusal(const std::string& device, const PortOptions& options = {}) {
  const absl::StatusOr<std::unique_ptr<Port>> port = Port::Open(device, options);
  EXPECT_FALSE(port.ok()) << device;
  return port.ok() ? "" : std::string(port.status().message());
}

TEST(Port, DeliversWhatTheSenderSent) {
  MbufPool pool("port_ring");
  RingPort ring("scripted");
  const std::unique_ptr<Port> port = OpenPort(ring.device());
  ASSERT_NE(port, nullptr);
  EXPECT_EQ(port->driver(), "net_ring");
  EXPECT_FALSE(port->stamped());
  EXPECT_TRUE(port->LinkIsUp());
  EXPECT_THAT(port->notes(), IsEmpty());
  auto sources = port->TakeSources();
  ASSERT_EQ(sources.size(), 1u);
  BurstSource& source = *sources[0];
  source.Attach();
  EXPECT_THAT(Polled(&source), IsEmpty());
  uint32_t sent = 0;
  std::vector<size_t> polls;
  for (const size_t burst : {1u, 32u, 33u, 100u}) {
    std::vector<Bytes> expected;
    for (size_t i = 0; i < burst; ++i) {
      expected.push_back(Pattern(60 + sent % 1000, sent));
      ++sent;
      ring.Send(pool.Make(expected.back()));
    }
    for (size_t at = 0; at < burst;) {
      const std::vector<OwnedFrame> frames = Polled(&source, 77);
      ASSERT_THAT(frames, testing::Not(IsEmpty()));
      polls.push_back(frames.size());
      for (const OwnedFrame& frame : frames) {
        EXPECT_EQ(frame, (OwnedFrame{expected[at], static_cast<uint32_t>(expected[at].size()), 77,
                                     1, false}));
        ++at;
      }
    }
  }
  EXPECT_EQ(polls, (std::vector<size_t>{1, 32, 32, 1, 32, 32, 32, 4}));
  source.Detach();
  const PortCounters counters = port->Counters();
  EXPECT_EQ(counters.received, sent);
  EXPECT_EQ(counters.missed + counters.errors + counters.ring_full, 0u);
}

TEST(Port, SeveralWorkersHaveAQueueEachWhereTheDriverHashes) {
  const std::unique_ptr<Port> port = OpenPort("net_null_queues", {.workers = 3});
  ASSERT_NE(port, nullptr);
  EXPECT_EQ(port->driver(), "net_null");
  EXPECT_THAT(port->notes(), Contains(HasSubstr("RSS"))) << "whether both directions meet is said";
  uint64_t frames = 0;
  auto sources = port->TakeSources();
  EXPECT_EQ(sources.size(), 3u);
  for (auto& source : sources) frames += Polled(source.get()).size();
  EXPECT_EQ(frames, 3u * kBurst);
  EXPECT_EQ(port->Counters().received, frames);
}

TEST(Port, ASingleQueueIsDistributed) {
  RingPort ring("distributed");
  const std::unique_ptr<Port> port = OpenPort(ring.device(), {.workers = 3});
  ASSERT_NE(port, nullptr);
  EXPECT_THAT(port->notes(), Contains(HasSubstr("one more thread distributes its frames")));
  EXPECT_EQ(port->TakeSources().size(), 3u);
}

TEST(Port, ADeviceThatWasClosedMayBeOpenedAgain) {
  for (int again = 0; again < 3; ++again) {
    const std::unique_ptr<Port> port = OpenPort("net_null_again,size=64");
    ASSERT_NE(port, nullptr);
    EXPECT_EQ(Polled(port->TakeSources()[0].get()).size(), size_t{kBurst});
  }
}

TEST(Port, ADeviceThatIsNotThereIsNamedWithThoseThatAre) {
  EXPECT_THAT(Refusal("net_nothing0"), AllOf(HasSubstr("net_nothing0"), HasSubstr("no port")));
  const std::unique_ptr<Port> other = OpenPort("net_null_other");
  EXPECT_THAT(Refusal("net_nothing0"), HasSubstr("DPDK sees net_null_other"));
  EXPECT_THAT(Refusal("31"), AllOf(HasSubstr("number"), HasSubstr("net_null_other")));
  EXPECT_THAT(Refusal("99999"), HasSubstr("number"));
  EXPECT_THAT(Refusal("0000:99:00.0"), HasSubstr("bound to it"));
  EXPECT_THAT(Refusal("net_pcap_none,rx_pcap=no_such_file.pcap"), HasSubstr("no_such_file"));
}

TEST(Port, BuffersAreCheckedAgainstRingsAndWorkers) {
  EXPECT_THAT(Refusal("net_null_few", {.ring = 1024, .mbufs = 1000}),
              AllOf(HasSubstr("1000 buffers are too few"), HasSubstr("1024 descriptors")));
  EXPECT_THAT(Refusal("net_null_many", {.mbufs = 50'000'000}), HasSubstr("no memory"));
  // What was refused is closed again.
  EXPECT_NE(OpenPort("net_null_few"), nullptr);
}

TEST(Port, QueuesThatNobodyWouldReadAreRefused) {
  const CaptureFile file("two_queues", PcapBuilder().Record(1, 2, Pattern(60, 1)).bytes());
  const std::string twice = "net_pcap_two,rx_pcap=" + file.path() + ",rx_pcap=" + file.path();
  for (const int workers : {1, 2, 3}) {
    EXPECT_THAT(Refusal(twice, {.workers = workers}), HasSubstr("2 receive queues"));
  }
}

// Times, lengths and bytes of a capture, jumbo frames in several buffers among them.
TEST(Port, ACaptureFileComesAsItIs) {
  PcapBuilder builder;
  std::vector<OwnedFrame> expected;
  uint32_t number = 0;
  for (const size_t size : {60u, 1514u, 2048u, 2049u, 2200u, 9014u, 65535u, 65600u, 14u}) {
    ++number;
    const Bytes bytes = Pattern(size, number);
    builder.Record(1'700'000'000 + number, 654'321, bytes);
    expected.push_back({bytes, static_cast<uint32_t>(size),
                        (1'700'000'000 + uint64_t{number}) * 1'000'000'000 + 654'321'000, 1,
                        false});
  }
  const CaptureFile file("as_it_is", builder.bytes());
  const std::unique_ptr<Port> port = OpenPort("net_pcap_one,rx_pcap=" + file.path());
  ASSERT_NE(port, nullptr);
  EXPECT_TRUE(port->stamped());
  auto sources = port->TakeSources();
  EXPECT_EQ(PolledUntil(sources[0].get(), expected.size()), expected);
  EXPECT_THAT(Polled(sources[0].get()), IsEmpty());
  EXPECT_EQ(port->Counters().received, expected.size());
}

}  // namespace
}  // namespace borderflow
