// Decoder on any bytes of any link type: the first two bytes choose the link type (big-endian), the
// third how much more there was on the wire than was captured, the rest is the frame.
#include <cstddef>
#include <cstdint>
#include <cstdlib>

#include "dataplane/packet/decode.h"

namespace borderflow {
namespace {

void Require(bool condition) {
  if (!condition) std::abort();
}

// What every consumer of a Packet relies on.
void CheckPacket(const Frame& frame, const Packet& packet) {
  const uint8_t* const end = frame.data + frame.captured;
  const auto inside = [&](const uint8_t* at) { return at >= frame.data && at <= end; };
  if (!packet.reassembled) {
    Require(inside(packet.payload));
    Require(packet.payload_captured <= static_cast<size_t>(end - packet.payload));
    Require(packet.payload_captured <= packet.payload_bytes);
  }
  Require(packet.payload_bytes <= (frame.bytes > frame.captured ? frame.bytes : frame.captured));
  Require(packet.outer_ip == nullptr || (inside(packet.outer_ip) && packet.inner_ip == nullptr));
  Require(packet.inner_ip == nullptr || inside(packet.inner_ip));
  const FlowKey& key = packet.key;
  Require(key.lo < key.hi || (key.lo == key.hi && key.port_lo <= key.port_hi));
  Require(key.family == 4 || key.family == 6);
  Require(key.zero == 0);
}

}  // namespace
}  // namespace borderflow

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace borderflow;  // NOLINT(google-build-using-namespace): an entry point in C
  constexpr size_t kPrefix = 3;
  if (size < kPrefix) return 0;
  Frame frame;
  frame.link_type = static_cast<uint16_t>(data[0] << 8 | data[1]);
  frame.data = data + kPrefix;
  frame.captured = static_cast<uint32_t>(size - kPrefix);
  frame.bytes = frame.captured + data[2] * uint32_t{8};
  frame.time_ns = 1;
  static Decoder inner(TunnelMode::kInner);
  static Decoder outer(TunnelMode::kOuter);
  Packet by_inner;
  Packet by_outer;
  const Decoded first = inner.Decode(frame, &by_inner);
  const Decoded second = outer.Decode(frame, &by_outer);
  Require(first.frame_class == second.frame_class);
  Require((first.frame_class == FrameClass::kMalformed) == (first.reason != Malformed::kCount));
  if (first.frame_class != FrameClass::kIp) return 0;
  Require(IsKnownLinkType(frame.link_type));
  CheckPacket(frame, by_inner);
  CheckPacket(frame, by_outer);
  Require((by_inner.outer_ip == nullptr) == (by_outer.inner_ip == nullptr));
  return 0;
}
