#include "tools/command/geo_text.h"

#include <cstdio>
#include <fstream>
#include <iostream>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "dataplane/geo/build_database.h"

namespace borderflow {
namespace {

constexpr size_t kColumns = 100;
constexpr double kLittle = 0.1;        // per cent
constexpr double kLeastShown = 0.001;  // per cent
constexpr int64_t kSecondsADay = 86'400;

}  // namespace

std::string Thousands(uint64_t number) {
  std::string text = std::to_string(number);
  for (size_t at = text.size(); at > 3; at -= 3) text.insert(at - 3, 1, ',');
  return text;
}

std::string Percent(double part, double whole) {
  if (whole <= 0) return "-";
  const double share = 100 * part / whole;
  if (share > 0 && share < kLeastShown) return "under 0.001 %";
  if (share > 0 && share < kLittle) return absl::StrFormat("%.3f %%", share);
  return absl::StrFormat("%.1f %%", share);
}

int64_t AgeInDays(int64_t build_time) {
  const int64_t seconds = absl::ToUnixSeconds(absl::Now()) - build_time;
  return seconds >= 0 ? seconds / kSecondsADay : -(-seconds / kSecondsADay);
}

std::string DateAndAge(int64_t build_time) {
  if (build_time < kSecondsADay) return "unknown date";
  const int64_t days = AgeInDays(build_time);
  return absl::StrCat(DataDate(build_time), " (",
                      days < 0 ? absl::StrCat(-days, " days in the future")
                               : absl::StrCat(days, days == 1 ? " day old" : " days old"),
                      ")");
}

std::string CodesAndCounts(const std::map<std::string, uint64_t>& codes) {
  if (codes.empty()) return "none";
  return absl::StrJoin(codes, ", ", [](std::string* out, const auto& entry) {
    absl::StrAppend(out, entry.first, " ", Thousands(entry.second));
  });
}

std::string Wrap(const std::string& text, int indent) {
  const std::string margin(static_cast<size_t>(indent), ' ');
  std::string result;
  std::string line = margin;
  for (const absl::string_view word :
       absl::StrSplit(text, absl::ByAnyChar(" \n"), absl::SkipEmpty())) {
    if (line.size() > margin.size() && line.size() + 1 + word.size() > kColumns) {
      absl::StrAppend(&result, line, "\n");
      line = margin;
    }
    absl::StrAppend(&line, line.size() > margin.size() ? " " : "", word);
  }
  if (line.size() > margin.size()) absl::StrAppend(&result, line, "\n");
  return result;
}

std::ostream& ForPeople(const std::string& json_path) {
  static std::ostream nowhere(nullptr);
  return json_path == "-" ? nowhere : std::cout;
}

absl::Status WriteJson(const nlohmann::ordered_json& json, const std::string& path) {
  // Database content may hold bytes that are not UTF-8; they must not end the program.
  const std::string text =
      json.dump(2, ' ', false, nlohmann::ordered_json::error_handler_t::replace) + "\n";
  if (path == "-") {
    std::cout << text << std::flush;
    if (std::cout) return absl::OkStatus();
  } else {
    std::ofstream file(path, std::ios::binary | std::ios::trunc);
    file << text << std::flush;
    if (file) return absl::OkStatus();
  }
  return absl::UnavailableError(absl::StrCat(path == "-" ? "standard output" : path,
                                             ": cannot write the JSON; check the folder, its "
                                             "permissions and the space left"));
}

int Fail(const absl::Status& status) {
  std::cerr << "borderflow: " << status.message() << "\n";
  return status.code() == absl::StatusCode::kUnavailable ? kExitRuntime : kExitUsage;
}

}  // namespace borderflow
