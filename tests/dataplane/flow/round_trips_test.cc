#include "dataplane/flow/round_trips.h"

#include <gtest/gtest.h>

namespace borderflow {
namespace {

constexpr Place kFrankfurt = {50.11, 8.68};
constexpr uint64_t kMillisecond = 1'000'000;
constexpr uint64_t kStart = 1'700'000'000'000'000'000;
constexpr uint32_t kFlow = 7;

Packet Segment(uint8_t flags, uint64_t time_ns, uint32_t sequence, uint32_t acknowledgement = 0) {
  Packet packet;
  packet.tcp_flags = flags;
  packet.time_ns = time_ns;
  packet.tcp_sequence = sequence;
  packet.tcp_acknowledgement = acknowledgement;
  return packet;
}

class RoundTripsTest : public testing::Test {
 protected:
  void Syn(uint64_t time_ns = kStart) { trips_.Open(kFlow, Segment(kTcpSyn, time_ns, 1000)); }
  void SynAck(uint64_t after_ns, uint32_t acknowledgement = 1001) {
    trips_.Answer(kFlow, Segment(kTcpSyn | kTcpAck, kStart + after_ns, 5, acknowledgement),
                  australia_);
  }
  uint64_t timed() const { return trips_.totals().timed[static_cast<size_t>(australia_)]; }
  uint64_t contradicted() const {
    return trips_.totals().contradicted[static_cast<size_t>(australia_)];
  }

  const Jurisdiction australia_ = *FromCode("AU");
  RoundTrips trips_{kFrankfurt, 10};
};

TEST_F(RoundTripsTest, AnAnswerWithinAMillisecondIsNotFromAustralia) {
  Syn();
  SynAck(kMillisecond);
  EXPECT_EQ(timed(), 1u);
  EXPECT_EQ(contradicted(), 1u);
}

TEST_F(RoundTripsTest, TheBoundIsLightInFibreToTheNearestLand) {
  const double km = NearestKilometres(kFrankfurt, australia_);
  const auto least = static_cast<uint64_t>(km / 100 * kMillisecond);
  Syn();
  SynAck(least - 1);
  EXPECT_EQ(contradicted(), 1u);
  Syn();
  SynAck(least);
  EXPECT_EQ(contradicted(), 1u);
  EXPECT_EQ(timed(), 2u);
}

TEST_F(RoundTripsTest, AFlowCountsOnce) {
  Syn();
  SynAck(kMillisecond);
  SynAck(2 * kMillisecond);
  EXPECT_EQ(timed(), 1u);
}

TEST_F(RoundTripsTest, WhatAnswersSomethingElseIsNotTimed) {
  Syn();
  SynAck(kMillisecond, 1000);
  SynAck(kMillisecond, 900'000);
  EXPECT_EQ(timed(), 0u);
  SynAck(kMillisecond, 1001 + 500);  // data on the SYN
  EXPECT_EQ(timed(), 1u);
}

TEST_F(RoundTripsTest, AFlowWithoutASynIsNotTimed) {
  trips_.Open(kFlow, Segment(kTcpAck, kStart, 1000));
  SynAck(kMillisecond);
  EXPECT_EQ(timed(), 0u);
}

TEST_F(RoundTripsTest, TimeThatRunsBackwardsIsNone) {
  Syn(kStart + 10 * kMillisecond);
  SynAck(kMillisecond);
  EXPECT_EQ(timed(), 0u);
}

TEST_F(RoundTripsTest, SpecialsAreNoPlace) {
  Syn();
  trips_.Answer(kFlow, Segment(kTcpSyn | kTcpAck, kStart + 1, 5, 1001), Jurisdiction::kAnycast);
  EXPECT_EQ(trips_.totals(), RoundTripTotals());
}

TEST(RoundTrips, WithoutAPlaceAreOff) {
  EXPECT_FALSE(RoundTrips(std::nullopt, 10).on());
  EXPECT_TRUE(RoundTrips(kFrankfurt, 10).on());
}

}  // namespace
}  // namespace borderflow
