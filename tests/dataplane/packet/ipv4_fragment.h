// Fragments for tests: IPv4 from 192.0.2.1 to 198.51.100.2, UDP, without a link layer.
#ifndef BORDERFLOW_TESTS_DATAPLANE_PACKET_IPV4_FRAGMENT_H_
#define BORDERFLOW_TESTS_DATAPLANE_PACKET_IPV4_FRAGMENT_H_

#include <cstddef>
#include <cstdint>
#include <vector>

#include "dataplane/capture/frame.h"

namespace borderflow {

struct Ipv4Fragment {
  size_t begin = 0;  // of the datagram; whole eights
  std::vector<uint8_t> bytes;
  bool more = false;  // fragments follow
  uint16_t id = 0;

  size_t end() const { return begin + bytes.size(); }

  std::vector<uint8_t> Packet() const {
    const size_t total = 20 + bytes.size();
    const size_t offset = begin / 8 | (more ? 0x2000 : 0);
    const auto high = [](size_t value) { return static_cast<uint8_t>(value >> 8); };
    const auto low = [](size_t value) { return static_cast<uint8_t>(value); };
    // clang-format off
    std::vector<uint8_t> packet = {
        0x45, 0, high(total), low(total),
        high(id), low(id), high(offset), low(offset),
        64, 17, 0, 0,
        192, 0, 2, 1,
        198, 51, 100, 2};
    // clang-format on
    packet.insert(packet.end(), bytes.begin(), bytes.end());
    return packet;
  }
};

// A frame of `packet`, which it points into.
inline Frame RawIpv4Frame(const std::vector<uint8_t>& packet, uint64_t time_ns) {
  Frame frame;
  frame.data = packet.data();
  frame.captured = frame.bytes = static_cast<uint32_t>(packet.size());
  frame.time_ns = time_ns;
  frame.link_type = 228;  // DLT_IPV4
  return frame;
}

}  // namespace borderflow

#endif  // BORDERFLOW_TESTS_DATAPLANE_PACKET_IPV4_FRAGMENT_H_
