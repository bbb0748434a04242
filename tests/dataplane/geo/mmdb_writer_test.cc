#include "dataplane/geo/mmdb_writer.h"

#include <maxminddb.h>
#include <netinet/in.h>

#include <algorithm>
#include <array>
#include <cstdio>
#include <cstring>
#include <fstream>
#include <optional>
#include <random>
#include <string>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace borderflow {
namespace {

using ::testing::HasSubstr;

// A database file read by libmaxminddb.
class Reader {
 public:
  explicit Reader(const std::string& bytes, const std::string& name)
      : path_(testing::TempDir() + "/mmdb_writer_test_" + name + ".mmdb") {
    std::ofstream(path_, std::ios::binary) << bytes;
    status_ = MMDB_open(path_.c_str(), MMDB_MODE_MMAP, &database_);
  }
  ~Reader() {
    if (status_ == MMDB_SUCCESS) MMDB_close(&database_);
    std::remove(path_.c_str());
  }
  Reader(const Reader&) = delete;
  Reader& operator=(const Reader&) = delete;

  bool ok() const { return status_ == MMDB_SUCCESS; }
  const MMDB_s& database() const { return database_; }
  const std::string& path() const { return path_; }

  // IPv4 is asked as IPv4 unless `as_mapped`.
  MMDB_lookup_result_s Lookup(const IpAddress& address, bool as_mapped = false) const {
    int error = MMDB_SUCCESS;
    MMDB_lookup_result_s result;
    if (address.IsV4Mapped() && !as_mapped) {
      sockaddr_in v4{};
      v4.sin_family = AF_INET;
      v4.sin_addr.s_addr = htonl(address.v4());
      result = MMDB_lookup_sockaddr(&database_, reinterpret_cast<sockaddr*>(&v4), &error);
    } else {
      sockaddr_in6 v6{};
      v6.sin6_family = AF_INET6;
      for (size_t i = 0; i < 16; ++i) {
        const uint64_t half = i < 8 ? address.high : address.low;
        v6.sin6_addr.s6_addr[i] = static_cast<uint8_t>(half >> (56 - 8 * (i % 8)));
      }
      result = MMDB_lookup_sockaddr(&database_, reinterpret_cast<sockaddr*>(&v6), &error);
    }
    EXPECT_EQ(error, MMDB_SUCCESS) << MMDB_strerror(error);
    return result;
  }

  std::optional<uint32_t> Number(const IpAddress& address, bool as_mapped = false) const {
    MMDB_lookup_result_s result = Lookup(address, as_mapped);
    if (!result.found_entry) return std::nullopt;
    MMDB_entry_data_s data;
    const int error = MMDB_get_value(&result.entry, &data, "id", nullptr);
    EXPECT_EQ(error, MMDB_SUCCESS) << MMDB_strerror(error);
    EXPECT_EQ(data.type, static_cast<uint32_t>(MMDB_DATA_TYPE_UINT32));
    return data.uint32;
  }

