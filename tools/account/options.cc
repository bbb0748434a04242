#include "tools/account/options.h"

#include <algorithm>
#include <array>
#include <string_view>
#include <thread>
#include <utility>

#include "absl/strings/str_cat.h"
#include "collectors/window/width.h"
#include "dataplane/packet/address.h"
#include "rules/jurisdiction/suggest.h"
#include "rules/yaml/strict_yaml.h"
#include "tools/account/default_database.h"

namespace borderflow {
namespace {

constexpr int kMaxWorkers = 64;

constexpr std::array<std::string_view, 8> kVantages = {
    "access_isp",  "enterprise_edge",  "datacentre", "ixp",
    "mobile_core", "national_gateway", "device",     "testbed"};

absl::StatusOr<Jurisdiction> ReadCode(const std::string& flag, const std::string& code) {
  const std::optional<Jurisdiction> found = FromCode(code);
  if (found.has_value() && !IsSpecial(*found)) return *found;
  const std::string_view near = SuggestCode(code);
  return absl::InvalidArgumentError(
      absl::StrCat(flag, ": ", Quoted(code), " is no ISO 3166-1 code such as DE",
                   near.empty() ? "" : absl::StrCat(" (did you mean ", Quoted(near), "?)")));
}

absl::Status ReadSites(const std::vector<std::string>& sites, AccountPlan* plan) {
  for (const std::string& site : sites) {
    const size_t equals = site.find('=');
    const std::string prefix_text = site.substr(0, equals);
    const std::optional<Prefix> prefix = ParsePrefix(prefix_text);
    if (equals == std::string::npos || !prefix.has_value()) {
      return absl::InvalidArgumentError(
          absl::StrCat("--site: ", Quoted(site),
                       " is not CIDR=CC such as 10.2.0.0/16=FR (host bits must be zero)"));
    }
    const absl::StatusOr<Jurisdiction> code = ReadCode("--site", site.substr(equals + 1));
    if (!code.ok()) return code.status();
    plan->geography.sites.push_back({*prefix, *code});
    plan->parameters.sites.emplace_back(prefix_text, *code);
  }
  return absl::OkStatus();
}

absl::Status ReadZones(const std::vector<std::string>& zones, AccountPlan* plan) {
  for (const std::string& zone : zones) {
    const Group* group = plan->lists.groups().Find(zone);
    if (group == nullptr) {
      std::vector<std::string_view> known;
      for (const auto& [id, unused] : plan->lists.groups().all()) known.push_back(id);
      return absl::InvalidArgumentError(
          absl::StrCat("--zone: no group named ", Quoted(zone), DidYouMean(zone, known)));
    }
    plan->zones.push_back(group->members);
    plan->parameters.zones.push_back(zone);
  }
  return absl::OkStatus();
}

absl::Status ReadGeography(const AccountFlags& flags, AccountPlan* plan) {
  absl::StatusOr<std::vector<std::string>> databases = DatabasesOrDefault(flags.geo);
  if (!databases.ok()) return databases.status();
  plan->geography.databases = *std::move(databases);
  plan->geography.other_databases = flags.with_geo;
  plan->geography.overrides = flags.overrides;
  plan->geography.anycast_from_database = flags.anycast == "database";
  plan->parameters.overrides = flags.overrides;
  plan->parameters.anycast = flags.anycast;
  if (!flags.home.empty()) {
    const absl::StatusOr<Jurisdiction> home = ReadCode("--home", flags.home);
    if (!home.ok()) return home.status();
    plan->geography.home = *home;
    plan->parameters.home = *home;
  }
  if (absl::Status s = ReadSites(flags.sites, plan); !s.ok()) return s;
  return ReadZones(flags.zones, plan);
}

// The shipped list alone, or a table of its own with the user's lists above it.
absl::Status ReadRules(const AccountFlags& flags, AccountPlan* plan) {
  if (flags.rules.empty()) {
    plan->rules = std::shared_ptr<const NameRules>(&NameRules::BuiltIn(), [](const NameRules*) {});
    return absl::OkStatus();
  }
  absl::StatusOr<NameRules> rules = NameRules::Load(flags.rules);
  if (!rules.ok()) return rules.status();
  plan->rules = std::make_shared<const NameRules>(*std::move(rules));
  return absl::OkStatus();
}

}  // namespace

void AddAccountFlags(CLI::App* command, AccountFlags* flags) {
  command->add_option("--geo", flags->geo, "address database (MMDB); the first that knows wins")
      ->allow_extra_args(false);
  command
      ->add_option("--overrides", flags->overrides,
                   "CSV (prefix,location[,registered[,asn]]) or RFC 8805 geofeed above them")
      ->allow_extra_args(false);
  command->add_option("--home", flags->home, "jurisdiction of private and link-local addresses");
  command->add_option("--site", flags->sites, "CIDR=CC: another jurisdiction for a prefix")
      ->allow_extra_args(false);
  command
      ->add_option("--zone", flags->zones,
                   "group within which a crossing is intra_zone, such as EEA")
      ->allow_extra_args(false);
  command->add_option("--vantage", flags->vantage, "where the sensor sits")
      ->check(CLI::IsMember(std::vector<std::string>(kVantages.begin(), kVantages.end())));
  command->add_option("--purpose", flags->purpose, "why this is measured; stated in the report");
  command->add_option("--tunnel", flags->tunnel, "which IP header of a tunnel counts")
      ->check(CLI::IsMember({"inner", "outer"}))
      ->capture_default_str();
  command->add_option("--anycast", flags->anycast, "location of addresses flagged as anycast")
      ->check(CLI::IsMember({"special", "database"}))
      ->capture_default_str();
  command->add_flag("--dedup", flags->dedup, "remove exact copies of frames within 10 ms");
  command->add_flag("--no-content", flags->no_content,
                    "do not search payload for content patterns; the report says so");
  command->add_option("--workers", flags->workers, "threads that count; makes no difference else")
      ->check(CLI::Range(1, kMaxWorkers))
      ->capture_default_str();
  command->add_option("--flows", flags->flows, "size of each worker's flow table, 80 bytes a flow")
      ->check(CLI::Range(uint64_t{64}, uint64_t{1} << 28))
      ->capture_default_str();
  command
      ->add_option(
          "--rules", flags->rules,
          "CSV (suffix,category,confidence,service) above the shipped list; the first wins")
      ->allow_extra_args(false);
  AddListFlags(command, &flags->lists);
  command->add_option("--policy", flags->policies, "pack, or a file that holds one")
      ->allow_extra_args(false);
  command->add_option("--json", flags->json, "write the report to FILE (- for standard output)");
  command->add_option("--csv", flags->csv, "write the cells to FILE");
  command->add_option("--ndjson", flags->ndjson, "write the cells to FILE, one object a line");
  command->add_flag("--quiet", flags->quiet, "no progress, no summary");
}

void AddWindowFlags(CLI::App* command, AccountFlags* flags) {
  command
      ->add_option("--with-geo", flags->with_geo,
                   "another address database beside those in use: what the choice moves")
      ->allow_extra_args(false);
  command->add_option("--window", flags->window,
                      "count in windows of event time so long, such as 60s, 5m or 1h");
  command->add_option("--sqlite", flags->sqlite, "append the windows to the store in FILE");
  command->add_option(
      "--keep", flags->keep,
      "how long the store keeps each tier, such as window=8d,hour=13mo,day=forever");
  command->add_option("--sensor", flags->sensor, "what the store and exports call this sensor");
}

absl::StatusOr<AccountPlan> Plan(const AccountFlags& flags) {
  AccountPlan plan;
  absl::StatusOr<Lists> lists = LoadLists(flags.lists);
  if (!lists.ok()) return lists.status();
  plan.lists = *std::move(lists);
  plan.worker.entities = plan.lists.shared_entities();
  if (absl::Status s = ReadGeography(flags, &plan); !s.ok()) return s;
  const std::array<std::string, 4> outputs = {flags.json, flags.csv, flags.ndjson, flags.report};
  if (std::count(outputs.begin(), outputs.end(), "-") > 1) {
    return absl::InvalidArgumentError(
        "only one of --json, --csv, --ndjson and --report can write to standard output (-)");
  }
  plan.front.tunnel = flags.tunnel == "outer" ? TunnelMode::kOuter : TunnelMode::kInner;
  plan.front.remove_copies = flags.dedup;
  plan.worker.flows = flags.flows;
  plan.worker.names = flags.names;
  plan.worker.content = !flags.no_content;
  if (!flags.place.empty()) {
    const absl::StatusOr<Place> place = ParsePlace(flags.place);
    if (!place.ok()) {
      return absl::InvalidArgumentError(
          absl::StrCat("--place: ", std::string(place.status().message())));
    }
    plan.worker.place = *place;
  }
  plan.parameters.place = flags.place;
  plan.parameters.tunnel = flags.tunnel;
  plan.parameters.dedup = flags.dedup;
  plan.parameters.content = !flags.no_content;
  plan.parameters.names = flags.names;
  plan.parameters.vantage = flags.vantage;
  plan.parameters.purpose = flags.purpose;
  plan.parameters.rules = flags.rules;
  if (absl::Status s = ReadRules(flags, &plan); !s.ok()) return s;
  if (!flags.window.empty() || !flags.sqlite.empty()) {
    const absl::StatusOr<uint64_t> width =
        ParseWindowWidth(flags.window.empty() ? "60s" : flags.window);
    if (!width.ok()) return width.status();
    plan.parameters.window_seconds = *width;
    plan.worker.windows = true;
  }
  if (!flags.keep.empty()) {
    if (flags.sqlite.empty()) {
      return absl::InvalidArgumentError("--keep: there is no store; name one with --sqlite FILE");
    }
    const absl::StatusOr<Retention> retention = ParseRetention(flags.keep);
    if (!retention.ok()) return retention.status();
    plan.retention = *retention;
  }
  for (const std::string& name : flags.policies) {
    absl::StatusOr<Pack> pack = LoadPack(name, plan.lists);
    if (!pack.ok()) return pack.status();
    plan.packs.push_back(*std::move(pack));
  }
  return plan;
}

std::string FlagsText(const AccountFlags& flags, const AccountPlan& plan) {
  std::string command;
  const auto add = [&command](const char* flag, const std::string& value) {
    if (!value.empty()) absl::StrAppend(&command, " ", flag, " ", value);
  };
  for (const std::string& file : plan.geography.databases) add("--geo", file);
  for (const std::string& file : flags.with_geo) add("--with-geo", file);
  for (const std::string& file : flags.overrides) add("--overrides", file);
  add("--home", flags.home);
  for (const std::string& site : flags.sites) add("--site", site);
  for (const std::string& zone : flags.zones) add("--zone", zone);
  add("--vantage", flags.vantage);
  add("--purpose", flags.purpose.empty() ? "" : absl::StrCat("'", flags.purpose, "'"));
  add("--tunnel", flags.tunnel == "inner" ? "" : flags.tunnel);
  add("--anycast", flags.anycast == "special" ? "" : flags.anycast);
  add("--window", flags.window);
  if (flags.dedup) command += " --dedup";
  if (flags.no_content) command += " --no-content";
  if (flags.names) command += " --names";
  add("--place", flags.place);
  for (const std::string& file : flags.rules) add("--rules", file);
  for (const std::string& file : flags.lists.groups) add("--groups", file);
  for (const std::string& file : flags.lists.entities) add("--entities", file);
  for (const std::string& policy : flags.policies) add("--policy", policy);
  return command;
}

}  // namespace borderflow
