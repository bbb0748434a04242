#include "dataplane/geo/build_database.h"

#include <maxminddb.h>

#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <random>
#include <sstream>
#include <string>

#include "dataplane/geo/location.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace borderflow {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;

// What libmaxminddb reads for an address.
struct Found {
  std::string code;
  uint32_t asn = 0;
  std::string organization;
  bool anycast = false;
  bool satellite = false;
  bool proxy = false;
  std::string country_source;
  std::string as_source;

  friend bool operator==(const Found&, const Found&) = default;
};

class Reader {
 public:
  Reader(const std::string& bytes, const std::string& name)
      : path_(testing::TempDir() + "/build_database_test_" + name + ".mmdb") {
    std::ofstream(path_, std::ios::binary) << bytes;
    EXPECT_EQ(MMDB_open(path_.c_str(), MMDB_MODE_MMAP, &database_), MMDB_SUCCESS);
  }
  ~Reader() {
    MMDB_close(&database_);
    std::remove(path_.c_str());
  }
  Reader(const Reader&) = delete;
  Reader& operator=(const Reader&) = delete;

  Found Find(const IpAddress& address) const {
    int resolve_error = 0;
    int error = MMDB_SUCCESS;
    MMDB_lookup_result_s result =
        MMDB_lookup_string(&database_, ToString(address).c_str(), &resolve_error, &error);
    EXPECT_EQ(resolve_error, 0);
    EXPECT_EQ(error, MMDB_SUCCESS);
    Found found;
    if (!result.found_entry) return found;
    const auto text = [&](auto... path) {
      MMDB_entry_data_s data;
      if (MMDB_get_value(&result.entry, &data, path..., nullptr) != MMDB_SUCCESS)
        return std::string();
      return std::string(data.utf8_string, data.data_size);
    };
    const auto truth = [&](const char* trait) {
      MMDB_entry_data_s data;
      const int status = MMDB_get_value(&result.entry, &data, "traits", trait, nullptr);
      return status == MMDB_SUCCESS && data.boolean;
    };
    found.code = text("country", "iso_code");
    found.organization = text("autonomous_system_organization");
    found.country_source = text("sources", "country");
    found.as_source = text("sources", "autonomous_system");
    found.anycast = truth("is_anycast");
    found.satellite = truth("is_satellite_provider");
    found.proxy = truth("is_anonymous_proxy");
    MMDB_entry_data_s data;
    if (MMDB_get_value(&result.entry, &data, "autonomous_system_number", nullptr) == MMDB_SUCCESS) {
      found.asn = data.uint32;
    }
    return found;
  }

 private:
  std::string path_;
  MMDB_s database_{};
};

TorGeoip Tor(const std::string& lines) {
  return ParseTorGeoip(
             "# Generated: Thu, 25 Jun 2026 04:33:59 GMT\n# Vendor: V\n# License: L\n" + lines,
             "geoip")
      .value();
}

NetworkRange Network(const char* first, const char* last, const char* code, uint32_t asn,
                     uint8_t flags) {
  NetworkRange range;
  range.first = *ParseAddress(first);
  range.last = *ParseAddress(last);
  range.code = {code[0], code[1]};
  range.asn = asn;
  range.flags = flags;
  return range;
}

Libloc LiblocOf(std::vector<NetworkRange> ranges) {
  Libloc libloc;
  libloc.build_time = 1667023194;  // 2022-10-29
  libloc.vendor = "V";
  libloc.licence = "L";
  libloc.as_names = {{64496, "Example Net"}};
  libloc.ranges = std::move(ranges);
  return libloc;
}

constexpr char kTorSource[] = "tor-geoipdb 2026-06-25";
constexpr char kLiblocSource[] = "libloc 2022-10-29";

