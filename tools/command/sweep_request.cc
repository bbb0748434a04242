#include "tools/command/sweep_request.h"

#include <algorithm>
#include <cmath>

#include "absl/status/status.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "rules/jurisdiction/suggest.h"

namespace borderflow {
namespace {

absl::Status NoSweep(const std::string& text, const std::string& why) {
  return absl::InvalidArgumentError(
      absl::StrCat("--sweep: ", Quoted(text), " ", why,
                   "; expected RULE=FROM:TO:COUNT[:log], such as bulk=100:100000:4:log"));
}

uint64_t ValueAt(uint64_t from, uint64_t to, int at, int count, bool log) {
  if (at == 0) return from;
  if (at == count - 1) return to;
  const double share = static_cast<double>(at) / (count - 1);
  const auto low = static_cast<double>(from);
  const auto high = static_cast<double>(to);
  const double value = log ? low * std::pow(high / low, share) : low + (high - low) * share;
  return static_cast<uint64_t>(std::llround(value));
}

}  // namespace

absl::StatusOr<SweepRequest> ParseSweep(const std::string& text) {
  SweepRequest request;
  const size_t equals = text.find('=');
  if (equals == std::string::npos || equals == 0) return NoSweep(text, "names no rule");
  request.rule = text.substr(0, equals);
  const std::vector<std::string> parts = absl::StrSplit(text.substr(equals + 1), ':');
  const bool log = parts.size() == 4 && parts[3] == "log";
  // A double holds whole numbers up to here.
  constexpr uint64_t kMost = uint64_t{1} << 53;
  uint64_t from = 0;
  uint64_t to = 0;
  int count = 0;
  if ((parts.size() != 3 && !log) || !absl::SimpleAtoi(parts[0], &from) ||
      !absl::SimpleAtoi(parts[1], &to) || !absl::SimpleAtoi(parts[2], &count)) {
    return NoSweep(text, "has no FROM:TO:COUNT in whole numbers");
  }
  if (from < 1 || from >= to || to > kMost) {
    return NoSweep(text, "must go from 1 or more to something larger, 2^53 at most");
  }
  if (count < 2 || count > kMostSweepValues) {
    return NoSweep(text, absl::StrCat("must have 2 to ", kMostSweepValues, " values"));
  }
  for (int i = 0; i < count; ++i) request.values.push_back(ValueAt(from, to, i, count, log));
  request.values.erase(std::unique(request.values.begin(), request.values.end()),
                       request.values.end());
  return request;
}

}  // namespace borderflow
