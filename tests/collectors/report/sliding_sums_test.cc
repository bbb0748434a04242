#include "collectors/report/sliding_sums.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <set>
#include <vector>

#include "absl/strings/str_cat.h"

namespace borderflow {
namespace {

constexpr uint64_t kHour = 3600;
constexpr uint64_t kDay = 24 * kHour;
constexpr uint64_t kNewYear2026 = 1'767'225'600;  // 2026-01-01T00:00:00Z

Threshold Asks(uint64_t hours, Unit unit = Unit::kBytes) {
  Threshold threshold;
  threshold.unit = unit;
  threshold.hours = hours;
  return threshold;
}

// Something that was counted: when, how much, and for which client.
struct Counted {
  uint64_t second;
  uint64_t bytes;
  uint64_t client;
};

struct Scene {
  std::vector<TimeSpan> spans;
  std::vector<Counted> counted;  // within the spans
  std::vector<SpanSum> sums;
};

// Spans of quarters of hours to several hours, some apart, with a few things in each.
Scene RandomScene(std::mt19937_64* random) {
  const auto below = [random](uint64_t bound) { return (*random)() % bound; };
  Scene scene;
  uint64_t at = kNewYear2026;
  for (uint64_t n = 1 + below(12); n > 0; --n) {
    at += below(3) == 0 ? below(8) * kHour / 4 : 0;
    const TimeSpan span = {at, at + (1 + below(16)) * kHour / 4};
    SpanSum sum;
    for (uint64_t events = below(4); events > 0; --events) {
      const Counted one = {span.begin + below(span.end - span.begin), 1 + below(9), below(6)};
      scene.counted.push_back(one);
      sum.low += one.bytes;
      sum.high += one.bytes;
      sum.sure.AddHash(one.client + 1);
      sum.possible.AddHash(one.client + 1);
    }
    scene.spans.push_back(span);
    scene.sums.push_back(sum);
    at = span.end;
  }
  return scene;
}

// What the fullest period held, from what was counted when: periods that begin with something.
ThresholdBounds Truth(const Scene& scene, uint64_t period) {
  ThresholdBounds most;  // low: of bytes; high: of clients
  for (const Counted& first : scene.counted) {
    uint64_t bytes = 0;
    std::set<uint64_t> clients;
    for (const Counted& one : scene.counted) {
      if (one.second < first.second || one.second >= first.second + period) continue;
      bytes += one.bytes;
      clients.insert(one.client);
    }
    most.low = std::max(most.low, bytes);
    most.high = std::max<uint64_t>(most.high, clients.size());
  }
  return most;
}

// The slow twin: every run of spans that fits, and the spans touched by periods that begin at every
// half second.
ThresholdBounds SlowMost(const Scene& scene, uint64_t period) {
  ThresholdBounds most;
  const auto& spans = scene.spans;
  for (size_t i = 0; i < spans.size(); ++i) {
    uint64_t sum = 0;
    for (size_t j = i; j < spans.size(); ++j) {
      sum += scene.sums[j].low;
      if (spans[j].end - spans[i].begin <= period) most.low = std::max(most.low, sum);
    }
    const uint64_t length = spans[i].end - spans[i].begin;
    most.low = std::max(
        most.low, (scene.sums[i].low + (length - 1) / period) / ((length + period - 1) / period));
  }
  for (uint64_t half = 2 * spans.front().begin; half < 2 * spans.back().end; ++half) {
    uint64_t sum = 0;
    for (size_t i = 0; i < spans.size(); ++i) {
      const bool touched = 2 * spans[i].end > half && 2 * spans[i].begin < half + 2 * period;
      if (touched) sum += scene.sums[i].high;
    }
    most.high = std::max(most.high, sum);
  }
  return most;
}

TEST(SlidingSumsTest, TheFullestOfAllPeriodsLiesWithinTheBoundsOfEveryScene) {
  std::mt19937_64 random(1);
  for (int trial = 0; trial < 3000; ++trial) {
    const Scene scene = RandomScene(&random);
    const uint64_t hours = 1 + random() % 12;
    const ThresholdBounds truth = Truth(scene, hours * kHour);
    const ThresholdBounds bytes = MostInAPeriod(scene.spans, scene.sums, Asks(hours));
    EXPECT_LE(bytes.low, truth.low) << trial;
    EXPECT_GE(bytes.high, truth.low) << trial;
    const ThresholdBounds clients =
        MostInAPeriod(scene.spans, scene.sums, Asks(hours, Unit::kClients));
    EXPECT_LE(clients.low, truth.high) << trial;
    EXPECT_GE(clients.high, truth.high) << trial;
  }
}

TEST(SlidingSumsTest, BoundsAreThoseOfEveryRunOfSpansAndOfEveryPeriodByTheHalfSecond) {
  std::mt19937_64 random(2);
  for (int trial = 0; trial < 25; ++trial) {
    const Scene scene = RandomScene(&random);
    const uint64_t hours = 1 + random() % 12;
    EXPECT_EQ(MostInAPeriod(scene.spans, scene.sums, Asks(hours)), SlowMost(scene, hours * kHour))
        << trial;
  }
}

std::vector<TimeSpan> Days(uint64_t from, size_t count) {
  std::vector<TimeSpan> days;
  for (size_t i = 0; i < count; ++i) days.push_back({from + i * kDay, from + (i + 1) * kDay});
  return days;
}

// The same ten clients on every day are ten, and not ten a day.
TEST(SlidingSumsTest, ClientsOfAPeriodAreThoseOfTheUnionOfItsDays) {
  const std::vector<TimeSpan> days = Days(kNewYear2026, 10);
  std::vector<SpanSum> sums(10);
  for (size_t day = 0; day < 10; ++day) {
    for (uint64_t client = 1; client <= 10; ++client) sums[day].sure.AddHash(client);
    sums[day].sure.AddHash(100 + day);  // one that calls on this day only
    sums[day].possible = sums[day].sure;
  }
  // Two days: 12 in any two that follow one another; a period that touches three may hold 13.
  const ThresholdBounds two = MostInAPeriod(days, sums, Asks(48, Unit::kPersons));
  EXPECT_EQ(two, (ThresholdBounds{12, 13}));
}

// 365 days within 730: what the whole holds is not what any year of it holds.
TEST(SlidingSumsTest, AYearWithinTwoIsTheFullestYearAndNotBoth) {
  const std::vector<TimeSpan> days = Days(kNewYear2026, 730);
  std::vector<SpanSum> sums(730);
  for (size_t day = 0; day < 730; ++day) sums[day].low = sums[day].high = day < 400 ? 3 : 1;
  EXPECT_EQ(MostInAPeriod(days, sums, Asks(365 * 24)), (ThresholdBounds{365 * 3, 366 * 3}));
}

TEST(SlidingSumsTest, ACalendarYearBeginsOnTheFirstOfJanuary) {
  // From 2025-10-23 to 2026-04-11: 70 days of one year and 100 of the next.
  const std::vector<TimeSpan> days = Days(kNewYear2026 - 70 * kDay, 170);
  std::vector<SpanSum> sums(170);
  for (SpanSum& sum : sums) sum.low = sum.high = 1;
  Threshold threshold = Asks(365 * 24);
  threshold.calendar_year = true;
  EXPECT_EQ(MostInAPeriod(days, sums, threshold), (ThresholdBounds{100, 100}));
  // A span that lies in both years adds to either.
  const TimeSpan both[] = {{kNewYear2026 - kDay, kNewYear2026 + kDay}};
  SpanSum of_both;
  of_both.low = of_both.high = 5;
  EXPECT_EQ(MostInAPeriod(both, absl::MakeConstSpan(&of_both, 1), threshold),
            (ThresholdBounds{3, 5}));
}

TEST(SlidingSumsTest, NothingHoldsNothing) {
  EXPECT_EQ(MostInAPeriod({}, {}, Asks(24)), ThresholdBounds{});
}

}  // namespace
}  // namespace borderflow
