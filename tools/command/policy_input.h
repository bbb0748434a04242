// What a policy command looks at: a report that replay or live wrote, or windows of a store.
//
// Thread safety: pure functions but for reading files.
#ifndef BORDERFLOW_TOOLS_COMMAND_POLICY_INPUT_H_
#define BORDERFLOW_TOOLS_COMMAND_POLICY_INPUT_H_

#include <CLI/App.hpp>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "collectors/report/read_report.h"
#include "rules/policy/lists.h"
#include "tools/command/stored_report.h"

namespace borderflow {

// As given.
struct PolicySource {
  std::string input;                // a report in JSON, or a store
  std::vector<std::string> stores;  // --sqlite
  StoredFlags stored;               // which of them counts; lists
  std::vector<std::string> other_geo;

  bool given() const { return !input.empty() || !stores.empty(); }
  // For messages: "r.json", "a.sqlite, b.sqlite".
  std::string name() const;
};

// --input, --sqlite with --from, --to, --sensor and --mixed, --groups and --entities. --with-geo is
// known as well, to be refused with the reason.
void AddPolicySource(CLI::App* command, PolicySource* source);

// Errors: InvalidArgument when none or both kinds are given, for what only a store can do, and for
// --with-geo; those of ReadReportFile and ReportOf.
absl::StatusOr<StoredReport> ReadPolicySource(const PolicySource& source, const Lists& lists);

// Whether the file begins as an SQLite database does.
bool IsStore(const std::string& path);

}  // namespace borderflow

#endif  // BORDERFLOW_TOOLS_COMMAND_POLICY_INPUT_H_
