#include "dataplane/inspect/tls.h"

#include <gtest/gtest.h>

#include "tests/dataplane/inspect/wire.h"

namespace borderflow {
namespace {

struct Parsed {
  Parse parse = Parse::kNot;
  std::string name;
  bool ech = false;
  size_t needed = 0;
};

Parsed ParseStream(const Buffer& stream) {
  Buffer scratch(stream.size());
  ClientHello hello;
  Parsed parsed;
  parsed.parse = ParseTlsClientHello(stream, absl::MakeSpan(scratch), &hello, &parsed.needed);
  parsed.name = std::string(hello.name);
  parsed.ech = hello.ech;
  return parsed;
}

TEST(Tls, WholeHelloYieldsItsName) {
  const Parsed parsed = ParseStream(TlsClientHello({.name = "www.example.org"}));
  EXPECT_EQ(parsed.parse, Parse::kDone);
  EXPECT_EQ(parsed.name, "www.example.org");
}

TEST(Tls, HelloWithoutServerNameIsDoneWithoutName) {
  const Parsed parsed = ParseStream(TlsClientHello({}));
  EXPECT_EQ(parsed.parse, Parse::kDone);
  EXPECT_EQ(parsed.name, "");
}

TEST(Tls, EveryPrefixAsksForMoreUntilTheNameIsThereAndNeverForTooMuch) {
  for (const bool last : {false, true}) {
    const Buffer stream = TlsClientHello({.name = "a.example", .name_last = last});
    size_t first_done = 0;
    size_t highest_needed = 0;
    for (size_t size = 0; size <= stream.size(); ++size) {
      const Parsed parsed = ParseStream(Slice(stream, 0, size));
      if (parsed.parse == Parse::kDone) {
        EXPECT_EQ(parsed.name, "a.example");
        if (first_done == 0) first_done = size;
        continue;
      }
      ASSERT_EQ(parsed.parse, Parse::kMore) << size;
      EXPECT_EQ(first_done, 0u) << "a longer prefix must not be worse";
      EXPECT_GT(parsed.needed, size);
      EXPECT_GE(parsed.needed, highest_needed);
      highest_needed = parsed.needed;
    }
    EXPECT_EQ(first_done, highest_needed) << "the last demand was exact";
  }
}

TEST(Tls, HelloOverSeveralRecordsYieldsItsNameHoweverItIsCut) {
  const Buffer message = ClientHelloMessage({.name = "cut.example", .name_last = true});
  for (size_t cut = 1; cut < message.size(); ++cut) {
    const Parsed parsed = ParseStream(TlsRecords(message, {cut}));
    ASSERT_EQ(parsed.parse, Parse::kDone) << cut;
    ASSERT_EQ(parsed.name, "cut.example") << cut;
  }
  const Parsed bytewise = ParseStream(TlsRecords(message, std::vector<size_t>(message.size(), 1)));
  EXPECT_EQ(bytewise.name, "cut.example");
}

TEST(Tls, PrefixesOfSeveralRecordsAskForMore) {
  const Buffer stream =
      TlsRecords(ClientHelloMessage({.name = "cut.example", .name_last = true}), {40, 100, 3});
  for (size_t size = 0; size < stream.size(); ++size) {
    const Parsed parsed = ParseStream(Slice(stream, 0, size));
    ASSERT_EQ(parsed.parse, Parse::kMore) << size;
    ASSERT_GT(parsed.needed, size);
  }
}

TEST(Tls, AnotherRecordWithinTheHelloEndsItWithoutName) {
  Buffer stream = TlsRecords(ClientHelloMessage({.name = "x.example", .name_last = true}), {60});
  stream[5 + 60] = 21;  // the second record is an alert
  EXPECT_EQ(ParseStream(stream).parse, Parse::kDone);
  EXPECT_EQ(ParseStream(stream).name, "");
}

TEST(Tls, EchExtensionIsSeenForClientFacingNamesOnly) {
  const auto with = [](const std::string& name, bool last) {
    return ParseStream(TlsClientHello({.name = name, .name_last = last, .ech = true}));
  };
  EXPECT_TRUE(with("cloudflare-ech.com", false).ech);
  EXPECT_TRUE(with("Cloudflare-ECH.com", true).ech);
  EXPECT_EQ(with("cloudflare-ech.com", false).name, "cloudflare-ech.com");
  EXPECT_FALSE(ParseStream(TlsClientHello({.name = "cloudflare-ech.com"})).ech);
  EXPECT_FALSE(IsClientFacingName("www.cloudflare-ech.com"));
}

TEST(Tls, NameInPlaceIsTheNameOrNone) {
  const Buffer hello = TlsClientHello({.name = "www.example.org"});
  EXPECT_EQ(ServerNameInPlace(hello), "www.example.org");
  for (size_t size = 0; size < hello.size(); ++size) {
    const Buffer prefix = Slice(hello, 0, size);
    const std::string_view name = ServerNameInPlace(prefix);
    EXPECT_EQ(name, ParseStream(prefix).name) << size;
    EXPECT_TRUE(name.empty() || name.data() > AsText(prefix).data()) << size;
  }
  EXPECT_EQ(ServerNameInPlace(TlsClientHello({})), "");
  const Buffer message = ClientHelloMessage({.name = "a.example", .name_last = true});
  EXPECT_EQ(ServerNameInPlace(TlsRecords(message)), "a.example");
  EXPECT_EQ(ServerNameInPlace(TlsRecords(message, {60})), "");
  EXPECT_EQ(ServerNameInPlace(FromHex("160303 0040 02000036")), "");
}

TEST(Tls, StartsAreToldApart) {
  const Buffer hello = TlsClientHello({.name = "a.example"});
  EXPECT_EQ(LookForTls(hello), TlsStart::kClientHello);
  EXPECT_EQ(LookForTls(Slice(hello, 0, 1)), TlsStart::kPrefix);
  EXPECT_EQ(LookForTls(Slice(hello, 0, 5)), TlsStart::kPrefix);
  EXPECT_EQ(LookForTls({}), TlsStart::kNot);
  EXPECT_EQ(LookForTls(FromHex("160303 0040 02000036")), TlsStart::kServerFlight);
  EXPECT_EQ(LookForTls(FromHex("150303 0002 0228")), TlsStart::kServerFlight);
  EXPECT_EQ(LookForTls(FromHex("140303 0001 01")), TlsStart::kServerFlight);
  EXPECT_EQ(LookForTls(FromHex("170303 0100 aabb")), TlsStart::kData);
  EXPECT_EQ(LookForTls(FromHex("160203 0040 01000036")), TlsStart::kNot);
  EXPECT_EQ(LookForTls(FromHex("160303 ffff 01000036")), TlsStart::kNot);
  EXPECT_EQ(LookForTls(FromHex("170303 0000 aabb")), TlsStart::kNot);
}

TEST(Tls, LyingLengthsEndTheParseWithoutName) {
  Buffer stream = TlsClientHello({.name = "a.example"});
  Buffer session = stream;
  session[5 + 4 + 34] = 33;  // a session id has at most 32 bytes
  EXPECT_EQ(ParseStream(session).parse, Parse::kNot);
  Buffer list = stream;
  for (size_t i = 0; i + 9 < list.size(); ++i) {  // the name's own length, beyond its extension
    if (Slice(list, i, i + 9) == FromText("a.example")) list[i - 1] = 0xff;
  }
  EXPECT_EQ(ParseStream(list).parse, Parse::kDone);
  EXPECT_EQ(ParseStream(list).name, "");
}

TEST(Dtls, HelloInOnePieceYieldsItsName) {
  const Buffer body = ClientHelloBody({.name = "d.example", .dtls = true});
  const Buffer datagram = DtlsFragment(body, 0, body.size());
  EXPECT_EQ(LookForDtls(datagram), DtlsStart::kClientHello);
  size_t at = 0, needed = 0;
  DtlsHelloFragment fragment;
  ASSERT_TRUE(NextDtlsHelloFragment(datagram, &at, &fragment));
  EXPECT_EQ(fragment.length, body.size());
  ClientHello hello;
  EXPECT_EQ(ParseDtlsClientHello(fragment.bytes, fragment.length, &hello, &needed), Parse::kDone);
  EXPECT_EQ(hello.name, "d.example");
  EXPECT_FALSE(NextDtlsHelloFragment(datagram, &at, &fragment));
}

TEST(Dtls, OtherRecordsAreDtlsWithoutHello) {
  EXPECT_EQ(LookForDtls(FromHex("17fefd0001000000000001 0010 00112233445566778899aabbccddeeff")),
            DtlsStart::kOther);
  EXPECT_EQ(LookForDtls(FromHex("17fefc0001000000000001 0010 0011")), DtlsStart::kNot);
  EXPECT_EQ(LookForDtls(FromHex("16fefd")), DtlsStart::kNot);
}

}  // namespace
}  // namespace borderflow
