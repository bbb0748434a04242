#include "dataplane/inspect/dns_names.h"

#include <gtest/gtest.h>

#include <map>
#include <random>
#include <string>

#include "absl/strings/str_cat.h"

namespace borderflow {
namespace {

constexpr uint64_t kSecond = 1'000'000'000;
const IpAddress kClient = IpAddress::FromV4(0xc0000201);
const IpAddress kServer = IpAddress::FromV4(0xc6336407);

TEST(DnsNames, NameIsBoundToClientAndServerForItsTtl) {
  DnsNames names(64);
  names.Add(kClient, kServer, "www.example.org", 100 * kSecond, 300);
  EXPECT_EQ(names.Find(kClient, kServer, 399 * kSecond), "www.example.org");
  EXPECT_EQ(names.Find(kClient, kServer, 400 * kSecond), "");
  EXPECT_EQ(names.Find(kServer, kClient, 101 * kSecond), "");
  EXPECT_EQ(names.Find(kClient, kClient, 101 * kSecond), "");
}

TEST(DnsNames, TtlIsClamped) {
  DnsNames names(64);
  names.Add(kClient, kServer, "short.example", 0, 0);
  EXPECT_EQ(names.Find(kClient, kServer, 29 * kSecond), "short.example");
  EXPECT_EQ(names.Find(kClient, kServer, 30 * kSecond), "");
  names.Add(kClient, kServer, "long.example", 0, 0xffffffff);
  EXPECT_EQ(names.Find(kClient, kServer, 86399 * kSecond), "long.example");
  EXPECT_EQ(names.Find(kClient, kServer, 86400 * kSecond), "");
}

TEST(DnsNames, LaterAnswerWins) {
  DnsNames names(64);
  names.Add(kClient, kServer, "first.example", 0, 300);
  names.Add(kClient, kServer, "second.example", kSecond, 300);
  EXPECT_EQ(names.Find(kClient, kServer, 2 * kSecond), "second.example");
  EXPECT_EQ(names.counters().learned, 2u);
  EXPECT_EQ(names.counters().replaced_unexpired, 0u);
}

TEST(DnsNames, LongNamesKeepTheirLastWholeLabels) {
  DnsNames names(64);
  const std::string tail = "b.example.org";
  names.Add(kClient, kServer, std::string(60, 'x') + "." + std::string(40, 'a') + "." + tail, 0,
            60);
  EXPECT_EQ(names.Find(kClient, kServer, 1), std::string(40, 'a') + "." + tail);
}

// With room for everything the table is the map; without, whatever it still knows is right, and
// what it forgot was counted.
TEST(DnsNames, AgreesWithAMap) {
  for (const size_t capacity : {size_t{1} << 16, size_t{64}}) {
    DnsNames names(capacity);
    std::map<std::pair<uint32_t, uint32_t>, std::pair<std::string, uint64_t>> twin;
    std::mt19937 random(3);
    const auto below = [&random](uint32_t bound) {
      return static_cast<uint32_t>(random() % bound);
    };
    for (int i = 0; i < 5000; ++i) {
      const uint32_t client = below(20), server = below(50);
      const uint64_t now = static_cast<uint64_t>(i) * kSecond / 10;
      const uint32_t ttl = 30 + below(100);
      const std::string name = absl::StrCat("n", below(1000), ".example");
      names.Add(IpAddress::FromV4(client), IpAddress::FromV4(server), name, now, ttl);
      twin[{client, server}] = {name, now + ttl * kSecond};
      const uint32_t c = below(20), s = below(50);
      const auto it = twin.find({c, s});
      const std::string expected =
          it != twin.end() && it->second.second > now ? it->second.first : "";
      const auto found = names.Find(IpAddress::FromV4(c), IpAddress::FromV4(s), now);
      if (capacity > 64) {
        ASSERT_EQ(found, expected);
      } else if (!found.empty()) {
        ASSERT_EQ(found, expected);
      }
    }
    EXPECT_EQ(names.counters().replaced_unexpired > 0, capacity == 64);
  }
}

}  // namespace
}  // namespace borderflow
