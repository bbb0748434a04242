// The picture model of a JSON report that was written earlier.
//
// Thread safety: pure function but for reading the file.
#ifndef BORDERFLOW_COLLECTORS_DASHBOARD_STORED_VIEW_H_
#define BORDERFLOW_COLLECTORS_DASHBOARD_STORED_VIEW_H_

#include <string>

#include "absl/status/statusor.h"
#include "collectors/dashboard/view_json.h"

namespace borderflow {

// The same as that of the run which wrote it, but for the timeline, which a JSON report does not
// hold. Policies can be read another way where their packs are the shipped ones of that version.
// Errors: those of ReadReportFile.
absl::StatusOr<ViewJson> ViewOfReportFile(const std::string& path);

}  // namespace borderflow

#endif  // BORDERFLOW_COLLECTORS_DASHBOARD_STORED_VIEW_H_
