// `borderflow geo lookup`: what each source says of an address, which one won, and who operates it.
#include <CLI/CLI.hpp>
#include <iostream>
#include <memory>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"
#include "dataplane/geo/geography.h"
#include "dataplane/geo/lookup.h"
#include "rules/jurisdiction/operators.h"
#include "tools/account/default_database.h"
#include "tools/command/geo.h"
#include "tools/command/geo_answer.h"
#include "tools/command/geo_text.h"

namespace borderflow {
namespace {

struct LookupOptions {
  std::vector<std::string> addresses;
  std::vector<std::string> databases;
  std::vector<std::string> overrides;
  std::vector<std::string> sites;
  std::string home;
  std::string anycast = "special";
  std::string json;
};

absl::StatusOr<Jurisdiction> ParseJurisdiction(const std::string& flag, const std::string& code) {
  const std::optional<Jurisdiction> jurisdiction = FromCode(code);
  if (jurisdiction && !IsSpecial(*jurisdiction)) return *jurisdiction;
  const std::string_view near = SuggestCode(code);
  return absl::InvalidArgumentError(absl::StrCat(
      flag, ": unknown jurisdiction \"", code, "\": expected a code of ISO 3166-1 such as \"DE\"",
      near.empty() ? "" : absl::StrCat(" (did you mean \"", std::string(near), "\"?)")));
}

absl::StatusOr<GeographyOptions> SourcesOf(const LookupOptions& options) {
  GeographyOptions sources;
  absl::StatusOr<std::vector<std::string>> databases = DatabasesOrDefault(options.databases);
  if (!databases.ok()) return databases.status();
  sources.databases = *std::move(databases);
  sources.overrides = options.overrides;
  sources.anycast_from_database = options.anycast == "database";
  if (!options.home.empty()) {
    absl::StatusOr<Jurisdiction> home = ParseJurisdiction("--home", options.home);
    if (!home.ok()) return home.status();
    sources.home = *home;
  }
  for (const std::string& site : options.sites) {
    const size_t equals = site.find('=');
    const std::optional<Prefix> prefix = ParsePrefix(site.substr(0, equals));
    if (!prefix || equals == std::string::npos) {
      return absl::InvalidArgumentError(
          absl::StrCat("--site: found \"", site,
                       "\", expected CIDR=CC without host bits, such as 10.1.0.0/16=FR"));
    }
    absl::StatusOr<Jurisdiction> where = ParseJurisdiction("--site", site.substr(equals + 1));
    if (!where.ok()) return where.status();
    sources.sites.push_back({*prefix, *where});
  }
  return sources;
}

absl::Status Lookup(const LookupOptions& options) {
  std::vector<IpAddress> addresses;
  for (const std::string& text : options.addresses) {
    const std::optional<IpAddress> address = ParseAddress(text);
    if (!address) {
      return absl::InvalidArgumentError(absl::StrCat(
          "\"", text, "\" is not an address; expected IPv4 or IPv6 such as 192.0.2.1"));
    }
    addresses.push_back(*address);
  }
  absl::StatusOr<GeographyOptions> sources = SourcesOf(options);
  if (!sources.ok()) return sources.status();
  absl::StatusOr<Geography> geography = Geography::Load(*sources);
  if (!geography.ok()) return geography.status();
  absl::StatusOr<AddressExplainer> explainer = AddressExplainer::Open(*sources);
  if (!explainer.ok()) return explainer.status();

  std::ostream& out = ForPeople(options.json);
  nlohmann::ordered_json json = nlohmann::ordered_json::array();
  for (const IpAddress& address : addresses) {
    absl::StatusOr<std::vector<SourceAnswer>> answers = explainer->Explain(address);
    if (!answers.ok()) return answers.status();
    const AddressAnswer answer = Summarise(address, geography->map().Find(address), *answers);
    PrintAnswer(answer, out);
    json.push_back(AnswerJson(answer, geography->files()));
  }
  PrintLenses(*geography, out);
  return options.json.empty() ? absl::OkStatus() : WriteJson(json, options.json);
}

}  // namespace

void AddGeoLookup(CLI::App& geo, int* exit_code) {
  auto options = std::make_shared<LookupOptions>();
  CLI::App* lookup =
      geo.add_subcommand("lookup", "What each source says of an address, and which one won");
  lookup->add_option("ADDRESS", options->addresses, "IPv4 or IPv6 addresses")->required();
  // Each takes one value at a time, so that addresses may follow.
  const auto repeated = [lookup](const char* name, std::vector<std::string>* values,
                                 const std::string& help) {
    lookup->add_option(name, *values, help)->type_size(1)->allow_extra_args(false);
  };
  repeated("--geo", &options->databases,
           "An MMDB; may be repeated, the first wins (default: " + DefaultDatabasePath() + ")");
  repeated("--overrides", &options->overrides, "A CSV or RFC 8805 file above the databases");
  repeated("--site", &options->sites, "CIDR=CC: where a prefix of yours is");
  lookup->add_option("--home", options->home, "CC: where private and link-local addresses are");
  lookup
      ->add_option("--anycast", options->anycast,
                   "special: anycast addresses are nowhere; database: where the database says")
      ->check(CLI::IsMember({"special", "database"}))
      ->capture_default_str();
  lookup->add_option("--json", options->json, "Write JSON to a file ('-': standard output)");
  lookup->callback([options, exit_code] {
    const absl::Status status = Lookup(*options);
    *exit_code = status.ok() ? kExitDone : Fail(status);
  });
}

}  // namespace borderflow
