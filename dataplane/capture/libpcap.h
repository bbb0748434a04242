// libpcap as a FrameSource: the slow twin of the block readers, on request in OpenCapture.
//
// Nanosecond time stamps; a large stdio buffer; frames are copied into the block. About twice the
// cost of classic_pcap.h for frames of 800 bytes, six times for 64.
#ifndef BORDERFLOW_DATAPLANE_CAPTURE_LIBPCAP_H_
#define BORDERFLOW_DATAPLANE_CAPTURE_LIBPCAP_H_

#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "dataplane/capture/byte_stream.h"
#include "dataplane/capture/source.h"

namespace borderflow {

// Damage carries libpcap's own words as its reason.
// Errors: InvalidArgument with libpcap's words when it does not know the format.
absl::StatusOr<std::unique_ptr<FrameSource>> OpenLibpcap(std::string file,
                                                         std::unique_ptr<ByteStream> stream);

}  // namespace borderflow

#endif  // BORDERFLOW_DATAPLANE_CAPTURE_LIBPCAP_H_
