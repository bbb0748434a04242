#include "collectors/store/retention.h"

#include <algorithm>
#include <array>
#include <limits>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "rules/jurisdiction/suggest.h"

namespace borderflow {
namespace {

constexpr uint64_t kForever = std::numeric_limits<uint64_t>::max();
constexpr std::array<std::string_view, 3> kTiers = {"window", "hour", "day"};
constexpr std::pair<std::string_view, uint64_t> kUnits[] = {
    {"m", 60},         {"h", 3600},         {"d", 86'400},
    {"w", 7 * 86'400}, {"mo", 31 * 86'400}, {"y", 366 * 86'400}};

absl::Status Wrong(std::string_view found, const std::string& what) {
  return absl::InvalidArgumentError(
      absl::StrCat("--keep: \"", std::string(found), "\": ", what,
                   "; expected tiers and times such as window=8d,hour=13mo,day=forever"));
}

absl::StatusOr<uint64_t> ParseTime(std::string_view item, std::string_view text) {
  if (text == "forever") return kForever;
  const size_t digits = std::min(text.find_first_not_of("0123456789"), text.size());
  uint64_t count = 0;
  const std::string number(text.substr(0, digits));
  constexpr uint64_t kMost = 1'000'000;
  if (!absl::SimpleAtoi(number, &count) || count == 0 || count > kMost) {
    return Wrong(item, "no time from 1m to 1000000d, nor \"forever\"");
  }
  for (const auto& [unit, seconds] : kUnits) {
    if (text.substr(digits) == unit) return count * seconds;
  }
  return Wrong(item, "a time ends with m, h, d, w, mo or y");
}

}  // namespace

absl::StatusOr<Retention> ParseRetention(std::string_view text) {
  std::array<std::optional<uint64_t>, kTiers.size()> given;
  for (const std::string& item : std::vector<std::string>(absl::StrSplit(std::string(text), ','))) {
    const size_t equals = item.find('=');
    const std::string tier = item.substr(0, equals);
    const auto at = std::find(kTiers.begin(), kTiers.end(), tier);
    if (at == kTiers.end()) {
      return Wrong(item,
                   absl::StrCat("no tier is called \"", tier, "\"", DidYouMean(tier, kTiers)));
    }
    if (equals == std::string::npos) return Wrong(item, "it has no time");
    std::optional<uint64_t>& time = given[static_cast<size_t>(at - kTiers.begin())];
    if (time.has_value()) return Wrong(item, "is given twice");
    const absl::StatusOr<uint64_t> parsed =
        ParseTime(item, std::string_view(item).substr(equals + 1));
    if (!parsed.ok()) return parsed.status();
    time = *parsed;
  }
  const Retention defaults;
  std::array<uint64_t, kTiers.size()> keep = {defaults.windows, defaults.hours, defaults.days};
  for (size_t tier = 0; tier < keep.size(); ++tier) {
    for (size_t coarser = keep.size(); !given[tier].has_value() && coarser-- > tier + 1;) {
      keep[tier] = std::min(keep[tier], given[coarser].value_or(kForever));
    }
    keep[tier] = given[tier].value_or(keep[tier]);
    if (tier == 0 || keep[tier] >= keep[tier - 1]) continue;
    if (given[tier].has_value()) {
      return Wrong(text,
                   absl::StrCat(std::string(kTiers[tier]), " would be kept for less time than ",
                                std::string(kTiers[tier - 1]), ", of which it is made"));
    }
    keep[tier] = keep[tier - 1];
  }
  for (uint64_t& time : keep) {
    if (time == kForever) time = 0;
  }
  return Retention{keep[0], keep[1], keep[2]};
}

}  // namespace borderflow
