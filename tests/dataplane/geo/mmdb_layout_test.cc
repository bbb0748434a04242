#include "dataplane/geo/mmdb_layout.h"

#include "dataplane/geo/database.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/dataplane/geo/mmdb_bytes.h"

namespace borderflow {
namespace {

using ::testing::ElementsAre;
using ::testing::Pair;

// A record whose strings outlive the data that it was read from.
struct OwnedRecord {
  std::string country;
  std::string registered;
  uint32_t asn = 0;
  uint8_t flags = 0;
};

OwnedRecord Read(const std::string& data, std::string_view country_path = "") {
  const absl::Span<const uint8_t> bytes(reinterpret_cast<const uint8_t*>(data.data()), data.size());
  MmdbData::Budget budget(data.size());
  const MmdbData section(bytes);
  const absl::StatusOr<MmdbRecord> record = ReadRecord(section, 0, country_path, budget);
  EXPECT_TRUE(record.ok()) << record.status();
  if (!record.ok()) return {};
  return {std::string(record->country), std::string(record->registered), record->asn,
          record->flags};
}

std::string IsoCode(std::string_view code) {
  return MmdbMap(1) + MmdbString("iso_code") + MmdbString(code);
}

TEST(MmdbLayoutTest, MaxmindCountry) {
  const OwnedRecord record = Read(MmdbMap(3) + MmdbString("continent") + MmdbMap(1) +
                                  MmdbString("code") + MmdbString("EU") + MmdbString("country") +
                                  IsoCode("DE") + MmdbString("registered_country") + IsoCode("FR"));
  EXPECT_EQ(record.country, "DE");
  EXPECT_EQ(record.registered, "FR");
  EXPECT_EQ(record.asn, 0u);
}

TEST(MmdbLayoutTest, RegisteredCountryNeverStandsInForTheCountry) {
  const OwnedRecord record = Read(MmdbMap(1) + MmdbString("registered_country") + IsoCode("AU"));
  EXPECT_EQ(record.country, "");
  EXPECT_EQ(record.registered, "AU");
}

TEST(MmdbLayoutTest, AsNumberAtTheTopAndInTraits) {
  EXPECT_EQ(Read(MmdbMap(1) + MmdbString("autonomous_system_number") + MmdbUint32(3320)).asn,
            3320u);
  EXPECT_EQ(Read(MmdbMap(1) + MmdbString("traits") + MmdbMap(1) +
                 MmdbString("autonomous_system_number") + MmdbUint32(64500))
                .asn,
            64500u);
}

TEST(MmdbLayoutTest, IpinfoWithPlainStrings) {
  const OwnedRecord record =
      Read(MmdbMap(4) + MmdbString("country") + MmdbString("Germany") + MmdbString("country_code") +
           MmdbString("DE") + MmdbString("asn") + MmdbString("AS64501") + MmdbString("is_anycast") +
           MmdbString("true"));
  EXPECT_EQ(record.country, "DE");
  EXPECT_EQ(record.asn, 64501u);
  EXPECT_EQ(record.flags, kFlagAnycast);
}

TEST(MmdbLayoutTest, IpinfoWhereCountryIsTheCode) {
  EXPECT_EQ(Read(MmdbMap(1) + MmdbString("country") + MmdbString("DE")).country, "DE");
}

TEST(MmdbLayoutTest, FlagsOfTraits) {
  const OwnedRecord record =
      Read(MmdbMap(1) + MmdbString("traits") + MmdbMap(3) + MmdbString("is_anycast") + MmdbTrue() +
           MmdbString("is_satellite_provider") + MmdbTrue() + MmdbString("is_anonymous_proxy") +
           MmdbTrue());
  EXPECT_EQ(record.flags, kFlagAnycast | kFlagSatellite | kFlagProxy);
}

TEST(MmdbLayoutTest, CustomPathReplacesTheKnownOnes) {
  const std::string data = MmdbMap(2) + MmdbString("country") + IsoCode("DE") + MmdbString("geo") +
                           MmdbMap(1) + MmdbString("cc") + MmdbString("NL");
  EXPECT_EQ(Read(data, "geo.cc").country, "NL");
  EXPECT_EQ(Read(data, "geo.nothing").country, "");
  EXPECT_EQ(Read(data, "country.iso_code").country, "DE");
}

TEST(MmdbLayoutTest, PointersAreFollowed) {
  const std::string country = IsoCode("SE");
  const std::string prefix = MmdbMap(2) + MmdbString("country") + MmdbPointer(40) +
                             MmdbString("registered_country") + MmdbPointer(40);
  const std::string data = prefix + std::string(40 - prefix.size(), '\0') + country;
  EXPECT_EQ(Read(data).country, "SE");
  EXPECT_EQ(Read(data).registered, "SE");
}

TEST(MmdbLayoutTest, AsNumberTexts) {
  EXPECT_EQ(ParseAsNumber("AS13335"), 13335u);
  EXPECT_EQ(ParseAsNumber("as13335"), 13335u);
  EXPECT_EQ(ParseAsNumber("13335"), 13335u);
  EXPECT_EQ(ParseAsNumber("AS4294967295"), 4294967295u);
  for (const char* wrong : {"", "AS", "AS-1", "AS4294967296", "ASN1", "13335 ", "x"}) {
    EXPECT_EQ(ParseAsNumber(wrong), std::nullopt) << wrong;
  }
}

// Two /2 with the code EU, one with UK, one with DE.
TEST(MmdbLayoutTest, OddCodesAreCountedByRanges) {
  MmdbBytes bytes;
  const std::string eu = MmdbCountry("EU");
  const std::string uk = MmdbCountry("UK");
  const auto uk_at = static_cast<uint32_t>(eu.size());
  const auto de_at = static_cast<uint32_t>(eu.size() + uk.size());
  bytes.data = eu + uk + MmdbCountry("DE");
  bytes.nodes = {{1, 2},
                 {MmdbBytes::Data(0), MmdbBytes::Data(0)},
                 {MmdbBytes::Data(uk_at), MmdbBytes::Data(de_at)}};
  const absl::StatusOr<MmdbFile> file = MmdbFile::Parse(bytes.Bytes(), "odd.mmdb");
  ASSERT_TRUE(file.ok()) << file.status();
  const absl::StatusOr<Database> database = CompileDatabase(*file, "");
  ASSERT_TRUE(database.ok()) << database.status();
  EXPECT_THAT(database->file.odd_codes, ElementsAre(Pair("EU", 2), Pair("UK", 1)));
  EXPECT_EQ(database->file.ranges, 4u);
  EXPECT_EQ(database->layer.records[1].location, Jurisdiction::kUnknown);
  EXPECT_EQ(database->layer.records[1].source, GeoSource::kDatabase);
  EXPECT_EQ(Code(database->layer.records[2].location), "GB");
}

TEST(MmdbLayoutTest, BasisFollowsTheType) {
  EXPECT_EQ(BasisOf("borderflow-Country-ASN"), Basis::kRegistry);
  EXPECT_EQ(BasisOf("Tor-IPFire-Country"), Basis::kRegistry);
  for (const char* type : {"GeoLite2-Country", "GeoIP2-City", "DBIP-Country-Lite", "ipinfo lite"}) {
    EXPECT_EQ(BasisOf(type), Basis::kVendor) << type;
  }
}

}  // namespace
}  // namespace borderflow
