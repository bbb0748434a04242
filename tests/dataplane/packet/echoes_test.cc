#include "dataplane/packet/echoes.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <vector>

#include "dataplane/packet/decode.h"
#include "tests/dataplane/packet/frame_builder.h"

namespace borderflow {
namespace {

using namespace testing_frames;  // NOLINT: the layers of every frame below

constexpr uint64_t kStart = 1'700'000'000'000'000'000;
constexpr uint64_t kMillisecond = 1'000'000;

Packet Decoded(const Built& frame, uint64_t time_ns) {
  static Decoder* const decoder = new Decoder(TunnelMode::kInner);
  Packet packet;
  EXPECT_EQ(decoder->Decode(AsFrame(frame.bytes, 1, time_ns), &packet).frame_class,
            FrameClass::kIp);
  packet.payload = nullptr;  // the frame is gone
  return packet;
}

const TcpOptions kSegment = {.sequence = 1000, .acknowledgement = 77};
const TcpOptions kNextSegment = {.sequence = 1100, .acknowledgement = 77};
const Bytes kData = Text("some bytes of data");

Packet Segment(const Ipv4Options& ip, uint64_t time_ns, const TcpOptions& tcp = kSegment,
               const Bytes& data = kData) {
  return Decoded(Ethernet(Ipv4(ip, Tcp(tcp, data))), time_ns);
}

// What `second`, `delay_ns` later, is an echo of the first.
Echo SeeBoth(const Packet& first, const Packet& second) {
  Echoes echoes;
  EXPECT_EQ(echoes.See(first), Echo::kNone);
  return echoes.See(second);
}

TEST(Echoes, CopyFromTheOtherMirroredPortIsADuplicate) {
  const Packet first = Segment({}, kStart);
  EXPECT_EQ(SeeBoth(first, Segment({}, kStart)), Echo::kDuplicate);
  EXPECT_EQ(SeeBoth(first, Segment({}, kStart + 9 * kMillisecond)), Echo::kDuplicate);
  // Routed in between: another VLAN, one hop less.
  const Packet routed =
      Decoded(Ethernet(Vlan(7, Ipv4({.ttl = 63}, Tcp(kSegment, kData)))), kStart + kMillisecond);
  EXPECT_EQ(SeeBoth(first, routed), Echo::kDuplicate);
}

TEST(Echoes, DuplicatesAreFoundInEveryProtocol) {
  const std::vector<Built> packets = {
      Ethernet(Ipv4(Udp({}, Text("query")))),
      Ethernet(Ipv6(Udp({}, Text("query, long enough")))),
      Ethernet(Ipv4(Icmp(8, 0, Text("ping")))),
      Ethernet(Ipv6({.flow_label = 5}, Tcp(kSegment, kData))),
      Ethernet(Ipv4({.fragment_offset = 100}, Payload(Text("a later fragment"), 17))),
      Ethernet(Ipv4(Tcp({.flags = kTcpSyn}))),
  };
  for (size_t i = 0; i < packets.size(); ++i) {
    EXPECT_EQ(SeeBoth(Decoded(packets[i], kStart), Decoded(packets[i], kStart + kMillisecond)),
              Echo::kDuplicate)
        << i;
  }
}

TEST(Echoes, RetransmissionIsNone) {
  const Packet first = Segment({.identification = 1}, kStart);
  EXPECT_EQ(SeeBoth(first, Segment({.identification = 2}, kStart + kMillisecond)), Echo::kNone)
      << "sent anew";
  EXPECT_EQ(SeeBoth(first, Segment({.identification = 1}, kStart + 200 * kMillisecond)),
            Echo::kNone)
      << "without identification, but a timeout later";
}

TEST(Echoes, WindowEndsAfterTenMilliseconds) {
  const Packet first = Segment({}, kStart);
  EXPECT_EQ(SeeBoth(first, Segment({}, kStart + Echoes::kWindowNs)), Echo::kDuplicate);
  EXPECT_EQ(SeeBoth(first, Segment({}, kStart + Echoes::kWindowNs + 2 * Echoes::kTimeStepNs)),
            Echo::kNone);
  EXPECT_EQ(SeeBoth(first, Segment({}, kStart - Echoes::kTimeStepNs)), Echo::kNone)
      << "time runs backwards";
}

TEST(Echoes, OtherPacketsOfTheFlowAreNone) {
  Echoes echoes;
  for (uint32_t i = 0; i < 1000; ++i) {
    const TcpOptions tcp = {.sequence = 1000 + 18 * i};
    ASSERT_EQ(echoes.See(Segment({.identification = static_cast<uint16_t>(i)}, kStart, tcp)),
              Echo::kNone);
  }
}

TEST(Echoes, SegmentOnBothSidesOfANatIsTranslated) {
  const Packet inside = Segment({.source = "10.0.0.7"}, kStart);
  TcpOptions translated = kSegment;
  translated.source_port = 61000;
  EXPECT_EQ(SeeBoth(inside, Segment({.source = "203.0.113.9", .ttl = 63}, kStart + kMillisecond,
                                    translated)),
            Echo::kTranslated);
  EXPECT_EQ(SeeBoth(inside, Segment({.source = "203.0.113.9"}, kStart + kMillisecond)),
            Echo::kTranslated)
      << "the port may stay";
  // The answer, whose destination is translated back.
  EXPECT_EQ(SeeBoth(Segment({.destination = "203.0.113.9"}, kStart),
                    Segment({.destination = "10.0.0.7"}, kStart + kMillisecond)),
            Echo::kTranslated);
}

TEST(Echoes, WhatANatWouldNotDoIsNone) {
  const Packet first = Segment({.source = "10.0.0.7"}, kStart);
  EXPECT_EQ(SeeBoth(first, Segment({.source = "203.0.113.9", .destination = "203.0.113.10"},
                                   kStart + kMillisecond)),
            Echo::kNone)
      << "both addresses changed";
  EXPECT_EQ(SeeBoth(first, Segment({.source = "203.0.113.9"}, kStart + kMillisecond, kNextSegment)),
            Echo::kNone)
      << "another segment";
  EXPECT_EQ(SeeBoth(first, Segment({.source = "203.0.113.9"}, kStart + 20 * kMillisecond)),
            Echo::kNone)
      << "too late";
}

// SYN retries, resets and keep-alives look alike in many flows.
TEST(Echoes, SegmentWithoutDataIsNeverTranslated) {
  for (const uint8_t flags : {kTcpSyn, kTcpRst, kTcpAck}) {
    const TcpOptions tcp = {.sequence = 0, .flags = flags};
    EXPECT_EQ(SeeBoth(Segment({.source = "10.0.0.7"}, kStart, tcp, {}),
                      Segment({.source = "10.0.0.8"}, kStart, tcp, {})),
              Echo::kNone);
  }
}

TEST(Echoes, DatagramWithAnotherAddressIsNone) {
  const Built inside = Ethernet(Ipv4({.source = "10.0.0.7"}, Udp({}, Text("query"))));
  const Built outside = Ethernet(Ipv4({.source = "203.0.113.9"}, Udp({}, Text("query"))));
  EXPECT_EQ(SeeBoth(Decoded(inside, kStart), Decoded(outside, kStart)), Echo::kNone);
}

// The slow twin keeps everything. The small memory may forget; it must never invent.
TEST(Echoes, NeverMoreThanARememberingTwinFinds) {
  std::mt19937_64 random(1);
  Echoes echoes;
  std::vector<Packet> seen;
  uint64_t time_ns = kStart;
  size_t found = 0, by_twin = 0;
  for (int i = 0; i < 5000; ++i) {
    time_ns += random() % kMillisecond;
    const Packet packet = Segment({.source = random() % 2 == 0 ? "10.0.0.7" : "203.0.113.9",
                                   .identification = static_cast<uint16_t>(random() % 2)},
                                  time_ns, {.sequence = static_cast<uint32_t>(random() % 20)});
    bool duplicate = false, translated = false;
    for (size_t at = seen.size(); at-- > 0 && time_ns - seen[at].time_ns <= Echoes::kWindowNs;) {
      if (seen[at].tcp_sequence != packet.tcp_sequence) continue;
      const bool same_flow = seen[at].source() == packet.source();
      duplicate |= same_flow && seen[at].fingerprint == packet.fingerprint;
      translated |= !same_flow;
    }
    const Echo echo = echoes.See(packet);
    if (echo == Echo::kDuplicate) {
      ASSERT_TRUE(duplicate);
    }
    if (echo == Echo::kTranslated) {
      ASSERT_TRUE(translated);
    }
    found += echo != Echo::kNone;
    by_twin += duplicate || translated;
    seen.push_back(packet);
  }
  EXPECT_GT(2 * found, by_twin);
}

}  // namespace
}  // namespace borderflow
