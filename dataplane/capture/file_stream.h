// FileStream: a file, a pipe or standard input as a ByteStream.
#ifndef BORDERFLOW_DATAPLANE_CAPTURE_FILE_STREAM_H_
#define BORDERFLOW_DATAPLANE_CAPTURE_FILE_STREAM_H_

#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "dataplane/capture/byte_stream.h"

namespace borderflow {

// "-" is standard input. A file that grows meanwhile is read to the end that the last read met.
// Errors: NotFound, PermissionDenied, InvalidArgument (a directory), others as the system says;
// each names the file and what to do.
absl::StatusOr<std::unique_ptr<ByteStream>> OpenFileStream(const std::string& path);

}  // namespace borderflow

#endif  // BORDERFLOW_DATAPLANE_CAPTURE_FILE_STREAM_H_
