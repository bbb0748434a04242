// The bare loop that replay is measured against: pcap_next_ex, nothing but a count.
#ifndef BORDERFLOW_DATAPLANE_CAPTURE_LIBPCAP_LOOP_H_
#define BORDERFLOW_DATAPLANE_CAPTURE_LIBPCAP_LOOP_H_

#include <cstdint>
#include <string>

#include "absl/status/statusor.h"

namespace borderflow {

// The number of frames in the file, counted the way libpcap's documentation shows, with its own
// buffering.
// Errors: InvalidArgument with libpcap's message.
absl::StatusOr<uint64_t> CountWithLibpcap(const std::string& path);

}  // namespace borderflow

#endif  // BORDERFLOW_DATAPLANE_CAPTURE_LIBPCAP_LOOP_H_
