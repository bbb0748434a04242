// Content in readable flows: what it decides, and what it does not.
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "tests/dataplane/inspect/inspected_flow.h"

namespace borderflow {
namespace {

constexpr auto kMore = Inspection::State::kMore;
constexpr auto kForNow = Inspection::State::kForNow;
constexpr auto kDecided = Inspection::State::kDecided;
constexpr auto kStaying = Inspection::State::kStaying;

const std::string kPost = "POST /pay HTTP/1.1\r\nHost: shop.example\r\nContent-Length: 40\r\n\r\n";
const std::string kCard = "card=4111111111111111&name=x";
const std::string kIban = "to=DE89370400440532013000";

class ReadingTest : public testing::Test {
 protected:
  uint64_t hits(ContentKind kind) const {
    return inspector_.counters().content_hits[static_cast<size_t>(kind)];
  }
  void ExpectContent(const InspectedFlow& flow, Category category, Protocol protocol) {
    EXPECT_EQ(flow.classification().category, category);
    EXPECT_EQ(flow.classification().evidence, Evidence::kContent);
    EXPECT_EQ(flow.classification().protection, Protection::kCleartext);
    EXPECT_EQ(flow.classification().protocol, protocol);
    EXPECT_EQ(flow.slot(), 0);
  }

  const NameRules rules_ = *NameRules::Parse("shop.example,MED,80,a shop\n", "rules.csv");
  Inspector inspector_{&rules_};
  InspectedFlow flow_{&inspector_};
};

TEST_F(ReadingTest, ContentBesideTheRequestStandsAboveItsName) {
  EXPECT_EQ(flow_.Client(FromText(kPost + kCard)), kDecided);
  ExpectContent(flow_, Category::kFin, Protocol::kHttp);
  EXPECT_TRUE(flow_.classification().named);
  EXPECT_EQ(hits(ContentKind::kPaymentCard), 1u);
}

TEST_F(ReadingTest, ContentOfALaterPacketDecidesFromThereOn) {
  EXPECT_EQ(flow_.Client(FromText(kPost)), kForNow);
  EXPECT_EQ(flow_.classification().category, Category::kMed) << "by name, for now";
  EXPECT_EQ(flow_.Client(FromText(kIban)), kDecided);
  ExpectContent(flow_, Category::kFin, Protocol::kHttp);
}

TEST_F(ReadingTest, TheAnswerIsReadToo) {
  flow_.Client(FromText(kPost));
  EXPECT_EQ(flow_.Server(FromText("HTTP/1.1 200 OK\r\n\r\n@HD\tVN:1.6\tSO:unsorted\n")), kDecided);
  ExpectContent(flow_, Category::kOmc, Protocol::kHttp);
}

TEST_F(ReadingTest, OnlyTheFirstPacketsAreRead) {
  EXPECT_EQ(flow_.Client(FromText(kPost)), kForNow);
  int packets = 0;
  while (flow_.slot() != 0) {
    ASSERT_LT(++packets, 16);
    EXPECT_EQ(flow_.Client(FromText("nothing")), kMore);
  }
  EXPECT_EQ(packets, 4);
}

TEST_F(ReadingTest, OneAddressOnAPageSaysNothing) {
  EXPECT_EQ(flow_.Client(FromText(kPost + "contact info@shop.example")), kForNow);
  EXPECT_EQ(flow_.classification().category, Category::kMed);
  EXPECT_EQ(hits(ContentKind::kEmail), 1u) << "counted all the same";
}

TEST_F(ReadingTest, AddressesInAMailAreStillAMail) {
  flow_.Server(FromText("220 mail.example ESMTP\r\n"));
  flow_.Client(FromText("EHLO client.example\r\n"));
  flow_.Client(
      FromText("MAIL FROM:<a@one.example>\r\nRCPT TO:<b@two.example>\r\n"
               "RCPT TO:<c@three.example>\r\n"));
  EXPECT_NE(flow_.last().classification.evidence, Evidence::kContent);
  EXPECT_EQ(flow_.Client(FromText("Please pay to DE89 3704 0044 0532 0130 00.\r\n")), kDecided);
  ExpectContent(flow_, Category::kFin, Protocol::kSmtp);
}

TEST_F(ReadingTest, AFileInAnUnknownProtocolIsKnownByItsFirstBytes) {
  EXPECT_EQ(flow_.Client(FromText("##fileformat=VCFv4.3\n##source=x\n")), kDecided);
  EXPECT_EQ(flow_.classification().category, Category::kOmc);
  EXPECT_EQ(flow_.classification().evidence, Evidence::kContent);
  EXPECT_EQ(flow_.classification().protection, Protection::kCleartext);
}

TEST_F(ReadingTest, ACardInTwoSegmentsIsFoundOnce) {
  const std::string body = "amount=12&card=4111111111111111&name=x";
  for (size_t cut = 1; cut < body.size(); ++cut) {
    Inspector inspector(&rules_);
    InspectedFlow flow(&inspector);
    if (flow.Client(FromText(kPost + body.substr(0, cut))) != kDecided) {
      flow.Client(FromText(body.substr(cut)));
    }
    ExpectContent(flow, Category::kFin, Protocol::kHttp);
    EXPECT_EQ(inspector.counters().content_hits[static_cast<size_t>(ContentKind::kPaymentCard)], 1u)
        << cut;
  }
}

TEST_F(ReadingTest, ACardInTwoSegmentsOfAnUnknownProtocolIsFoundInEitherDirection) {
  for (const bool from_client : {true, false}) {
    InspectedFlow flow(&inspector_, {.client = from_client ? 1u : 2u});
    flow.Tcp(from_client, 100, FromText("to be paid by 4111-1111-"));
    EXPECT_EQ(flow.Tcp(from_client, 124, FromText("1111-1111, thank you")), kDecided);
    ExpectContent(flow, Category::kFin, flow.classification().protocol);
  }
  EXPECT_EQ(hits(ContentKind::kPaymentCard), 2u);
}

TEST_F(ReadingTest, AddressesOfSeveralPacketsAddUp) {
  EXPECT_EQ(flow_.Client(FromText(kPost + "a@one.example, b@two.exam")), kForNow);
  EXPECT_EQ(flow_.Client(FromText("ple, c@three.example, ")), kDecided);
  ExpectContent(flow_, Category::kPid, Protocol::kHttp);
  EXPECT_EQ(hits(ContentKind::kEmail), 3u);
}

TEST_F(ReadingTest, AHeadInTwoSegmentsIsReadInBoth) {
  const std::string head = "GET /a?x=1 HTTP/1.1\r\nCookie: card=41111111";
  EXPECT_EQ(flow_.Client(FromText(head)), kMore);
  EXPECT_EQ(flow_.Client(FromText("11111111\r\nHost: shop.example\r\n\r\n")), kDecided);
  ExpectContent(flow_, Category::kFin, Protocol::kHttp);
  EXPECT_EQ(flow_.names(), std::vector<std::string>{"shop.example"}) << "its name is not lost";
}

TEST_F(ReadingTest, WhatIsSentAgainIsNotCountedAgain) {
  flow_.Tcp(true, 0, FromText(kPost + "write to a@one.example, "));
  const auto sent = static_cast<uint32_t>(kPost.size());
  flow_.Tcp(true, sent, FromText("write to a@one.example, "));
  flow_.Tcp(true, sent + 9, FromText("a@one.example, b@two.example "));
  EXPECT_EQ(hits(ContentKind::kEmail), 2u);
}

TEST_F(ReadingTest, OverAGapNothingIsJoinedAndWhatFillsItIsRead) {
  const auto sent = static_cast<uint32_t>(kPost.size());
  flow_.Tcp(true, 0, FromText(kPost + "card=41111111"));
  flow_.Tcp(true, sent + 113, FromText("11111111 "));
  EXPECT_EQ(hits(ContentKind::kPaymentCard), 0u);
  EXPECT_EQ(flow_.Tcp(true, sent + 13, FromText("; " + kIban)), kDecided);
}

TEST_F(ReadingTest, TheTwoDirectionsAreNotJoined) {
  flow_.Client(FromText(kPost + "card=41111111"));
  EXPECT_EQ(flow_.Server(FromText("11111111\r\n")), kMore);
  EXPECT_EQ(hits(ContentKind::kPaymentCard), 0u);
}

TEST_F(ReadingTest, AFlowThatEndedLeavesNothingToTheNextOnItsPorts) {
  flow_.Client(FromText(kPost + "card=41111111"));
  inspector_.Release(flow_.slot());
  inspector_.Forget(TcpPacket({}, true, 0, {}).key);
  *flow_.mutable_slot() = 0;
  flow_.Client(FromText("11111111 "));
  EXPECT_EQ(hits(ContentKind::kPaymentCard), 0u);
}

TEST_F(ReadingTest, TextIsNotKeptForLong) {
  flow_.Client(FromText(kPost + "card=41111111"));
  flow_.Later(5'000'000'000);
  flow_.Client(FromText("11111111 "));
  EXPECT_EQ(hits(ContentKind::kPaymentCard), 0u);
}

// Against the scan of both packets in one piece.
TEST_F(ReadingTest, HitsOfTwoPacketsAreThoseOfOne) {
  const std::string text =
      kPost + "from a@one.example to b@two.example; tel:+81-3-1234-5678, and so on";
  InspectedFlow whole(&inspector_, {.client = 9});
  whole.Client(FromText(text));
  const ContentHits expected = inspector_.counters().content_hits;
  for (size_t cut = 1; cut < text.size(); ++cut) {
    Inspector inspector(&rules_);
    InspectedFlow flow(&inspector);
    flow.Client(FromText(text.substr(0, cut)));
    flow.Client(FromText(text.substr(cut)));
    if (cut < 8) continue;  // not yet a request: what came before is held, not read
    EXPECT_EQ(inspector.counters().content_hits, expected) << cut;
  }
}

TEST_F(ReadingTest, WhatIsEncryptedIsNotRead) {
  const Buffer hello = TlsClientHello({.name = "shop.example"});
  EXPECT_EQ(flow_.Client(hello), kDecided);
  EXPECT_EQ(flow_.slot(), 0) << "nothing more is asked for";
  InspectedFlow tls(&inspector_);
  const std::string record = "\x17\x03\x03";
  tls.Client(FromText(record + std::string("\0\x20", 2) + kCard));
  EXPECT_EQ(tls.classification().protocol, Protocol::kTls);
  EXPECT_EQ(hits(ContentKind::kPaymentCard), 0u);
}

TEST_F(ReadingTest, InfrastructureIsNotRead) {
  InspectedFlow dns(&inspector_, {.server_port = 53});
  EXPECT_EQ(dns.Udp(DnsQuery("card-4111-1111-1111-1111.example")), kStaying);
  EXPECT_EQ(hits(ContentKind::kPaymentCard), 0u);
}

TEST_F(ReadingTest, NumbersWithoutTheirCheckDigitsAreNoContent) {
  EXPECT_EQ(flow_.Client(FromText(kPost + "card=4111111111111112&iban=DE00370400440532013000")),
            kForNow);
  EXPECT_EQ(flow_.classification().category, Category::kMed);
  EXPECT_EQ(hits(ContentKind::kPaymentCard) + hits(ContentKind::kIban), 0u);
}

}  // namespace
}  // namespace borderflow
