#include "tools/account/default_database.h"

#include <cstdlib>
#include <filesystem>
#include <system_error>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"

namespace borderflow {
namespace {

namespace fs = std::filesystem;

// Empty when the variable is unset; the XDG specification treats an empty one the same.
fs::path Variable(const char* name) {
  const char* value = std::getenv(name);
  return value == nullptr ? fs::path() : fs::path(value);
}

fs::path XdgFolder(const char* variable, const char* below_home) {
  const fs::path named = Variable(variable);
  return named.empty() ? Variable("HOME") / below_home : named;
}

}  // namespace

std::string DefaultDatabasePath() {
  const fs::path named = Variable("BORDERFLOW_GEO");
  if (!named.empty()) return named;
  return XdgFolder("XDG_DATA_HOME", ".local/share") / "borderflow" / "geo.mmdb";
}

absl::StatusOr<std::vector<std::string>> DatabasesOrDefault(const std::vector<std::string>& named) {
  if (!named.empty()) return named;
  const std::string path = DefaultDatabasePath();
  std::error_code error;
  if (fs::exists(path, error)) return std::vector<std::string>{path};
  return absl::NotFoundError(absl::StrCat(
      path, ": no address database there",
      Variable("BORDERFLOW_GEO").empty() ? "" : " (the path is that of BORDERFLOW_GEO)",
      "; run tools/setup/geo_data.sh and then `borderflow geo build`, or name one with --geo"));
}

std::string GeoDataFolder() {
  const fs::path named = Variable("BORDERFLOW_CACHE");
  return (named.empty() ? XdgFolder("XDG_CACHE_HOME", ".cache") / "borderflow" : named) / "geo";
}

std::string DefaultSpoolPath() {
  return XdgFolder("XDG_STATE_HOME", ".local/state") / "borderflow" / "spool";
}

}  // namespace borderflow
