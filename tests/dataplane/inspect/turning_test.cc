// Flows that change: STARTTLS in every protocol that has it, weak signatures that wait for proof,
// certificates, proxies.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "dataplane/inspect/certificate.h"
#include "dataplane/inspect/flow_note.h"
#include "tests/dataplane/inspect/inspected_flow.h"

namespace borderflow {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

constexpr auto kMore = Inspection::State::kMore;
constexpr auto kForNow = Inspection::State::kForNow;
constexpr auto kDecided = Inspection::State::kDecided;

class TurningTest : public testing::Test {
 protected:
  Inspector inspector_{&NameRules::BuiltIn()};
};

struct StartTls {
  Protocol protocol;
  Category category_before;
  Protection protection_before;
  std::vector<std::pair<bool, Buffer>> clear;  // from the client?
  Category category_after;
};

std::vector<StartTls> AllStartTls() {
  constexpr auto kCom = Category::kCom;
  constexpr auto kDbx = Category::kDbx;
  constexpr auto kClear = Protection::kCleartext;
  constexpr auto kUnsaid = Protection::kUnknown;
  Buffer mysql = Join({Slice(Raw("\0\0\0\0\x0a"), 0, 5), Raw("8.0.36\0"), Buffer(60, 0)});
  mysql[0] = static_cast<uint8_t>(mysql.size() - 4);
  return {
      {Protocol::kSmtp,
       kCom,
       kClear,
       {{false, FromText("220 mx.example ESMTP\r\n")},
        {true, FromText("STARTTLS\r\n")},
        {false, FromText("220 ready\r\n")}},
       kCom},
      {Protocol::kImap,
       kCom,
       kClear,
       {{false, FromText("* OK IMAP4rev1\r\n")},
        {true, FromText("a STARTTLS\r\n")},
        {false, FromText("a OK\r\n")}},
       kCom},
      {Protocol::kPop3,
       kCom,
       kClear,
       {{false, FromText("+OK ready\r\n")},
        {true, FromText("STLS\r\n")},
        {false, FromText("+OK\r\n")}},
       kCom},
      {Protocol::kFtp,
       Category::kUnk,
       kClear,
       {{false, FromText("220 FTP server\r\n")},
        {true, FromText("AUTH TLS\r\n")},
        {false, FromText("234 go\r\n")}},
       Category::kEnc},
      {Protocol::kXmpp,
       kCom,
       kClear,
       {{true, FromText("<stream:stream to='example.org'>")},
        {false, FromText("<stream:stream><stream:features/>")},
        {true, FromText("<starttls xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>")},
        {false, FromText("<proceed xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>")}},
       kCom},
      {Protocol::kLdap,
       Category::kAuth,
       kClear,
       {{true, Join({FromHex("30 1d 020101 77 18 80 16"), FromText("1.3.6.1.4.1.1466.20037")})},
        {false, FromHex("30 0c 020101 78 07 0a0100 0400 0400")}},
       Category::kAuth},
      {Protocol::kPostgresql,
       kDbx,
       kClear,
       {{true, FromHex("00000008 04d2162f")}, {false, FromText("S")}},
       kDbx},
      {Protocol::kMysql,
       kDbx,
       kClear,
       {{false, mysql}, {true, Join({FromHex("20000001 85aeff19"), Buffer(28, 0)})}},
       kDbx},
      {Protocol::kRdp,
       Category::kRem,
       kUnsaid,
       {{true, FromHex("03000013 0e e0 0000 0000 00 01 00 0800 03000000")},
        {false, FromHex("03000013 0e d0 0000 1234 00 02 00 0800 02000000")}},
       Category::kRem},
  };
}

TEST_F(TurningTest, StartTlsTurnsProtectionAndNamesTheInnerHello) {
  for (const StartTls& test : AllStartTls()) {
    for (const bool split : {false, true}) {
      SCOPED_TRACE(Name(test.protocol));
      InspectedFlow flow(&inspector_);
      bool first = true;
      for (const auto& [from_client, bytes] : test.clear) {
        const auto state = from_client ? flow.Client(bytes) : flow.Server(bytes);
        EXPECT_EQ(state, first ? kForNow : kMore);
        if (first) {
          EXPECT_EQ(flow.classification().protocol, test.protocol);
          EXPECT_EQ(flow.classification().category, test.category_before);
          EXPECT_EQ(flow.classification().protection, test.protection_before);
        }
        first = false;
      }
      const Buffer hello = TlsClientHello({.name = "inner.example", .name_last = true});
      if (split) {
        EXPECT_EQ(flow.Client(Slice(hello, 0, 90)), kForNow);
        EXPECT_EQ(flow.classification().protection, Protection::kEncrypted)
            << "from the first frame of the handshake on";
        EXPECT_THAT(flow.names(), IsEmpty());
      }
      EXPECT_EQ(flow.Client(split ? Slice(hello, 90, hello.size()) : hello), kDecided);
      EXPECT_THAT(flow.names(), ElementsAre("inner.example"));
      EXPECT_EQ(flow.classification().protocol, test.protocol);
      EXPECT_EQ(flow.classification().category, test.category_after);
      EXPECT_EQ(flow.classification().protection, Protection::kEncrypted);
      EXPECT_TRUE(flow.classification().named);
      EXPECT_EQ(flow.slot(), 0);
    }
  }
}

TEST_F(TurningTest, HelloInsideTdsIsFoundBehindItsHeader) {
  InspectedFlow flow(&inspector_);
  const Buffer prelogin =
      SizedBig(FromHex("1201 0000 0000 01 00 00 000b 0006 01 0011 0001 ff 0f0007d00000 00"), 2, 2);
  EXPECT_EQ(flow.Client(prelogin), kForNow);
  const Buffer hello = TlsClientHello({.name = "sql.example"});
  EXPECT_EQ(flow.Client(Join({FromHex("1201 0000 0000 00 00"), hello})), kDecided);
  EXPECT_THAT(flow.names(), ElementsAre("sql.example"));
  EXPECT_EQ(flow.classification().protocol, Protocol::kTds);
  EXPECT_EQ(flow.classification().protection, Protection::kEncrypted);
}

TEST_F(TurningTest, SessionThatNeverTurnsIsLetGo) {
  InspectedFlow flow(&inspector_);
  EXPECT_EQ(flow.Server(FromText("220 mx.example ESMTP\r\n")), kForNow);
  int shown = 0;
  while (flow.slot() != 0) {
    ASSERT_LT(++shown, 64);
    EXPECT_EQ(flow.Client(FromText("NOOP\r\n")), kMore);
  }
  EXPECT_EQ(shown, Turning::kMaxShown + 1);
}

TEST_F(TurningTest, HandshakeSeenFromTheServersSideTurnsAsWell) {
  InspectedFlow flow(&inspector_);
  flow.Server(FromText("220 mx.example ESMTP\r\n"));
  EXPECT_EQ(flow.Server(FromHex("160303 0050 0200004c 0303")), kDecided);
  EXPECT_EQ(flow.classification().protocol, Protocol::kSmtp);
  EXPECT_EQ(flow.classification().protection, Protection::kEncrypted);
}

// ---- Weak signatures

TEST_F(TurningTest, WeakSignatureWaitsForTheAnswer) {
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

TEST_F(TurningTest, ItsRegisteredPortIsProofForAWeakSignature) {
  InspectedFlow flow(&inspector_, {.server_port = 502});
  EXPECT_EQ(flow.Client(FromHex("0001 0000 0006 01 03 0000 000a")), kDecided);
  EXPECT_EQ(flow.classification().protocol, Protocol::kModbus);
  EXPECT_EQ(flow.classification().confidence, 70);
}

TEST_F(TurningTest, AnswerThatDoesNotFitRefutes) {
  InspectedFlow flow(&inspector_);
  flow.Client(FromHex("0001 0000 0006 01 03 0000 000a"));
  EXPECT_EQ(flow.Server(FromText("no such thing\r\n")), kMore);
  EXPECT_EQ(flow.Server(FromHex("0001 0000 0007 01 03 04 00010002")), kMore) << "begins anew";
}

TEST_F(TurningTest, CandidateIsGivenUpAfterAFewPackets) {
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

TEST_F(TurningTest, ThousandsOfCandidatesTakeNoSlots) {
  for (uint32_t i = 0; i < 20'000; ++i) {
    InspectedFlow flow(&inspector_, {.client = 0x0a000000 + i});
    flow.Udp(FromHex("40 01 7d34 bb 74656d7065726174757265"));
  }
  EXPECT_EQ(inspector_.counters().slots_exhausted, 0u);
}

TEST_F(TurningTest, SlowAnswerStillProves) {
  InspectedFlow flow(&inspector_);
  flow.Client(FromHex("0001 0000 0006 01 03 0000 000a"));
  flow.Later(5'000'000'000);  // what is held for reordering is dropped by then
  EXPECT_EQ(flow.Server(FromHex("0001 0000 0007 01 03 04 00010002")), kDecided);
}

TEST_F(TurningTest, HeaderAndBodyInSegmentsOfTheirOwnAreJoined) {
  InspectedFlow flow(&inspector_);
  EXPECT_EQ(flow.Client(FromHex("000f")), kMore);
  EXPECT_EQ(flow.Client(FromText("356307042441013")), kDecided);
  EXPECT_EQ(flow.classification().protocol, Protocol::kTracker);
}

// ---- RTP, STUN

Buffer RtpPacket(uint16_t number, uint32_t source) {
  Buffer packet = FromHex("8000");
  AppendNumber(&packet, number, 2);
  AppendNumber(&packet, 160u * number, 4);
  AppendNumber(&packet, source, 4);
  return Join({packet, Buffer(160, 0xd5)});
}

TEST_F(TurningTest, RtpIsKnownByItsContinuity) {
  InspectedFlow flow(&inspector_, {.server_port = 20'000});
  EXPECT_EQ(flow.Udp(RtpPacket(65535, 7)), kMore);
  EXPECT_EQ(flow.Udp(RtpPacket(900, 8), /*from_client=*/false), kMore) << "the other direction";
  EXPECT_EQ(flow.Udp(RtpPacket(0, 7)), kMore);
  EXPECT_EQ(flow.Udp(RtpPacket(2, 7)), kDecided) << "one packet was lost";
  EXPECT_EQ(flow.classification().protocol, Protocol::kRtp);
  EXPECT_EQ(flow.classification().confidence, 70);
}

TEST_F(TurningTest, DatagramsWithRtpsVersionButManySourcesAreNotRtp) {
  InspectedFlow flow(&inspector_, {.server_port = 20'000});
  for (uint32_t i = 0; i < 30; ++i) {
    EXPECT_EQ(flow.Udp(RtpPacket(static_cast<uint16_t>(i), 1000 + i)), kMore);
  }
}

TEST_F(TurningTest, StunIsForNowAndMediaFollow) {
  InspectedFlow flow(&inspector_, {.server_port = 20'000});
  EXPECT_EQ(flow.Udp(Join({FromHex("0001 0000 2112a442"), Buffer(12, 1)})), kForNow);
  EXPECT_EQ(flow.classification().protocol, Protocol::kStun);
  EXPECT_EQ(flow.Udp(DtlsFragment(ClientHelloBody({.name = "turn.example", .dtls = true}), 0, 400)),
            kDecided);
  EXPECT_EQ(flow.classification().protocol, Protocol::kDtls);
}

TEST_F(TurningTest, KeepalivesAloneStayStun) {
  InspectedFlow flow(&inspector_, {.server_port = 20'000});
  const Buffer ping = Join({FromHex("0001 0000 2112a442"), Buffer(12, 1)});
  EXPECT_EQ(flow.Udp(ping), kForNow);
  for (int i = 0; flow.slot() != 0; ++i) {
    ASSERT_LT(i, 64);
    EXPECT_EQ(flow.Udp(ping, i % 2 == 0), kMore) << i;
  }
}

// ---- SCTP

TEST_F(TurningTest, SctpIsWhatItsPayloadNumberSays) {
  const struct {
    const char* number;
    const char* data;
    Protocol protocol;
  } kCases[] = {
      {"00000003", "01000301 00000010 00060008 00000000", Protocol::kM3ua},
      {"00000002", "01000601 00000008 0000", Protocol::kM2ua},
      {"00000004", "01000301 00000008 0000", Protocol::kSua},
      {"00000005", "01000b01 00000008 0000", Protocol::kM2pa},
      {"00000012", "0011002d 000004", Protocol::kS1ap},
      {"0000001b", "0006002d 000004", Protocol::kX2ap},
      {"0000003c", "00150033 000004", Protocol::kNgap},
      {"0000003d", "00110033 000004", Protocol::kXnap},
      {"0000002e", "01000014 80000118 00000000 00000001 00000002", Protocol::kDiameter},
      {"00000000", "01000014 80000118 00000000 00000001 00000002", Protocol::kDiameter},
  };
  for (const auto& test : kCases) {
    Buffer chunk =
        Join({FromHex("00 03 0000 00000001 0001 0000"), FromHex(test.number), FromHex(test.data)});
    chunk[2] = 0;
    chunk[3] = static_cast<uint8_t>(chunk.size());
    const Buffer packet = Join({FromHex("03 00 0010 00000001 0000ffff 0000 0000"), chunk});
    Packet shown = UdpPacket({.server_port = 9999}, true, packet);
    shown.key.protocol = 132;
    SlotHandle slot = 0;
    const Inspection inspection = inspector_.Inspect(shown, true, &slot);
    EXPECT_EQ(inspection.state, kDecided);
    EXPECT_EQ(Name(inspection.classification.protocol), Name(test.protocol));
    EXPECT_EQ(inspection.classification.confidence, 95);
  }
}

TEST_F(TurningTest, SctpNumberThatItsDataContradictsIsNotBelieved) {
  for (const char* hex : {"00 03 0014 00000001 0001 0000 00000003 ffffffff",
                          "00 03 0014 00000001 0001 0000 0000003c ffffffff", "00 03 0000 00000001",
                          "01 00 0014 00000001 0001 0000 00000003 01000301"}) {
    const Buffer packet = FromHex(hex);
    Packet shown = UdpPacket({.server_port = 9999}, true, packet);
    shown.key.protocol = 132;
    SlotHandle slot = 0;
    EXPECT_EQ(inspector_.Inspect(shown, true, &slot).state, kMore) << hex;
  }
}

// ---- Certificates

Buffer Tlv(uint8_t tag, const Buffer& content) {
  Buffer element = {tag};
  if (content.size() < 128) {
    element.push_back(static_cast<uint8_t>(content.size()));
  } else {
    element.push_back(0x82);
    AppendNumber(&element, content.size(), 2);
  }
  return Join({element, content});
}

struct CertificateOptions {
  std::string common_name;
  std::vector<std::string> alternative_names = {};
  size_t key_bytes = 270;
};
Buffer Certificate(const CertificateOptions& options) {
  const Buffer algorithm = Tlv(0x30, FromHex("0609 2a864886f70d01010b 0500"));
  const auto name = [](const std::string& common) {
    return Tlv(0x30,
               Tlv(0x31, Tlv(0x30, Join({FromHex("0603 550403"), Tlv(0x0c, FromText(common))}))));
  };
  Buffer alternatives;
  for (const std::string& dns : options.alternative_names) {
    alternatives = Join({alternatives, Tlv(0x82, FromText(dns))});
  }
  Buffer extensions = Tlv(0x30, Join({FromHex("0603 551d13 0101ff"), Tlv(0x04, FromHex("3000"))}));
  if (!alternatives.empty()) {
    extensions =
        Join({extensions,
              Tlv(0x30, Join({FromHex("0603 551d11"), Tlv(0x04, Tlv(0x30, alternatives))}))});
  }
  const Buffer to_be_signed = Tlv(
      0x30, Join({Tlv(0xa0, FromHex("020102")), FromHex("0202 1234"), algorithm, name("Some CA"),
                  Tlv(0x30, Join({Tlv(0x17, FromText("260101000000Z")),
                                  Tlv(0x17, FromText("270101000000Z"))})),
                  name(options.common_name),
                  Tlv(0x30, Join({algorithm, Tlv(0x03, Buffer(options.key_bytes, 1))})),
                  Tlv(0xa3, Tlv(0x30, extensions))}));
  return Tlv(0x30, Join({to_be_signed, algorithm, Tlv(0x03, Buffer(257, 2))}));
}

Buffer Handshake(uint8_t type, const Buffer& body) {
  Buffer message = {type};
  AppendNumber(&message, body.size(), 3);
  return Join({message, body});
}
Buffer ServerFlightOf(const Buffer& certificate, const char* extensions = "0000") {
  Buffer list;
  AppendNumber(&list, certificate.size() + 3, 3);
  AppendNumber(&list, certificate.size(), 3);
  const Buffer hello =
      Join({FromHex("0303"), Buffer(32, 9), FromHex("00 c02f 00"), FromHex(extensions)});
  return Join({Handshake(2, hello), Handshake(11, Join({list, certificate})), Handshake(14, {})});
}

TEST(Certificate, NameIsTheFirstAlternativeElseTheCommonName) {
  EXPECT_EQ(CertificateName(Certificate({"Clinic", {"*.clinic.example", "b.example"}})),
            "clinic.example");
  EXPECT_EQ(CertificateName(Certificate({"www.clinic.example"})), "www.clinic.example");
  EXPECT_EQ(CertificateName(Certificate({"Clinic of Example"})), "");
  EXPECT_EQ(CertificateName(Certificate({"192.0.2.1"})), "") << "an address is no name";
}

TEST(Certificate, MayBeCutAnywhere) {
  const Buffer whole = Certificate({"www.clinic.example", {"a.example"}});
  for (size_t size = 0; size < whole.size(); ++size) {
    const Buffer cut = Slice(whole, 0, size);
    const std::string_view name = CertificateName(cut);
    EXPECT_TRUE(name.empty() || name == "www.clinic.example" || name == "a.example");
  }
}

TEST_F(TurningTest, CertificateNamesTheFlowWhoseHelloDoesNot) {
  const Buffer flight = TlsRecords(ServerFlightOf(Certificate({"x", {"api.stripe.com"}})));
  for (const size_t step : {flight.size(), size_t{1360}, size_t{100}}) {
    SCOPED_TRACE(step);
    InspectedFlow flow(&inspector_);
    EXPECT_EQ(flow.Client(TlsClientHello({})), kForNow);
    EXPECT_EQ(flow.classification().category, Category::kEnc);
    auto state = kMore;
    for (size_t at = 0; at < flight.size() && state == kMore; at += step) {
      state = flow.Server(Slice(flight, at, std::min(at + step, flight.size())));
    }
    EXPECT_EQ(state, kDecided);
    EXPECT_THAT(flow.names(), ElementsAre("api.stripe.com"));
    EXPECT_EQ(flow.last().name_protocol, Protocol::kTlsCertificate);
    EXPECT_EQ(flow.classification().protocol, Protocol::kTls);
    EXPECT_EQ(flow.classification().category, Category::kFin);
    EXPECT_EQ(flow.classification().evidence, Evidence::kName);
    EXPECT_EQ(flow.classification().confidence, 70);
    EXPECT_EQ(flow.slot(), 0);
  }
}

TEST_F(TurningTest, HelloOfVersion13HidesTheCertificate) {
  InspectedFlow flow(&inspector_);
  flow.Client(TlsClientHello({}));
  const Buffer flight =
      TlsRecords(ServerFlightOf(Certificate({"x", {"api.stripe.com"}}), "0006 002b 0002 0304"));
  EXPECT_EQ(flow.Server(flight), kMore);
  EXPECT_THAT(flow.names(), IsEmpty());
}

// ---- HTTP heads

TEST_F(TurningTest, RequestHeadsTellTheApplication) {
  const struct {
    const char* request;
    Protocol protocol;
    Category category;
    int confidence;
  } kCases[] = {
      {"GET /fhir/Patient/7 HTTP/1.1\r\nHost: a.example\r\n\r\n", Protocol::kFhir, Category::kHlt,
       70},
      {"GET /r4/Patient/7 HTTP/1.1\r\nHost: a.example\r\nAccept: application/fhir+json\r\n\r\n",
       Protocol::kFhir, Category::kHlt, 95},
      {"GET /pacs/studies/1.2.840.113/series HTTP/1.1\r\nHost: a.example\r\n\r\n",
       Protocol::kDicomWeb, Category::kHlt, 70},
      {"POST /stow HTTP/1.1\r\nHost: a.example\r\nContent-Type: multipart/related; "
       "type=\"application/dicom\"\r\n\r\n",
       Protocol::kDicomWeb, Category::kHlt, 95},
      {"POST /xds HTTP/1.1\r\nHost: a.example\r\nSOAPAction: \"urn:ihe:iti:2007:RetrieveDocumentSet"
       "\"\r\n\r\n",
       Protocol::kIhe, Category::kHlt, 95},
      {"GET /ga4gh/drs/v1/objects/1 HTTP/1.1\r\nHost: a.example\r\n\r\n", Protocol::kGa4gh,
       Category::kOmc, 95},
      {"POST /pay HTTP/1.1\r\nHost: a.example\r\nSOAPAction: "
       "urn:iso:std:iso:20022:tech:xsd:pain.001"
       "\r\n\r\n",
       Protocol::kIso20022, Category::kFin, 95},
      {"POST /as2 HTTP/1.1\r\nHost: a.example\r\nAS2-Version: 1.2\r\n\r\n", Protocol::kAs2,
       Category::kEdi, 95},
      {"GET /_matrix/client/v3/sync HTTP/1.1\r\nHost: a.example\r\n\r\n", Protocol::kMatrix,
       Category::kCom, 95},
      {"POST /xapi/statements HTTP/1.1\r\nHost: a.example\r\nX-Experience-API-Version: "
       "1.0.3\r\n\r\n",
       Protocol::kXapi, Category::kChd, 95},
      {"GET /scim/v2/Users HTTP/1.1\r\nHost: a.example\r\n\r\n", Protocol::kScim, Category::kEmp,
       70},
      {"POST /bid HTTP/1.1\r\nHost: a.example\r\nx-openrtb-version: 2.5\r\n\r\n",
       Protocol::kOpenRtb, Category::kAdv, 95},
      {"GET /debian/dists/stable/InRelease HTTP/1.1\r\nHost: a.example\r\nUser-Agent: Debian "
       "APT-HTTP/1.3 (2.6)\r\n\r\n",
       Protocol::kApt, Category::kUpd, 95},
      {"GET /el9/repodata/repomd.xml HTTP/1.1\r\nHost: a.example\r\n\r\n", Protocol::kRpm,
       Category::kUpd, 95},
      {"GET /MOUNT HTTP/1.0\r\nHost: a.example\r\nUser-Agent: NTRIP client/1.0\r\n\r\n",
       Protocol::kNtrip, Category::kGeo, 95},
      {"GET /cp/1 HTTP/1.1\r\nHost: a.example\r\nUpgrade: websocket\r\nSec-WebSocket-Protocol: "
       "ocpp1.6\r\n\r\n",
       Protocol::kOcpp, Category::kInd, 95},
  };
  for (const auto& test : kCases) {
    SCOPED_TRACE(test.request);
    InspectedFlow flow(&inspector_);
    EXPECT_EQ(flow.Client(FromText(test.request)), kDecided);
    EXPECT_EQ(Name(flow.classification().protocol), Name(test.protocol));
    EXPECT_EQ(flow.classification().category, test.category);
    EXPECT_EQ(flow.classification().evidence, Evidence::kProtocol);
    EXPECT_EQ(flow.classification().confidence, test.confidence);
    EXPECT_EQ(flow.classification().protection, Protection::kCleartext);
    EXPECT_TRUE(flow.classification().named);
    EXPECT_THAT(flow.names(), ElementsAre("a.example"));
    EXPECT_EQ(flow.last().name_protocol, Protocol::kHttp);
  }
}

TEST_F(TurningTest, WebsocketsThatSayNoMoreAreWhatTheirHostIs) {
  InspectedFlow flow(&inspector_);
  flow.Client(FromText("GET / HTTP/1.1\r\nHost: api.stripe.com\r\nUpgrade: websocket\r\n\r\n"));
  EXPECT_EQ(flow.classification().protocol, Protocol::kWebsocket);
  EXPECT_EQ(flow.classification().category, Category::kFin);
  EXPECT_EQ(flow.classification().evidence, Evidence::kName);
}

TEST_F(TurningTest, OrdinaryRequestsStayHttp) {
  for (const char* request :
       {"GET /patients/list HTTP/1.1\r\nHost: a.example\r\nAccept: */*\r\n\r\n",
        "GET /studies/art HTTP/1.1\r\nHost: a.example\r\nAccept: application/json\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: a.example\r\n\r\nContent-Type: application/dicom\r\n"}) {
    InspectedFlow flow(&inspector_);
    flow.Client(FromText(request));
    EXPECT_EQ(flow.classification().protocol, Protocol::kHttp) << request;
    EXPECT_EQ(flow.classification().category, Category::kUnk) << request;
  }
}

// ---- Proxies

TEST_F(TurningTest, SocksNamesItsTargetAndTheTunnelDecides) {
  InspectedFlow flow(&inspector_);
  EXPECT_EQ(flow.Client(FromHex("05 01 00")), kMore);
  EXPECT_EQ(flow.Server(FromHex("05 00")), kForNow);
  EXPECT_EQ(flow.classification().protocol, Protocol::kSocks);
  EXPECT_EQ(
      flow.Client(Join({FromHex("05 01 00 03 0b"), FromText("example.org"), FromHex("01bb")})),
      kMore);
  EXPECT_THAT(flow.names(), ElementsAre("example.org"));
  EXPECT_EQ(flow.Server(FromHex("05 00 00 01 00000000 0000")), kMore);
  EXPECT_EQ(flow.Client(TlsClientHello({.name = "api.stripe.com"})), kDecided);
  EXPECT_EQ(flow.classification().protocol, Protocol::kTls);
  EXPECT_EQ(flow.classification().category, Category::kFin);
}

TEST_F(TurningTest, Socks4NamesItsTargetOnItsPort) {
  InspectedFlow flow(&inspector_, {.server_port = 1080});
  EXPECT_EQ(flow.Client(Raw("\4\1\0\x50\0\0\0\1me\0example.org\0")), kForNow);
  EXPECT_THAT(flow.names(), ElementsAre("example.org"));
}

}  // namespace
}  // namespace borderflow
