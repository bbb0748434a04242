// Classic pcap by large reads, parsed in place: the fast path of a replay.
//
//   header: magic(4) version(2+2) zone(4) accuracy(4) snap length(4) link type(4)
//   record: seconds(4) fraction(4) captured(4) original(4) [Kuznetzov: 8 more] data
//
// Magics, each in both byte orders: a1b2c3d4 microseconds, a1b23c4d nanoseconds, a1b2cd34
// microseconds with Kuznetzov's longer record header. Versions 2.0 to 2.4 and 543.0, whose lengths
// stand in the other order below 2.3 (libpcap's savefile documentation,
// draft-ietf-opsawg-pcap).
//
// About 10 ns a frame beside the kernel's copy. Slow twin in tests: libpcap (libpcap.h). They
// differ in one thing on purpose: libpcap cuts a frame to the header's snap length where a record
// holds more, this reader delivers what is there.
#ifndef BORDERFLOW_DATAPLANE_CAPTURE_CLASSIC_PCAP_H_
#define BORDERFLOW_DATAPLANE_CAPTURE_CLASSIC_PCAP_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "dataplane/capture/byte_stream.h"
#include "dataplane/capture/source.h"

namespace borderflow {

// True if `begin` starts with one of the magics.
bool IsClassicPcap(absl::Span<const uint8_t> begin);

// Requires IsClassicPcap of the stream's first bytes. A record that claims more than kMaxFrameBytes
// captured bytes is damage; an original length above it is clamped and marked; a captured length
// above the original one occurs in the wild and is taken as it is: `bytes` is the stated original.
// Errors: InvalidArgument for a header that is cut short, an unknown version, or a link type beyond
// 16 bits.
absl::StatusOr<std::unique_ptr<FrameSource>> OpenClassicPcap(std::string file,
                                                             std::unique_ptr<ByteStream> stream,
                                                             size_t read_bytes);

}  // namespace borderflow

#endif  // BORDERFLOW_DATAPLANE_CAPTURE_CLASSIC_PCAP_H_
