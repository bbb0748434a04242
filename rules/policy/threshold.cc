#include "rules/policy/threshold.h"

#include <algorithm>
#include <array>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/time/civil_time.h"

namespace borderflow {
namespace {

constexpr uint64_t kSecondsPerHour = 3600;
constexpr uint64_t kSecondsPerDay = 24 * kSecondsPerHour;

// "90 seconds", "3 hours", "12 days": as exact as a reason needs.
std::string Span(uint64_t seconds) {
  if (seconds >= 2 * kSecondsPerDay) return absl::StrCat(seconds / kSecondsPerDay, " days");
  if (seconds >= 2 * kSecondsPerHour) return absl::StrCat(seconds / kSecondsPerHour, " hours");
  return absl::StrCat(seconds, " seconds");
}

bool Aggregates(const Threshold& threshold, Aggregate aggregate) {
  return (threshold.aggregate_by >> static_cast<int>(aggregate) & 1u) != 0;
}

}  // namespace

std::string_view Name(PeriodBasis basis) {
  static constexpr std::array<std::string_view, 3> kNames = {"whole", "spread", "sliding"};
  return kNames[static_cast<size_t>(basis)];
}

std::string NotMeasurable(const Threshold& threshold, uint64_t covered_seconds) {
  if (threshold.unit == Unit::kRecords) return "records are not decoded";
  if (threshold.unit == Unit::kPersons && threshold.proxy == Proxy::kNone) {
    return "addresses do not stand for persons here";
  }
  if (threshold.hours * kSecondsPerHour > covered_seconds) {
    return absl::StrCat("the threshold asks for ", Span(threshold.hours * kSecondsPerHour),
                        ", the data cover ", Span(covered_seconds));
  }
  return "";
}

uint64_t LeastShare(uint64_t whole, uint64_t periods) {
  return whole / periods + (whole % periods != 0 ? 1 : 0);
}

uint64_t PeriodsOf(const Threshold& threshold, const EvaluateOptions& options) {
  if (threshold.hours == 0) return 1;  // as long as the data
  const uint64_t covered = options.covered_seconds;
  const uint64_t period = threshold.hours * kSecondsPerHour;
  if (!threshold.calendar_year) return std::max<uint64_t>(1, LeastShare(covered, period));
  absl::CivilDay first;
  absl::CivilDay last;
  if (!absl::ParseCivilTime(options.first_day, &first) ||
      !absl::ParseCivilTime(options.day, &last) || last < first) {
    return covered / period + 2;  // as many years as a time so long can touch
  }
  return static_cast<uint64_t>(last.year() - first.year() + 1);
}

ThresholdSums::ThresholdSums(const Threshold& threshold, const EvaluateOptions& options)
    : threshold_(threshold),
      not_measurable_(NotMeasurable(threshold, options.covered_seconds)),
      periods_(PeriodsOf(threshold, options)) {}

uint64_t ThresholdSums::KeyOf(const PolicyCell& cell, bool swapped) const {
  const PolicyEnd& source = swapped ? cell.destination : cell.source;
  const PolicyEnd& destination = swapped ? cell.source : cell.destination;
  const std::pair<Aggregate, uint64_t> parts[] = {
      {Aggregate::kSource, static_cast<uint64_t>(source.location)},
      {Aggregate::kDestination, static_cast<uint64_t>(destination.location)},
      {Aggregate::kSourceOperator, static_cast<uint64_t>(source.operator_home)},
      {Aggregate::kDestinationOperator, static_cast<uint64_t>(destination.operator_home)},
      {Aggregate::kCategory, static_cast<uint64_t>(cell.category)}};
  uint64_t key = 0;
  for (const auto& [aggregate, value] : parts) {
    key = key << 8 | (Aggregates(threshold_, aggregate) ? value : 0);
  }
  return key;
}

ThresholdBounds ThresholdSums::Of(const PolicyCell& cell) const {
  switch (threshold_.unit) {
    case Unit::kBytes:
      return {cell.bytes, cell.bytes};
    case Unit::kUploadBytes:
      return cell.from_initiator ? ThresholdBounds{cell.payload_bytes, cell.payload_bytes}
                                 : ThresholdBounds{};
    case Unit::kFlows:
      return {cell.flows, cell.flows};
    case Unit::kFrames:
      return {cell.frames, cell.frames};
    case Unit::kClients:
    case Unit::kPersons:
      return {cell.clients_low, cell.clients_high};
    case Unit::kRecords:
      break;
  }
  return {};
}

uint32_t ThresholdSums::Add(const PolicyCell& cell, bool swapped, bool sure) {
  const ThresholdBounds add = Of(cell);
  const uint32_t number =
      numbers_.try_emplace(KeyOf(cell, swapped), static_cast<uint32_t>(sums_.size())).first->second;
  if (number == sums_.size()) sums_.emplace_back();
  ThresholdBounds& sum = sums_[number];
  sum.high += add.high;
  if (!sure) return number;
  // The same clients may be in every cell: only the largest is sure.
  const bool distinct = threshold_.unit == Unit::kClients || threshold_.unit == Unit::kPersons;
  sum.low = distinct ? std::max(sum.low, add.low) : sum.low + add.low;
  return number;
}

void ThresholdSums::Slide(CellsByTime::Most most) {
  not_measurable_ = std::move(most.not_measurable);
  if (!not_measurable_.empty()) return;
  basis_ = PeriodBasis::kSliding;
  sums_ = std::move(most.bounds);
}

void ThresholdSums::Spread() {
  basis_ = PeriodBasis::kSpread;
  for (ThresholdBounds& sum : sums_) sum.low = LeastShare(sum.low, periods_);
}

Told ThresholdSums::Answer(const PolicyCell& cell, bool swapped) const {
  if (!not_measurable_.empty()) return Told::kCannotTell;
  const auto number = numbers_.find(KeyOf(cell, swapped));
  const ThresholdBounds bounds =
      number == numbers_.end() ? ThresholdBounds{} : sums_[number->second];
  if (bounds.low >= threshold_.least) return Told::kYes;
  return bounds.high < threshold_.least ? Told::kNo : Told::kCannotTell;
}

ThresholdResult ThresholdSums::Result(const std::string& rule) const {
  ThresholdResult result;
  result.rule = rule;
  result.unit = threshold_.unit;
  result.proxy = threshold_.proxy;
  result.least = threshold_.least;
  result.period = threshold_.period;
  result.sums = sums_.size();
  result.not_measurable = not_measurable_;
  result.basis = basis_;
  for (const ThresholdBounds& sum : sums_) {
    if (sum.high > result.high || (sum.high == result.high && sum.low > result.low)) {
      result.low = sum.low;
      result.high = sum.high;
    }
  }
  return result;
}

}  // namespace borderflow
