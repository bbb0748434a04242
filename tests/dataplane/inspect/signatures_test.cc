#include "dataplane/inspect/signatures.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <map>
#include <random>
#include <set>

#include "dataplane/inspect/byte_pattern.h"
#include "dataplane/inspect/inspector.h"
#include "dataplane/inspect/protocols/checks.h"
#include "tests/dataplane/inspect/inspected_flow.h"
#include "tests/dataplane/inspect/samples.h"

namespace borderflow {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::Not;

std::set<std::string> Fitting(const Buffer& bytes, bool datagram) {
  std::array<Recognition, 64> found;
  const size_t count =
      AllSignatures({bytes, bytes.size(), datagram}, absl::MakeSpan(found.data(), found.size()));
  EXPECT_LE(count, found.size());
  std::set<std::string> names;
  for (size_t i = 0; i < std::min(count, found.size()); ++i) {
    names.emplace(Name(found[i].protocol));
  }
  return names;
}

class EachSample : public testing::TestWithParam<Sample> {};

// The cross-table: all other protocols look at it as well.
TEST_P(EachSample, IsRecognisedByItsProtocolAndNoOther) {
  const Sample& sample = GetParam();
  EXPECT_THAT(Fitting(sample.bytes, sample.datagram),
              ElementsAre(std::string(Name(sample.protocol))))
      << sample.what;
  EXPECT_EQ(FindSignature({sample.bytes, sample.bytes.size(), sample.datagram}).protocol,
            sample.protocol);
}

TEST_P(EachSample, NearMissIsNotTaken) {
  const Sample& sample = GetParam();
  ASSERT_LT(sample.wrong_at, sample.bytes.size());
  ASSERT_NE(sample.bytes[sample.wrong_at], sample.wrong);
  EXPECT_THAT(Fitting(sample.NearMiss(), sample.datagram),
              Not(Contains(std::string(Name(sample.protocol)))))
      << sample.what;
}

// Exact buffers, so that a sanitizer sees every read behind the end.
TEST_P(EachSample, MayBeCutAnywhere) {
  const Sample& sample = GetParam();
  for (size_t size = 0; size < sample.bytes.size(); ++size) {
    const Buffer cut = Slice(sample.bytes, 0, size);
    for (const size_t stated : {size, sample.bytes.size()}) {
      for (const std::string& name : Fitting(Buffer(cut), sample.datagram)) {
        EXPECT_FALSE(name.empty()) << stated;
      }
    }
  }
}

// Through the inspector, on a port that says nothing: strong signatures decide at once, weak ones
// with the answer, and whatever looks for names before them does not stand in their way.
TEST_P(EachSample, DecidesItsFlow) {
  const Sample& sample = GetParam();
  const Recognition found = FindSignature({sample.bytes, sample.bytes.size(), sample.datagram});
  const bool strong = found.proof == Proof::kOnce;
  Inspector inspector(&NameRules::BuiltIn());
  InspectedFlow flow(&inspector, {.server_port = 29'999});
  const auto show = [&](bool from_client) {
    return sample.datagram ? flow.Udp(sample.bytes, from_client)
           : from_client   ? flow.Client(sample.bytes)
                           : flow.Server(sample.bytes);
  };
  Inspection::State state = show(/*from_client=*/true);
  EXPECT_EQ(state != Inspection::State::kMore, strong);
  if (!strong) {
    EXPECT_FALSE(flow.recognised());
    state = show(/*from_client=*/false);
  }
  ASSERT_NE(state, Inspection::State::kMore);
  const Classification& decided = flow.classification();
  EXPECT_EQ(Name(decided.protocol), Name(sample.protocol));
  if (IsClassified(DefaultCategory(sample.protocol))) {
    EXPECT_EQ(decided.category, DefaultCategory(sample.protocol));
    EXPECT_EQ(decided.evidence, Evidence::kProtocol);
    EXPECT_EQ(decided.confidence, strong ? 95 : 70);
  }
}

std::string SampleName(const testing::TestParamInfo<Sample>& info) {
  std::string name =
      std::string(Name(info.param.protocol)) + "_" + info.param.what + std::to_string(info.index);
  std::replace_if(
      name.begin(), name.end(), [](char c) { return !std::isalnum(static_cast<unsigned char>(c)); },
      '_');
  return name;
}
INSTANTIATE_TEST_SUITE_P(All, EachSample, testing::ValuesIn(AllSamples()), SampleName);

TEST(Signatures, EveryProtocolOfTheTableHasASample) {
  std::set<Protocol> sampled;
  for (const Sample& sample : AllSamples()) sampled.insert(sample.protocol);
  for (const Protocol protocol : ProtocolsWithSignatures()) {
    EXPECT_TRUE(sampled.contains(protocol)) << Name(protocol);
  }
  EXPECT_GE(ProtocolsWithSignatures().size(), 90u);
}

// What other inspectors recognise must mean nothing to the table.
TEST(Signatures, TlsHttpDnsQuicAndSshFitNothing) {
  for (const Buffer& bytes :
       {TlsClientHello({.name = "www.example.org"}), FromText("GET / HTTP/1.1\r\nHost: x\r\n\r\n"),
        FromText("HTTP/1.1 200 OK\r\n\r\n"), FromText("SSH-2.0-OpenSSH_9.2\r\n"),
        FromText("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n")}) {
    EXPECT_THAT(Fitting(bytes, /*datagram=*/false), IsEmpty());
  }
  for (const Buffer& bytes :
       {DnsQuery("www.example.org"),
        DnsResponse("www.example.org", {{1, 300, FromHex("c0000201")}}),
        QuicInitial({}, CryptoFrameBytes(0, ClientHelloMessage({.name = "q.example"}))),
        DtlsFragment(ClientHelloBody({.name = "d.example", .dtls = true}), 0, 20)}) {
    EXPECT_THAT(Fitting(bytes, /*datagram=*/true), IsEmpty());
  }
}

TEST(Signatures, StrongGoesBeforeWeak) {
  // An echo of GTP has the form of a CoAP request, and is GTP's.
  const Buffer echo = FromHex("40 01 0009 000001 00 03000100 07");
  EXPECT_EQ(FindSignature({echo, echo.size(), true}).protocol, Protocol::kGtpC);
}

TEST(Signatures, LengthsAreThoseOfTheWireNotOfTheCapture) {
  Buffer request = FromHex("0001 0000 0006 01 03 0000 000a");
  EXPECT_EQ(FindSignature({Bytes(request).subspan(0, 9), 12, false}).protocol, Protocol::kModbus);
  EXPECT_EQ(FindSignature({request, 13, false}).protocol, Protocol::kNone);
}

// Data of protocols that nobody knows: random, text, and what private protocols often look like, a
// length that fits, small numbers, zeros. Strong signatures must not see anything in it; weak ones,
// which ask for a second message, hardly ever.
TEST(Signatures, UnknownDataFitsNoStrongSignature) {
  constexpr int kMessages = 400'000;
  std::mt19937_64 random(20261122);
  const auto below = [&random](uint64_t bound) { return static_cast<size_t>(random() % bound); };
  std::map<std::string, int> strong;
  std::map<std::string, int> weak;
  for (int i = 0; i < kMessages; ++i) {
    Buffer bytes(1 + below(below(4) == 0 ? 1400 : 80));
    const size_t kind = below(4);
    for (uint8_t& byte : bytes) {
      byte = static_cast<uint8_t>(kind == 0   ? random()
                                  : kind == 1 ? ' ' + below(95)
                                  : kind == 2 ? (below(3) == 0 ? below(8) : 0)
                                              : (below(2) == 0 ? random() : 0));
    }
    const int width = 1 << below(3);
    const size_t at = below(5);
    if (below(2) == 0 && bytes.size() > at + static_cast<size_t>(width)) {
      const size_t less = below(2) == 0 ? 0 : at + static_cast<size_t>(width);
      bytes =
          below(2) == 0 ? SizedBig(bytes, at, width, less) : SizedLittle(bytes, at, width, less);
    }
    const bool datagram = below(2) == 0;
    const Recognition found = FindSignature({bytes, bytes.size(), datagram});
    if (found.protocol == Protocol::kNone) continue;
    ++(found.proof == Proof::kOnce ? strong : weak)[std::string(Name(found.protocol))];
  }
  EXPECT_THAT(strong, IsEmpty());
  int total = 0;
  for (const auto& [name, count] : weak) {
    EXPECT_LT(count, kMessages / 1000) << name;
    total += count;
  }
  EXPECT_LT(total, kMessages / 200);
}

// Lines whose patterns only repeat what their checks ask for, so that few messages reach these:
// none that a check takes may be kept from it.
TEST(Signatures, PatternsKeepNothingFromTheirChecks) {
  const struct {
    Protocol protocol;
    bool datagram;
    bool (*check)(const WireMessage&);
  } kCases[] = {
      {Protocol::kRadius, true, IsRadius},    {Protocol::kRadius, true, IsPlainRadius},
      {Protocol::kNtp, true, IsNtp},          {Protocol::kDhcp6, true, IsDhcp6},
      {Protocol::kRpkiRtr, false, IsRpkiRtr}, {Protocol::kIso8583, false, IsIso8583},
  };
  constexpr int kMutants = 20'000;
  std::mt19937_64 random(20261123);
  const auto below = [&random](uint64_t bound) { return static_cast<size_t>(random() % bound); };
  for (const auto& [protocol, datagram, check] : kCases) {
    int taken = 0;
    for (const Sample& sample : AllSamples()) {
      if (sample.protocol != protocol) continue;
      for (int i = 0; i < kMutants; ++i) {
        Buffer bytes = sample.bytes;
        if (below(4) == 0) bytes.resize(1 + below(bytes.size() + 40));
        for (size_t changes = below(4); changes > 0; --changes) {
          const size_t at = below(std::min<size_t>(bytes.size(), 12));
          bytes[at] = static_cast<uint8_t>(below(2) == 0 ? random() : below(64));
        }
        if (below(2) == 0 &&
            bytes.size() >= 4) {  // a length that fits, as these protocols state it
          const size_t at = datagram ? 2 : 0;
          const size_t size = bytes.size() - (datagram ? 0 : 2 * below(2));
          bytes[at] = static_cast<uint8_t>(size >> 8);
          bytes[at + 1] = static_cast<uint8_t>(size);
        }
        if (!check({bytes, bytes.size(), datagram})) continue;
        // ISO 8583 only where its length is below 4,096, as ever.
        if (protocol == Protocol::kIso8583 && bytes[0] > 0x0f && (bytes[0] & 0xf0) != 0x30)
          continue;
        ++taken;
        ASSERT_THAT(Fitting(bytes, datagram), Contains(std::string(Name(protocol))));
      }
    }
    EXPECT_GT(taken, 100) << Name(protocol);
  }
}

TEST(BytePattern, ReadsHexTextWildcardsAndOffsets) {
  constexpr BytePattern pattern("0b 'MS' .. 4. i'aZ' @9 ff");
  EXPECT_EQ(pattern.size, 10);
  const auto fits = [&](std::string_view hex) {
    const Buffer bytes = FromHex(hex);
    std::array<uint64_t, BytePattern::kWords> head = {};
    std::copy(bytes.begin(), bytes.end(), reinterpret_cast<uint8_t*>(head.data()));
    return pattern.Matches(head);
  };
  EXPECT_TRUE(fits("0b 4d53 77 4f 617a 0102 ff"));
  EXPECT_TRUE(fits("0b 4d53 00 40 415a 0304 ff"));
  EXPECT_FALSE(fits("0b 4d53 00 50 415a 0304 ff"));
  EXPECT_FALSE(fits("0b 6d53 00 40 415a 0304 ff"));
  EXPECT_FALSE(fits("0b 4d53 00 40 415a 0304 fe"));
}

TEST(Signatures, AnyFirstByteIsSafe) {
  for (int first = 0; first < 256; ++first) {
    for (const size_t size : {1, 2, 7, 8, 23, 24, 25, 64, 1400}) {
      const Buffer bytes(size, static_cast<uint8_t>(first));
      for (const bool datagram : {false, true}) {
        EXPECT_LE(Fitting(bytes, datagram).size(), 2u) << first << ' ' << size;
      }
    }
  }
}

}  // namespace
}  // namespace borderflow
