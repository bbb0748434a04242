#include "dataplane/inspect/dns.h"

#include <gtest/gtest.h>

#include <random>

#include "absl/strings/ascii.h"
#include "tests/dataplane/inspect/wire.h"

namespace borderflow {
namespace {

// The slow twin: recursive, on strings, as RFC 1035 section 4.1.4 tells it.
std::optional<std::string> TwinName(const Buffer& message, size_t at, int depth = 0) {
  if (at >= message.size() || depth > 200) return std::nullopt;
  const uint8_t length = message[at];
  if (length == 0) return "";
  if (length >= 0xc0) {
    if (at + 1 >= message.size()) return std::nullopt;
    return TwinName(message, size_t{length & 0x3fu} << 8 | message[at + 1], depth + 1);
  }
  if (length > 63 || at + 1 + length > message.size()) return std::nullopt;
  const auto rest = TwinName(message, at + 1 + length, depth + 1);
  if (!rest) return std::nullopt;
  const Buffer label = Slice(message, at + 1, at + 1 + length);
  std::string name(label.begin(), label.end());
  absl::AsciiStrToLower(&name);
  return rest->empty() ? name : name + "." + *rest;
}

TEST(DomainName, EqualsTheTwinOnRandomMessagesWithBackwardPointers) {
  std::mt19937 random(7);
  int read = 0;
  for (int run = 0; run < 20000; ++run) {
    Buffer message;
    std::vector<size_t> starts;
    while (message.size() < 120) {
      starts.push_back(message.size());
      for (int labels = static_cast<int>(random() % 4); labels > 0; --labels) {
        const uint32_t length = 1 + random() % 8;
        AppendNumber(&message, length, 1);
        for (uint32_t i = 0; i < length; ++i) message.push_back(static_cast<uint8_t>(random()));
      }
      if (starts.size() > 1 && random() % 2 == 0) {
        AppendNumber(&message, 0xc000 | starts[random() % (starts.size() - 1)], 2);
      } else {
        message.push_back(0);
      }
    }
    if (random() % 4 == 0) message[random() % message.size()] = static_cast<uint8_t>(random());
    for (const size_t start : starts) {
      DomainName name;
      size_t at = start;
      if (!name.Read(message, &at)) continue;  // the fast one may refuse what the twin can follow
      const auto expected = TwinName(message, start);
      ASSERT_TRUE(expected.has_value());
      ASSERT_EQ(name.text(), *expected);
      ++read;
    }
  }
  EXPECT_GT(read, 20000);
}

TEST(DomainName, PointersThatDoNotGoBackAreRefused) {
  const auto refused = [](const char* hex) {
    DomainName name;
    size_t at = 0;
    return !name.Read(FromHex(hex), &at);
  };
  EXPECT_TRUE(refused("c000"));
  EXPECT_TRUE(refused("c002 c000"));
  EXPECT_TRUE(refused("0161 c000"));
  EXPECT_TRUE(refused("4061"));
  EXPECT_TRUE(refused("0561"));
  EXPECT_TRUE(refused(""));
}

TEST(DomainName, NamesOfMoreThan255BytesAreRefused) {
  Buffer message;
  for (int i = 0; i < 5; ++i) {
    message.push_back(60);
    message.resize(message.size() + 60, 'a');
  }
  message.push_back(0);
  DomainName name;
  size_t at = 0;
  EXPECT_FALSE(name.Read(message, &at));
}

TEST(Dns, AnswerYieldsItsAddresses) {
  const Buffer message =
      DnsResponse("www.Example.org", {{5, 60, DnsName("cdn.example.net")},
                                      {1, 300, FromHex("c0000207")},
                                      {28, 7, FromHex("20010db8000000000000000000000001")}});
  const auto header = ReadDnsHeader(message);
  ASSERT_TRUE(header.has_value());
  EXPECT_TRUE(header->response);
  EXPECT_EQ(header->answers, 3);
  size_t at = kDnsHeader;
  DomainName name;
  DnsQuestion question;
  ASSERT_TRUE(ReadDnsQuestion(message, &at, &name, &question));
  EXPECT_EQ(name.text(), "www.example.org");
  DnsRecord record;
  ASSERT_TRUE(ReadDnsRecord(message, &at, &record));
  EXPECT_FALSE(record.address.has_value());
  ASSERT_TRUE(ReadDnsRecord(message, &at, &record));
  EXPECT_EQ(record.address, IpAddress::FromV4(0xc0000207));
  EXPECT_EQ(record.ttl, 300u);
  ASSERT_TRUE(ReadDnsRecord(message, &at, &record));
  EXPECT_EQ(record.address, (IpAddress{0x20010db800000000, 1}));
  EXPECT_FALSE(ReadDnsRecord(message, &at, &record));
}

TEST(Dns, OnlyStructureThatConvincesCountsOnOtherPorts) {
  EXPECT_TRUE(IsConvincingDns(DnsQuery("www.example.org")));
  EXPECT_TRUE(IsConvincingDns(DnsResponse("www.example.org", {{1, 1, FromHex("01020304")}})));
  EXPECT_FALSE(IsConvincingDns(DnsQuery("localhost")));
  EXPECT_FALSE(IsConvincingDns(DnsQuery("www.example.org", 9999)));
  EXPECT_FALSE(IsConvincingDns(DnsQuery("www.exa mple.org")));
  EXPECT_FALSE(IsConvincingDns(Join({DnsQuery("www.example.org"), FromHex("00")})));
  Buffer two = DnsQuery("www.example.org");
  two[5] = 2;
  EXPECT_FALSE(IsConvincingDns(two));
}

}  // namespace
}  // namespace borderflow
