#include "rules/policy/threshold.h"

#include <algorithm>

#include "absl/strings/str_cat.h"

namespace borderflow {
namespace {

constexpr uint64_t kSecondsPerHour = 3600;

// "90 seconds", "3 hours", "12 days": as exact as a reason needs.
std::string Span(uint64_t seconds) {
  constexpr uint64_t kDay = 24 * kSecondsPerHour;
  if (seconds >= 2 * kDay) return absl::StrCat(seconds / kDay, " days");
  if (seconds >= 2 * kSecondsPerHour) return absl::StrCat(seconds / kSecondsPerHour, " hours");
  return absl::StrCat(seconds, " seconds");
}

bool Aggregates(const Threshold& threshold, Aggregate aggregate) {
  return (threshold.aggregate_by >> static_cast<int>(aggregate) & 1u) != 0;
}

}  // namespace

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

ThresholdSums::ThresholdSums(const Threshold& threshold, uint64_t covered_seconds)
    : threshold_(threshold), not_measurable_(NotMeasurable(threshold, covered_seconds)) {}

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

void ThresholdSums::Add(const PolicyCell& cell, bool swapped, bool sure) {
  const ThresholdBounds add = Of(cell);
  ThresholdBounds& sum = sums_[KeyOf(cell, swapped)];
  sum.high += add.high;
  if (!sure) return;
  // The same clients may be in every cell: only the largest is sure.
  const bool distinct = threshold_.unit == Unit::kClients || threshold_.unit == Unit::kPersons;
  sum.low = distinct ? std::max(sum.low, add.low) : sum.low + add.low;
}

Told ThresholdSums::Answer(const PolicyCell& cell, bool swapped) const {
  if (!not_measurable_.empty()) return Told::kCannotTell;
  const auto sum = sums_.find(KeyOf(cell, swapped));
  const ThresholdBounds bounds = sum == sums_.end() ? ThresholdBounds{} : sum->second;
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
  for (const auto& [key, sum] : sums_) {
    // The order of the map must not show.
    if (sum.high > result.high || (sum.high == result.high && sum.low > result.low)) {
      result.low = sum.low;
      result.high = sum.high;
    }
  }
  return result;
}

}  // namespace borderflow
