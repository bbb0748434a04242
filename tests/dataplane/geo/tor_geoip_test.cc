#include "dataplane/geo/tor_geoip.h"

#include <string>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace borderflow {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;

std::string Code(const CountryRange& range) { return {range.code[0], range.code[1]}; }

TEST(TorGeoipTest, Ipv4LinesAreDecimalNumbers) {
  const auto file = ParseTorGeoip("16777216,16777471,AU\n16777472,16778239,CN\n", "geoip");
  ASSERT_TRUE(file.ok()) << file.status();
  ASSERT_EQ(file->ranges.size(), 2u);
  EXPECT_EQ(file->ranges[0].first, *ParseAddress("1.0.0.0"));
  EXPECT_EQ(file->ranges[0].last, *ParseAddress("1.0.0.255"));
  EXPECT_EQ(Code(file->ranges[0]), "AU");
  EXPECT_EQ(file->ranges[1].first, *ParseAddress("1.0.1.0"));
  EXPECT_EQ(file->ranges[1].last, *ParseAddress("1.0.3.255"));
}

TEST(TorGeoipTest, Ipv6LinesAreAddresses) {
  const auto file =
      ParseTorGeoip("2001:db8::,2001:db8:0:ffff:ffff:ffff:ffff:ffff,??\r\n", "geoip6");
  ASSERT_TRUE(file.ok()) << file.status();
  ASSERT_EQ(file->ranges.size(), 1u);
  EXPECT_EQ(file->ranges[0].first, *ParseAddress("2001:db8::"));
  EXPECT_EQ(file->ranges[0].last, *ParseAddress("2001:db8:0:ffff:ffff:ffff:ffff:ffff"));
  EXPECT_EQ(Code(file->ranges[0]), "??");
}

TEST(TorGeoipTest, HeaderGivesDateVendorLicenceAndItsWholeText) {
  const auto file = ParseTorGeoip(
      "# A converted file.\n#\n# Generated: Thu, 25 Jun 2026 04:33:59 GMT\n"
      "# Vendor:    Some Project\n# License:   CC BY-SA 4.0\n1,2,DE\n",
      "geoip");
  ASSERT_TRUE(file.ok()) << file.status();
  EXPECT_EQ(file->build_time, 1782362039);  // date -u -d '2026-06-25 04:33:59' +%s
  EXPECT_EQ(file->vendor, "Some Project");
  EXPECT_EQ(file->licence, "CC BY-SA 4.0");
  EXPECT_THAT(file->description, AllOf(HasSubstr("A converted file.\n"), HasSubstr("Generated:")));
}

TEST(TorGeoipTest, HeaderWithoutDateGivesZero) {
  const auto file = ParseTorGeoip("# Generated: yesterday\n1,2,DE\n", "geoip");
  ASSERT_TRUE(file.ok()) << file.status();
  EXPECT_EQ(file->build_time, 0);
}

struct Refusal {
  const char* text;
  const char* message;
};

class TorGeoipRefusalTest : public testing::TestWithParam<Refusal> {};

TEST_P(TorGeoipRefusalTest, NamesFileLineAndReason) {
  const auto file = ParseTorGeoip(GetParam().text, "data/geoip");
  ASSERT_FALSE(file.ok());
  EXPECT_EQ(file.status().code(), absl::StatusCode::kInvalidArgument);
  EXPECT_THAT(std::string(file.status().message()), HasSubstr(GetParam().message));
}

INSTANTIATE_TEST_SUITE_P(
    Lines, TorGeoipRefusalTest,
    testing::Values(Refusal{"1,2,DE\n3,4\n", "data/geoip:2: found \"3,4\""},
                    Refusal{"# one\n\n1,2,DEU\n", "data/geoip:3: found"},
                    Refusal{"1,2,D\x01\n", "\\x01"}, Refusal{"1,4294967296,DE\n", "data/geoip:1: "},
                    Refusal{"-1,2,DE\n", "data/geoip:1: "}, Refusal{"1 ,2,DE\n", "data/geoip:1: "},
                    Refusal{"1,2001::,DE\n", "data/geoip:1: "},
                    Refusal{"5,4,DE\n", "data/geoip:1: the range ends before it begins"},
                    Refusal{"1,5,DE\n5,6,FR\n", "data/geoip:2: the range begins at 0.0.0.5"},
                    Refusal{"9,9,DE\n1,2,FR\n", "data/geoip:2: the range begins at 0.0.0.1"},
                    Refusal{"2001::,2001:g::,DE\n", "data/geoip:1: "},
                    Refusal{"# only words\n", "no address range"},
                    Refusal{"", "no address range"}));

TEST(TorGeoipTest, RefusalShowsOnlyTheBeginningOfAnEndlessLine) {
  const auto file = ParseTorGeoip(std::string(1'000'000, 'x'), "geoip");
  ASSERT_FALSE(file.ok());
  EXPECT_LT(file.status().message().size(), 300u);
}

}  // namespace
}  // namespace borderflow
