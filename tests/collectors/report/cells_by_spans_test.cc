#include "collectors/report/cells_by_spans.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <random>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "absl/strings/str_cat.h"
#include "tests/collectors/cells.h"

namespace borderflow {
namespace {

constexpr uint64_t kHour = 3600;
constexpr uint64_t kStart = 1'767'225'600;  // 2026-01-01T00:00:00Z
constexpr size_t kHours = 72;

// One rule about what goes to CN or RU, each summed by itself over any 24 hours.
Pack PackAsking(std::string_view unit, uint64_t least) {
  const std::string yaml = absl::StrCat(R"yaml(pack:
  id: p
  title: "a pack"
  authority: "nobody"
  version: "1"
  as_of: "2026-01-01"
  stale_after_days: 30
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
    when: {destination: {location: "CN + RU"}, categories: [HLT]}
    threshold: {unit: )yaml",
                                        std::string(unit), ", at_least: ", least, R"yaml(,
                period: 24h, aggregate_by: [destination],
                provenance: {source: act, place: "s. 3(1)"}}
    verdict: review
    observability: weak
)yaml");
  absl::StatusOr<Pack> pack = ParsePack(yaml, "p.yaml", Groups::BuiltIn());
  EXPECT_TRUE(pack.ok()) << pack.status();
  return *std::move(pack);
}

using Hour = std::vector<Cell>;

// An hour each; the first half of the clients of one hour are those of every other.
std::vector<Hour> RandomHours(uint32_t seed) {
  std::mt19937_64 random(seed);
  static constexpr std::string_view kTo[] = {"CN", "RU", "US"};
  std::vector<Hour> hours(kHours);
  for (Hour& hour : hours) {
    for (const std::string_view to : kTo) {
      if (random() % 3 == 0) continue;
      Cell cell = MakeCell("DE", to, 1 + random() % 100, Category::kHlt, Evidence::kContent);
      cell.key.classification.confidence = 95;
      cell.key.classification.named = random() % 2 == 0;  // outputs do not tell these apart
      cell.clients.AddHash((1 + random() % 4) * 0x9E3779B97F4A7C15u);
      cell.clients.AddHash(random());
      hour.push_back(cell);
    }
    SortAndFold(&hour);
  }
  return hours;
}

std::vector<PolicyCell> Whole(const std::vector<Hour>& hours) {
  std::vector<Cell> cells;
  for (const Hour& hour : hours) cells.insert(cells.end(), hour.begin(), hour.end());
  SortAndFold(&cells);
  return ToPolicyCells(cells);
}

ReadSpans ReaderOf(const std::vector<Hour>& hours) {
  return [&hours](uint64_t, TakeSpan take) -> absl::Status {
    for (size_t i = 0; i < hours.size(); ++i) {
      const TimeSpan span = {kStart + i * kHour, kStart + (i + 1) * kHour};
      if (absl::Status s = take(span, hours[i]); !s.ok()) return s;
    }
    return absl::OkStatus();
  };
}

EvaluateOptions ThreeDays(const CellsByTime* by_time) {
  EvaluateOptions options;
  options.covered_seconds = kHours * kHour;
  options.by_time = by_time;
  return options;
}

// By brute force: the most that one place got in so many hours one after the other.
uint64_t FullestHours(const std::vector<Hour>& hours, std::string_view to, size_t count,
                      bool clients) {
  uint64_t most = 0;
  for (size_t first = 0; first + count <= hours.size(); ++first) {
    uint64_t bytes = 0;
    ClientSet set;
    for (size_t i = first; i < first + count; ++i) {
      for (const Cell& cell : hours[i]) {
        if (cell.key.destination.location != *FromCode(to)) continue;
        bytes += cell.counters.bytes;
        set.Merge(cell.clients);
      }
    }
    const ThresholdBounds of_set = BoundsOfClients(set.Estimate());
    most = std::max(most, !clients ? bytes : count == 24 ? of_set.low : of_set.high);
  }
  return most;
}

// Of the place that may have got most.
ThresholdBounds FullestPlace(const std::vector<Hour>& hours, bool clients) {
  ThresholdBounds most;
  for (const std::string_view to : {"CN", "RU"}) {
    const ThresholdBounds of = {FullestHours(hours, to, 24, clients),
                                FullestHours(hours, to, 25, clients)};
    if (of.high > most.high || (of.high == most.high && of.low > most.low)) most = of;
  }
  return most;
}

TEST(CellsBySpansTest, AThresholdIsAskedOfTheFullestPeriodByBruteForce) {
  for (uint32_t seed = 0; seed < 20; ++seed) {
    const std::vector<Hour> hours = RandomHours(seed);
    const std::vector<PolicyCell> whole = Whole(hours);
    const CellsBySpans by_time(whole, Entities::BuiltIn(), ReaderOf(hours));
    for (const bool clients : {false, true}) {
      const Pack pack = PackAsking(clients ? "clients" : "bytes", 1);
      const PolicyResult result = Evaluate(pack, whole, ThreeDays(&by_time));
      ASSERT_EQ(result.thresholds.size(), 1u);
      const ThresholdResult& threshold = result.thresholds[0];
      EXPECT_EQ(threshold.not_measurable, "");
      EXPECT_EQ(threshold.basis, PeriodBasis::kSliding);
      EXPECT_EQ(threshold.sums, 2u);
      EXPECT_EQ((ThresholdBounds{threshold.low, threshold.high}), FullestPlace(hours, clients))
          << seed;
    }
  }
}

// The whole of three days passes the threshold; no day of them does.
TEST(CellsBySpansTest, WhatOnlyTheWholePassesIsNotPassed) {
  std::vector<Hour> hours(kHours);
  for (Hour& hour : hours) {
    hour.push_back(MakeCell("DE", "CN", 10, Category::kHlt, Evidence::kContent));
  }
  const std::vector<PolicyCell> whole = Whole(hours);
  const CellsBySpans by_time(whole, Entities::BuiltIn(), ReaderOf(hours));
  const auto review = [&](uint64_t least, const CellsByTime* times) {
    const PolicyResult result = Evaluate(PackAsking("bytes", least), whole, ThreeDays(times));
    return result.verdicts[static_cast<size_t>(Verdict::kReview)].bytes;
  };
  EXPECT_EQ(review(240, &by_time), 720u);
  EXPECT_EQ(review(251, &by_time), 0u);
  // Without times: 240 lie in the fullest of three days at least, and 720 at the most.
  EXPECT_EQ(review(240, nullptr), 720u);
  EXPECT_EQ(review(241, nullptr), 0u);
  const PolicyResult spread = Evaluate(PackAsking("bytes", 251), whole, ThreeDays(nullptr));
  EXPECT_EQ(spread.thresholds[0].basis, PeriodBasis::kSpread);
  EXPECT_EQ(spread.thresholds[0].low, 240u);
  EXPECT_EQ(spread.thresholds[0].high, 720u);
  EXPECT_EQ(spread.verdicts[static_cast<size_t>(Verdict::kUndetermined)].bytes, 720u);
}

TEST(CellsBySpansTest, WhatIsNotThereByTimeMakesItNotMeasurable) {
  std::vector<Hour> hours = RandomHours(7);
  const std::vector<PolicyCell> whole = Whole(hours);
  hours.erase(hours.begin(), hours.begin() + 5);
  const CellsBySpans by_time(whole, Entities::BuiltIn(), ReaderOf(hours));
  const PolicyResult result = Evaluate(PackAsking("bytes", 1), whole, ThreeDays(&by_time));
  EXPECT_THAT(result.thresholds[0].not_measurable, testing::HasSubstr("kept as one total only"));
  EXPECT_EQ(result.verdicts[static_cast<size_t>(Verdict::kReview)].bytes, 0u);
}

// Both ends exchanged: the sums are those of the other end.
TEST(CellsBySpansTest, MirroredCellsAreSummedByTheirOtherEnd) {
  std::vector<Hour> hours(kHours);
  for (Hour& hour : hours) {
    hour.push_back(MakeCell("CN", "DE", 10, Category::kHlt, Evidence::kContent));
  }
  const std::vector<PolicyCell> whole = Whole(hours);
  const CellsBySpans by_time(whole, Entities::BuiltIn(), ReaderOf(hours));
  EvaluateOptions options = ThreeDays(&by_time);
  options.mirror = true;
  const PolicyResult result = Evaluate(PackAsking("bytes", 1), whole, options);
  EXPECT_EQ(result.thresholds[0].low, 240u);
  EXPECT_EQ(result.thresholds[0].high, 250u);
}

}  // namespace
}  // namespace borderflow
