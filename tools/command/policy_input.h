// What a policy command looks at: a report that replay or live wrote, or windows of a store.
//
// Thread safety: pure functions but for reading files.
#ifndef BORDERFLOW_TOOLS_COMMAND_POLICY_INPUT_H_
#define BORDERFLOW_TOOLS_COMMAND_POLICY_INPUT_H_

#include <CLI/App.hpp>
#include <memory>
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

  bool given() const { return !input.empty() || !stores.empty(); }
  // For messages: "r.json", "a.sqlite, b.sqlite".
  std::string name() const;
};

// --input, --sqlite with the flags of AddStoredFlags, --groups and --entities.
void AddPolicySource(CLI::App* command, PolicySource* source);

// Errors: InvalidArgument when none or both kinds are given, for what only a store can do, and for
// --with-geo; those of ReadReportFile and ReportOf.
absl::StatusOr<StoredReport> ReadPolicySource(const PolicySource& source, const Lists& lists);

// The same cells by time, where `source` is of stores; nullptr where it is a report. `report` is
// what ReadPolicySource made of it; `lists` must outlive the result.
std::unique_ptr<const CellsByTime> ReadPolicyTimes(const PolicySource& source,
                                                   const StoredReport& report, const Lists& lists);

// The same traffic by windows, for what a peak is asked of.
struct PolicyWindow {
  double seconds = 0;
  std::vector<PolicyCell> cells;
  std::vector<size_t> whole;  // of each, its position in the cells of the whole
};

// The windows of the store that `source` names; empty where it is a report, where some of what was
// counted is no longer there by windows, and beyond kMostWindows.
// Errors: those of ReportOf.
inline constexpr size_t kMostWindows = 2000;
absl::StatusOr<std::vector<PolicyWindow>> ReadPolicyWindows(const PolicySource& source,
                                                            absl::Span<const PolicyCell> whole);

// Whether the file begins as an SQLite database does.
bool IsStore(const std::string& path);

}  // namespace borderflow

#endif  // BORDERFLOW_TOOLS_COMMAND_POLICY_INPUT_H_
