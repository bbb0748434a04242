// Hostile and damaged databases: each is refused with the file, the reason and the remedy.
#include <filesystem>
#include <fstream>
#include <map>

#include "dataplane/geo/database.h"
#include "dataplane/geo/geography.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/corpus.h"
#include "tests/dataplane/geo/mmdb_bytes.h"

namespace borderflow {
namespace {

using ::testing::AnyOf;
using ::testing::HasSubstr;
using ::testing::StartsWith;

constexpr uint32_t kNone = MmdbBytes::kNone;

absl::StatusOr<Database> Compile(const MmdbBytes& bytes) {
  absl::StatusOr<MmdbFile> file = MmdbFile::Parse(bytes.Bytes(), "test.mmdb");
  if (!file.ok()) return file.status();
  return CompileDatabase(*file, "");
}

void ExpectRefused(const MmdbBytes& bytes, const std::string& reason) {
  const absl::Status status = Compile(bytes).status();
  EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument) << status;
  const std::string message(status.message());
  EXPECT_THAT(message, StartsWith("test.mmdb: "));
  EXPECT_THAT(message, HasSubstr(reason));
  EXPECT_THAT(message, AnyOf(HasSubstr("geo build"), HasSubstr("give a country")));
}

// 0.0.0.0/1 is in Germany, the rest nowhere.
MmdbBytes Honest() {
  MmdbBytes bytes;
  bytes.nodes = {{MmdbBytes::Data(0), kNone}};
  bytes.data = MmdbCountry("DE");
  return bytes;
}

TEST(MmdbRefusalTest, HonestFileIsTaken) {
  const absl::StatusOr<Database> database = Compile(Honest());
  ASSERT_TRUE(database.ok()) << database.status();
  EXPECT_EQ(database->file.type, "Test-Country");
  EXPECT_EQ(database->file.description, "for tests");
  EXPECT_EQ(database->file.build_time, 1'700'000'000u);
  EXPECT_EQ(database->file.ranges, 1u);
}

TEST(MmdbRefusalTest, NodePointingAtItself) {
  MmdbBytes bytes = Honest();
  bytes.nodes = {{0, MmdbBytes::Data(0)}};
  ExpectRefused(bytes, "may point back at itself");
  bytes.nodes = {{MmdbBytes::Data(0), 0}};
  ExpectRefused(bytes, "may point back at itself");
  bytes.ip_version = 6;
  ExpectRefused(bytes, "may point back at itself");
  bytes.nodes = {{0, 0}};
  ExpectRefused(bytes, "may point back at itself");
}

TEST(MmdbRefusalTest, CircleOfNodes) {
  MmdbBytes bytes = Honest();
  bytes.nodes = {{kNone, 1}, {kNone, 2}, {MmdbBytes::Data(0), 0}};
  ExpectRefused(bytes, "may point back at itself");
}

TEST(MmdbRefusalTest, ThirtyTwoNodesThatStandForFourBillionLeaves) {
  MmdbBytes bytes = Honest();
  bytes.nodes.clear();
  for (uint32_t i = 1; i < 32; ++i) bytes.nodes.push_back({i, i});
  bytes.nodes.push_back({MmdbBytes::Data(0), kNone});
  ExpectRefused(bytes, "share subtrees");
}

TEST(MmdbRefusalTest, RecordIntoTheSeparator) {
  MmdbBytes bytes = Honest();
  for (uint32_t record = 2; record < 1 + 16; ++record) {
    bytes.nodes = {{record, MmdbBytes::Data(0)}};
    ExpectRefused(bytes, "leads neither to a node nor into the data section");
  }
}

TEST(MmdbRefusalTest, RecordBehindTheData) {
  MmdbBytes bytes = Honest();
  bytes.nodes = {{MmdbBytes::Data(static_cast<uint32_t>(bytes.data.size())), kNone}};
  ExpectRefused(bytes, "leads neither to a node nor into the data section");
}

TEST(MmdbRefusalTest, PointerToAPointer) {
  MmdbBytes bytes = Honest();
  bytes.data = MmdbPointer(2) + MmdbPointer(0);
  ExpectRefused(bytes, "a pointer leads to another pointer");
}

TEST(MmdbRefusalTest, PointerBehindTheData) {
  MmdbBytes bytes = Honest();
  bytes.data = MmdbMap(1) + MmdbString("country") + MmdbPointer(2000);
  ExpectRefused(bytes, "behind the end");
}

TEST(MmdbRefusalTest, MapThatHoldsItself) {
  MmdbBytes bytes = Honest();
  bytes.data = MmdbMap(1) + MmdbString("country") + MmdbPointer(0);
  ExpectRefused(bytes, "neither countries nor AS numbers");
}

TEST(MmdbRefusalTest, MapOfSixteenMillionMembers) {
  MmdbBytes bytes = Honest();
  bytes.data = std::string("\xff\xff\xff\xff", 4) + MmdbString("a") + MmdbString("b");
  ExpectRefused(bytes, "behind the end");
}

TEST(MmdbRefusalTest, StringOfSixteenMillionBytes) {
  MmdbBytes bytes = Honest();
  bytes.data = MmdbMap(1) + MmdbString("country") + "\x5f\xff\xff\xff";
  ExpectRefused(bytes, "runs over the end");
}

TEST(MmdbRefusalTest, KeyThatIsNoString) {
  MmdbBytes bytes = Honest();
  bytes.data = MmdbMap(1) + MmdbUint32(1) + MmdbString("DE");
  ExpectRefused(bytes, "not a string");
}

TEST(MmdbRefusalTest, UnknownType) {
  MmdbBytes bytes = Honest();
  bytes.data = MmdbMap(1) + MmdbString("country") + std::string("\x00\x70", 2);
  ExpectRefused(bytes, "no known type");
}

// 4096 records, each the member of the one before it: reading them all is quadratic.
TEST(MmdbRefusalTest, RecordsNestedInEachOtherWithoutEnd) {
  constexpr uint32_t kRecords = 4096;
  const std::string shell = MmdbMap(2) + MmdbString("k");  // its second member comes at the end
  MmdbBytes bytes;
  for (uint32_t i = 0; i < kRecords; ++i) bytes.data += shell;
  bytes.data += MmdbCountry("DE");
  for (uint32_t i = 0; i < kRecords; ++i) bytes.data += MmdbString("l") + MmdbTrue();
  // A complete tree: node i has the children 2i+1 and 2i+2, the last level leads to the records.
  for (uint32_t i = 0; i + 1 < kRecords; ++i) {
    std::array<uint32_t, 2> node;
    for (uint32_t side = 0; side < 2; ++side) {
      const uint32_t child = 2 * i + 1 + side;
      const uint32_t offset = (child + 1 - kRecords) * static_cast<uint32_t>(shell.size());
      node[side] = child + 1 < kRecords ? child : MmdbBytes::Data(offset);
    }
    bytes.nodes.push_back(node);
  }
  ExpectRefused(bytes, "values share each other");
}

TEST(MmdbRefusalTest, DatabaseWithoutCountriesOrAsNumbers) {
  MmdbBytes bytes = Honest();
  bytes.type = "GeoIP2-Domain";
  bytes.data = MmdbMap(1) + MmdbString("domain") + MmdbString("example.org");
  ExpectRefused(bytes, "type \"GeoIP2-Domain\" has neither countries nor AS numbers");
}

TEST(MmdbRefusalTest, CustomPathThatNothingHas) {
  absl::StatusOr<MmdbFile> file = MmdbFile::Parse(Honest().Bytes(), "test.mmdb");
  ASSERT_TRUE(file.ok());
  const absl::Status status = CompileDatabase(*file, "geo.cc").status();
  EXPECT_THAT(std::string(status.message()), HasSubstr("no country at \"geo.cc\""));
}

TEST(MmdbRefusalTest, MetadataOutOfRange) {
  MmdbBytes bytes = Honest();
  bytes.record_size = 20;
  ExpectRefused(bytes, "record_size 20");
  bytes = Honest();
  bytes.ip_version = 5;
  ExpectRefused(bytes, "ip_version 5");
  bytes = Honest();
  bytes.stated_nodes = 0;
  ExpectRefused(bytes, "node_count 0");
  bytes = Honest();
  bytes.stated_nodes = 4'000'000'000;
  ExpectRefused(bytes, "node_count is wrong");
  bytes = Honest();
  bytes.build_epoch = ~uint64_t{0};
  ExpectRefused(bytes, "beyond the year 9999");
}

TEST(MmdbRefusalTest, MetadataThatExpandToBillionsOfValues) {
  // Arrays of pointers to arrays of pointers: 28^8 values in a few hundred bytes.
  MmdbBytes bytes = Honest();
  const size_t begin = bytes.Metadata().size() + MmdbString("languages").size();
  std::string arrays;
  for (int level = 0; level < 8; ++level) {
    arrays += std::string("\x1c\x04", 2);  // an array of 28
    const size_t next = begin + arrays.size() + 28 * 2;
    for (int i = 0; i < 28; ++i) arrays += MmdbPointer(static_cast<uint16_t>(next));
  }
  arrays += MmdbMap(0);
  bytes.more_metadata = MmdbString("languages") + arrays;
  const absl::Status status = Compile(bytes).status();
  EXPECT_THAT(std::string(status.message()),
              AnyOf(HasSubstr("too many values"), HasSubstr("nested too deep")));
}

TEST(MmdbRefusalTest, EveryCutOfAnHonestFile) {
  const std::string whole = Honest().Text();
  for (size_t size = 0; size < whole.size(); ++size) {
    const absl::StatusOr<MmdbFile> file =
        MmdbFile::Parse(HugeVector<uint8_t>(whole.begin(), whole.begin() + size), "cut.mmdb");
    EXPECT_EQ(file.status().code(), absl::StatusCode::kInvalidArgument) << size << " bytes";
  }
}

TEST(MmdbRefusalTest, CompressedFileIsNamedAsSuch) {
  const std::string gzip("\x1f\x8b\x08\x00\x00\x00", 6);
  const absl::Status status =
      MmdbFile::Parse(HugeVector<uint8_t>(gzip.begin(), gzip.end()), "GeoLite2.tar.gz").status();
  EXPECT_THAT(std::string(status.message()), HasSubstr("unpack it first"));
}

TEST(MmdbRefusalTest, FilesThatCannotBeRead) {
  EXPECT_EQ(MmdbFile::Open("/nonexistent/x.mmdb").status().code(), absl::StatusCode::kNotFound);
  const absl::Status folder = MmdbFile::Open(testing::TempDir()).status();
  EXPECT_EQ(folder.code(), absl::StatusCode::kInvalidArgument);
  EXPECT_THAT(std::string(folder.message()), HasSubstr("a folder"));
  const std::string empty = testing::TempDir() + "/mmdb_refusal_test_empty.mmdb";
  std::ofstream(empty).close();
  EXPECT_THAT(std::string(MmdbFile::Open(empty).status().message()), HasSubstr("empty"));
  std::filesystem::remove(empty);
  EXPECT_THAT(std::string(MmdbFile::Open("/dev/zero").status().message()),
              HasSubstr("not a regular file"));
}

// The corpus of hostile databases, each with what is wrong with it. Those whose damage lies where
// nothing is read here are refused all the same: they have no countries.
TEST(MmdbRefusalTest, EveryHostileDatabaseOfTheCorpus) {
  const auto corpus = CorpusFolder();
  if (!corpus.has_value()) GTEST_SKIP() << "no corpus: set BORDERFLOW_CORPUS";
  const std::map<std::string, std::string> reasons = {
      {"libmaxminddb__libmaxminddb-corrupt-search-tree", "neither countries nor AS numbers"},
      {"libmaxminddb__libmaxminddb-deep-nesting", "neither countries nor AS numbers"},
      {"libmaxminddb__libmaxminddb-empty-map-last-in-metadata", "neither countries nor AS numbers"},
      {"libmaxminddb__libmaxminddb-offset-integer-overflow", "behind the end"},
      {"libmaxminddb__libmaxminddb-oversized-map", "behind the end"},
      {"libmaxminddb__libmaxminddb-separator-record-min-left", "leads neither to a node"},
      {"libmaxminddb__libmaxminddb-uint64-max-epoch", "beyond the year 9999"},
      {"maxminddb-golang__invalid-bytes-length", "cut off"},
      {"maxminddb-golang__invalid-map-key-length", "runs over the end"},
      {"maxminddb-golang__metadata-is-an-uint128", "runs over the end"},
      {"maxminddb-python__bad-unicode-in-map-key", "leads neither to a node"},
      {"test-data__GeoIP2-City-Test-Invalid-Node-Count", "node_count is wrong"},
      {"test-data__MaxMind-DB-test-broken-search-tree-24", "may point back at itself"}};
  size_t met = 0;
  for (const auto& entry : std::filesystem::directory_iterator(*corpus / "malformed-mmdb")) {
    GeographyOptions options;
    options.databases = {entry.path()};
    const absl::Status status = Geography::Load(options).status();
    EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument) << entry.path();
    EXPECT_THAT(std::string(status.message()), StartsWith(entry.path().string() + ": "));
    const auto reason = reasons.find(entry.path().stem());
    if (reason == reasons.end()) continue;
    ++met;
    EXPECT_THAT(std::string(status.message()), HasSubstr(reason->second));
  }
  EXPECT_EQ(met, reasons.size());
}

}  // namespace
}  // namespace borderflow