 private:
  std::string path_;
  MMDB_s database_{};
  int status_ = 0;
};

RecordValue NumberRecord(uint32_t id) { return {RecordValue::Map{{"id", {id}}}}; }

IpAddress Next(IpAddress address) {
  if (++address.low == 0) ++address.high;
  return address;
}

// The slow twin: a scan of the ranges.
std::optional<uint32_t> Scan(const std::vector<RecordRange>& ranges, const IpAddress& address) {
  for (const RecordRange& range : ranges) {
    if (range.first <= address && address <= range.last) return range.record;
  }
  return std::nullopt;
}

// Sorted, disjoint ranges with borders of every alignment, over both families.
std::vector<RecordRange> RandomRanges(std::mt19937_64& random, size_t count, uint32_t records) {
  std::vector<IpAddress> borders;
  for (size_t i = 0; i < 2 * count; ++i) {
    const int zeros = static_cast<int>(random() % 32);
    if (random() % 2 == 0) {
      borders.push_back(IpAddress::FromV4(static_cast<uint32_t>(random()) >> zeros << zeros));
    } else {
      const uint64_t high = 0x2000'0000'0000'0000 | random() >> 3;
      borders.push_back({high >> zeros << zeros, random() % 3 == 0 ? random() : 0});
    }
  }
  std::sort(borders.begin(), borders.end());
  borders.erase(std::unique(borders.begin(), borders.end()), borders.end());
  std::vector<RecordRange> ranges;
  for (size_t i = 0; i + 1 < borders.size(); ++i) {
    if (borders[i].IsV4Mapped() != borders[i + 1].IsV4Mapped()) continue;
    if (random() % 4 == 0) continue;  // a gap
    IpAddress last = borders[i + 1];
    last = {last.high - (last.low == 0 ? 1 : 0), last.low - 1};
    ranges.push_back({borders[i], last, static_cast<uint32_t>(random() % records)});
  }
  return ranges;
}

class MmdbWriterSizeTest : public testing::TestWithParam<int> {};

TEST_P(MmdbWriterSizeTest, RandomRangesAgreeWithLibmaxminddb) {
  std::mt19937_64 random(20261122u + static_cast<uint32_t>(GetParam()));
  std::vector<RecordValue> records;
  for (uint32_t i = 0; i < 50; ++i) records.push_back(NumberRecord(i * 77'777'777u));
  for (int round = 0; round < 5; ++round) {
    const std::vector<RecordRange> ranges = RandomRanges(random, 200, 50);
    BuildMetadata metadata;
    metadata.smallest_record_bits = GetParam();
    const auto bytes = WriteMmdb(ranges, records, metadata);
    ASSERT_TRUE(bytes.ok()) << bytes.status();
    const Reader reader(*bytes, "random" + std::to_string(GetParam()));
    ASSERT_TRUE(reader.ok());
    ASSERT_EQ(reader.database().metadata.record_size, GetParam());

    std::vector<IpAddress> asked;
    for (const RecordRange& range : ranges) {
      asked.insert(asked.end(), {range.first, range.last, Next(range.last)});
    }
    for (int i = 0; i < 500; ++i) {
      asked.push_back(IpAddress::FromV4(static_cast<uint32_t>(random())));
      asked.push_back({0x2000'0000'0000'0000 | random() >> 3, random()});
    }
    for (const IpAddress& address : asked) {
      const std::optional<uint32_t> record = Scan(ranges, address);
      const std::optional<uint32_t> expected =
          record ? std::optional<uint32_t>(*record * 77'777'777u) : std::nullopt;
      ASSERT_EQ(reader.Number(address), expected) << ToString(address);
      if (address.IsV4Mapped()) {
        ASSERT_EQ(reader.Number(address, /*as_mapped=*/true), expected) << ToString(address);
      }
    }
  }
}

INSTANTIATE_TEST_SUITE_P(RecordBits, MmdbWriterSizeTest, testing::Values(24, 28, 32));

TEST(MmdbWriterTest, RecordsGrowWithTheData) {
  // More than 2^24 bytes of data need records of 28 bits.
  std::vector<RecordValue> records = {{std::string(9'000'000, 'a')}, {std::string(9'000'000, 'b')}};
  const std::vector<RecordRange> ranges = {{*ParseAddress("1.0.0.0"), *ParseAddress("1.0.0.0"), 0},
                                           {*ParseAddress("2.0.0.0"), *ParseAddress("2.0.0.0"), 1}};
  const auto bytes = WriteMmdb(ranges, records, {});
  ASSERT_TRUE(bytes.ok()) << bytes.status();
  const Reader reader(*bytes, "grow");
  ASSERT_TRUE(reader.ok());
  EXPECT_EQ(reader.database().metadata.record_size, 28);
  MMDB_lookup_result_s result = reader.Lookup(*ParseAddress("2.0.0.0"));
  MMDB_entry_data_s data;
  ASSERT_EQ(MMDB_get_value(&result.entry, &data, nullptr), MMDB_SUCCESS);
  EXPECT_EQ(std::string(data.utf8_string, data.data_size), std::string(9'000'000, 'b'));
}

TEST(MmdbWriterTest, EveryTypeAndSizeOfValueIsReadBack) {
  // String sizes around the borders between one, two, three and four control bytes.
  const size_t sizes[] = {0, 1, 28, 29, 30, 284, 285, 286, 65820, 65821, 65822};
  RecordValue::Array strings;
  for (const size_t size : sizes) strings.push_back({std::string(size, 's')});
  RecordValue::Map wide;  // a map of more members than one control byte can say
  for (int i = 0; i < 300; ++i) wide.push_back({"member" + std::to_string(i), {i % 2 == 0}});
  const std::vector<RecordValue> records = {{RecordValue::Map{
      {"strings", {strings}},
      {"u16", {uint16_t{0xabcd}}},
      {"u32", {uint32_t{0x1'0000}}},
      {"zero", {uint32_t{0}}},
      {"u64", {uint64_t{0x1234'5678'9abc'def0}}},
      {"wide", {wide}},
  }}};
  const std::vector<RecordRange> ranges = {{*ParseAddress("8::"), *ParseAddress("9::"), 0}};
  const auto bytes = WriteMmdb(ranges, records, {});
  ASSERT_TRUE(bytes.ok()) << bytes.status();
  const Reader reader(*bytes, "types");
  ASSERT_TRUE(reader.ok());
  MMDB_lookup_result_s result = reader.Lookup(*ParseAddress("8::8"));
  ASSERT_TRUE(result.found_entry);
  MMDB_entry_data_s data;
  for (size_t i = 0; i < std::size(sizes); ++i) {
    const std::string index = std::to_string(i);
    ASSERT_EQ(MMDB_get_value(&result.entry, &data, "strings", index.c_str(), nullptr),
              MMDB_SUCCESS);
    ASSERT_EQ(data.type, static_cast<uint32_t>(MMDB_DATA_TYPE_UTF8_STRING));
    EXPECT_EQ(std::string(data.utf8_string, data.data_size), std::string(sizes[i], 's'));
  }
  ASSERT_EQ(MMDB_get_value(&result.entry, &data, "u16", nullptr), MMDB_SUCCESS);
  EXPECT_EQ(data.uint16, 0xabcd);
  ASSERT_EQ(MMDB_get_value(&result.entry, &data, "u32", nullptr), MMDB_SUCCESS);
  EXPECT_EQ(data.uint32, 0x1'0000u);
  ASSERT_EQ(MMDB_get_value(&result.entry, &data, "zero", nullptr), MMDB_SUCCESS);
  EXPECT_EQ(data.uint32, 0u);
  ASSERT_EQ(MMDB_get_value(&result.entry, &data, "u64", nullptr), MMDB_SUCCESS);
  EXPECT_EQ(data.uint64, 0x1234'5678'9abc'def0u);
  for (int i = 0; i < 300; ++i) {
    const std::string member = "member" + std::to_string(i);
    ASSERT_EQ(MMDB_get_value(&result.entry, &data, "wide", member.c_str(), nullptr), MMDB_SUCCESS);
    ASSERT_EQ(data.type, static_cast<uint32_t>(MMDB_DATA_TYPE_BOOLEAN));
    EXPECT_EQ(data.boolean, i % 2 == 0);
  }
}

// The second half of the records repeats the strings of the first, so that pointers of one to
// three bytes are needed.
TEST(MmdbWriterTest, RepeatedValuesAreSharedWhereverTheFirstOneStands) {
  constexpr uint32_t kStrings = 30'000;
  const auto text = [](uint32_t i) { return "organisation " + std::to_string(i * 1'000'003ull); };
  std::vector<RecordValue> records;
  std::vector<RecordRange> ranges;
  for (uint32_t i = 0; i < 2 * kStrings; ++i) {
    records.push_back({RecordValue::Map{
        {"id", {i}}, {"inner", {RecordValue::Map{{"name", {text(i % kStrings)}}}}}}});
    const IpAddress address = IpAddress::FromV4(i);
    ranges.push_back({address, address, i});
  }
  const auto bytes = WriteMmdb(ranges, records, {});
  ASSERT_TRUE(bytes.ok()) << bytes.status();
  const Reader reader(*bytes, "shared");
  ASSERT_TRUE(reader.ok());
  for (uint32_t i = 0; i < 2 * kStrings; i += 7) {
    MMDB_lookup_result_s result = reader.Lookup(IpAddress::FromV4(i));
    ASSERT_TRUE(result.found_entry);
    MMDB_entry_data_s data;
    ASSERT_EQ(MMDB_get_value(&result.entry, &data, "inner", "name", nullptr), MMDB_SUCCESS);
    ASSERT_EQ(std::string(data.utf8_string, data.data_size), text(i % kStrings));
    ASSERT_EQ(reader.Number(IpAddress::FromV4(i)), i);
  }
  const std::string_view whole(*bytes);
  const size_t first = whole.find(text(12'345));
  ASSERT_NE(first, std::string_view::npos);
  EXPECT_EQ(whole.find(text(12'345), first + 1), std::string_view::npos);
}

TEST(MmdbWriterTest, MetadataIsReadBack) {
  BuildMetadata metadata;
  metadata.database_type = "some-Type";
  metadata.description = "Words for people.";
  metadata.build_epoch = 1782362039;
  const auto bytes = WriteMmdb({}, {}, metadata);
  ASSERT_TRUE(bytes.ok()) << bytes.status();
  const Reader reader(*bytes, "metadata");
  ASSERT_TRUE(reader.ok());
  const MMDB_metadata_s& read = reader.database().metadata;
  EXPECT_STREQ(read.database_type, "some-Type");
  EXPECT_EQ(read.build_epoch, 1782362039u);
  EXPECT_EQ(read.ip_version, 6);
  EXPECT_EQ(read.binary_format_major_version, 2);
  ASSERT_EQ(read.description.count, 1u);
  EXPECT_STREQ(read.description.descriptions[0]->language, "en");
  EXPECT_STREQ(read.description.descriptions[0]->description, "Words for people.");
}

TEST(MmdbWriterTest, EmptyDatabaseWithoutDateOpensAndFindsNothing) {
  BuildMetadata metadata;
  metadata.build_epoch = 0;
  const auto bytes = WriteMmdb({}, {}, metadata);
  ASSERT_TRUE(bytes.ok()) << bytes.status();
  const Reader reader(*bytes, "empty");
  ASSERT_TRUE(reader.ok());
  EXPECT_FALSE(reader.Lookup(*ParseAddress("192.0.2.1")).found_entry);
  EXPECT_FALSE(reader.Lookup(*ParseAddress("2001:db8::1")).found_entry);
}

TEST(MmdbWriterTest, WholeFamiliesAreOneRecord) {
  const std::vector<RecordRange> ranges = {
      {*ParseAddress("0.0.0.0"), *ParseAddress("255.255.255.255"), 0},
      {*ParseAddress("::1:0:0:0"), *ParseAddress("ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff"), 1}};
  const std::vector<RecordValue> records = {NumberRecord(4), NumberRecord(6)};
  const auto bytes = WriteMmdb(ranges, records, {});
  ASSERT_TRUE(bytes.ok()) << bytes.status();
  const Reader reader(*bytes, "families");
  ASSERT_TRUE(reader.ok());
  EXPECT_EQ(reader.Number(*ParseAddress("192.0.2.1")), 4u);
  EXPECT_EQ(reader.Number(*ParseAddress("192.0.2.1"), /*as_mapped=*/true), 4u);
  EXPECT_EQ(reader.Number(*ParseAddress("2001:db8::1")), 6u);
}

TEST(MmdbWriterTest, EqualInputGivesEqualBytes) {
  std::mt19937_64 random(7);
  const std::vector<RecordRange> ranges = RandomRanges(random, 100, 3);
  const std::vector<RecordValue> records = {NumberRecord(1), NumberRecord(2), NumberRecord(3)};
  const auto first = WriteMmdb(ranges, records, {});
  const auto second = WriteMmdb(ranges, records, {});
  ASSERT_TRUE(first.ok() && second.ok());
  EXPECT_EQ(*first, *second);
}

TEST(MmdbWriterTest, WrongRangesAreNamed) {
  const std::vector<RecordValue> records = {NumberRecord(1)};
  const auto error = [&](std::vector<RecordRange> ranges) {
    return std::string(WriteMmdb(ranges, records, {}).status().message());
  };
  const auto at = [](const char* text) { return *ParseAddress(text); };
  EXPECT_THAT(error({{at("1.0.0.0"), at("1.0.0.9"), 0}, {at("1.0.0.9"), at("1.0.0.9"), 0}}),
              HasSubstr("range 1.0.0.9 to 1.0.0.9 begins before the one ahead of it"));
  EXPECT_THAT(error({{at("1.0.0.2"), at("1.0.0.1"), 0}}), HasSubstr("ends before it begins"));
  EXPECT_THAT(error({{at("1.0.0.1"), at("1.0.0.1"), 1}}), HasSubstr("has record 1 of 1"));
  EXPECT_THAT(error({{at("255.0.0.0"), at("2001::"), 0}}), HasSubstr("holds IPv4 and IPv6"));
  EXPECT_THAT(error({{at("::9:0:0"), at("2001::"), 0}}), HasSubstr("holds IPv4 and IPv6"));
  EXPECT_THAT(error({{at("::1"), at("::1"), 0}}), HasSubstr("lies in ::/96"));
}

TEST(MmdbWriterTest, MmdblookupPrintsTheRecord) {
  if (std::system("command -v mmdblookup >/dev/null") != 0) {
    GTEST_SKIP() << "mmdblookup is not installed (Debian: mmdb-bin)";
  }
  const std::vector<RecordRange> ranges = {
      {*ParseAddress("192.0.2.0"), *ParseAddress("192.0.2.127"), 0}};
  const std::vector<RecordValue> records = {
      {RecordValue::Map{{"country", {RecordValue::Map{{"iso_code", {std::string("DE")}}}}}}}};
  const auto bytes = WriteMmdb(ranges, records, {});
  ASSERT_TRUE(bytes.ok()) << bytes.status();
  const Reader reader(*bytes, "program");
  const std::string command =
      "mmdblookup --file '" + reader.path() + "' --ip 192.0.2.77 country iso_code 2>&1";
  FILE* pipe = popen(command.c_str(), "r");
  ASSERT_NE(pipe, nullptr);
  std::array<char, 512> output{};
  const size_t length = fread(output.data(), 1, output.size() - 1, pipe);
  EXPECT_EQ(pclose(pipe), 0);
  EXPECT_THAT(std::string(output.data(), length), HasSubstr("\"DE\""));
}

}  // namespace
}  // namespace borderflow
