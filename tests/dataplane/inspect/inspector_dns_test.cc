// DNS and its kin before the inspector.
#include "tests/dataplane/inspect/inspector_fixture.h"

namespace borderflow {
namespace {

using testing::ElementsAre;

TEST_F(InspectorTest, EveryDnsMessageNamesWhatItAsks) {
  Flow flow(&inspector_, {.server_port = 53});
  EXPECT_EQ(flow.Udp(DnsQuery("WWW.Hospital.example")), kStaying);
  EXPECT_THAT(flow.classification(), Says(Category::kInf, Evidence::kProtocol, 95,
                                          Protection::kCleartext, Protocol::kDns, true));
  EXPECT_EQ(inspector_.CategoryOf("www.hospital.example"), Category::kHlt);
  EXPECT_EQ(flow.Udp(DnsResponse("next.example", {}), false), kStaying);
  EXPECT_THAT(flow.names(), ElementsAre("www.hospital.example", "next.example"));
}

TEST_F(InspectorTest, AllQuestionsOfAMessageAreNamed) {
  Flow flow(&inspector_, {.client_port = 5353, .server_port = 5353});
  Buffer message = DnsQuery("_a._tcp.local", 12);
  message[5] = 3;
  const Buffer second = Slice(DnsQuery("_b._tcp.local", 12), 12, 100);
  const Buffer third = FromHex("025f63 c00f 000c 0001");  // behind a pointer to _tcp.local
  EXPECT_EQ(flow.Udp(Join({message, second, third})), kStaying);
  EXPECT_THAT(flow.names(), ElementsAre("_a._tcp.local", "_b._tcp.local", "_c._tcp.local"));
  EXPECT_EQ(flow.last().name_protocol, Protocol::kMdns);
}

TEST_F(InspectorTest, LlmnrIsKeptApart) {
  Flow flow(&inspector_, {.server_port = 5355});
  EXPECT_EQ(flow.Udp(DnsQuery("wpad")), kStaying);
  EXPECT_EQ(flow.classification().protocol, Protocol::kLlmnr);
}

Buffer OverTcp(const Buffer& message) {
  Buffer out;
  AppendNumber(&out, message.size(), 2);
  return Join({out, message});
}

TEST_F(InspectorTest, DnsOverTcpNamesEveryMessageOfASegment) {
  Flow flow(&inspector_, {.server_port = 53});
  EXPECT_EQ(flow.Client(Join({OverTcp(DnsQuery("a.example")), OverTcp(DnsQuery("b.example"))})),
            kStaying);
  EXPECT_THAT(flow.names(), ElementsAre("a.example", "b.example"));
}

TEST_F(InspectorTest, DnsOverTcpInPiecesIsJoined) {
  Flow flow(&inspector_, {.server_port = 53});
  for (const uint8_t byte : OverTcp(DnsQuery("slow.example"))) flow.Client({byte});
  EXPECT_THAT(flow.names(), ElementsAre("slow.example"));
}

TEST_F(InspectorTest, DnsOnOddPortsMustConvince) {
  Flow flow(&inspector_, {.server_port = 5300});
  EXPECT_EQ(flow.Udp(DnsQuery("www.example.org")), kStaying);
  Flow not_dns(&inspector_, {.server_port = 5300});
  EXPECT_EQ(not_dns.Udp(DnsQuery("localhost")), kMore);
  Flow netbios(&inspector_, {.server_port = 137});
  EXPECT_EQ(netbios.Udp(DnsQuery("www.example.org")), kMore);
}

TEST_F(InspectorTest, OnlyAnswersFromPort53Teach) {
  const Buffer message = DnsResponse("www.example.org", {{1, 300, FromHex("c6336407")}});
  const auto can = [&](const Ends& ends, bool from_client) {
    return Inspector::CanTeach(UdpPacket(ends, from_client, message));
  };
  EXPECT_TRUE(can({.server_port = 53}, false));
  EXPECT_FALSE(can({.server_port = 53}, true));
  EXPECT_FALSE(can({.client_port = 5353, .server_port = 5353}, false));
  Packet quoted = UdpPacket({.server_port = 53}, false, message);
  quoted.icmp_error = true;
  EXPECT_FALSE(Inspector::CanTeach(quoted));
}

TEST_F(InspectorTest, AnswersOverTcpTeach) {
  const Buffer message =
      OverTcp(DnsResponse("pacs.hospital.example", {{1, 300, FromHex("c6336407")}}));
  inspector_.Learn(TcpPacket({.server = 0x08080808, .server_port = 53}, false, 1, message));
  EXPECT_EQ(Flow(&inspector_).guess().category, Category::kHlt);
  EXPECT_EQ(inspector_.dns_counters().learned, 1u);
}

// What is foreseen changes nothing, whether all of it finds room or not, and whether or not all of
// it is shown to Learn.
TEST_F(InspectorTest, LearningIsTheSameWhenItWasForeseen) {
  constexpr size_t kAnswers = 32;
  std::vector<Buffer> messages;
  for (uint8_t i = 0; i < kAnswers; ++i) {
    std::vector<DnsAnswer> answers;
    for (uint8_t a = 0; a < i % 7; ++a) answers.push_back({1, 300, {10, 0, i, a}});
    messages.push_back(DnsResponse("h" + std::to_string(i) + ".hospital.example", answers));
  }
  messages[3].resize(messages[3].size() - 3);  // its last address is cut off
  messages[4] = DnsQuery("not.an.answer.example");
  std::vector<Packet> burst;
  for (const Buffer& message : messages) {
    burst.push_back(UdpPacket({.server_port = 53}, /*from_client=*/false, message));
  }
  burst[20].icmp_error = true;  // cannot teach

  Inspector plain(&Rules());
  for (size_t round = 0; round < 2; ++round) {
    inspector_.Foresee(burst);
    for (size_t i = 0; i < burst.size(); ++i) {
      if (round == 1 && i % 5 == 2) continue;
      inspector_.Learn(burst[i]);
      plain.Learn(burst[i]);
    }
  }
  EXPECT_GT(plain.dns_counters().learned, 64u);
  EXPECT_EQ(inspector_.dns_counters().learned, plain.dns_counters().learned);
  for (uint8_t i = 0; i < kAnswers; ++i) {
    for (uint8_t a = 0; a < 7; ++a) {
      const uint32_t server = uint32_t{10} << 24 | uint32_t{i} << 8 | a;
      Flow foreseen(&inspector_, {.server = server});
      Flow learned(&plain, {.server = server});
      EXPECT_EQ(foreseen.guess().category, learned.guess().category) << int{i} << ' ' << int{a};
      EXPECT_EQ(foreseen.guess().confidence, learned.guess().confidence);
    }
  }
}

}  // namespace
}  // namespace borderflow
