#include "dataplane/geo/libloc.h"

#include <string>
#include <vector>

#include "dataplane/geo/location.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace borderflow {
namespace {

using ::testing::HasSubstr;

constexpr uint32_t kNone = 0xffffffff;

std::string Big(uint64_t value, int bytes) {
  std::string text;
  for (int i = bytes - 1; i >= 0; --i) text += static_cast<char>(value >> (8 * i));
  return text;
}

// A database put together field by field, so that each test can damage one of them.
struct TinyLibloc {
  struct Node {
    uint32_t zero = 0;
    uint32_t one = 0;
    uint32_t network = kNone;
  };

  std::string magic = "LOCDBXX";
  int version = 1;
  uint64_t created = 1667023194;
  std::string pool = std::string("Vendor\0Words\0CC BY-SA 4.0\0Telekom\0", 34);
  uint32_t vendor = 0, description = 7, licence = 13;
  std::vector<std::pair<uint32_t, uint32_t>> ases = {{3320, 26}};
  std::string networks;
  std::vector<Node> nodes = {Node{}};

  uint32_t AddNetwork(const std::string& code, uint32_t asn, uint16_t flags) {
    networks += code + Big(0, 2) + Big(asn, 4) + Big(flags, 2) + Big(0, 2);
    return static_cast<uint32_t>(networks.size() / 12 - 1);
  }

  void Place(const std::string& prefix_text, uint32_t network) {
    const Prefix prefix = *ParsePrefix(prefix_text);
    size_t at = 0;
    for (int bit = 0; bit < prefix.length; ++bit) {
      const uint64_t half = bit < 64 ? prefix.address.high : prefix.address.low;
      const bool one = half >> (63 - bit % 64) & 1;
      uint32_t next = one ? nodes[at].one : nodes[at].zero;
      if (next == 0) {
        next = static_cast<uint32_t>(nodes.size());
        (one ? nodes[at].one : nodes[at].zero) = next;
        nodes.push_back({});
      }
      at = next;
    }
    nodes[at].network = network;
  }

