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

}  // namespace
}  // namespace borderflow
