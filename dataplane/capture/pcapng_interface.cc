#include "dataplane/capture/pcapng_interface.h"

#include <limits>

#include "absl/numeric/int128.h"
#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "dataplane/capture/link_types.h"
#include "dataplane/capture/load.h"

namespace borderflow {
namespace {

constexpr uint64_t kNanosecondsPerSecond = 1000000000;
constexpr int kNanosecondDigits = 9;
constexpr int kMaxDivisorDigits = 19;  // 10^19 is the last power of ten below 2^64
constexpr uint8_t kMicroseconds = 6;   // if_tsresol when there is none
constexpr uint8_t kPowerOfTwo = 0x80;

constexpr uint16_t kEndOfOptions = 0;
constexpr uint16_t kResolution = 9;      // if_tsresol, 1 byte
constexpr uint16_t kOffsetSeconds = 14;  // if_tsoffset, 8 bytes

uint64_t PowerOfTen(int digits) {
  uint64_t power = 1;
  for (int i = 0; i < digits; ++i) power *= 10;
  return power;
}

}  // namespace

PcapngClock::PcapngClock(uint8_t resolution, int64_t offset_seconds)
    : offset_seconds_(offset_seconds) {
  const int exponent = resolution & ~kPowerOfTwo;
  if ((resolution & kPowerOfTwo) != 0) {
    multiplier_ = kNanosecondsPerSecond;
    shift_ = exponent;
  } else if (exponent <= kNanosecondDigits) {
    multiplier_ = PowerOfTen(kNanosecondDigits - exponent);
  } else if (exponent - kNanosecondDigits <= kMaxDivisorDigits) {
    multiplier_ = 1;
    divisor_ = PowerOfTen(exponent - kNanosecondDigits);
  }
}

uint64_t PcapngClock::Nanoseconds(uint64_t ticks) const {
  absl::uint128 since_offset = absl::uint128(ticks) * multiplier_;
  since_offset >>= shift_;
  if (divisor_ != 1) since_offset /= divisor_;
  const absl::int128 nanoseconds =
      absl::int128(since_offset) + absl::int128(offset_seconds_) * kNanosecondsPerSecond;
  constexpr int64_t kLast = std::numeric_limits<int64_t>::max();
  if (nanoseconds < 0) return 0;
  return static_cast<uint64_t>(nanoseconds > kLast ? kLast : static_cast<int64_t>(nanoseconds));
}

absl::StatusOr<PcapngInterface> ParsePcapngInterface(absl::Span<const uint8_t> body, bool swapped) {
  constexpr size_t kFixedBytes = 8;  // link type(2) reserved(2) snap length(4)
  if (body.size() < kFixedBytes) {
    return absl::InvalidArgumentError(
        absl::StrCat("interface description of ", body.size(), " bytes, at least 8 expected"));
  }
  uint8_t resolution = kMicroseconds;
  int64_t offset_seconds = 0;
  absl::Span<const uint8_t> options = body.subspan(kFixedBytes);
  while (options.size() >= 4) {
    const uint16_t code = Load16(options.data(), swapped);
    const size_t length = Load16(options.data() + 2, swapped);
    options.remove_prefix(4);
    if (code == kEndOfOptions) break;
    if (length > options.size()) {
      return absl::InvalidArgumentError(absl::StrCat("interface option ", code, " claims ", length,
                                                     " bytes, the block has ", options.size()));
    }
    if (code == kResolution && length == 1) resolution = options[0];
    if (code == kOffsetSeconds && length == 8) {
      offset_seconds = static_cast<int64_t>(Load64(options.data(), swapped));
    }
    const size_t padded = (length + 3) & ~size_t{3};
    options.remove_prefix(padded < options.size() ? padded : options.size());
  }
  return PcapngInterface{.link_type = CanonicalLinkType(Load16(body.data(), swapped)),
                         .snap_length = Load32(body.data() + 4, swapped),
                         .clock = PcapngClock(resolution, offset_seconds)};
}

}  // namespace borderflow
