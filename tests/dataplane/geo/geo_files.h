// GeoFiles: small databases and overrides for one test, written when asked for, removed at its end.
#ifndef BORDERFLOW_TESTS_DATAPLANE_GEO_GEO_FILES_H_
#define BORDERFLOW_TESTS_DATAPLANE_GEO_GEO_FILES_H_

#include <filesystem>
#include <fstream>
#include <string>
#include <utility>
#include <vector>

#include "dataplane/geo/mmdb_writer.h"
#include "gtest/gtest.h"

namespace borderflow {

struct TestRecord {
  std::string country = "";
  std::string registered = "";
  uint32_t asn = 0;
  bool anycast = false;
  std::string custom = "";  // under geo.cc
};

class GeoFiles {
 public:
  explicit GeoFiles(const std::string& test)
      : folder_(std::filesystem::path(testing::TempDir()) / ("borderflow_geo_" + test)) {
    std::filesystem::create_directories(folder_);
  }
  ~GeoFiles() { std::filesystem::remove_all(folder_); }
  GeoFiles(const GeoFiles&) = delete;
  GeoFiles& operator=(const GeoFiles&) = delete;

  std::string Text(const std::string& name, const std::string& text) const {
    std::ofstream(folder_ / name, std::ios::binary) << text;
    return folder_ / name;
  }

  // Prefixes must be disjoint and ascending, IPv4 first.
  std::string Database(const std::string& name,
                       const std::vector<std::pair<std::string, TestRecord>>& prefixes) const {
    std::vector<RecordRange> ranges;
    std::vector<RecordValue> records;
    for (const auto& [text, record] : prefixes) {
      const Prefix prefix = ParsePrefix(text).value();
      ranges.push_back({prefix.address, prefix.last(), static_cast<uint32_t>(records.size())});
      records.push_back({Members(record)});
    }
    BuildMetadata metadata;
    metadata.database_type = "borderflow-Country-ASN";
    metadata.description = "for tests";
    metadata.build_epoch = 1'750'000'000;
    const absl::StatusOr<std::string> bytes = WriteMmdb(ranges, records, metadata);
    EXPECT_TRUE(bytes.ok()) << bytes.status();
    return Text(name + ".mmdb", bytes.ok() ? *bytes : "");
  }

 private:
  static RecordValue::Map Members(const TestRecord& record) {
    const auto one = [](const std::string& key, const std::string& value) {
      return RecordValue{RecordValue::Map{{key, RecordValue{value}}}};
    };
    RecordValue::Map members;
    if (!record.country.empty()) members.push_back({"country", one("iso_code", record.country)});
    if (!record.registered.empty()) {
      members.push_back({"registered_country", one("iso_code", record.registered)});
    }
    if (record.asn != 0) {
      members.push_back({"autonomous_system_number", RecordValue{record.asn}});
      members.push_back({"autonomous_system_organization", RecordValue{std::string("Example")}});
    }
    if (record.anycast) {
      members.push_back(
          {"traits", RecordValue{RecordValue::Map{{"is_anycast", RecordValue{true}}}}});
    }
    if (!record.custom.empty()) members.push_back({"geo", one("cc", record.custom)});
    return members;
  }

  std::filesystem::path folder_;
};

}  // namespace borderflow

#endif  // BORDERFLOW_TESTS_DATAPLANE_GEO_GEO_FILES_H_
