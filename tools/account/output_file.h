// Output files: written whole or not at all.
#ifndef BORDERFLOW_TOOLS_ACCOUNT_OUTPUT_FILE_H_
#define BORDERFLOW_TOOLS_ACCOUNT_OUTPUT_FILE_H_

#include <string>
#include <string_view>

#include "absl/status/status.h"

namespace borderflow {

// Writes `text` to `path`, readable by its owner only (mode 0600, since cells are unsuppressed);
// "-" is standard output. A new file takes the old one's place only once it is complete, so a full
// disk leaves no half report. Devices and pipes are written directly. Errors: Unavailable or
// PermissionDenied with path, reason and remedy.
absl::Status WriteOutput(const std::string& path, std::string_view text);

// Whether `path` could be written, before hours are spent on its content.
absl::Status CheckOutput(const std::string& path);

}  // namespace borderflow

#endif  // BORDERFLOW_TOOLS_ACCOUNT_OUTPUT_FILE_H_
