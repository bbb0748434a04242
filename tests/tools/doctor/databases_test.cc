#include "tools/doctor/databases.h"

#include "gmock/gmock.h"

namespace borderflow {
namespace {

using ::testing::HasSubstr;

constexpr int64_t kDay = 86'400;
constexpr int64_t kNow = 1'800'000'000;
constexpr const char* kDefault = "/home/x/geo.mmdb";

CheckResult Check(const std::string& path, const std::string& type, int64_t built) {
  GeoFile file;
  file.path = path;
  file.type = type;
  file.basis = Basis::kRegistry;
  file.build_time = static_cast<uint64_t>(built);
  return CheckDatabases({&file, 1}, kNow, kDefault).at(0);
}

TEST(DatabasesTest, SayTypeBasisDateAndAge) {
  const CheckResult finding = Check(kDefault, "borderflow-Country-ASN", kNow - 150 * kDay);
  EXPECT_EQ(finding.state, State::kOk);
  for (const char* part :
       {kDefault, "borderflow-Country-ASN", "registry-derived", "built 2026-08", "150 days old"}) {
    EXPECT_THAT(finding.found, HasSubstr(part));
  }
}

TEST(DatabasesTest, ADatabaseOlderThanAYearIsAProblem) {
  EXPECT_EQ(Check(kDefault, "borderflow-Country", kNow - 365 * kDay).state, State::kOk);
  const CheckResult old = Check(kDefault, "borderflow-Country", kNow - 366 * kDay);
  EXPECT_EQ(old.state, State::kProblem);
  EXPECT_EQ(old.remedy, "tools/setup/geo_data.sh --refresh && borderflow geo build");
  EXPECT_EQ(Check("/var/lib/b/geo.mmdb", "borderflow-Country", kDay).remedy,
            "tools/setup/geo_data.sh --refresh && borderflow geo build -o '/var/lib/b/geo.mmdb'");
}

TEST(DatabasesTest, WhatSomebodyElseBuiltIsNeverOverwritten) {
  const CheckResult old = Check("/etc/GeoLite2-Country.mmdb", "GeoLite2-Country", kDay);
  EXPECT_EQ(old.state, State::kProblem);
  EXPECT_THAT(old.remedy, testing::Not(HasSubstr("-o ")));
}

TEST(DatabasesTest, UnknownAndFutureDatesAreNoted) {
  EXPECT_EQ(Check(kDefault, "borderflow-Country", 0).state, State::kNote);
  EXPECT_THAT(Check(kDefault, "borderflow-Country", kNow + 3 * kDay).found, HasSubstr("future"));
}

TEST(DatabasesTest, AMissingOneComesWithBothCommands) {
  const absl::Status status = absl::NotFoundError("none there");
  EXPECT_EQ(DatabaseUnusable(status, "", kDefault).state, State::kProblem);
  for (const char* missing : {"", kDefault}) {
    EXPECT_EQ(DatabaseUnusable(status, missing, kDefault).remedy,
              "tools/setup/geo_data.sh && borderflow geo build");
  }
  EXPECT_EQ(DatabaseUnusable(status, "/var/lib/b/geo.mmdb", kDefault).remedy,
            "tools/setup/geo_data.sh && borderflow geo build -o '/var/lib/b/geo.mmdb'");
}

}  // namespace
}  // namespace borderflow