// Borders of the two sources cross each other: 192.0.2.10-19 has a country alone, 20-29 both,
// 30-39 an AS alone.
TEST(BuildDatabaseTest, EachAddressHasWhatEachSourceSays) {
  DatabaseSources sources;
  sources.tor = {Tor("3221225994,3221226013,DE\n"), Tor("2001:db8::,2001:db8::ff,FR\n")};
  sources.libloc =
      LiblocOf({Network("192.0.2.20", "192.0.2.39", "US", 64496, kFlagAnycast),
                Network("2001:db8::80", "2001:db8::ff", "US", 64497, kFlagSatellite | kFlagProxy)});
  const auto built = BuildDatabase(sources);
  ASSERT_TRUE(built.ok()) << built.status();
  const Reader reader(built->bytes, "borders");
  const IpAddress base = *ParseAddress("192.0.2.0");
  for (uint32_t host = 0; host < 256; ++host) {
    Found expected;
    if (host >= 10 && host < 30) {
      expected.code = "DE";
      expected.country_source = kTorSource;
    }
    if (host >= 20 && host < 40) {
      expected.asn = 64496;
      expected.organization = "Example Net";
      expected.anycast = true;
      expected.as_source = kLiblocSource;
    }
    EXPECT_EQ(reader.Find(IpAddress::FromV4(base.v4() + host)), expected) << host;
  }
  Found v6;
  v6.code = "FR";
  v6.country_source = kTorSource;
  EXPECT_EQ(reader.Find(*ParseAddress("2001:db8::7f")), v6);
  v6.asn = 64497;  // without a name
  v6.satellite = v6.proxy = true;
  v6.as_source = kLiblocSource;
  EXPECT_EQ(reader.Find(*ParseAddress("2001:db8::80")), v6);

  EXPECT_EQ(built->ranges, 5u);
  EXPECT_EQ(built->records, 5u);
  EXPECT_EQ(built->countries, 2u);
  EXPECT_EQ(built->as_numbers, 2u);
  EXPECT_EQ(built->anycast_ranges, 2u);
  EXPECT_EQ(built->satellite_ranges, 1u);
  EXPECT_EQ(built->proxy_ranges, 1u);
  EXPECT_EQ(built->ipv4_with_country, 20u);
  EXPECT_EQ(built->ipv4_with_as, 20u);
}

TEST(BuildDatabaseTest, OddCodesStayAsTheyAreAndAreCounted) {
  DatabaseSources sources;
  sources.tor = {Tor("1,1,UK\n3,3,EU\n5,5,EU\n7,7,\?\?\n9,9,DE\n")};
  const auto built = BuildDatabase(sources);
  ASSERT_TRUE(built.ok()) << built.status();
  EXPECT_EQ(built->odd_codes, (std::map<std::string, uint64_t>{{"EU", 2}, {"UK", 1}, {"\?\?", 1}}));
  const Reader reader(built->bytes, "odd");
  EXPECT_EQ(reader.Find(IpAddress::FromV4(1)).code, "UK");
  EXPECT_EQ(reader.Find(IpAddress::FromV4(7)).code, "\?\?");
}

TEST(BuildDatabaseTest, LiblocAloneGivesItsOwnCountries) {
  DatabaseSources sources;
  sources.libloc = LiblocOf({Network("192.0.2.0", "192.0.2.255", "DE", 64496, 0)});
  const auto built = BuildDatabase(sources);
  ASSERT_TRUE(built.ok()) << built.status();
  const Reader reader(built->bytes, "alone");
  const Found found = reader.Find(*ParseAddress("192.0.2.1"));
  EXPECT_EQ(found.code, "DE");
  EXPECT_EQ(found.country_source, kLiblocSource);
}

TEST(BuildDatabaseTest, NetworkOverEverythingIsDividedByFamily) {
  DatabaseSources sources;
  sources.libloc = LiblocOf({Network("::", "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", "DE", 1, 0)});
  const auto built = BuildDatabase(sources);
  ASSERT_TRUE(built.ok()) << built.status();
  const Reader reader(built->bytes, "everything");
  EXPECT_EQ(reader.Find(*ParseAddress("255.255.255.255")).code, "DE");
  EXPECT_EQ(reader.Find(*ParseAddress("0.0.0.0")).code, "DE");
  EXPECT_EQ(reader.Find(*ParseAddress("ffff::")).code, "DE");
}

TEST(BuildDatabaseTest, DescriptionStatesSourcesDatesLicenceAndLimits) {
  DatabaseSources sources;
  sources.tor = {Tor("1,1,DE\n")};
  sources.libloc = LiblocOf({});
  const auto built = BuildDatabase(sources);
  ASSERT_TRUE(built.ok()) << built.status();
  EXPECT_THAT(built->description, AllOf(HasSubstr("2026-06-25"), HasSubstr("2022-10-29"),
                                        HasSubstr("Licence: L."), HasSubstr("registry-derived"),
                                        HasSubstr("No source says where a block is registered")));
}

