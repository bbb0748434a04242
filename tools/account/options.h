// What an account is made of, as the user asked for it: geography, what counts, policies, outputs.
// Replay, live capture and the plugin share these flags and their meaning.
#ifndef BORDERFLOW_TOOLS_ACCOUNT_OPTIONS_H_
#define BORDERFLOW_TOOLS_ACCOUNT_OPTIONS_H_

#include <CLI/CLI.hpp>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "collectors/report/report.h"
#include "collectors/store/retention.h"
#include "dataplane/front.h"
#include "dataplane/geo/geography.h"
#include "dataplane/worker.h"
#include "rules/category/names.h"
#include "rules/policy/lists.h"
#include "rules/policy/pack.h"
#include "tools/account/list_flags.h"

namespace borderflow {

// As given.
struct AccountFlags {
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
  bool no_content = false;
  bool names = false;
  std::string place;
  int workers = 1;
  uint64_t flows = uint64_t{1} << 20;
  std::vector<std::string> rules;
  ListFlags lists;
  std::vector<std::string> policies;
  std::string json;
  std::string csv;
  std::string ndjson;
  std::string report;
  bool quiet = false;
  std::vector<std::string> with_geo;
  std::string window;  // empty: all is one window, or a minute where there is a store
  std::string sqlite;
  std::string keep;
  std::string sensor;
};

// Declares the flags on `command`, all but --names and --place, which only replay has.
void AddAccountFlags(CLI::App* command, AccountFlags* flags);

// --with-geo, --window, --sqlite, --keep and --sensor, which replay and live have.
void AddWindowFlags(CLI::App* command, AccountFlags* flags);

// The flags as the rooms below understand them.
struct AccountPlan {
  GeographyOptions geography;
  FrontOptions front;
  WorkerOptions worker;
  Parameters parameters;
  std::vector<JurisdictionSet> zones;
  Lists lists;
  std::vector<Pack> packs;
  Retention retention;                     // of the store
  std::shared_ptr<const NameRules> rules;  // must outlive what counts by it
};

// Errors: InvalidArgument naming the flag, what was found, what was expected and the nearest valid
// word; NotFound for the database, with the commands that make one.
absl::StatusOr<AccountPlan> Plan(const AccountFlags& flags);

// The flags that make the same report again, without what must not change it (workers, outputs);
// each with a space before it.
std::string FlagsText(const AccountFlags& flags, const AccountPlan& plan);

}  // namespace borderflow

#endif  // BORDERFLOW_TOOLS_ACCOUNT_OPTIONS_H_
