// What `borderflow replay` was asked to do.
#ifndef BORDERFLOW_TOOLS_COMMAND_REPLAY_OPTIONS_H_
#define BORDERFLOW_TOOLS_COMMAND_REPLAY_OPTIONS_H_

#include <CLI/CLI.hpp>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "collectors/report/report.h"
#include "dataplane/geo/geography.h"
#include "dataplane/replay.h"
#include "rules/policy/pack.h"

namespace borderflow {

// The command line as given.
struct ReplayFlags {
  std::vector<std::string> captures;
  std::vector<std::string> geo;
  std::vector<std::string> overrides;
  std::string home;
  std::vector<std::string> sites;
  std::vector<std::string> zones;
  std::string vantage;
  std::string purpose;
  std::string tunnel = "inner";
  std::string anycast = "special";
  bool dedup = false;
  bool names = false;
  int workers = 1;
  uint64_t flows = uint64_t{1} << 20;
  std::vector<std::string> policies;
  std::string json;
  std::string csv;
  std::string ndjson;
  bool quiet = false;
};

// Declares the flags on `command`.
void AddReplayFlags(CLI::App* command, ReplayFlags* flags);

// The flags as the rooms below understand them.
struct ReplayPlan {
  GeographyOptions geography;
  ReplayOptions replay;
  Parameters parameters;
  std::vector<JurisdictionSet> zones;
  std::vector<Pack> packs;
};

// Errors: InvalidArgument naming the flag, what was found, what was expected and the nearest valid
// word; NotFound for the database, with the commands that make one.
absl::StatusOr<ReplayPlan> Plan(const ReplayFlags& flags);

// The command that gives the same report again, without what must not change it (workers, outputs).
std::string Command(const ReplayFlags& flags, const ReplayPlan& plan);

}  // namespace borderflow

#endif  // BORDERFLOW_TOOLS_COMMAND_REPLAY_OPTIONS_H_
