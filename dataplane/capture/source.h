// FrameSource: where frames come from. Files today; a NIC has its own loop over the same Burst.
#ifndef BORDERFLOW_DATAPLANE_CAPTURE_SOURCE_H_
#define BORDERFLOW_DATAPLANE_CAPTURE_SOURCE_H_

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "dataplane/capture/frame.h"

namespace borderflow {

// Where a capture stops making sense. Everything before it was delivered.
struct Damage {
  std::string file;
  uint64_t offset = 0;  // of the first byte that could not be used, in the uncompressed stream
  std::string reason;   // "record claims 4294967295 captured bytes, the file's limit is 262144"
};

// Thread safety: one thread at a time.
class FrameSource {
 public:
  virtual ~FrameSource() = default;

  // Refills `block` with the next frames, up to about 256 KiB of them, in the order of the capture.
  // Returns false, with an empty block, at the end. A damaged capture ends early and is listed by
  // damaged(): that is not an error.
  // Errors: only failures to read (I/O), naming file and reason.
  virtual absl::StatusOr<bool> Read(FrameBlock* block) = 0;

  // Bytes of the file(s) consumed so far and in all (0 when unknown, as for a pipe): for progress.
  virtual uint64_t bytes_read() const = 0;
  virtual uint64_t bytes_total() const = 0;

  // Filled by the time Read returned false.
  virtual std::vector<Damage> damaged() const = 0;
};

struct CaptureOptions {
  // Use libpcap even where the native block reader could serve; for comparison in tests and
  // benches.
  bool force_libpcap = false;
};

// Opens one capture: pcap (every magic), pcapng, either compressed by gzip or zstd; "-" is standard
// input. The format is told by content, never by name.
// Errors: NotFound, PermissionDenied, InvalidArgument (not a capture: the format is named where it
// is known; empty; an unknown version; a link type beyond 16 bits), each with the file and what to
// do. Whether a frame's link type can be decoded is the decoder's to say (IsKnownLinkType).
absl::StatusOr<std::unique_ptr<FrameSource>> OpenCapture(const std::string& path,
                                                         const CaptureOptions& options = {});

// Opens several and merges them by time stamp; ties go to the earlier argument, and the order
// within a file is kept even where its own time stamps run backwards.
absl::StatusOr<std::unique_ptr<FrameSource>> OpenCaptures(absl::Span<const std::string> paths,
                                                          const CaptureOptions& options = {});

}  // namespace borderflow

#endif  // BORDERFLOW_DATAPLANE_CAPTURE_SOURCE_H_
