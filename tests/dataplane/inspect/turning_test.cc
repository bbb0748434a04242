// Flows that change: STARTTLS in every protocol that has it, proxies.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <utility>
#include <vector>

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
