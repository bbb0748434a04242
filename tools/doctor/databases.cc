#include "tools/doctor/databases.h"

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "dataplane/geo/build_database.h"

namespace borderflow {
namespace {

constexpr int64_t kSecondsADay = 86'400;

// The commands that make one, at `path`.
std::string Build(const std::string& path, const std::string& default_path, const char* refresh) {
  return absl::StrCat("tools/setup/geo_data.sh", refresh, " && borderflow geo build",
                      path == default_path ? "" : absl::StrCat(" -o '", path, "'"));
}

CheckResult CheckDatabase(const GeoFile& file, int64_t now, const std::string& default_path) {
  const std::string what =
      absl::StrCat(file.path, ": ", file.type, ", ", std::string(Name(file.basis)), ", ",
                   file.ranges, " prefixes");
  const auto built = static_cast<int64_t>(file.build_time);
  if (built < kSecondsADay) return Note("database", what + ", of an unknown date");
  const int64_t days = (now - built) / kSecondsADay;
  const std::string found =
      absl::StrCat(what, ", built ", DataDate(built), ", ", days, " days old");
  if (days < 0) return Note("database", found + ": its date or this machine's lies in the future");
  if (days <= kOldDatabaseDays) return Ok("database", found);
  // What somebody else has built is not to be overwritten.
  const bool ours = absl::StartsWith(file.type, "borderflow");
  return Problem("database", found + ": older than a year",
                 ours ? Build(file.path, default_path, " --refresh")
                      : absl::StrCat("fetch its present edition from where it came, or: ",
                                     Build(default_path, default_path, " --refresh"),
                                     " && borderflow live "
                                     "--geo '",
                                     default_path, "'"));
}

}  // namespace

std::vector<CheckResult> CheckDatabases(absl::Span<const GeoFile> files, int64_t now,
                                        const std::string& default_path) {
  std::vector<CheckResult> findings;
  for (const GeoFile& file : files) findings.push_back(CheckDatabase(file, now, default_path));
  return findings;
}

CheckResult DatabaseUnusable(const absl::Status& status, const std::string& missing,
                             const std::string& default_path) {
  return Problem("database", std::string(status.message()),
                 Build(missing.empty() ? default_path : missing, default_path, ""));
}

}  // namespace borderflow
