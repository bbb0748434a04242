// Reads a database or overrides file whole, with the errors that a user can act on.
#ifndef BORDERFLOW_DATAPLANE_GEO_READ_FILE_H_
#define BORDERFLOW_DATAPLANE_GEO_READ_FILE_H_

#include <cstdint>
#include <string>

#include "absl/status/statusor.h"
#include "dataplane/geo/huge_pages.h"

namespace borderflow {

// Errors: NotFound, PermissionDenied; InvalidArgument for what is not a regular file or is larger
// than `limit` bytes; DataLoss when reading fails. Each names the file and the remedy.
absl::StatusOr<HugeVector<uint8_t>> ReadWholeFile(const std::string& path, uint64_t limit);

}  // namespace borderflow

#endif  // BORDERFLOW_DATAPLANE_GEO_READ_FILE_H_
