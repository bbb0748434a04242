// `borderflow geo info`: what each database is, of when, on what basis, and how much it holds.
#include <CLI/CLI.hpp>
#include <memory>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "tools/account/default_database.h"
#include "tools/command/geo.h"
#include "tools/command/geo_databases.h"
#include "tools/command/geo_text.h"

namespace borderflow {
namespace {

struct InfoOptions {
  std::vector<std::string> databases;
  std::string json;
};

constexpr double kAllIpv4 = 4294967296.0;

// "86.0 % of all IPv4 addresses, 250 jurisdictions", or that the database is silent.
std::string Share(uint64_t addresses, const char* what, uint64_t distinct) {
  if (distinct == 0) return "not in this database: unknown everywhere";
  return absl::StrCat(Percent(static_cast<double>(addresses), kAllIpv4), " of all IPv4 addresses, ",
                      Thousands(distinct), " ", what);
}

void Print(const Database& database, const DatabaseCounts& counts, std::ostream& out) {
  const GeoFile& file = database.file;
  const std::string_view basis = Name(file.basis);
  out << file.path << "\n";
  const auto line = [&out](const char* name, const std::string& text) {
    out << absl::StrFormat("  %-11s %s\n", name, text);
  };
  line("type", file.type);
  line("basis", std::string(basis));
  line("built", DateAndAge(static_cast<int64_t>(file.build_time)));
  line("sha256", file.sha256);
  line("ranges", Thousands(file.ranges) + " prefixes");
  line("location", Share(counts.ipv4_located, "jurisdictions", counts.countries));
  line("registered", Share(counts.ipv4_registered, "jurisdictions", counts.registered));
  line("AS", Share(counts.ipv4_with_as, "numbers", counts.as_numbers));
  line("anycast", counts.ipv4_anycast == 0
                      ? std::string("no IPv4 address flagged")
                      : Percent(static_cast<double>(counts.ipv4_anycast), kAllIpv4) +
                            " of all IPv4 addresses flagged");
  line("odd codes", CodesAndCounts(file.odd_codes) + " (ranges; outside ISO 3166-1)");
  if (!file.description.empty()) out << "  description\n" << Wrap(file.description, 14);
}

nlohmann::ordered_json Json(const Database& database, const DatabaseCounts& counts) {
  const GeoFile& file = database.file;
  return {{"path", file.path},
          {"type", file.type},
          {"basis", Name(file.basis)},
          {"build_time", file.build_time},
          {"age_days", AgeInDays(static_cast<int64_t>(file.build_time))},
          {"sha256", file.sha256},
          {"description", file.description},
          {"ranges", file.ranges},
          {"has",
           {{"location", counts.countries != 0},
            {"registered", counts.registered != 0},
            {"as", counts.as_numbers != 0}}},
          {"jurisdictions", counts.countries},
          {"as_numbers", counts.as_numbers},
          {"ipv4",
           {{"located", counts.ipv4_located},
            {"registered", counts.ipv4_registered},
            {"with_as", counts.ipv4_with_as},
            {"anycast", counts.ipv4_anycast}}},
          {"odd_codes", file.odd_codes}};
}

absl::Status Info(const InfoOptions& options) {
  absl::StatusOr<std::vector<std::string>> paths = DatabasesOrDefault(options.databases);
  if (!paths.ok()) return paths.status();
  nlohmann::ordered_json json = nlohmann::ordered_json::array();
  std::ostream& out = ForPeople(options.json);
  for (const std::string& path : *paths) {
    absl::StatusOr<Database> database = OpenDatabase(path);
    if (!database.ok()) return database.status();
    const DatabaseCounts counts = CountDatabase(*database);
    Print(*database, counts, out);
    json.push_back(Json(*database, counts));
  }
  return options.json.empty() ? absl::OkStatus() : WriteJson(json, options.json);
}

}  // namespace

void AddGeoInfo(CLI::App& geo, int* exit_code) {
  auto options = std::make_shared<InfoOptions>();
  CLI::App* info =
      geo.add_subcommand("info", "Type, basis, date, age, digest and counts of address databases");
  info->add_option("--geo", options->databases,
                   "An MMDB; may be repeated (default: " + DefaultDatabasePath() + ")");
  info->add_option("--json", options->json, "Write JSON to a file ('-': standard output)");
  info->callback([options, exit_code] {
    const absl::Status status = Info(*options);
    *exit_code = status.ok() ? kExitDone : Fail(status);
  });
}

}  // namespace borderflow
