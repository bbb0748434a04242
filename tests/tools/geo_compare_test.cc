#include "tools/command/geo_compare.h"

#include <cstdio>
#include <fstream>
#include <string>
#include <vector>

#include "dataplane/geo/mmdb_writer.h"
#include "gtest/gtest.h"
#include "tools/command/geo_databases.h"

namespace borderflow {
namespace {

struct Block {
  const char* prefix;
  const char* code;
  uint32_t asn = 0;
};

// A database of these blocks, written and read back as the command does.
Database DatabaseOf(const std::vector<Block>& blocks, const std::string& name) {
  std::vector<RecordRange> ranges;
  std::vector<RecordValue> records;
  for (const Block& block : blocks) {
    const Prefix prefix = *ParsePrefix(block.prefix);
    ranges.push_back({prefix.address, prefix.last(), static_cast<uint32_t>(records.size())});
    records.push_back(
        {RecordValue::Map{{"country", {RecordValue::Map{{"iso_code", {std::string(block.code)}}}}},
                          {"autonomous_system_number", {block.asn}}}});
  }
  BuildMetadata metadata;
  metadata.database_type = "borderflow-Country-ASN";
  const std::string path = testing::TempDir() + "/geo_compare_test_" + name + ".mmdb";
  std::ofstream(path, std::ios::binary) << WriteMmdb(ranges, records, metadata).value();
  Database database = OpenDatabase(path).value();
  std::remove(path.c_str());
  return database;
}

Jurisdiction J(const char* code) { return *FromCode(code); }

TEST(GeoCompareTest, CountsAreThoseCountedByHand) {
  const Database a = DatabaseOf({{"1.0.0.0/24", "DE"},
                                 {"1.0.1.0/25", "FR", 1},
                                 {"1.0.1.128/25", "FR", 2},
                                 {"1.0.9.0/30", "IT"},
                                 {"2a00::/32", "DE"}},
                                "a");
  const Database b = DatabaseOf({{"1.0.0.0/25", "DE"},
                                 {"1.0.0.128/25", "US"},
                                 {"1.0.1.0/24", "FR"},
                                 {"1.0.2.0/26", "NL"},
                                 {"2a00::/33", "DE"},
                                 {"2a00:0:8000::/34", "FR"},
                                 {"2a00:0:c000::/34", "US"}},
                                "b");
  const DatabaseDiff diff = CompareLocations(a.layer, b.layer);
  EXPECT_EQ(diff.v4.agree.Units(), 128u + 256u);
  EXPECT_EQ(diff.v4.agree.ranges, 2u);  // the border between two AS numbers is none of location
  EXPECT_EQ(diff.v4.disagree.Units(), 128u);
  EXPECT_EQ(diff.v4.disagree.ranges, 1u);
  EXPECT_EQ(diff.v4.only_a.Units(), 4u);
  EXPECT_EQ(diff.v4.only_a.ranges, 1u);
  EXPECT_EQ(diff.v4.only_b.Units(), 64u);
  EXPECT_EQ(diff.v4.only_b.ranges, 1u);
  ASSERT_EQ(diff.v4.pairs.size(), 1u);
  EXPECT_EQ(diff.v4.pairs[0].a, J("DE"));
  EXPECT_EQ(diff.v4.pairs[0].b, J("US"));
  EXPECT_EQ(diff.v4.pairs[0].count.Units(), 128u);

  EXPECT_EQ(diff.v6.agree.Units(), 32768u);  // a /33 in /48s
  EXPECT_EQ(diff.v6.disagree.Units(), 32768u);
  EXPECT_EQ(diff.v6.disagree.ranges, 2u);
  ASSERT_EQ(diff.v6.pairs.size(), 2u);  // of equal size, so by code
  EXPECT_EQ(diff.v6.pairs[0].b, J("FR"));
  EXPECT_EQ(diff.v6.pairs[0].count.Units(), 16384u);
  EXPECT_EQ(diff.v6.pairs[1].b, J("US"));
}

TEST(GeoCompareTest, DatabaseAgreesWithItself) {
  const Database a = DatabaseOf({{"0.0.0.0/0", "DE"}, {"2000::/3", "FR"}}, "self");
  const DatabaseDiff diff = CompareLocations(a.layer, a.layer);
  EXPECT_EQ(diff.v4.agree.Units(), uint64_t{1} << 32);
  EXPECT_EQ(diff.v4.agree.ranges, 1u);
  EXPECT_EQ(diff.v4.disagree.ranges + diff.v4.only_a.ranges + diff.v4.only_b.ranges, 0u);
  // 2000::/3 is 2^45 /48s, of which Teredo is 2^16 and 6to4 2^32.
  EXPECT_EQ(diff.v6.agree.Units(), (uint64_t{1} << 45) - (uint64_t{1} << 16) - (uint64_t{1} << 32));
  EXPECT_TRUE(diff.v4.pairs.empty());
}

TEST(GeoCompareTest, Ipv4SeenThroughIpv6IsNotCountedTwice) {
  const Database a = DatabaseOf({{"1.0.0.0/24", "DE"}, {"2002:100::/24", "DE"}}, "six_a");
  const Database b = DatabaseOf({{"1.0.0.0/24", "US"}, {"2002:100::/24", "US"}}, "six_b");
  const DatabaseDiff diff = CompareLocations(a.layer, b.layer);
  EXPECT_EQ(diff.v4.disagree.Units(), 256u);
  EXPECT_EQ(diff.v6.disagree.ranges, 0u);
}

TEST(GeoCompareTest, CodesThatMeanNothingCountAsNotLocated) {
  const Database a = DatabaseOf({{"1.0.0.0/24", "EU"}, {"1.0.1.0/24", "UK"}}, "odd_a");
  const Database b = DatabaseOf({{"1.0.0.0/24", "DE"}, {"1.0.1.0/24", "GB"}}, "odd_b");
  const DatabaseDiff diff = CompareLocations(a.layer, b.layer);
  EXPECT_EQ(diff.v4.only_b.Units(), 256u);
  EXPECT_EQ(diff.v4.agree.Units(), 256u);  // UK means GB
}

}  // namespace
}  // namespace borderflow
