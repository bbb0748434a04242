// Precedence: override, site, home, special-purpose block, anycast flag, database.
#include "dataplane/geo/geography.h"

#include <cstdio>
#include <fstream>
#include <random>
#include <tuple>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "dataplane/geo/combiner.h"
#include "dataplane/geo/geo_layers.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/dataplane/geo/geo_files.h"
#include "tests/dataplane/geo/mmdb_bytes.h"

namespace borderflow {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

Jurisdiction Country(std::string_view code) { return FromCode(code).value(); }

Location Ask(const GeographyOptions& options, std::string_view address) {
  const absl::StatusOr<Geography> geography = Geography::Load(options);
  EXPECT_TRUE(geography.ok()) << geography.status();
  return geography.ok() ? geography->map().Find(ParseAddress(address).value()) : Location{};
}

// Each step adds a stronger layer over the same private address, which the database also knows.
TEST(GeographyTest, EachLayerWinsOverTheWeakerOnes) {
  const GeoFiles files("precedence");
  GeographyOptions options;
  EXPECT_EQ(Ask(options, "8.0.0.1").source, GeoSource::kNone);

  options.databases = {files.Database("db", {{"8.0.0.0/8", {.country = "US", .asn = 64500}},
                                             {"9.0.0.0/8", {.country = "US", .anycast = true}},
                                             {"10.0.0.0/8", {.country = "US", .asn = 64500}}})};
  Location found = Ask(options, "8.0.0.1");
  EXPECT_EQ(found.location, Country("US"));
  EXPECT_EQ(found.source, GeoSource::kDatabase);

  found = Ask(options, "9.0.0.1");
  EXPECT_EQ(found.location, Jurisdiction::kAnycast);
  EXPECT_EQ(found.source, GeoSource::kAnycast);
  EXPECT_EQ(found.flags, kFlagAnycast);

  found = Ask(options, "10.0.0.1");
  EXPECT_EQ(found.location, Jurisdiction::kPrivate);
  EXPECT_EQ(found.source, GeoSource::kSpecial);
  EXPECT_EQ(found.asn, 64500u) << "the AS survives the layers above";

  options.home = Country("NL");
  found = Ask(options, "10.0.0.1");
  EXPECT_EQ(found.location, Country("NL"));
  EXPECT_EQ(found.source, GeoSource::kHome);
  EXPECT_EQ(Ask(options, "9.0.0.1").source, GeoSource::kAnycast);

  options.sites = {{ParsePrefix("10.0.0.0/16").value(), Country("BE")},
                   {ParsePrefix("9.0.0.0/8").value(), Country("BE")}};
  found = Ask(options, "10.0.0.1");
  EXPECT_EQ(found.location, Country("BE"));
  EXPECT_EQ(found.source, GeoSource::kSite);
  EXPECT_EQ(Ask(options, "10.1.0.0").source, GeoSource::kHome);
  found = Ask(options, "9.0.0.1");
  EXPECT_EQ(found.location, Country("BE")) << "a site stands above the anycast flag";
  EXPECT_EQ(found.flags, kFlagAnycast);

  options.overrides = {files.Text("over.csv", "10.0.0.0/24,DE\n8.0.0.0/24,unknown\n")};
  found = Ask(options, "10.0.0.1");
  EXPECT_EQ(found.location, Country("DE"));
  EXPECT_EQ(found.source, GeoSource::kOverride);
  EXPECT_EQ(found.asn, 64500u);
  EXPECT_EQ(Ask(options, "10.0.1.0").source, GeoSource::kSite);
  found = Ask(options, "8.0.0.1");
  EXPECT_EQ(found.location, Jurisdiction::kUnknown) << "an override may take knowledge away";
  EXPECT_EQ(found.source, GeoSource::kOverride);
}

TEST(GeographyTest, AnycastFromTheDatabaseOnRequest) {
  const GeoFiles files("anycast");
  GeographyOptions options;
  options.databases = {files.Database("db", {{"9.0.0.0/8", {.country = "CH", .anycast = true}}})};
  options.anycast_from_database = true;
  const Location found = Ask(options, "9.9.9.9");
  EXPECT_EQ(found.location, Country("CH"));
  EXPECT_EQ(found.source, GeoSource::kDatabase);
  EXPECT_EQ(found.flags, kFlagAnycast);
}

TEST(GeographyTest, LaterDatabasesFillOnlyOpenMembers) {
  const GeoFiles files("fill");
  GeographyOptions options;
  options.databases = {
      files.Database("first", {{"8.0.0.0/8", {.country = "US"}},
                               {"9.0.0.0/8", {.country = "EU"}},
                               {"11.0.0.0/8", {.asn = 64501}}}),
      files.Database("second", {{"8.0.0.0/9", {.country = "CA", .registered = "GB", .asn = 64500}},
                                {"9.0.0.0/8", {.country = "FR"}},
                                {"11.0.0.0/8", {.country = "SE", .asn = 64502}},
                                {"12.0.0.0/8", {.country = "NO", .anycast = true}}})};
  Location found = Ask(options, "8.0.0.1");
  EXPECT_EQ(found.location, Country("US"));
  EXPECT_EQ(found.registered, Country("GB"));
  EXPECT_EQ(found.asn, 64500u);
  found = Ask(options, "8.128.0.0");
  EXPECT_EQ(found.location, Country("US"));
  EXPECT_EQ(found.registered, Jurisdiction::kUnknown) << "unknown is never agreement";
  EXPECT_EQ(found.asn, 0u);
  EXPECT_EQ(Ask(options, "9.0.0.1").location, Country("FR")) << "EU leaves the location open";
  found = Ask(options, "11.0.0.1");
  EXPECT_EQ(found.location, Country("SE"));
  EXPECT_EQ(found.asn, 64501u);
  EXPECT_EQ(Ask(options, "12.0.0.1").location, Jurisdiction::kAnycast);
}

TEST(GeographyTest, FirstOverridesFileWinsAndLongestPrefixWithinOne) {
  const GeoFiles files("overrides");
  GeographyOptions options;
  options.overrides = {files.Text("a.csv", "8.0.0.0/8,DE,FR\n8.1.0.0/16,AT\n"),
                       files.Text("b.csv", "8.1.1.0/24,CH,,64500\n")};
  Location found = Ask(options, "8.1.1.1");
  EXPECT_EQ(found.location, Country("AT"));
  EXPECT_EQ(found.registered, Jurisdiction::kUnknown) << "the shorter prefix does not speak here";
  EXPECT_EQ(found.asn, 64500u);
  EXPECT_EQ(Ask(options, "8.2.0.0").location, Country("DE"));
  EXPECT_EQ(Ask(options, "8.2.0.0").registered, Country("FR"));
}

TEST(GeographyTest, LongestSiteWinsAndContradictionIsRefused) {
  GeographyOptions options;
  options.sites = {{ParsePrefix("2001:db8::/32").value(), Country("DE")},
                   {ParsePrefix("2001:db8:1::/48").value(), Country("FR")},
                   {ParsePrefix("2001:db8::/32").value(), Country("DE")}};
  EXPECT_EQ(Ask(options, "2001:db8:1::5").location, Country("FR"));
  EXPECT_EQ(Ask(options, "2001:db8:2::5").location, Country("DE"));
  options.sites.push_back({ParsePrefix("2001:db8::/32").value(), Country("NL")});
  const absl::Status status = Geography::Load(options).status();
  EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument);
  EXPECT_THAT(std::string(status.message()), HasSubstr("2001:db8::/32=NL"));
}

