#include "dataplane/inspect/inspector.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <optional>
#include <random>
#include <tuple>

#include "dataplane/inspect/slot_pool.h"
#include "tests/dataplane/inspect/inspected_flow.h"
#include "tests/dataplane/inspect/wire.h"

namespace borderflow {
namespace {

using testing::ElementsAre;

const NameRules& Rules() {
  static const NameRules* rules = [] {
    auto parsed = NameRules::Parse(
        "hospital.example,HLT,80,Hospital\n"
        "cloud.example,DBX,50,Shared hosting\n"
        "cloudflare-ech.com,INF,50,Outer name\n",
        "test.csv");
    return new NameRules(std::move(parsed).value());
  }();
  return *rules;
}

using Flow = InspectedFlow;

constexpr auto kMore = Inspection::State::kMore;
constexpr auto kForNow = Inspection::State::kForNow;
constexpr auto kDecided = Inspection::State::kDecided;
constexpr auto kStaying = Inspection::State::kStaying;

auto Says(Category category, Evidence evidence, int confidence, Protection protection,
          Protocol protocol, bool named) {
  return testing::AllOf(testing::Field(&Classification::category, category),
                        testing::Field(&Classification::evidence, evidence),
                        testing::Field(&Classification::confidence, confidence),
                        testing::Field(&Classification::protection, protection),
                        testing::Field(&Classification::protocol, protocol),
                        testing::Field(&Classification::named, named));
}

class InspectorTest : public testing::Test {
 protected:
  void Teach(const Ends& ends, const std::string& name, uint32_t ttl = 300) {
    Ends dns = ends;
    dns.server = 0x08080808;
    dns.server_port = 53;
    Buffer address;
    AppendNumber(&address, ends.server, 4);
    const Buffer message =
        DnsResponse(name, {{5, 60, DnsName("alias.example.net")}, {1, ttl, address}});
    inspector_.Learn(UdpPacket(dns, /*from_client=*/false, message));
  }

