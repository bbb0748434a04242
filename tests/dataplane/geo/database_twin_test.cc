// Every database that libmaxminddb can read must give the same answers here: on random addresses,
// and on both sides of every boundary.
//
// BORDERFLOW_GEO_LOOKUPS: random addresses of each family, 1,000,000 unless given.
// BORDERFLOW_GEO_DATABASE: one more database to compare, such as one made by `geo build`.
#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <random>
#include <vector>

#include "dataplane/geo/database.h"
#include "dataplane/geo/geography.h"
#include "dataplane/geo/mmdb_walk.h"
#include "dataplane/geo/special_purpose.h"
#include "gtest/gtest.h"
#include "tests/corpus.h"
#include "tests/dataplane/geo/maxmind_twin.h"

namespace borderflow {
namespace {

constexpr size_t kLookups = 1'000'000;
constexpr size_t kLookupsInSmallDatabase = 10'000;
constexpr uintmax_t kSmallDatabase = 1 << 20;  // bytes

size_t LookupsFor(const std::filesystem::path& path) {
  if (std::filesystem::file_size(path) < kSmallDatabase) return kLookupsInSmallDatabase;
  const char* wanted = std::getenv("BORDERFLOW_GEO_LOOKUPS");
  return wanted == nullptr ? kLookups : static_cast<size_t>(std::strtoull(wanted, nullptr, 10));
}

std::vector<std::filesystem::path> Databases() {
  std::vector<std::filesystem::path> paths;
  if (const auto corpus = CorpusFolder(); corpus.has_value()) {
    paths.push_back(*corpus / "tor-country.mmdb");
    for (const auto& entry : std::filesystem::directory_iterator(*corpus / "mmdb")) {
      if (entry.path().extension() == ".mmdb") paths.push_back(entry.path());
    }
  }
  if (const char* named = std::getenv("BORDERFLOW_GEO_DATABASE"); named != nullptr) {
    paths.emplace_back(named);
  }
  std::sort(paths.begin(), paths.end());
  return paths;
}

IpAddress Before(const IpAddress& address) {
  return {address.high - (address.low == 0 ? 1 : 0), address.low - 1};
}

// Both sides of every step of a family, aliases expanded.
std::vector<IpAddress> Boundaries(const GeoLayer& layer, LayerCursor::Family family) {
  std::vector<IpAddress> found;
  for (LayerCursor cursor(layer, family); !cursor.last(); cursor.Advance()) {
    found.push_back(cursor.next());
    found.push_back(Before(cursor.next()));
  }
  return found;
}

// IPv6 anywhere, and near the boundaries, which uniform numbers would hardly ever meet.
std::vector<IpAddress> RandomV6(const std::vector<IpAddress>& boundaries, size_t count) {
  std::mt19937_64 random(20261122);
  std::vector<IpAddress> addresses;
  while (addresses.size() < count) {
    IpAddress address{random(), random()};
    if (addresses.size() % 4 != 0 && !boundaries.empty()) {
      const IpAddress& near = boundaries[random() % boundaries.size()];
      const auto kept = static_cast<int>(random() % 129);  // bits in common with the boundary
      const uint64_t high_mask = kept == 0 ? 0 : ~uint64_t{0} << (64 - std::min(kept, 64));
      const uint64_t low_mask = kept <= 64 ? 0 : ~uint64_t{0} << (128 - kept);
      address.high = (near.high & high_mask) | (address.high & ~high_mask);
      address.low = (near.low & low_mask) | (address.low & ~low_mask);
    }
    if (!address.IsV4Mapped()) addresses.push_back(address);
  }
  return addresses;
}

std::vector<IpAddress> RandomV4(size_t count) {
  std::mt19937_64 random(20261122);
  std::vector<IpAddress> addresses(count);
  for (IpAddress& address : addresses) {
    address = IpAddress::FromV4(static_cast<uint32_t>(random()));
  }
  return addresses;
}

class DatabaseTwinTest : public testing::TestWithParam<std::filesystem::path> {};

GTEST_ALLOW_UNINSTANTIATED_PARAMETERIZED_TEST(DatabaseTwinTest);

// The tree of any readable file leads each address to the record that libmaxminddb finds.
TEST_P(DatabaseTwinTest, TreeLeadsToTheSameRecords) {
  const absl::StatusOr<MmdbFile> file = MmdbFile::Open(GetParam());
  MaxmindTwin twin(GetParam());
  if (!file.ok()) {
    EXPECT_FALSE(twin.ok()) << file.status();
    GTEST_SKIP() << "neither reads it: " << file.status();
  }
  ASSERT_TRUE(twin.ok());
  absl::StatusOr<MmdbTree> tree = WalkTree(*file);
  if (!tree.ok()) GTEST_SKIP() << "refused, see mmdb_refusal_test: " << tree.status();

  // A layer whose AS number is the offset of the record, so that it can be asked by address.
  GeoLayer layer;
  layer.v4 = tree->v4;
  layer.v6 = tree->v6;
  for (const uint32_t offset : tree->offsets) {
    layer.records.push_back({.source = GeoSource::kDatabase, .asn = offset});
  }
  for (const auto family : {LayerCursor::Family::kV4, LayerCursor::Family::kV6}) {
    LayerCursor cursor(layer, family);
    IpAddress first = family == LayerCursor::Family::kV4 ? IpAddress::FromV4(0) : IpAddress{};
    while (true) {
      // IPv4 is asked as such: the part of an IPv6 tree that stands for it is another tree's.
      const IpAddress last =
          cursor.last() ? (family == LayerCursor::Family::kV4 ? IpAddress::FromV4(0xffff'ffff)
                                                              : IpAddress{~0ull, ~0ull})
                        : Before(cursor.next());
      for (const IpAddress& address : {first, last}) {
        if (family == LayerCursor::Family::kV6 && address.IsV4Mapped()) continue;
        const std::optional<uint32_t> expected = twin.Offset(address);
        const Location& found = cursor.location();
        ASSERT_EQ(found.source == GeoSource::kDatabase, expected.has_value()) << ToString(address);
        ASSERT_EQ(found.asn, expected.value_or(0)) << ToString(address);
      }
      if (cursor.last()) break;
      first = cursor.next();
      cursor.Advance();
    }
  }
}

TEST_P(DatabaseTwinTest, MapGivesTheSameLocations) {
  const absl::StatusOr<MmdbFile> file = MmdbFile::Open(GetParam());
  if (!file.ok()) GTEST_SKIP() << file.status();
  const absl::StatusOr<Database> database = CompileDatabase(*file, "");
  if (!database.ok()) GTEST_SKIP() << database.status();
  MaxmindTwin twin(GetParam());
  ASSERT_TRUE(twin.ok());
  GeographyOptions options;
  options.databases = {GetParam()};
  options.anycast_from_database = true;
  const absl::StatusOr<Geography> geography = Geography::Load(options);
  ASSERT_TRUE(geography.ok()) << geography.status();

  const size_t lookups = LookupsFor(GetParam());
  const bool damaged = GetParam().stem() == "GeoIP2-City-Test-Broken-Double-Format";
  const std::vector<IpAddress> v4_edges = Boundaries(database->layer, LayerCursor::Family::kV4);
  const std::vector<IpAddress> v6_edges = Boundaries(database->layer, LayerCursor::Family::kV6);
  for (const std::vector<IpAddress>& addresses :
       {v4_edges, v6_edges, RandomV4(lookups), RandomV6(v6_edges, lookups)}) {
    std::vector<Location> found(addresses.size());
    geography->map().Find(addresses, absl::MakeSpan(found));
    size_t compared = 0;
    for (size_t i = 0; i < addresses.size(); ++i) {
      const Location expected = twin.Find(addresses[i]);
      // A double of the wrong size stops the library, but hides nothing that is read here.
      if (damaged && twin.GivesUp(addresses[i])) {
        ASSERT_EQ(found[i].location, expected.location) << ToString(addresses[i]);
        continue;
      }
      ASSERT_EQ(found[i].registered, expected.registered) << ToString(addresses[i]);
      ASSERT_EQ(found[i].asn, expected.asn) << ToString(addresses[i]);
      ASSERT_EQ(found[i].flags, expected.flags) << ToString(addresses[i]);
      if (found[i].source == GeoSource::kSpecial) {
        const SpecialBlock* block = FindSpecialBlock(addresses[i]);
        ASSERT_NE(block, nullptr) << ToString(addresses[i]);
        ASSERT_NE(block->reach, Reach::kGlobal) << ToString(addresses[i]);
        continue;
      }
      ++compared;
      ASSERT_EQ(found[i], expected) << ToString(addresses[i]);
    }
    EXPECT_TRUE(damaged || compared >= addresses.size() / 2) << compared;
  }
}

std::string TestName(const testing::TestParamInfo<std::filesystem::path>& info) {
  std::string name = info.param.stem().string();
  for (char& c : name) {
    if (!std::isalnum(static_cast<unsigned char>(c))) c = '_';
  }
  return name;
}

INSTANTIATE_TEST_SUITE_P(Corpus, DatabaseTwinTest, testing::ValuesIn(Databases()), TestName);

TEST(DatabaseTwinCorpusTest, IsThere) {
  if (Databases().empty()) GTEST_SKIP() << "no corpus: set BORDERFLOW_CORPUS to compare";
  EXPECT_FALSE(Databases().empty());
}

}  // namespace
}  // namespace borderflow
