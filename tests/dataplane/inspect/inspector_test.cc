// The inspector as a whole: what decides, and the pool of slots.
#include <vector>

#include "dataplane/inspect/slot_pool.h"
#include "tests/dataplane/inspect/inspector_fixture.h"

namespace borderflow {
namespace {

using testing::ElementsAre;

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
