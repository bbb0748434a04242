// A report over what stores and JSON reports hold.
//
// Thread safety: pure functions but for reading the stores.
#ifndef BORDERFLOW_TOOLS_COMMAND_STORED_REPORT_H_
#define BORDERFLOW_TOOLS_COMMAND_STORED_REPORT_H_

#include <CLI/CLI.hpp>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "collectors/dashboard/timeline.h"
#include "collectors/report/report.h"
#include "collectors/store/store.h"
#include "rules/policy/lists.h"
#include "rules/policy/pack.h"
#include "tools/account/list_flags.h"
#include "tools/command/time_flag.h"

namespace borderflow {

// Which of what stores hold counts.
struct StoredFlags {
  std::string from;
  std::string to;
  std::string sensor;
  bool mixed = false;
  std::vector<std::string> policies;
  ListFlags lists;
  std::vector<std::string> other_geo;  // --with-geo, to be refused
};

// --from, --to, --sensor and --mixed. --with-geo is known as well, only to say why not.
void AddStoredFlags(CLI::App* command, StoredFlags* flags);

// Errors: InvalidArgument, with the reason, for another database over what holds no addresses.
absl::Status RefuseOtherGeo(const StoredFlags& flags);

// Whether a file is a JSON report rather than a store, by its first byte.
bool HoldsJson(const std::string& path);

// One report over all of them, stores and JSON reports: what was counted is added up, what was
// stated is listed. Where a JSON report is among several, clients of a cell are an interval, and
// flows that both saw count in both.
// Errors: those of Store; NotFound when nothing lies in the range; FailedPrecondition, in words,
// for a zone that no group names, for parts that are unlike (statement.h) without --mixed, and
// always for a capture that would count twice.
absl::StatusOr<Report> ReportOf(const std::vector<std::string>& inputs, const StoredFlags& flags);

// --from and --to. Errors: those of ParseTimeFlag; InvalidArgument for an empty range.
absl::StatusOr<TimeRange> RangeOf(const StoredFlags& flags);

// What each window held of those that the report counts; hours or days where windows were pruned,
// and several together where there are very many. `report` is of the same stores and flags.
// Errors: as ReportOf.
absl::StatusOr<Timeline> TimelineOf(const std::vector<std::string>& stores,
                                    const StoredFlags& flags, const Report& report);

// Makes a part as these lists have it: zones of their groups; and of cells whose organisation was
// told by other entity lists, which number them otherwise, only the AS tells.
// Errors: FailedPrecondition for a zone that is no group.
absl::Status ReadWith(const Lists& lists, StoredCounts* part);

// Errors: those of LoadPack.
absl::StatusOr<std::vector<Pack>> LoadPacks(const std::vector<std::string>& names,
                                            const Lists& lists);

}  // namespace borderflow

#endif  // BORDERFLOW_TOOLS_COMMAND_STORED_REPORT_H_
