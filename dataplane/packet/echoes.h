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

  Echoes();

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

  std::unique_ptr<std::array<Seen, kSeen>> seen_;
};

}  // namespace borderflow

#endif  // BORDERFLOW_DATAPLANE_PACKET_ECHOES_H_