  Inspector inspector_{&Rules()};
};

// ---- Evidence

TEST_F(InspectorTest, NameWithARuleDecidesTheCategory) {
  Flow flow(&inspector_);
  EXPECT_EQ(flow.Client(TlsClientHello({.name = "PACS.Hospital.example"})), kDecided);
  EXPECT_THAT(flow.names(), ElementsAre("pacs.hospital.example"));
  EXPECT_THAT(flow.classification(), Says(Category::kHlt, Evidence::kName, 80,
                                          Protection::kEncrypted, Protocol::kTls, true));
  EXPECT_EQ(inspector_.CategoryOf("pacs.hospital.example"), Category::kHlt);
  EXPECT_EQ(flow.slot(), 0);
}

TEST_F(InspectorTest, NameWithoutARuleIsEncryptedUnknownButNamed) {
  Flow flow(&inspector_);
  EXPECT_EQ(flow.Client(TlsClientHello({.name = "www.example.org"})), kDecided);
  EXPECT_THAT(flow.classification(), Says(Category::kEnc, Evidence::kProtocol, 95,
                                          Protection::kEncrypted, Protocol::kTls, true));
}

TEST_F(InspectorTest, HelloWithoutNameTakesTheNameThatItsClientAskedFor) {
  Teach({}, "pacs.hospital.example");
  Flow flow(&inspector_);
  EXPECT_EQ(flow.Client(TlsClientHello({})), kDecided);
  EXPECT_THAT(flow.names(), ElementsAre());
  EXPECT_THAT(flow.classification(), Says(Category::kHlt, Evidence::kName, 70,
                                          Protection::kEncrypted, Protocol::kTls, true));
  Flow other(&inspector_, {.client = 0xc0000299});
  EXPECT_EQ(other.Client(TlsClientHello({})), kForNow) << "the certificate may name it";
  EXPECT_THAT(other.classification(), Says(Category::kEnc, Evidence::kProtocol, 95,
                                           Protection::kEncrypted, Protocol::kTls, false));
}

TEST_F(InspectorTest, DnsNameEndsWithItsTtl) {
  Teach({}, "pacs.hospital.example", 60);
  Flow flow(&inspector_);
  flow.Later(60'000'000'000);
  flow.Client(TlsClientHello({}));
  EXPECT_FALSE(flow.classification().named);
}

TEST_F(InspectorTest, OuterNameOfEncryptedHelloIsCountedAndKept) {
  Flow flow(&inspector_);
  EXPECT_EQ(flow.Client(TlsClientHello({.name = "cloudflare-ech.com", .ech = true})), kDecided);
  EXPECT_THAT(flow.names(), ElementsAre("cloudflare-ech.com"));
  EXPECT_EQ(flow.classification().category, Category::kInf);
  EXPECT_EQ(inspector_.counters().ech_outer, 1u);
  // The extension alone proves nothing, nor does the name.
  Flow greased(&inspector_);
  greased.Client(TlsClientHello({.name = "www.example.org", .ech = true}));
  Flow bare(&inspector_);
  bare.Client(TlsClientHello({.name = "cloudflare-ech.com"}));
  EXPECT_EQ(inspector_.counters().ech_outer, 1u);
}

TEST_F(InspectorTest, GuessIsTheDnsNameElseThePortElseNothing) {
  Flow web(&inspector_, {.server_port = 104});
  EXPECT_THAT(web.guess(), Says(Category::kHlt, Evidence::kPort, 30, Protection::kUnknown,
                                Protocol::kDicom, false));
  Flow odd(&inspector_, {.server_port = 49999});
  EXPECT_THAT(odd.guess(), Says(Category::kUnk, Evidence::kNone, 0, Protection::kUnknown,
                                Protocol::kNone, false));
  Teach({}, "db.cloud.example");
  EXPECT_THAT(odd.guess(), Says(Category::kDbx, Evidence::kName, 40, Protection::kUnknown,
                                Protocol::kNone, true));
  // Seen from the server's side it is the same flow.
  EXPECT_EQ(inspector_.Guess(TcpPacket({.server_port = 49999}, false, 0, {}), false), odd.guess());
}

TEST_F(InspectorTest, ProtocolsWithoutPortsAreDecidedAtOnceByTheirNumber) {
  const Buffer quote = TlsClientHello({.name = "quoted.example"});
  for (const auto& [number, protocol] :
       {std::pair{1, Protocol::kIcmp}, {50, Protocol::kEsp}, {89, Protocol::kOspf}}) {
    Packet packet = UdpPacket({.client_port = 0, .server_port = 0}, true, quote);
    packet.key.protocol = static_cast<uint8_t>(number);
    packet.icmp_error = number == 1;
    SlotHandle slot = 0;
    const Inspection inspection = inspector_.Inspect(packet, true, &slot);
    EXPECT_EQ(inspection.state, kDecided);
    EXPECT_EQ(inspection.name, "");
    EXPECT_EQ(inspection.classification.protocol, protocol);
    EXPECT_EQ(inspection.classification.evidence, Evidence::kPort);
    EXPECT_FALSE(inspection.classification.named);
  }
}

TEST_F(InspectorTest, SshIsRemoteAccessByItsBanner) {
  Flow flow(&inspector_);
  EXPECT_EQ(flow.Server(FromText("SSH-2.0-server\r\n")), kDecided);
  EXPECT_THAT(flow.classification(), Says(Category::kRem, Evidence::kProtocol, 95,
                                          Protection::kEncrypted, Protocol::kSsh, false));
}

// ---- TLS in segments

// Every way of cutting a hello in pieces and sending them: in order, backwards, shuffled, each
// twice.
enum class Order { kForward, kBackward, kShuffled, kRepeated };
class SplitHello : public testing::TestWithParam<std::tuple<size_t, Order, size_t>> {};

TEST_P(SplitHello, YieldsItsName) {
  const auto [size, order, key_share] = GetParam();
  Inspector inspector(&Rules());
  Flow flow(&inspector);
  const Buffer hello =
      TlsClientHello({.name = "split.example", .name_last = true, .key_share_bytes = key_share});
  std::vector<size_t> pieces;
  for (size_t at = 0; at < hello.size(); at += size) pieces.push_back(at);
  if (order == Order::kBackward) std::reverse(pieces.begin(), pieces.end());
  if (order == Order::kShuffled) std::shuffle(pieces.begin(), pieces.end(), std::mt19937(5));
  for (const size_t at : pieces) {
    const uint32_t sequence = 0xffffff80 + static_cast<uint32_t>(at);
    const Buffer piece = Slice(hello, at, at + size);
    Inspection::State state = flow.Tcp(true, sequence, piece);
    if (order == Order::kRepeated && state == kMore) state = flow.Tcp(true, sequence, piece);
    if (state == kDecided) break;
  }
  EXPECT_THAT(flow.names(), ElementsAre("split.example"));
  EXPECT_EQ(flow.slot(), 0);
  EXPECT_EQ(inspector.counters().overlaps_conflicting, 0u);
}

INSTANTIATE_TEST_SUITE_P(Forward, SplitHello,
                         testing::Combine(testing::Values(1, 2, 40, 100, 200, 1360),
                                          testing::Values(Order::kForward, Order::kRepeated),
                                          testing::Values(32, 1216, 9000)));
// What comes before its own start can be held for 2 KiB and 32 gaps.
INSTANTIATE_TEST_SUITE_P(OutOfOrder, SplitHello,
                         testing::Combine(testing::Values(100, 200, 536),
                                          testing::Values(Order::kBackward, Order::kShuffled),
                                          testing::Values(32, 1216)));

TEST_F(InspectorTest, JunkOnTheHandshakesAckDoesNotHideTheHello) {
  Flow flow(&inspector_);
  EXPECT_EQ(flow.Tcp(true, 1000, FromHex("0000")), kMore);
  EXPECT_EQ(flow.Tcp(true, 1000, TlsClientHello({.name = "behind.example"})), kDecided);
  EXPECT_THAT(flow.names(), ElementsAre("behind.example"));
}

TEST_F(InspectorTest, JunkOnTheHandshakesAckDoesNotHideASplitHello) {
  Flow flow(&inspector_);
  const Buffer hello = TlsClientHello({.name = "behind.example", .name_last = true});
  EXPECT_EQ(flow.Tcp(true, 1000, FromHex("0000")), kMore);
  EXPECT_EQ(flow.Tcp(true, 1000, Slice(hello, 0, 100)), kMore);
  EXPECT_EQ(flow.Tcp(true, 1100, Slice(hello, 100, hello.size())), kDecided);
  EXPECT_THAT(flow.names(), ElementsAre("behind.example"));
}

TEST_F(InspectorTest, FirstCopyWinsAndTheConflictIsCounted) {
  Flow flow(&inspector_);
  const Buffer hello = TlsClientHello({.name = "first.example", .name_last = true});
  EXPECT_EQ(flow.Tcp(true, 0, Slice(hello, 0, 100)), kMore);
  EXPECT_EQ(flow.Tcp(true, 50, Buffer(50, 0xee)), kMore);
  EXPECT_EQ(flow.Tcp(true, 100, Slice(hello, 100, hello.size())), kDecided);
  EXPECT_THAT(flow.names(), ElementsAre("first.example"));
  EXPECT_EQ(inspector_.counters().overlaps_conflicting, 1u);
}

TEST_F(InspectorTest, IncompleteHelloIsRecognisedAsTls) {
  Flow flow(&inspector_);
  const Buffer hello = TlsClientHello({.name = "cut.example", .name_last = true});
  EXPECT_EQ(flow.recognised(), std::nullopt);
  flow.Client(Slice(hello, 0, 100));
  ASSERT_TRUE(flow.recognised().has_value());
  EXPECT_THAT(*flow.recognised(), Says(Category::kEnc, Evidence::kProtocol, 95,
                                       Protection::kEncrypted, Protocol::kTls, false));
  inspector_.Release(flow.slot());
  EXPECT_EQ(flow.recognised(), std::nullopt);
}

TEST_F(InspectorTest, HeldBytesAreDroppedWithAgeButTheProtocolStays) {
  Flow flow(&inspector_);
  const Buffer hello = TlsClientHello({.name = "late.example", .name_last = true});
  flow.Client(Slice(hello, 0, 100));
  flow.Later(11'000'000'000);
  EXPECT_EQ(flow.Client(Slice(hello, 100, hello.size())), kMore);
  EXPECT_EQ(inspector_.counters().slots_expired, 1u);
  EXPECT_EQ(flow.recognised()->protocol, Protocol::kTls);
}

TEST_F(InspectorTest, ServersFirstFlightAloneIsTlsAndAClientHelloMayFollow) {
  Flow flow(&inspector_);
  EXPECT_EQ(flow.Server(FromHex("160303 0040 02000036 0303")), kMore);
  EXPECT_EQ(flow.recognised()->protocol, Protocol::kTls);
  EXPECT_EQ(flow.Client(TlsClientHello({.name = "late.example"})), kDecided);
  EXPECT_THAT(flow.names(), ElementsAre("late.example"));
}

TEST_F(InspectorTest, ApplicationDataIsTlsAtOnce) {
  Flow flow(&inspector_);
  EXPECT_EQ(flow.Client(FromHex("170303 0100 aabbccdd")), kDecided);
  EXPECT_EQ(flow.classification().category, Category::kEnc);
}

TEST_F(InspectorTest, HelloBehindAnyPreambleIsFound) {
  const struct {
    const char* what;
    std::vector<std::pair<bool, Buffer>> preamble;  // from the client?
    Protocol around = Protocol::kTls;
    std::vector<std::string> names = {"inner.example"};
  } kCases[] = {
      {"PROXY line", {{true, FromText("PROXY TCP4 192.0.2.1 192.0.2.2 1 443\r\n")}}},
      {"SOCKS 5",
       {{true, FromHex("050100")},
        {false, FromHex("0500")},
        {true, FromHex("05010003 0b 6578616d706c652e6f7267 01bb")},
        {false, FromHex("05000001 00000000 0000")}},
       Protocol::kTls,
       {"example.org", "inner.example"}},
      {"RDP",
       {{true, FromHex("03000013 0ee000000000000100080003000000")},
        {false, FromHex("03000013 0ed000001234000200080002000000")}},
       Protocol::kRdp},
      {"PostgreSQL",
       {{true, FromHex("00000008 04d2162f")}, {false, FromText("S")}},
       Protocol::kPostgresql},
      {"SMTP",
       {{false, FromText("220 mail.example ESMTP\r\n")},
        {true, FromText("EHLO client.example\r\n")},
        {false, FromText("250-mail.example\r\n250 STARTTLS\r\n")},
        {true, FromText("STARTTLS\r\n")},
        {false, FromText("220 go ahead\r\n")}},
       Protocol::kSmtp},
      {"IMAP",
       {{false, FromText("* OK ready\r\n")},
        {true, FromText("a STARTTLS\r\n")},
        {false, FromText("a OK begin\r\n")}},
       Protocol::kImap},
      {"POP3",
       {{false, FromText("+OK\r\n")}, {true, FromText("STLS\r\n")}, {false, FromText("+OK\r\n")}},
       Protocol::kPop3},
  };
  for (const bool split : {false, true}) {
    for (const auto& test : kCases) {
      Flow flow(&inspector_);
      for (const auto& [from_client, bytes] : test.preamble) {
        EXPECT_NE(from_client ? flow.Client(bytes) : flow.Server(bytes), kDecided) << test.what;
      }
      const Buffer hello = TlsClientHello({.name = "inner.example", .name_last = true});
      if (split) {
        EXPECT_NE(flow.Client(Slice(hello, 0, 90)), kDecided) << test.what;
        EXPECT_EQ(flow.Client(Slice(hello, 90, hello.size())), kDecided) << test.what;
      } else {
        EXPECT_EQ(flow.Client(hello), kDecided) << test.what;
      }
      EXPECT_EQ(flow.names(), test.names) << test.what;
      EXPECT_EQ(Name(flow.classification().protocol), Name(test.around)) << test.what;
      EXPECT_EQ(flow.classification().protection, Protection::kEncrypted) << test.what;
      EXPECT_EQ(flow.slot(), 0) << test.what;
    }
  }
}

TEST_F(InspectorTest, HelloInTheSameSegmentAsAProxyHeaderIsFound) {
  const Buffer hello = TlsClientHello({.name = "inner.example", .name_last = true});
  const Buffer version1 = FromText("PROXY TCP6 2001:db8::1 2001:db8::2 1 443\r\n");
  const Buffer version2 =
      FromHex("0d0a0d0a000d0a515549540a 21 11 000c c0000201 c0000202 0001 01bb");
  for (const Buffer& preamble : {version1, version2}) {
    Flow flow(&inspector_);
    EXPECT_EQ(flow.Client(Join({preamble, Slice(hello, 0, 80)})), kMore);
    EXPECT_EQ(flow.Client(Slice(hello, 80, hello.size())), kDecided);
    EXPECT_THAT(flow.names(), ElementsAre("inner.example"));
  }
}

TEST_F(InspectorTest, ConnectNamesItsTargetAndTheTunnelsHelloDecides) {
  Flow flow(&inspector_);
  EXPECT_EQ(flow.Client(FromText("CONNECT a.cloud.example:443 HTTP/1.1\r\n\r\n")), kMore);
  EXPECT_THAT(flow.names(), ElementsAre("a.cloud.example"));
  EXPECT_THAT(*flow.recognised(), Says(Category::kDbx, Evidence::kName, 50, Protection::kCleartext,
                                       Protocol::kHttp, true));
  EXPECT_EQ(flow.Server(FromText("HTTP/1.1 200 Connection established\r\n\r\n")), kMore);
  EXPECT_EQ(flow.Client(TlsClientHello({.name = "pacs.hospital.example"})), kDecided);
  EXPECT_THAT(flow.classification(), Says(Category::kHlt, Evidence::kName, 80,
                                          Protection::kEncrypted, Protocol::kTls, true));
}

TEST_F(InspectorTest, UnrecognisedStreamHoldsNothingOfTheServer) {
  Flow flow(&inspector_);
  EXPECT_EQ(flow.Server(Buffer(1400, 0x99)), kMore);
  EXPECT_EQ(flow.slot(), 0);
}

TEST_F(InspectorTest, EndlessHelloIsGivenUpAt16KiB) {
  Flow flow(&inspector_);
  Buffer hello =
      TlsClientHello({.name = "far.example", .name_last = true, .key_share_bytes = 17000});
  size_t at = 0;
  while (at + 1360 <= 16384) {
    ASSERT_EQ(flow.Client(Slice(hello, at, at + 1360)), kMore);
    at += 1360;
  }
  EXPECT_EQ(flow.Client(Slice(hello, at, at + 1360)), kDecided);
  EXPECT_THAT(flow.classification(), Says(Category::kEnc, Evidence::kProtocol, 95,
                                          Protection::kEncrypted, Protocol::kTls, false));
  EXPECT_EQ(flow.slot(), 0);
  EXPECT_EQ(inspector_.counters().hello_too_long, 1u);
}

TEST_F(InspectorTest, UnrecognisedStreamIsLetGo) {
  for (const auto& [size, packets] : {std::pair{10, 32}, {1400, 2}}) {
    Flow flow(&inspector_);
    for (int i = 0; i < packets; ++i) {
      EXPECT_EQ(flow.Client(Buffer(static_cast<size_t>(size), 0x99)), kMore);
    }
    EXPECT_EQ(flow.slot(), 0) << "or the worker would show its packets for ever";
  }
  EXPECT_EQ(inspector_.counters().hello_too_long, 0u);
}

TEST_F(InspectorTest, ThousandsOfUnrecognisedFlowsAreNoOverflow) {
  for (uint32_t i = 0; i < 20000; ++i) {
    Flow flow(&inspector_,
              {.client = 0x0a000000 + i, .time_ns = 1'000'000'000'000 + i * uint64_t{1'000'000}});
    flow.Client(Buffer(100, 0x99));
  }
  EXPECT_EQ(inspector_.counters().slots_exhausted, 0u);
}

TEST_F(InspectorTest, RecognisedFlowWithoutNameIsDecidedAfterEightPackets) {
  Flow flow(&inspector_);
  for (int i = 1; i < kInspectPackets; ++i) {
    EXPECT_EQ(flow.Server(FromText("HTTP/1.1 200 OK\r\n\r\n")), kMore);
  }
  EXPECT_EQ(flow.Server(FromText("HTTP/1.1 200 OK\r\n\r\n")), kDecided);
  EXPECT_EQ(flow.classification().protocol, Protocol::kHttp);
  EXPECT_EQ(flow.slot(), 0);
}

TEST_F(InspectorTest, HelloThatStallsIsDecidedWithoutItsName) {
  Flow flow(&inspector_);
  const Buffer hello = TlsClientHello({.name = "lost.example", .name_last = true});
  flow.Client(Slice(hello, 0, 100));
  int packets = 0;
  while (flow.Server(Buffer(1400, 0x99)) == kMore) ASSERT_LT(++packets, 64);
  EXPECT_EQ(flow.classification().protocol, Protocol::kTls);
  EXPECT_EQ(flow.slot(), 0);
}

// ---- HTTP

TEST_F(InspectorTest, RequestIsDecidedByItsHost) {
  Flow flow(&inspector_);
  EXPECT_EQ(flow.Client(FromText("GET /x HTTP/1.1\r\nHost: Pacs.Hospital.example:80\r\n\r\n")),
            kForNow);
  EXPECT_THAT(flow.names(), ElementsAre("pacs.hospital.example"));
  EXPECT_THAT(flow.classification(), Says(Category::kHlt, Evidence::kName, 80,
                                          Protection::kCleartext, Protocol::kHttp, true));
}

TEST_F(InspectorTest, RequestToAHostWithoutARuleIsUnclassifiedButNamed) {
  Flow flow(&inspector_);
  EXPECT_EQ(flow.Client(FromText("GET /x HTTP/1.1\r\nHost: odd.example\r\n\r\n")), kForNow);
  EXPECT_THAT(flow.classification(), Says(Category::kUnk, Evidence::kNone, 0,
                                          Protection::kCleartext, Protocol::kHttp, true));
}

TEST_F(InspectorTest, RequestInSegmentsOfOneByteYieldsItsHost) {
  Flow flow(&inspector_);
  for (const char c : std::string_view("GET / HTTP/1.1\r\nHost: slow.example\r\n")) {
    flow.Client({static_cast<uint8_t>(c)});
  }
  EXPECT_THAT(flow.names(), ElementsAre("slow.example"));
  EXPECT_EQ(flow.last().state, kForNow);
}

TEST_F(InspectorTest, ResponseFirstIsHttpAndALaterRequestNamesIt) {
  Flow flow(&inspector_);
  EXPECT_EQ(flow.Server(FromText("HTTP/1.1 200 OK\r\n\r\n")), kMore);
  EXPECT_THAT(*flow.recognised(), Says(Category::kUnk, Evidence::kNone, 0, Protection::kCleartext,
                                       Protocol::kHttp, false));
  EXPECT_EQ(flow.Client(FromText("GET / HTTP/1.1\r\nHost: next.example\r\n\r\n")), kForNow);
  EXPECT_THAT(flow.names(), ElementsAre("next.example"));
}

// ---- DNS

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

// ---- QUIC and DTLS

Buffer Hello(const std::string& name, size_t key_share = 32) {
  return ClientHelloMessage({.name = name, .name_last = true, .key_share_bytes = key_share});
}

TEST_F(InspectorTest, OneInitialNamesTheFlow) {
  for (const uint32_t version : {1u, 0x6b3343cfu, 0xff00001du}) {
    Flow flow(&inspector_);
    EXPECT_EQ(flow.Udp(QuicInitial({.version = version},
                                   CryptoFrameBytes(0, Hello("pacs.hospital.example")))),
              kDecided);
    EXPECT_THAT(flow.names(), ElementsAre("pacs.hospital.example"));
    EXPECT_THAT(flow.classification(), Says(Category::kHlt, Evidence::kName, 80,
                                            Protection::kEncrypted, Protocol::kQuic, true));
  }
}

TEST_F(InspectorTest, HelloOverSeveralInitialsInAnyOrderIsJoined) {
  const Buffer hello = Hello("post.quantum.example", 1216);
  const Buffer first = QuicInitial({.number = 0}, CryptoFrameBytes(0, Slice(hello, 0, 1000)));
  // The server has answered: the second Initial carries its connection id, under the first's keys.
  const Buffer second = QuicInitial({.connection_id = FromHex("5e57e5"),
                                     .key_connection_id = FromHex("8394c8f03e515708"),
                                     .number = 1},
                                    CryptoFrameBytes(1000, Slice(hello, 1000, hello.size())));
  Flow flow(&inspector_);
  EXPECT_EQ(flow.Udp(first), kMore);
  EXPECT_EQ(flow.recognised()->protocol, Protocol::kQuic);
  EXPECT_EQ(flow.Udp(Buffer(1200, 0xcc), /*from_client=*/false), kMore);
  EXPECT_EQ(flow.Udp(second), kDecided);
  EXPECT_THAT(flow.names(), ElementsAre("post.quantum.example"));

  const Buffer late_first = QuicInitial({.number = 1}, CryptoFrameBytes(0, Slice(hello, 0, 1000)));
  const Buffer early_second =
      QuicInitial({.number = 0}, CryptoFrameBytes(1000, Slice(hello, 1000, hello.size())));
  Flow swapped(&inspector_);
  EXPECT_EQ(swapped.Udp(early_second), kMore);
  EXPECT_EQ(swapped.Udp(late_first), kDecided);
  EXPECT_THAT(swapped.names(), ElementsAre("post.quantum.example"));
}

TEST_F(InspectorTest, ShuffledCryptoFramesBetweenPaddingAreJoined) {
  const Buffer hello = Hello("chaos.example");
  std::vector<Buffer> frames;
  for (size_t at = 0; at < hello.size(); at += 13) {
    frames.push_back(CryptoFrameBytes(at, Slice(hello, at, at + 13)));
    frames.push_back(FromHex("01 0000"));
  }
  std::shuffle(frames.begin(), frames.end(), std::mt19937(11));
  Flow flow(&inspector_);
  EXPECT_EQ(flow.Udp(QuicInitial({}, Join(frames))), kDecided);
  EXPECT_THAT(flow.names(), ElementsAre("chaos.example"));
}

TEST_F(InspectorTest, CoalescedInitialsAreBothRead) {
  const Buffer hello = Hello("pair.example");
  const Buffer datagram =
      Join({QuicInitial({.pad_to = 0}, CryptoFrameBytes(0, Slice(hello, 0, 90))),
            QuicInitial({.number = 3, .pad_to = 0},
                        CryptoFrameBytes(90, Slice(hello, 90, hello.size())))});
  Flow flow(&inspector_);
  EXPECT_EQ(flow.Udp(datagram), kDecided);
  EXPECT_THAT(flow.names(), ElementsAre("pair.example"));
}

TEST_F(InspectorTest, InitialAfterRetryIsOpenedWithItsOwnConnectionId) {
  const Buffer hello = Hello("retried.example", 1216);
  Flow flow(&inspector_);
  EXPECT_EQ(flow.Udp(QuicInitial({}, CryptoFrameBytes(0, Slice(hello, 0, 900)))), kMore);
  EXPECT_EQ(flow.Udp(FromHex("f0 00000001 00 04 01020304 aabb"), /*from_client=*/false), kMore);
  const InitialOptions retried = {.connection_id = FromHex("01020304"), .token = FromHex("aabb")};
  EXPECT_EQ(flow.Udp(QuicInitial(retried, CryptoFrameBytes(0, Slice(hello, 0, 900)))), kMore);
  EXPECT_EQ(flow.Udp(QuicInitial(retried, CryptoFrameBytes(900, Slice(hello, 900, hello.size())))),
            kDecided);
  EXPECT_THAT(flow.names(), ElementsAre("retried.example"));
}

TEST_F(InspectorTest, GreasedVersionAndItsNegotiationAreFollowedByTheRealHello) {
  Flow flow(&inspector_);
  Buffer greased = FromHex("c0 1a2a3a4a 08 8394c8f03e515708 00");
  greased.resize(1200, 0x33);
  EXPECT_EQ(flow.Udp(greased), kMore);
  EXPECT_EQ(flow.Udp(FromHex("c0 00000000 00 08 8394c8f03e515708 00000001"), false), kMore);
  EXPECT_EQ(flow.recognised()->category, Category::kEnc);
  EXPECT_EQ(flow.Udp(QuicInitial({}, CryptoFrameBytes(0, Hello("real.example")))), kDecided);
  EXPECT_THAT(flow.names(), ElementsAre("real.example"));
}

TEST_F(InspectorTest, InitialUnderForeignKeysIsCountedAndStaysEncrypted) {
  Flow flow(&inspector_);
  EXPECT_EQ(flow.Udp(QuicInitial({.connection_id = FromHex("5e57e5"),
                                  .key_connection_id = FromHex("8394c8f03e515708")},
                                 CryptoFrameBytes(0, Hello("x.example")))),
            kMore);
  EXPECT_EQ(inspector_.counters().quic_undecryptable, 1u);
  EXPECT_THAT(*flow.recognised(), Says(Category::kEnc, Evidence::kProtocol, 95,
                                       Protection::kEncrypted, Protocol::kQuic, false));
}

TEST_F(InspectorTest, FragmentedDtlsHelloIsJoined) {
  const Buffer body = ClientHelloBody({.name = "d.example", .name_last = true, .dtls = true});
  Flow flow(&inspector_);
  EXPECT_EQ(flow.Udp(DtlsFragment(body, 100, body.size())), kMore);
  EXPECT_EQ(flow.recognised()->protocol, Protocol::kDtls);
  EXPECT_EQ(flow.Udp(DtlsFragment(body, 0, 100)), kDecided);
  EXPECT_THAT(flow.names(), ElementsAre("d.example"));
  EXPECT_EQ(flow.classification().protocol, Protocol::kDtls);
  Flow whole(&inspector_);
  EXPECT_EQ(whole.Udp(DtlsFragment(body, 0, body.size())), kDecided);
  EXPECT_THAT(whole.names(), ElementsAre("d.example"));
}

// ---- Slots

TEST_F(InspectorTest, SlotsThatAreTakenAwayAreCountedAndHarmNobody) {
  const Buffer hello = TlsClientHello({.name = "many.example", .name_last = true});
  std::vector<Flow> flows;
  for (uint32_t i = 0; i < 5000; ++i)
    flows.emplace_back(&inspector_, Ends{.client = 0x0a000000 + i});
  for (Flow& flow : flows) EXPECT_EQ(flow.Client(Slice(hello, 0, 100)), kMore);
  EXPECT_EQ(inspector_.counters().slots_exhausted, 5000u - kMaxSlots);
  size_t named = 0;
  for (Flow& flow : flows) {
    flow.Client(Slice(hello, 100, hello.size()));
    for (const std::string& name : flow.names()) EXPECT_EQ(name, "many.example");
    named += flow.names().size();
  }
  EXPECT_GT(named, 0u);
}

TEST_F(InspectorTest, HandleOfAnotherFlowIsNotTrusted) {
  const Buffer hello = TlsClientHello({.name = "mine.example", .name_last = true});
  Flow mine(&inspector_), other(&inspector_, {.client = 0x0a000001});
  mine.Client(Slice(hello, 0, 100));
  *other.mutable_slot() = mine.slot();
  EXPECT_EQ(other.Client(Slice(hello, 100, hello.size())), kMore);
  EXPECT_NE(other.slot(), mine.slot());
  EXPECT_EQ(mine.Client(FromHex("00")), kMore);
}

}  // namespace
}  // namespace borderflow
