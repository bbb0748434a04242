// Weak signatures, which wait for proof.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "dataplane/inspect/flow_note.h"
#include "tests/dataplane/inspect/inspected_flow.h"

namespace borderflow {
namespace {

constexpr auto kMore = Inspection::State::kMore;
constexpr auto kDecided = Inspection::State::kDecided;

class WeakSignatureTest : public testing::Test {
 protected:
  Inspector inspector_{&NameRules::BuiltIn()};
};

TEST_F(WeakSignatureTest, WeakSignatureWaitsForTheAnswer) {
  const Buffer request = FromHex("0001 0000 0006 01 03 0000 000a");
  const Buffer answer = FromHex("0001 0000 0007 01 03 04 00010002");
  InspectedFlow flow(&inspector_);
  EXPECT_EQ(flow.Client(request), kMore);
  EXPECT_FALSE(flow.recognised()) << "until then it is nothing";
  EXPECT_EQ(flow.Client(request), kMore) << "the same side says no more";
  EXPECT_EQ(flow.Server(answer), kDecided);
  EXPECT_EQ(flow.classification().protocol, Protocol::kModbus);
  EXPECT_EQ(flow.classification().evidence, Evidence::kProtocol);
  EXPECT_EQ(flow.classification().confidence, 70);
  EXPECT_EQ(flow.slot(), 0);
}

TEST_F(WeakSignatureTest, ItsRegisteredPortIsProofForAWeakSignature) {
  InspectedFlow flow(&inspector_, {.server_port = 502});
  EXPECT_EQ(flow.Client(FromHex("0001 0000 0006 01 03 0000 000a")), kDecided);
  EXPECT_EQ(flow.classification().protocol, Protocol::kModbus);
  EXPECT_EQ(flow.classification().confidence, 70);
}

TEST_F(WeakSignatureTest, AnswerThatDoesNotFitRefutes) {
  InspectedFlow flow(&inspector_);
  flow.Client(FromHex("0001 0000 0006 01 03 0000 000a"));
  EXPECT_EQ(flow.Server(FromText("no such thing\r\n")), kMore);
  EXPECT_EQ(flow.Server(FromHex("0001 0000 0007 01 03 04 00010002")), kMore) << "begins anew";
}

TEST_F(WeakSignatureTest, CandidateIsGivenUpAfterAFewPackets) {
  const Buffer request = FromHex("40 01 7d34 bb 74656d7065726174757265");
  InspectedFlow flow(&inspector_);
  for (int i = 0; i < ProtocolCandidate::kMaxShown; ++i) {
    EXPECT_EQ(flow.Udp(request), kMore);
    EXPECT_NE(flow.slot(), 0);
    EXPECT_FALSE(IsSlotHandle(flow.slot())) << "datagrams are not held";
  }
  EXPECT_EQ(flow.Udp(request), kMore);
  EXPECT_EQ(flow.slot(), 0) << "or the worker would show its packets for ever";
}

TEST_F(WeakSignatureTest, ThousandsOfCandidatesTakeNoSlots) {
  for (uint32_t i = 0; i < 20'000; ++i) {
    InspectedFlow flow(&inspector_, {.client = 0x0a000000 + i});
    flow.Udp(FromHex("40 01 7d34 bb 74656d7065726174757265"));
  }
  EXPECT_EQ(inspector_.counters().slots_exhausted, 0u);
}

TEST_F(WeakSignatureTest, SlowAnswerStillProves) {
  InspectedFlow flow(&inspector_);
  flow.Client(FromHex("0001 0000 0006 01 03 0000 000a"));
  flow.Later(5'000'000'000);  // what is held for reordering is dropped by then
  EXPECT_EQ(flow.Server(FromHex("0001 0000 0007 01 03 04 00010002")), kDecided);
}

TEST_F(WeakSignatureTest, HeaderAndBodyInSegmentsOfTheirOwnAreJoined) {
  InspectedFlow flow(&inspector_);
  EXPECT_EQ(flow.Client(FromHex("000f")), kMore);
  EXPECT_EQ(flow.Client(FromText("356307042441013")), kDecided);
  EXPECT_EQ(flow.classification().protocol, Protocol::kTracker);
}

}  // namespace
}  // namespace borderflow
