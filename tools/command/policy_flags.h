// The flags that the policy commands share, and what they name.
#ifndef BORDERFLOW_TOOLS_COMMAND_POLICY_FLAGS_H_
#define BORDERFLOW_TOOLS_COMMAND_POLICY_FLAGS_H_

#include <CLI/App.hpp>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "rules/policy/evaluate.h"
#include "rules/policy/pack.h"
#include "tools/command/policy_input.h"

namespace borderflow {

// As given.
struct PolicyFlags {
  PolicySource source;
  bool flip_default = false;
  std::vector<std::string> ablate;
  bool mirror = false;
  std::string tiers;
  std::string treatment;
  std::string vantage;
  std::vector<std::string> facts;
  std::string json;
};

// Declares the source, the switches of an evaluation and --json on `command`.
void AddPolicyFlags(CLI::App* command, PolicyFlags* flags);

// The stored report, and what it and the flags say to an evaluation. Facts are those that the flags
// declare; each pack takes its own (FactsOf).
struct PolicyInput {
  std::unique_ptr<const Lists> lists;
  StoredReport report;
  std::unique_ptr<const CellsByTime> by_time;  // where the source is a store
  EvaluateOptions options;
};

// Says the report's note on standard error.
// Errors: those of LoadLists and ReadPolicySource.
absl::StatusOr<PolicyInput> ReadInput(const PolicyFlags& flags);

// A pack and the options that it is evaluated with: of the facts, those that it knows.
struct PreparedPack {
  Pack pack;
  EvaluateOptions options;
};

// Errors: those of LoadPack and CheckOptions; InvalidArgument for a fact that none of the packs
// knows, and for tiers that none of them has.
absl::StatusOr<std::vector<PreparedPack>> PreparePacks(const std::vector<std::string>& names,
                                                       const PolicyInput& input);

// Today in UTC, "2026-11-22": packs grow stale by the calendar.
std::string Today();

// Prints `borderflow policy: message` and returns the exit code for a mistake of the user.
int PolicyFailure(const absl::Status& status);

}  // namespace borderflow

#endif  // BORDERFLOW_TOOLS_COMMAND_POLICY_FLAGS_H_
