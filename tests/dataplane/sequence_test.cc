// tcp_gap_bytes: what the mirror lost, estimated from sequence numbers.
#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <vector>

#include "dataplane/worker.h"
#include "tests/dataplane/inspect/wire.h"
#include "tests/dataplane/traffic.h"

namespace borderflow {
namespace {

constexpr uint32_t kSegment = 1000;

// One connection, decided at once by a first segment that says SSH, then segments in view.
class Connection {
 public:
  explicit Connection(uint32_t first_sequence)
      : next_(first_sequence),
        worker_(&map_, &NameRules::BuiltIn(), hash_, {.flows = 4, .cells = 4}) {
    Send(next_, banner_);
    next_ += static_cast<uint32_t>(banner_.size());
  }

  uint32_t next() const { return next_; }

  void Send(uint32_t sequence, const Buffer& payload, uint8_t flags = kTcpAck,
            bool from_client = true) {
    Packet packet = TcpPacket({.server_port = 22}, from_client, sequence, payload);
    packet.tcp_flags = flags;
    packet.hash = hash_(packet.key);
    packet.bytes = packet.payload_bytes + 54;
    worker_.Process({packet});
  }
  void SendSegment(uint32_t number) { Send(next_ + number * kSegment, segment_); }

  uint64_t gap_bytes() const { return worker_.Totals().artefacts.tcp_gap_bytes; }

 private:
  const PrefixMap map_;
  const KeyedHash hash_{1};
  const Buffer banner_ = FromText("SSH-2.0-Test\r\n");
  const Buffer segment_ = Buffer(kSegment, 0x99);
  uint32_t next_;
  Worker worker_;
};

TEST(TcpGap, NothingLostNothingStated) {
  Connection connection(UINT32_MAX - 10 * kSegment);
  for (uint32_t i = 0; i < 100; ++i) connection.SendSegment(i);
  EXPECT_EQ(connection.gap_bytes(), 0u);
}

TEST(TcpGap, LostSegmentStaysLostHoweverMuchFollows) {
  Connection connection(1);
  connection.SendSegment(0);
  connection.SendSegment(2);
  EXPECT_EQ(connection.gap_bytes(), kSegment);
  for (uint32_t i = 3; i < 50; ++i) connection.SendSegment(i);
  EXPECT_EQ(connection.gap_bytes(), kSegment);
}

TEST(TcpGap, WhatComesLateFillsIt) {
  Connection connection(1);
  for (const uint32_t number : {0, 3, 1, 4, 2, 5}) connection.SendSegment(number);
  EXPECT_EQ(connection.gap_bytes(), 0u);
}

TEST(TcpGap, AcknowledgementAloneShowsTheLoss) {
  Connection connection(1);
  connection.Send(connection.next() + 7 * kSegment, {});
  EXPECT_EQ(connection.gap_bytes(), 7 * kSegment);
}

TEST(TcpGap, KeepAlivesAndRetransmissionsStateNothing) {
  Connection connection(1);
  connection.SendSegment(0);
  const uint32_t next = connection.next() + kSegment;
  for (int i = 0; i < 5; ++i) {
    connection.Send(next - 1, {});      // RFC 9293 section 3.8.4, without data
    connection.Send(next - 1, {0x00});  // and with one byte of it
    connection.SendSegment(0);
  }
  connection.SendSegment(1);
  EXPECT_EQ(connection.gap_bytes(), 0u);
}

TEST(TcpGap, OnlyBytesBelowTheExpectedFill) {
  Connection connection(1);
  connection.SendSegment(2);
  ASSERT_EQ(connection.gap_bytes(), 2 * kSegment);
  // 100 bytes that fill, 900 that are new.
  connection.Send(connection.next() + 3 * kSegment - 100, Buffer(kSegment, 0x99));
  EXPECT_EQ(connection.gap_bytes(), 2 * kSegment - 100);
}

TEST(TcpGap, FlagsTakeOneNumberEach) {
  Connection connection(1);
  connection.Send(connection.next(), {}, kTcpAck | kTcpFin);
  connection.Send(connection.next() + 1, {});
  EXPECT_EQ(connection.gap_bytes(), 0u);
}

TEST(TcpGap, ResetsAndLeapsAreOtherConnections) {
  Connection connection(1);
  connection.SendSegment(0);
  connection.Send(connection.next() + 0x30000000, {}, kTcpRst);
  EXPECT_EQ(connection.gap_bytes(), 0u);
  const uint32_t far = connection.next() + 0x70000000;
  connection.Send(far, Buffer(kSegment, 0x99));
  connection.Send(far + kSegment, Buffer(kSegment, 0x99));
  EXPECT_EQ(connection.gap_bytes(), 0u);
  connection.Send(far - 0x70000000, Buffer(kSegment, 0x99));
  EXPECT_EQ(connection.gap_bytes(), 0u);
}

TEST(TcpGap, DirectionsAreTrackedApart) {
  Connection connection(1);
  connection.Send(5000, Buffer(10, 0x99), kTcpAck, /*from_client=*/false);
  connection.Send(5010 + 300, Buffer(10, 0x99), kTcpAck, /*from_client=*/false);
  connection.SendSegment(0);
  EXPECT_EQ(connection.gap_bytes(), 300u);
}

// Any loss and any reordering, without retransmissions: the estimate is what is missing below the
// highest byte seen.
TEST(TcpGap, EqualsTheMissingSegmentsAfterLossAndReordering) {
  std::mt19937 random(1);
  for (int round = 0; round < 200; ++round) {
    Connection connection(static_cast<uint32_t>(random()));
    std::vector<uint32_t> numbers;
    for (uint32_t i = 0; i < 60; ++i) {
      if (random() % 5 != 0) numbers.push_back(i);
    }
    for (size_t at = 0; at + 8 < numbers.size(); at += 4) {
      std::shuffle(numbers.begin() + static_cast<std::ptrdiff_t>(at),
                   numbers.begin() + static_cast<std::ptrdiff_t>(at + 8), random);
    }
    for (const uint32_t number : numbers) connection.SendSegment(number);
    const uint32_t highest = *std::max_element(numbers.begin(), numbers.end());
    ASSERT_EQ(connection.gap_bytes(), (highest + 1 - numbers.size()) * kSegment);
  }
}

}  // namespace
}  // namespace borderflow
