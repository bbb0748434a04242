#include "tools/command/explain.h"

#include <CLI/CLI.hpp>
#include <filesystem>
#include <memory>
#include <optional>
#include <utility>

#include "absl/strings/str_cat.h"
#include "rules/category/rule_line.h"
#include "tools/account/default_database.h"
#include "tools/account/list_flags.h"
#include "tools/command/geo_text.h"

namespace borderflow {
namespace {

struct ExplainFlags {
  std::string target;
  AccountFlags account;
};

// The capture and what follows its colon, where the part before a colon is a file.
std::optional<std::pair<std::string, std::string>> AsCapture(const std::string& target) {
  for (size_t colon = target.find(':'); colon != std::string::npos;
       colon = target.find(':', colon + 1)) {
    std::error_code error;
    const std::string file = target.substr(0, colon);
    if (!file.empty() && std::filesystem::is_regular_file(file, error)) {
      return std::pair(file, target.substr(colon + 1));
    }
  }
  return std::nullopt;
}

absl::StatusOr<nlohmann::ordered_json> ExplainTarget(const ExplainFlags& flags, std::ostream& out) {
  const std::optional<IpAddress> address = ParseAddress(flags.target);
  const auto capture = AsCapture(flags.target);
  if (!address.has_value() && !capture.has_value()) {
    const absl::StatusOr<NameRules> rules = NameRules::Load(flags.account.rules);
    if (!rules.ok()) return rules.status();
    const absl::StatusOr<Lists> lists = LoadLists(flags.account.lists);
    if (!lists.ok()) return lists.status();
    return ExplainName(flags.target, *rules, lists->entities(), out);
  }
  const absl::StatusOr<AccountPlan> plan = Plan(flags.account);
  if (!plan.ok()) return plan.status();
  if (address.has_value()) return ExplainAddressOf(*address, *plan, out);
  const std::optional<FlowChoice> choice = ParseFlowChoice(capture->second);
  if (!choice.has_value()) {
    return absl::InvalidArgumentError(absl::StrCat(
        ShownText(capture->second), " names no flow of ", capture->first,
        ": expected its number from 1, or both ends such as 10.0.0.2:51234-192.0.2.1:443/tcp "
        "([2001:db8::1]:443 for IPv6)"));
  }
  return ExplainFlow(capture->first, *choice, *plan, out);
}

int Run(const ExplainFlags& flags) {
  const absl::StatusOr<nlohmann::ordered_json> json =
      ExplainTarget(flags, ForPeople(flags.account.json));
  if (!json.ok()) return Fail(json.status());
  if (flags.account.json.empty()) return kExitDone;
  const absl::Status written = WriteJson(*json, flags.account.json);
  return written.ok() ? kExitDone : Fail(written);
}

}  // namespace

void AddExplainCommand(CLI::App& app, int* exit_code) {
  auto flags = std::make_shared<ExplainFlags>();
  AccountFlags* account = &flags->account;
  CLI::App* explain =
      app.add_subcommand("explain", "What decided: for a name, an address, or a flow of a capture");
  explain
      ->add_option("TARGET", flags->target,
                   "a name; an address; or CAPTURE:FLOW, FLOW being its number by first frame or "
                   "both ends (10.0.0.2:51234-192.0.2.1:443/tcp)")
      ->required();
  const auto repeated = [explain](const char* name, std::vector<std::string>* values,
                                  const std::string& help) {
    explain->add_option(name, *values, help)->type_size(1)->allow_extra_args(false);
  };
  repeated("--rules", &account->rules, "a list of name rules above the shipped one");
  AddListFlags(explain, &account->lists);
  repeated("--geo", &account->geo,
           "address database (MMDB); the first that knows wins (default: " + DefaultDatabasePath() +
               ")");
  repeated("--overrides", &account->overrides, "a CSV or RFC 8805 file above the databases");
  repeated("--site", &account->sites, "CIDR=CC: another jurisdiction for a prefix");
  explain->add_option("--home", account->home, "jurisdiction of private and link-local addresses");
  explain->add_option("--tunnel", account->tunnel, "which IP header of a tunnel counts")
      ->check(CLI::IsMember({"inner", "outer"}))
      ->capture_default_str();
  explain->add_option("--anycast", account->anycast, "location of addresses flagged as anycast")
      ->check(CLI::IsMember({"special", "database"}))
      ->capture_default_str();
  explain->add_option("--place", account->place,
                      "LATITUDE,LONGITUDE of the sensor: a flow's round trip is held against its "
                      "server's location");
  explain->add_option("--json", account->json, "write JSON to FILE (- for standard output)");
  explain->callback([flags, exit_code] { *exit_code = Run(*flags); });
}

}  // namespace borderflow