TEST(BuildDatabaseTest, DateAndBytesFollowFromTheSources) {
  DatabaseSources sources;
  sources.tor = {Tor("1,1,DE\n")};
  sources.libloc = LiblocOf({Network("0.0.0.1", "0.0.0.2", "DE", 1, 0)});
  const auto first = BuildDatabase(sources);
  const auto second = BuildDatabase(sources);
  ASSERT_TRUE(first.ok() && second.ok());
  EXPECT_EQ(first->bytes, second->bytes);
  EXPECT_EQ(first->build_epoch, 1782362039);  // the newer of the two
}

TEST(BuildDatabaseTest, MissingAndOverlappingSourcesAreRefused) {
  EXPECT_THAT(std::string(BuildDatabase({}).status().message()), HasSubstr("no source given"));
  DatabaseSources sources;
  sources.tor = {Tor("1,5,DE\n"), Tor("5,9,FR\n")};
  EXPECT_THAT(std::string(BuildDatabase(sources).status().message()),
              HasSubstr("both cover 0.0.0.5"));
}

// The folder of tools/setup/geo_data.sh.
std::optional<std::filesystem::path> DataFolder() {
  std::filesystem::path folder;
  if (const char* cache = std::getenv("BORDERFLOW_CACHE")) {
    folder = std::filesystem::path(cache) / "geo";
  } else if (const char* xdg = std::getenv("XDG_CACHE_HOME")) {
    folder = std::filesystem::path(xdg) / "borderflow" / "geo";
  } else if (const char* home = std::getenv("HOME")) {
    folder = std::filesystem::path(home) / ".cache" / "borderflow" / "geo";
  }
  for (const char* name : {"geoip", "geoip6", "location.db"}) {
    if (!std::filesystem::exists(folder / name)) return std::nullopt;
  }
  return folder;
}

std::string ReadFile(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

// One scan of the text by other means than the parser's: each line's code goes to the addresses
// that lie within it.
void ScanTor(const std::string& text, std::map<IpAddress, std::string>* codes) {
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);) {
    if (line.starts_with('#')) continue;
    char first[64], last[64], code[3];
    ASSERT_EQ(std::sscanf(line.c_str(), "%63[^,],%63[^,],%2s", first, last, code), 3) << line;
    const auto address = [](const std::string& end) {
      return end.find(':') == std::string::npos
                 ? IpAddress::FromV4(static_cast<uint32_t>(std::stoul(end)))
                 : *ParseAddress(end);
    };
    const IpAddress end = address(last);
    for (auto at = codes->lower_bound(address(first)); at != codes->end() && at->first <= end;
         ++at) {
      at->second = code;
    }
  }
}

TEST(BuildDatabaseTest, RealDataAgreesWithItsTextOnRandomAddresses) {
  const std::optional<std::filesystem::path> folder = DataFolder();
  if (!folder) GTEST_SKIP() << "no data: run tools/setup/geo_data.sh";
  const std::string v4_text = ReadFile(*folder / "geoip");
  const std::string v6_text = ReadFile(*folder / "geoip6");
  DatabaseSources sources;
  sources.tor = {ParseTorGeoip(v4_text, "geoip").value(), ParseTorGeoip(v6_text, "geoip6").value()};
  sources.libloc = ParseLibloc(ReadFile(*folder / "location.db"), "location.db").value();
  const auto built = BuildDatabase(sources);
  ASSERT_TRUE(built.ok()) << built.status();
  const Reader reader(built->bytes, "real");

  std::mt19937_64 random(20261122);
  std::map<IpAddress, std::string> codes;
  for (int i = 0; i < 10'000; ++i) {
    codes[IpAddress::FromV4(static_cast<uint32_t>(random()))];
    // Near real ranges, since most of IPv6 is empty.
    const auto& ranges = sources.tor[1].ranges;
    const CountryRange& near = ranges[random() % ranges.size()];
    codes[{near.first.high + random() % 65536, random()}];
  }
  ScanTor(v4_text, &codes);
  ScanTor(v6_text, &codes);
  size_t located = 0;
  for (const auto& [address, code] : codes) {
    ASSERT_EQ(reader.Find(address).code, code) << ToString(address);
    if (!code.empty()) ++located;
  }
  EXPECT_GT(located, codes.size() / 2);
}

}  // namespace
}  // namespace borderflow
