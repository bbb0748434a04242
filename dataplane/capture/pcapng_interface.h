// One interface of a pcapng section: link type, snap length and what its time stamps count.
#ifndef BORDERFLOW_DATAPLANE_CAPTURE_PCAPNG_INTERFACE_H_
#define BORDERFLOW_DATAPLANE_CAPTURE_PCAPNG_INTERFACE_H_

#include <cstdint>
#include <string>

#include "absl/status/statusor.h"
#include "absl/types/span.h"

namespace borderflow {

// Ticks of an interface's clock -> nanoseconds since 1970, rounded down; before 1970 is 0, after
// 2262 (what 63 bits hold) is that end.
class PcapngClock {
 public:
  // `resolution` as in if_tsresol: 10^-n seconds, or 2^-n where the top bit is set.
  PcapngClock(uint8_t resolution, int64_t offset_seconds);

  uint64_t Nanoseconds(uint64_t ticks) const;

 private:
  uint64_t multiplier_ = 0;  // 0: no 64-bit count of so short ticks reaches a nanosecond
  uint64_t divisor_ = 1;
  int shift_ = 0;
  int64_t offset_seconds_;
};

struct PcapngInterface {
  uint16_t link_type;
  uint32_t snap_length;  // 0: unlimited
  PcapngClock clock;
};

// `body` is an interface description block without its type and lengths.
// Errors: InvalidArgument with the reason alone when an option is cut short.
absl::StatusOr<PcapngInterface> ParsePcapngInterface(absl::Span<const uint8_t> body, bool swapped);

}  // namespace borderflow

#endif  // BORDERFLOW_DATAPLANE_CAPTURE_PCAPNG_INTERFACE_H_
