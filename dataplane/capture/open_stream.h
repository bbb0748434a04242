// From a byte stream of unknown content to a FrameSource: OpenCapture beneath the file.
#ifndef BORDERFLOW_DATAPLANE_CAPTURE_OPEN_STREAM_H_
#define BORDERFLOW_DATAPLANE_CAPTURE_OPEN_STREAM_H_

#include <cstddef>
#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "dataplane/capture/block_reader.h"
#include "dataplane/capture/byte_stream.h"
#include "dataplane/capture/source.h"

namespace borderflow {

// As OpenCapture; `file` is the name for messages. Memory and descriptors of any origin may stand
// behind `stream`.
absl::StatusOr<std::unique_ptr<FrameSource>> OpenStream(const std::string& file,
                                                        std::unique_ptr<ByteStream> stream,
                                                        const CaptureOptions& options = {},
                                                        size_t read_bytes = kReadBytes);

}  // namespace borderflow

#endif  // BORDERFLOW_DATAPLANE_CAPTURE_OPEN_STREAM_H_