  std::string Bytes() const {
    std::string as_section, tree;
    for (const auto& [number, name] : ases) as_section += Big(number, 4) + Big(name, 4);
    for (const Node& node : nodes) {
      tree += Big(node.zero, 4) + Big(node.one, 4) + Big(node.network, 4);
    }
    const std::string country_section;
    std::string header = magic + Big(static_cast<uint64_t>(version), 1) + Big(created, 8) +
                         Big(vendor, 4) + Big(description, 4) + Big(licence, 4);
    std::string body;
    const size_t body_begin = 68;
    for (const std::string& section : {as_section, networks, tree, country_section, pool}) {
      header += Big(body_begin + body.size(), 4) + Big(section.size(), 4);
      body += section;
    }
    return header + body;
  }
};

std::string Show(const NetworkRange& range) {
  const std::string code = range.code[0] == 0 ? "--" : std::string{range.code[0], range.code[1]};
  return ToString(range.first) + "-" + ToString(range.last) + " " + code + " AS" +
         std::to_string(range.asn) + " " + std::to_string(range.flags);
}

std::vector<std::string> Show(const Libloc& database) {
  std::vector<std::string> lines;
  for (const NetworkRange& range : database.ranges) lines.push_back(Show(range));
  return lines;
}

TEST(LiblocTest, HeaderAndNamesAreRead) {
  const auto database = ParseLibloc(TinyLibloc().Bytes(), "location.db");
  ASSERT_TRUE(database.ok()) << database.status();
  EXPECT_EQ(database->build_time, 1667023194);
  EXPECT_EQ(database->vendor, "Vendor");
  EXPECT_EQ(database->description, "Words");
  EXPECT_EQ(database->licence, "CC BY-SA 4.0");
  EXPECT_EQ(database->as_names, (std::map<uint32_t, std::string>{{3320, "Telekom"}}));
  EXPECT_TRUE(database->ranges.empty());
}

TEST(LiblocTest, LongestNetworkAnswersAndFlagsAreTranslated) {
  TinyLibloc tiny;
  tiny.Place("192.0.2.0/24", tiny.AddNetwork("DE", 3320, 0));
  tiny.Place("192.0.2.64/26", tiny.AddNetwork("FR", 64496, 4));
  tiny.Place("2001:db8::/32", tiny.AddNetwork(std::string(2, '\0'), 0, 1 | 2));
  tiny.Place("2001:db8:8000::/33", tiny.AddNetwork("XK", 0, 8));
  const auto database = ParseLibloc(tiny.Bytes(), "location.db");
  ASSERT_TRUE(database.ok()) << database.status();
  EXPECT_THAT(Show(*database),
              testing::ElementsAre(
                  "192.0.2.0-192.0.2.63 DE AS3320 0", "192.0.2.64-192.0.2.127 FR AS64496 1",
                  "192.0.2.128-192.0.2.255 DE AS3320 0",
                  "2001:db8::-2001:db8:7fff:ffff:ffff:ffff:ffff:ffff -- AS0 6",
                  "2001:db8:8000::-2001:db8:ffff:ffff:ffff:ffff:ffff:ffff XK AS0 0"));
  EXPECT_EQ(database->ranges[1].flags, kFlagAnycast);
  EXPECT_EQ(database->ranges[3].flags, kFlagSatellite | kFlagProxy);
}

TEST(LiblocTest, NeighboursWithTheSameAnswerAreOneRange) {
  TinyLibloc tiny;
  tiny.Place("198.51.100.0/25", tiny.AddNetwork("DE", 3320, 0));
  tiny.Place("198.51.100.128/25", tiny.AddNetwork("DE", 3320, 0));
  tiny.Place("198.51.102.0/24", tiny.AddNetwork("DE", 3320, 0));
  const auto database = ParseLibloc(tiny.Bytes(), "location.db");
  ASSERT_TRUE(database.ok()) << database.status();
  EXPECT_THAT(Show(*database), testing::ElementsAre("198.51.100.0-198.51.100.255 DE AS3320 0",
                                                    "198.51.102.0-198.51.102.255 DE AS3320 0"));
}

TEST(LiblocTest, HostPrefixIsTheDeepestNode) {
  TinyLibloc tiny;
  tiny.Place("203.0.113.7", tiny.AddNetwork("SG", 0, 0));
  const auto database = ParseLibloc(tiny.Bytes(), "location.db");
  ASSERT_TRUE(database.ok()) << database.status();
  EXPECT_THAT(Show(*database), testing::ElementsAre("203.0.113.7-203.0.113.7 SG AS0 0"));
}

void ExpectRefusal(const TinyLibloc& tiny, const char* reason) {
  const auto database = ParseLibloc(tiny.Bytes(), "location.db");
  ASSERT_FALSE(database.ok()) << reason;
  EXPECT_EQ(database.status().code(), absl::StatusCode::kInvalidArgument);
  EXPECT_THAT(std::string(database.status().message()), HasSubstr("location.db: at byte "));
  EXPECT_THAT(std::string(database.status().message()), HasSubstr(reason));
}

TEST(LiblocTest, ForeignFilesAndVersionsAreNamed) {
  TinyLibloc tiny;
  tiny.magic = "LOCDBXY";
  ExpectRefusal(tiny, "does not begin with \"LOCDBXX\"");
  tiny.magic = "LOCDBXX";
  tiny.version = 2;
  ExpectRefusal(tiny, "version 2 where only version 1 is known");
}

TEST(LiblocTest, ReferencesOutsideTheirSectionAreRefused) {
  TinyLibloc tiny;
  tiny.nodes[0].one = 1;
  ExpectRefusal(tiny, "points at node 1 of 1");
  tiny.nodes[0] = {0, 0, 0};
  ExpectRefusal(tiny, "points at network 0 of 0");
  tiny = TinyLibloc();
  tiny.ases = {{1, 99}};
  ExpectRefusal(tiny, "an AS name lies outside the pool");
  tiny = TinyLibloc();
  tiny.licence = 34;
  ExpectRefusal(tiny, "a string lies outside the pool");
  tiny = TinyLibloc();
  tiny.pool.back() = 'x';  // the last string does not end
  ExpectRefusal(tiny, "an AS name lies outside the pool");
  tiny = TinyLibloc();
  tiny.nodes.clear();
  ExpectRefusal(tiny, "the tree is empty");
}

TEST(LiblocTest, NodesReachedTwiceAreRefusedBeforeTheyCostTime) {
  TinyLibloc loop;
  loop.nodes = {{1, 0, kNone}, {1, 0, kNone}};
  ExpectRefusal(loop, "reaches node 1 twice");
  TinyLibloc doubling;  // 2^100 paths through 101 nodes
  doubling.nodes.clear();
  for (uint32_t i = 1; i <= 100; ++i) doubling.nodes.push_back({i, i, kNone});
  doubling.nodes.push_back({});
  ExpectRefusal(doubling, "twice");
}

TEST(LiblocTest, TreeDeeperThanAnAddressIsRefused) {
  TinyLibloc tiny;
  tiny.nodes.clear();
  for (uint32_t i = 1; i <= 200; ++i) tiny.nodes.push_back({0, i, kNone});
  tiny.nodes.push_back({});
  ExpectRefusal(tiny, "deeper than an address is long");
}

TEST(LiblocTest, EveryTruncationIsRefused) {
  TinyLibloc tiny;
  tiny.Place("192.0.2.0/24", tiny.AddNetwork("DE", 3320, 0));
  const std::string whole = tiny.Bytes();
  ASSERT_TRUE(ParseLibloc(whole, "location.db").ok());
  for (size_t length = 0; length < whole.size(); ++length) {
    EXPECT_FALSE(ParseLibloc(std::string_view(whole).substr(0, length), "location.db").ok())
        << length;
  }
}

}  // namespace
}  // namespace borderflow
