// Echoes: packets that a mirror port shows twice.
//
// A SPAN session that mirrors both the port in and the port out doubles every byte; a mirror on
// both sides of a NAT shows each packet with two addresses. Both are estimated here from a small
// memory of recent packets, and never subtracted.
//
// Direct-mapped and of fixed size: a packet evicts whatever lay in its place, so a very fast link
// sees fewer echoes, never more.
//
// Thread safety: none; one for each thread that sees frames in order.
#ifndef BORDERFLOW_DATAPLANE_PACKET_ECHOES_H_
#define BORDERFLOW_DATAPLANE_PACKET_ECHOES_H_

#include <array>
#include <cstdint>
#include <cstring>
#include <memory>

#include "dataplane/packet/packet.h"

namespace borderflow {

enum class Echo : uint8_t {
  kNone,
  kDuplicate,   // the same packet of the same flow
  kTranslated,  // the same TCP segment with exactly one address changed
};

class Echoes {
 public:
  // Copies of one frame reach a mirror within one switch's queue, a NAT's two sides within its
  // processing time; a retransmission takes a round trip, 10 ms being shorter than nearly all.
  static constexpr uint64_t kWindowNs = 10'000'000;
  static constexpr uint64_t kTimeStepNs = 1024;  // the window's end is known to two of these

  // What `packet` is an echo of, among the packets seen before; then remembers it.
  Echo See(const Packet& packet);

 private:
  struct Seen {
    uint32_t segment = 0;   // hash of what a NAT leaves as it is
    uint32_t identity = 0;  // hash of the key and Packet::fingerprint
    uint32_t time = 0;      // in steps of kTimeStepNs, modulo 2^32
    uint16_t source = 0;    // hashes of the addresses: compared only where `segment` is the same
    uint16_t destination = 0;
  };
  // 2^10 x 16 bytes = 16 KiB, half a first-level cache: a larger memory costs a miss a frame, and
  // copies follow within a few hundred frames even on a busy link.
  static constexpr size_t kSeen = size_t{1} << 10;

  static constexpr uint64_t kOdd = 0x9e3779b97f4a7c15ULL;  // 2^64 over the golden ratio
  static uint32_t Mix(uint64_t value) { return static_cast<uint32_t>(value * kOdd >> 32); }
  static uint32_t Mix(const IpAddress& address) { return Mix(address.high * 31 + address.low); }

  std::unique_ptr<std::array<Seen, kSeen>> seen_ = std::make_unique<std::array<Seen, kSeen>>();
};

// Here, so that it becomes part of the loop over frames; without branches on what chance decides.
inline Echo Echoes::See(const Packet& packet) {
  constexpr uint8_t kTcp = 6;
  const bool tcp = (packet.key.protocol == kTcp) & !packet.later_fragment;
  // A NAT keeps sequence numbers and length; without them there is nothing to tell an echo by.
  const uint32_t other_than_tcp = packet.fingerprint & (uint32_t{tcp} - 1);
  const uint32_t segment = Mix(
      (uint64_t{packet.tcp_sequence} << 32 | packet.tcp_acknowledgement) +
      ((uint64_t{other_than_tcp} << 32 | packet.payload_bytes) * 0x1000193ULL + packet.tcp_flags));
  const uint32_t lo = Mix(packet.key.lo);
  const uint32_t hi = Mix(packet.key.hi);
  const auto from_hi = static_cast<uint32_t>(packet.sender);
  const uint32_t change = (lo ^ hi) & -from_hi;
  uint64_t tail = 0;  // ports, protocol and family
  std::memcpy(&tail, &packet.key.port_lo, sizeof(tail));
  const uint64_t flow = (uint64_t{lo} << 32 | hi) ^ (tail << 1 | from_hi) * kOdd;
  const Seen now = {segment, Mix(flow + uint64_t{packet.fingerprint} * kOdd),
                    static_cast<uint32_t>(packet.time_ns / kTimeStepNs),
                    static_cast<uint16_t>(lo ^ change), static_cast<uint16_t>(hi ^ change)};
  Seen& place = (*seen_)[segment % kSeen];
  const Seen before = place;
  place = now;
  constexpr uint32_t kWindow = kWindowNs / kTimeStepNs;
  if (before.segment != segment || now.time - before.time > kWindow) return Echo::kNone;
  if (before.identity == now.identity) return Echo::kDuplicate;
  const bool one_address_changed =
      (before.source == now.source) != (before.destination == now.destination);
  // Segments without data are alike in many flows (SYN retries, keep-alives); data is not.
  return tcp && packet.payload_bytes > 0 && one_address_changed ? Echo::kTranslated : Echo::kNone;
}

}  // namespace borderflow

#endif  // BORDERFLOW_DATAPLANE_PACKET_ECHOES_H_
