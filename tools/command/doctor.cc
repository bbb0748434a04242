// `borderflow doctor`: what stands between this machine and a live capture, and the command that
// mends it. Opens no port and changes nothing.
#include "tools/command/doctor.h"

#include <algorithm>
#include <cstdio>
#include <ctime>
#include <filesystem>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"
#include "tools/account/account.h"
#include "tools/account/config_file.h"
#include "tools/account/default_database.h"
#include "tools/account/output_file.h"
#include "tools/command/exit_codes.h"
#include "tools/command/live_flags.h"
#include "tools/doctor/check_result.h"
#include "tools/doctor/databases.h"
#include "tools/doctor/machine.h"

namespace borderflow {
namespace {

constexpr int kExitProblems = 1;
constexpr const char* kInstalledConfig = "/etc/borderflow/borderflow.yaml";

struct DoctorFlags {
  std::string config;
  std::string json;
};

// The flags of `borderflow live` as the file sets them.
struct Configured {
  Configured() {
    AddLiveFlags(&command, &flags);
    command.parse(std::vector<std::string>());
  }
  CLI::App command;
  LiveFlags flags;
};

CheckResult NothingConfigured() {
  std::error_code ignored;
  if (std::filesystem::exists(kInstalledConfig, ignored)) {
    return Note("configuration", "none named; the defaults of 'borderflow live' are looked at",
                absl::StrCat("borderflow doctor --config ", kInstalledConfig));
  }
  return Note("configuration", "none named; the defaults of 'borderflow live' are looked at",
              "borderflow live --dump > borderflow.yaml");
}

// Every value by itself, then what only shows when they are put together.
CheckResult CheckConfiguration(const std::string& path, Configured* configured) {
  if (path.empty()) return NothingConfigured();
  ConfigPlaces places;
  const std::string again =
      absl::StrCat("correct it, then: borderflow live --check --config '", path, "'");
  if (const absl::Status s = ApplyConfig(path, &configured->command, &places); !s.ok()) {
    return Problem(
        "configuration", std::string(s.message()),
        absl::IsNotFound(s) ? absl::StrCat("borderflow live --dump > '", path, "'") : again);
  }
  const LiveFlags& flags = configured->flags;
  AccountFlags account = flags.account;
  account.geo = {"looked at by itself"};
  if (absl::Status s = Plan(account).status(); !s.ok()) {
    return Problem("configuration", std::string(Located(s, places).message()), again);
  }
  if (absl::Status s = CheckOutputs(account); !s.ok()) {
    return Problem("configuration", absl::StrCat(path, ": ", std::string(s.message())), again);
  }
  const size_t devices = flags.ports.size() + flags.interfaces.size();
  if (devices == 0) {
    return Problem("configuration", path + ": names no port and no interface",
                   absl::StrCat("echo 'interface: eth1' >> '", path, "'"));
  }
  return Ok("configuration", absl::StrCat(path, ": sound; ", devices, " port(s)"));
}

std::vector<CheckResult> CheckGeography(const AccountFlags& flags) {
  const std::string usual = DefaultDatabasePath();
  absl::StatusOr<std::vector<std::string>> databases = DatabasesOrDefault(flags.geo);
  if (!databases.ok()) return {DatabaseUnusable(databases.status(), usual, usual)};
  GeographyOptions options;
  options.databases = *databases;
  absl::StatusOr<Geography> geography = Geography::Load(options);
  if (!geography.ok()) {
    const auto missing = std::find_if(databases->begin(), databases->end(), [](const auto& path) {
      std::error_code ignored;
      return !std::filesystem::exists(path, ignored);
    });
    return {
        DatabaseUnusable(geography.status(), missing == databases->end() ? "" : *missing, usual)};
  }
  std::vector<CheckResult> findings = CheckDatabases(geography->files(), std::time(nullptr), usual);
  if (flags.overrides.empty()) return findings;
  // Again with what stands above them, so that its mistakes are not taken for a database's.
  options.overrides = flags.overrides;
  geography = Geography::Load(options);
  findings.push_back(
      geography.ok() ? Ok("overrides", absl::StrJoin(flags.overrides, ", ") + ": sound")
                     : Problem("overrides", std::string(geography.status().message()),
                               "correct the file: a line is prefix,location[,registered[,asn]]"));
  return findings;
}

Wanted WantedBy(const LiveFlags& flags) {
  return {flags.ports, flags.interfaces, flags.cores, static_cast<size_t>(flags.account.workers),
          flags.account.flows};
}

int Doctor(const DoctorFlags& flags) {
  if (const absl::Status s = CheckOutput(flags.json); !s.ok()) {
    absl::FPrintF(stderr, "borderflow doctor: %s\n", std::string(s.message()));
    return kExitUsage;
  }
  Configured configured;
  std::vector<CheckResult> findings = {CheckConfiguration(flags.config, &configured)};
  const auto add = [&findings](std::vector<CheckResult> more) {
    for (CheckResult& finding : more) findings.push_back(std::move(finding));
  };
  add(CheckGeography(configured.flags.account));
  add(Examine(ReadMachine(), WantedBy(configured.flags)));

  absl::Status status;
  if (flags.json != "-") status.Update(WriteOutput("-", ToText(findings)));
  if (!flags.json.empty()) status.Update(WriteOutput(flags.json, ToJson(findings)));
  if (!status.ok()) {
    absl::FPrintF(stderr, "borderflow doctor: %s\n", std::string(status.message()));
    return kExitRuntime;
  }
  return AnyProblem(findings) ? kExitProblems : kExitDone;
}

}  // namespace

void AddDoctorCommand(CLI::App& app, int* exit_code) {
  const auto flags = std::make_shared<DoctorFlags>();
  CLI::App* command = app.add_subcommand(
      "doctor", "what stands between this machine and a live capture, and how to mend it");
  command->add_option("--config", flags->config, "the configuration of 'borderflow live' to check");
  command->add_option("--json", flags->json, "write the findings to FILE (- for standard output)");
  command->footer(
      "Opens no port and changes nothing. Exit codes: 0 nothing is a problem, 1 something is, "
      "2 usage, 3 the findings could not be written.");
  command->callback([flags, exit_code] { *exit_code = Doctor(*flags); });
}

}  // namespace borderflow