TEST(GeographyTest, SixToFourFollowsTheDatabase) {
  const GeoFiles files("6to4");
  GeographyOptions options;
  options.databases = {files.Database("db", {{"2002::/16", {.country = "JP"}}})};
  const Location found = Ask(options, "2002:a00:1::1");
  EXPECT_EQ(found.location, Country("JP"));
  EXPECT_EQ(found.source, GeoSource::kDatabase);
}

TEST(GeographyTest, FilesTellWhereEverythingCameFrom) {
  const GeoFiles files("files");
  GeographyOptions options;
  options.overrides = {files.Text("feed.csv", "192.0.2.0/24,DE,DE-BE,Berlin,\n")};
  options.databases = {files.Database("db", {{"8.0.0.0/8", {.country = "UK", .asn = 64500}}})};
  const absl::StatusOr<Geography> geography = Geography::Load(options);
  ASSERT_TRUE(geography.ok()) << geography.status();
  ASSERT_EQ(geography->files().size(), 2u);
  const GeoFile& feed = geography->files()[0];
  EXPECT_EQ(feed.type, "overrides");
  EXPECT_EQ(feed.basis, Basis::kGeofeed);
  EXPECT_EQ(feed.ranges, 1u);
  // printf '192.0.2.0/24,DE,DE-BE,Berlin,\n' | sha256sum
  EXPECT_EQ(feed.sha256, "0d6729bab0c95367c98633270fffc07435f441e8c4798a3cfd022611102e6495");
  const GeoFile& database = geography->files()[1];
  EXPECT_EQ(database.path, options.databases[0]);
  EXPECT_EQ(database.type, "borderflow-Country-ASN");
  EXPECT_EQ(database.basis, Basis::kRegistry);
  EXPECT_EQ(database.build_time, 1'750'000'000u);
  EXPECT_EQ(database.sha256.size(), 64u);
  EXPECT_THAT(database.odd_codes, ElementsAre(testing::Pair("UK", 1)));
  EXPECT_TRUE(geography->has_as_numbers());
  EXPECT_FALSE(geography->has_registered());
}

TEST(GeographyTest, MissingFilesAreNamed) {
  GeographyOptions options;
  options.databases = {"/nonexistent/a.mmdb"};
  EXPECT_EQ(Geography::Load(options).status().code(), absl::StatusCode::kNotFound);
  options.databases = {};
  options.overrides = {"/nonexistent/o.csv"};
  const absl::Status status = Geography::Load(options).status();
  EXPECT_EQ(status.code(), absl::StatusCode::kNotFound);
  EXPECT_THAT(std::string(status.message()), HasSubstr("/nonexistent/o.csv"));
}

TEST(GeographyTest, CustomLayoutsAreReadByTheirPath) {
  const GeoFiles files("custom");
  GeographyOptions options;
  const std::string path = files.Database("db", {{"8.0.0.0/8", {.custom = "SE"}}});
  options.databases = {path};
  EXPECT_EQ(Geography::Load(options).status().code(), absl::StatusCode::kInvalidArgument);
  options.country_paths[path] = "geo.cc";
  EXPECT_EQ(Ask(options, "8.0.0.1").location, Country("SE"));
}

// The slow twin of a paired map is two maps.
TEST(GeographyTest, APairedMapSaysOfEveryAddressWhatEitherSetSays) {
  const GeoFiles files("paired");
  std::mt19937 random(5);
  const std::vector<std::string> countries = {"", "US", "DE", "IN", "NO"};
  for (int round = 0; round < 20; ++round) {
    const auto database = [&](const std::string& name) {
      std::vector<std::pair<std::string, TestRecord>> prefixes;
      for (uint32_t block = 0; block < 64; ++block) {
        if (random() % 3 == 0) continue;
        prefixes.push_back({absl::StrCat("20.0.", block * 4, ".0/22"),
                            {.country = countries[random() % countries.size()],
                             .registered = countries[random() % countries.size()],
                             .asn = static_cast<uint32_t>(random() % 3 * 7),
                             .anycast = random() % 8 == 0}});
      }
      prefixes.push_back({absl::StrCat("2a00:", round + 1, "::/32"),
                          {.country = countries[random() % countries.size()], .asn = 9}});
      return files.Database(name, prefixes);
    };
    GeographyOptions one;
    one.databases = {database("one")};
    one.overrides = {files.Text("o.csv", "20.0.8.0/23,JP\n")};
    one.sites = {{ParsePrefix("20.0.16.0/23").value(), Country("BE")}};
    GeographyOptions other = one;
    other.databases = {database("other")};
    GeographyOptions both = one;
    both.other_databases = other.databases;
    const absl::StatusOr<Geography> first = Geography::Load(one);
    const absl::StatusOr<Geography> second = Geography::Load(other);
    const absl::StatusOr<Geography> paired = Geography::Load(both);
    ASSERT_TRUE(first.ok() && second.ok() && paired.ok()) << paired.status();
    EXPECT_FALSE(first->paired());
    ASSERT_TRUE(paired->paired());
    EXPECT_EQ(paired->files().size(), 2u);
    EXPECT_EQ(paired->other_files().size(), 1u);
    for (int i = 0; i < 500; ++i) {
      IpAddress address = IpAddress::FromV4(static_cast<uint32_t>(0x14000000 + random() % 0x12000));
      if (i % 10 == 0) address = {uint64_t{0x2a000000u + random() % 22} << 32, random()};
      const Location found = paired->map().Find(address);
      const Location a = first->map().Find(address);
      const Location b = second->map().Find(address);
      EXPECT_EQ(found.location, a.location);
      EXPECT_EQ(found.registered, a.registered);
      const LocatedTwice& pair = paired->PairOf(found.asn);
      EXPECT_EQ(std::tie(pair.first.asn, pair.first.location, pair.first.registered),
                std::tie(a.asn, a.location, a.registered));
      EXPECT_EQ(std::tie(pair.second.asn, pair.second.location, pair.second.registered),
                std::tie(b.asn, b.location, b.registered));
    }
  }
}

// An IPv6 tree with 8.0.0.0/8 and 10.0.0.0/8 at ::/96, which ::ffff:0:0/96 and the prefixes of
// `aliases` lead to as well.
std::string TreeWithAliases(const std::vector<std::string>& aliases) {
  constexpr uint32_t kNone = MmdbBytes::kNone;
  MmdbBytes bytes;
  bytes.ip_version = 6;
  bytes.data = MmdbCountry("US");
  bytes.nodes.push_back({kNone, kNone});
  const auto lead = [&bytes](const IpAddress& address, int length, uint32_t to) {
    uint32_t at = 0;
    for (int depth = 0; depth < length; ++depth) {
      const uint64_t half = depth < 64 ? address.high : address.low;
      const size_t side = half >> (63 - depth % 64) & 1;
      if (depth == length - 1) {
        bytes.nodes[at][side] = to;
      } else if (bytes.nodes[at][side] == kNone) {
        bytes.nodes[at][side] = static_cast<uint32_t>(bytes.nodes.size());
        bytes.nodes.push_back({kNone, kNone});
        at = static_cast<uint32_t>(bytes.nodes.size() - 1);
      } else {
        at = bytes.nodes[at][side];
      }
    }
  };
  lead({0, 0x0800'0000}, 104, MmdbBytes::Data(0));
  lead({0, 0x0a00'0000}, 104, MmdbBytes::Data(0));
  uint32_t v4_root = 0;
  for (int depth = 0; depth < 96; ++depth) v4_root = bytes.nodes[v4_root][0];
  lead(IpAddress::FromV4(0), 96, v4_root);
  for (const std::string& alias : aliases) {
    const Prefix prefix = ParsePrefix(alias).value();
    lead(prefix.address, prefix.length, v4_root);
  }
  const HugeVector<uint8_t> written = bytes.Bytes();
  return std::string(written.begin(), written.end());
}

// The map asks IPv4 where IPv6 addresses stand for it; the slow twin combines every step of the
// layers, in which aliases are expanded.
TEST(GeographyTest, AliasedAddressesAnswerAsTheExpandedLayersDo) {
  const GeoFiles files("aliases");
  const std::string both = files.Text("both.mmdb", TreeWithAliases({"2002::/16", "2001::/32"}));
  const std::string one = files.Text("one.mmdb", TreeWithAliases({"2002::/16"}));
  const std::string v4_only = files.Text("v4.mmdb", [] {
    MmdbBytes bytes;
    bytes.nodes = {{MmdbBytes::Data(0), MmdbBytes::kNone}};
    bytes.data = MmdbCountry("DE");
    const HugeVector<uint8_t> written = bytes.Bytes();
    return std::string(written.begin(), written.end());
  }());
  const std::string overrides =
      files.Text("over.csv", "2002:0802::/32,FR\n8.3.0.0/16,CH\n2001:0:a00::/40,CH\n");
  for (const std::vector<std::string>& databases :
       {std::vector{both}, std::vector{both, one}, std::vector{one, v4_only},
        std::vector{v4_only, both}, std::vector{both, both}}) {
    for (const bool declared_more : {false, true}) {
      GeographyOptions options;
      options.databases = databases;
      if (declared_more) {
        options.overrides = {overrides};
        options.sites = {{ParsePrefix("8.1.0.0/16").value(), Country("BE")},
                         {ParsePrefix("::8.4.0.0/112").value(), Country("NL")}};
      }
      const absl::StatusOr<Geography> geography = Geography::Load(options);
      ASSERT_TRUE(geography.ok()) << geography.status();
      const absl::StatusOr<GeoLayers> declared = LoadDeclared(options);
      const absl::StatusOr<GeoLayers> expanded = LoadDatabases(options, options.databases);
      ASSERT_TRUE(declared.ok() && expanded.ok());
      for (const bool v4 : {true, false}) {
        Combiner twin(declared->layers, expanded->layers,
                      v4 ? LayerCursor::Family::kV4 : LayerCursor::Family::kV6,
                      options.anycast_from_database);
        IpAddress first = v4 ? kFirstV4 : IpAddress{};
        while (true) {
          const IpAddress last = twin.Next() != nullptr ? Before(*twin.Next())
                                 : v4                   ? kLastV4
                                                        : kLastV6;
          for (const IpAddress& address : {first, last}) {
            if (!v4 && address.IsV4Mapped()) continue;
            ASSERT_EQ(geography->map().Find(address), twin.Combine())
                << ToString(address) << " of " << databases.front();
          }
          if (twin.Next() == nullptr) break;
          first = *twin.Next();
          twin.AdvanceTo(first);
        }
      }
    }
  }
}

TEST(GeographyTest, DigestsOfDatabasesOnlyForWhoStatesThem) {
  const GeoFiles files("digests");
  GeographyOptions options;
  options.databases = {files.Database("db", {{"8.0.0.0/8", {.country = "US"}}})};
  const absl::StatusOr<Geography> stated = Geography::Load(options);
  ASSERT_TRUE(stated.ok()) << stated.status();
  EXPECT_EQ(stated->files().front().sha256.size(), 64u);
  options.digests = false;
  const absl::StatusOr<Geography> not_stated = Geography::Load(options);
  ASSERT_TRUE(not_stated.ok()) << not_stated.status();
  EXPECT_EQ(not_stated->files().front().sha256, "");
}

}  // namespace
}  // namespace borderflow
