// `borderflow geo build`: the data of tor-geoipdb and libloc-database into one MMDB.
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <chrono>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <memory>
#include <ostream>
#include <system_error>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "dataplane/geo/build_database.h"
#include "dataplane/geo/read_file.h"
#include "rules/digest/sha256.h"
#include "tools/account/default_database.h"
#include "tools/command/geo.h"
#include "tools/command/geo_text.h"

namespace borderflow {
namespace {

namespace fs = std::filesystem;

constexpr uint64_t kLargestSource = uint64_t{1} << 30;  // today's are 9, 16 and 55 MB

struct BuildOptions {
  std::vector<std::string> tor;  // files, or one folder that holds geoip and geoip6
  std::string libloc;
  bool no_tor = false;
  bool no_libloc = false;
  std::string output;
  std::string json;
};

std::string OrNotStated(const char* what, const std::string& text) {
  return text.empty() ? absl::StrCat(what, " not stated") : text;
}

absl::StatusOr<std::string> ReadSource(const std::string& path) {
  auto bytes = ReadWholeFile(path, kLargestSource);
  if (!bytes.ok()) {
    return absl::Status(
        bytes.status().code(),
        absl::StrCat(bytes.status().message(), "; tools/setup/geo_data.sh takes the data"));
  }
  return std::string(bytes->begin(), bytes->end());
}

// The text files to read: those named, the two of a named folder, or the two of the data folder.
std::vector<std::string> TorFiles(const BuildOptions& options) {
  std::vector<std::string> named = options.tor;
  if (named.empty()) named = {GeoDataFolder()};
  std::vector<std::string> files;
  for (const std::string& path : named) {
    std::error_code error;
    if (fs::is_directory(path, error) || options.tor.empty()) {
      files.push_back(fs::path(path) / "geoip");
      files.push_back(fs::path(path) / "geoip6");
    } else {
      files.push_back(path);
    }
  }
  return files;
}

absl::Status ReadTor(const BuildOptions& options, std::ostream& out, DatabaseSources* sources) {
  for (const std::string& path : TorFiles(options)) {
    absl::StatusOr<std::string> text = ReadSource(path);
    if (!text.ok()) return text.status();
    absl::StatusOr<TorGeoip> file = ParseTorGeoip(*text, path);
    if (!file.ok()) return file.status();
    out << absl::StrFormat("country   %s\n          %s, %s, %s: %s ranges\n", path,
                           DateAndAge(file->build_time), OrNotStated("vendor", file->vendor),
                           OrNotStated("licence", file->licence), Thousands(file->ranges.size()));
    sources->tor.push_back(*std::move(file));
  }
  out << "          basis: registry-derived for the most part; says nothing of registration\n";
  return absl::OkStatus();
}

absl::Status ReadLibloc(const BuildOptions& options, std::ostream& out, DatabaseSources* sources) {
  const std::string path = !options.libloc.empty()
                               ? options.libloc
                               : std::string(fs::path(GeoDataFolder()) / "location.db");
  absl::StatusOr<std::string> bytes = ReadSource(path);
  if (!bytes.ok()) return bytes.status();
  absl::StatusOr<Libloc> libloc = ParseLibloc(*bytes, path);
  if (!libloc.ok()) return libloc.status();
  out << absl::StrFormat("AS, flags %s\n          %s, %s, %s: %s ranges, %s AS names\n", path,
                         DateAndAge(libloc->build_time), OrNotStated("vendor", libloc->vendor),
                         OrNotStated("licence", libloc->licence), Thousands(libloc->ranges.size()),
                         Thousands(libloc->as_names.size()));
  sources->libloc = *std::move(libloc);
  return absl::OkStatus();
}

absl::Status WriteError(const fs::path& path, const std::error_code& error) {
  return absl::UnavailableError(
      absl::StrCat(path.string(), ": cannot write the database",
                   error ? absl::StrCat(" (", error.message(), ")") : "",
                   "; check the folder, its permissions and the space left, or name another -o"));
}

// Whole or not at all: a reader never meets half a database. Devices and pipes are written as they
// are.
absl::Status WriteWhole(const std::string& bytes, const fs::path& named) {
  std::error_code error;
  fs::path path = fs::weakly_canonical(named, error);
  if (error) path = named;
  const bool replace = !fs::exists(path, error) || fs::is_regular_file(path, error);
  if (replace && path.has_parent_path()) fs::create_directories(path.parent_path(), error);
  if (error) return WriteError(named, error);
  fs::path part = path;
  if (replace) part += absl::StrCat(".part", getpid());
  std::ofstream file(part, std::ios::binary | std::ios::trunc);
  file << bytes << std::flush;
  file.close();
  if (file && replace) fs::rename(part, path, error);
  if (file && !error) return absl::OkStatus();
  std::error_code ignored;
  if (replace) fs::remove(part, ignored);
  return WriteError(named, error);
}

void PrintCounts(const BuiltDatabase& built, const std::string& path, const std::string& digest,
                 double seconds, std::ostream& out) {
  constexpr double kAllIpv4 = 4294967296.0;
  out << absl::StrFormat(
      "built     %s ranges, %s distinct answers, %s country codes, %s AS numbers\n",
      Thousands(built.ranges), Thousands(built.records), Thousands(built.countries),
      Thousands(built.as_numbers));
  out << absl::StrFormat("          ranges flagged anycast %s, satellite %s, proxy %s\n",
                         Thousands(built.anycast_ranges), Thousands(built.satellite_ranges),
                         Thousands(built.proxy_ranges));
  out << absl::StrFormat("          of all IPv4 addresses %s have a country, %s an AS\n",
                         Percent(static_cast<double>(built.ipv4_with_country), kAllIpv4),
                         Percent(static_cast<double>(built.ipv4_with_as), kAllIpv4));
  out << "          ranges with codes outside ISO 3166-1: " << CodesAndCounts(built.odd_codes)
      << "\n";
  out << absl::StrFormat("written   %s\n          %.1f MB in %.1f s, sha256 %s\n", path,
                         static_cast<double>(built.bytes.size()) / 1e6, seconds, digest);
  out << Wrap(built.description, 10);
}

nlohmann::ordered_json Json(const BuiltDatabase& built, const std::string& path,
                            const std::string& digest) {
  return {{"path", path},
          {"sha256", digest},
          {"bytes", built.bytes.size()},
          {"build_time", built.build_epoch},
          {"description", built.description},
          {"ranges", built.ranges},
          {"records", built.records},
          {"countries", built.countries},
          {"as_numbers", built.as_numbers},
          {"anycast_ranges", built.anycast_ranges},
          {"satellite_ranges", built.satellite_ranges},
          {"proxy_ranges", built.proxy_ranges},
          {"ipv4_with_country", built.ipv4_with_country},
          {"ipv4_with_as", built.ipv4_with_as},
          {"odd_codes", built.odd_codes}};
}

absl::Status Build(const BuildOptions& options) {
  const auto begin = std::chrono::steady_clock::now();
  std::ostream& out = ForPeople(options.json);
  DatabaseSources sources;
  if (!options.no_tor) {
    if (absl::Status status = ReadTor(options, out, &sources); !status.ok()) return status;
  }
  if (!options.no_libloc) {
    if (absl::Status status = ReadLibloc(options, out, &sources); !status.ok()) return status;
  }
  absl::StatusOr<BuiltDatabase> built = BuildDatabase(sources);
  if (!built.ok()) return built.status();
  const std::string path = options.output.empty() ? DefaultDatabasePath() : options.output;
  if (absl::Status status = WriteWhole(built->bytes, path); !status.ok()) return status;
  const std::chrono::duration<double> spent = std::chrono::steady_clock::now() - begin;
  const std::string digest = Sha256Hex(built->bytes);
  PrintCounts(*built, path, digest, spent.count(), out);
  if (options.json.empty()) return absl::OkStatus();
  return WriteJson(Json(*built, path, digest), options.json);
}

}  // namespace

void AddGeoBuild(CLI::App& geo, int* exit_code) {
  auto options = std::make_shared<BuildOptions>();
  CLI::App* build = geo.add_subcommand(
      "build", "Compile the data of tor-geoipdb and libloc-database into one MMDB");
  auto* tor = build->add_option("--tor", options->tor,
                                "Tor's geoip and geoip6, or a folder that holds both "
                                "(default: where tools/setup/geo_data.sh puts them)");
  auto* libloc =
      build->add_option("--libloc", options->libloc, "libloc's location.db (default: as above)");
  build->add_flag("--no-tor", options->no_tor, "Take countries from libloc")->excludes(tor);
  build->add_flag("--no-libloc", options->no_libloc, "Without AS numbers and flags")
      ->excludes(libloc);
  build->add_option("-o,--output", options->output,
                    "The database to write (default: " + DefaultDatabasePath() + ")");
  build->add_option("--json", options->json, "Write the counts as JSON ('-': standard output)");
  build->callback([options, exit_code] {
    const absl::Status status = Build(*options);
    *exit_code = status.ok() ? kExitDone : Fail(status);
  });
}

}  // namespace borderflow
