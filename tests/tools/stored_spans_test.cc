// Thresholds over stores: windows, days, and what is kept as one total only.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <fstream>
#include <memory>
#include <random>
#include <string>
#include <vector>

#include "tests/collectors/store/windows.h"
#include "tools/command/stored_report.h"

namespace borderflow {
namespace {

constexpr uint64_t kHour = 3600;
constexpr uint64_t kDay = 24 * kHour;
constexpr size_t kHours = 4 * 24;

constexpr char kPack[] = R"yaml(pack:
  id: p
  title: "a pack"
  authority: "nobody"
  version: "1"
  as_of: "2025-06-01"
  stale_after_days: 90
  default: permitted
  burden: restrictor
  purpose: privacy
  sources: [{id: act, title: "an act", date: "2024-05-01"}]
  says: ["it says"]
  sees: ["it sees"]
  cannot_see: ["it cannot see"]
rules:
  - id: bulk
    says: "not much leaves in a day"
    cite: {source: act, place: "s. 3"}
    purpose: privacy
    when: {destination: {location: "US + FR"}, categories: [MED]}
    threshold: {unit: bytes, at_least: 1000, period: 24h, provenance: {source: act, place: "s. 3"}}
    verdict: review
    observability: weak
)yaml";

// Four days of windows of an hour, from a midnight on.
class StoredSpansTest : public testing::Test {
 protected:
  StoredSpansTest() : stem_(testing::TempDir() + "borderflow_spans_" + std::to_string(getpid())) {
    Remove();
    std::ofstream(stem_ + ".yaml") << kPack;
    store_ = *Store::Open(stem_ + ".sqlite", Store::Mode::kCreate);
    std::mt19937_64 random(4);
    for (size_t hour = 0; hour < kHours; ++hour) {
      Window window = RandomWindow(&random, hour, kMonday + hour * kHour);
      window.width = kHour;
      EXPECT_TRUE(*store_->Append(window, ToStatementJson(MakeStatement("one"))));
      windows_.push_back(window);
    }
  }
  ~StoredSpansTest() override { Remove(); }

  void Remove() const {
    for (const char* end : {".yaml", ".sqlite", ".sqlite-wal", ".sqlite-shm"}) {
      std::remove((stem_ + end).c_str());
    }
  }

  ThresholdResult Asked(const std::string& from = "") const {
    StoredFlags flags;
    flags.policies = {stem_ + ".yaml"};
    flags.from = from;
    const absl::StatusOr<Report> report = ReportOf({stem_ + ".sqlite"}, flags);
    EXPECT_TRUE(report.ok()) << report.status();
    return report.ok() ? report->policies[0].thresholds[0] : ThresholdResult();
  }

  // By brute force: the most that so many windows one after the other held, every `step` of them.
  uint64_t Fullest(size_t count, size_t step, bool sure, size_t from = 0) const {
    uint64_t most = 0;
    for (size_t first = from; first < windows_.size(); first += step) {
      uint64_t sum = 0;
      for (size_t i = first; i < std::min(first + count, windows_.size()); ++i) {
        for (const Cell& cell : windows_[i].counts.cells) {
          const Jurisdiction to = cell.key.destination.location;
          const bool there = to == *FromCode("US") || to == *FromCode("FR");
          const bool kind = cell.key.classification.category == Category::kMed;
          const Jurisdiction at = cell.key.source.location;
          // Packs speak about what crosses a border unless they say more.
          if (at == to && !IsSpecial(to)) continue;
          const bool is_sure = there && kind && !IsSpecial(at);
          if (sure ? is_sure : there || IsSpecial(to)) sum += cell.counters.bytes;
        }
      }
      most = std::max(most, sum);
    }
    return most;
  }

  const std::string stem_;
  std::unique_ptr<Store> store_;
  std::vector<Window> windows_;
};

TEST_F(StoredSpansTest, ADayIsTheFullestOfAllHoursThatFollowOneAnother) {
  const ThresholdResult all = Asked();
  EXPECT_EQ(all.not_measurable, "");
  EXPECT_EQ(all.basis, PeriodBasis::kSliding);
  EXPECT_EQ(all.low, Fullest(24, 1, true));
  EXPECT_EQ(all.high, Fullest(25, 1, false));
  EXPECT_LT(all.high, Fullest(kHours, 1, false)) << "not what all four days hold";
  // Of the last two days only.
  const ThresholdResult last = Asked(std::to_string(kMonday + 2 * kDay));
  EXPECT_EQ(last.low, Fullest(24, 1, true, 48));
  EXPECT_EQ(last.high, Fullest(25, 1, false, 48));
}

TEST_F(StoredSpansTest, WhereOnlyDaysAreKeptADayLiesInOneOrTouchesTwo) {
  const uint64_t end = kMonday + 4 * kDay;
  ASSERT_TRUE(store_->RollUp(end).ok());
  Retention retention;
  retention.windows = 1;
  retention.hours = 1;
  retention.days = 100 * kDay;
  ASSERT_TRUE(store_->Prune(retention, end + 2).ok());
  const ThresholdResult all = Asked();
  EXPECT_EQ(all.not_measurable, "");
  EXPECT_EQ(all.low, Fullest(24, 24, true));
  EXPECT_EQ(all.high, Fullest(48, 24, false));
}

TEST_F(StoredSpansTest, WhatIsKeptAsOneTotalIsNotMeasurable) {
  const uint64_t end = kMonday + 4 * kDay;
  ASSERT_TRUE(store_->RollUp(end).ok());
  Retention retention;
  retention.windows = 1;
  retention.hours = 1;
  retention.days = 2 * kDay;
  ASSERT_TRUE(store_->Prune(retention, end + 2).ok());
  EXPECT_THAT(Asked().not_measurable, testing::HasSubstr("kept as one total only"));
  const ThresholdResult last = Asked(std::to_string(kMonday + 2 * kDay));
  EXPECT_EQ(last.not_measurable, "");
  EXPECT_EQ(last.low, Fullest(24, 24, true, 48));
}

}  // namespace
}  // namespace borderflow
