// pcapng by large reads, parsed in place.
//
// libpcap refuses a capture whose interfaces differ in link type or snap length; this reader does
// not. Read are section headers (each with its own byte order), interface descriptions, enhanced,
// simple and obsolete packet blocks; every other block is skipped (draft-ietf-opsawg-pcapng).
//
// About 20 ns a frame beside the kernel's copy. Slow twin in tests: libpcap (libpcap.h) on what it
// accepts.
#ifndef BORDERFLOW_DATAPLANE_CAPTURE_PCAPNG_H_
#define BORDERFLOW_DATAPLANE_CAPTURE_PCAPNG_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "dataplane/capture/byte_stream.h"
#include "dataplane/capture/source.h"

namespace borderflow {

// True if `begin` starts with a section header's block type.
bool IsPcapng(absl::Span<const uint8_t> begin);

// A simple packet has no time stamp: it takes that of the frame before it, 0 if it is the first.
// Errors: InvalidArgument for a first section header that is cut short, inconsistent or of an
// unknown version.
absl::StatusOr<std::unique_ptr<FrameSource>> OpenPcapng(std::string file,
                                                        std::unique_ptr<ByteStream> stream,
                                                        size_t read_bytes);

}  // namespace borderflow

#endif  // BORDERFLOW_DATAPLANE_CAPTURE_PCAPNG_H_
