// Decoder: a frame's bytes -> Packet, or the reason why not.
//
// Link layer (Ethernet with VLAN, QinQ, MPLS, PPPoE and the tags of corpus trap 4; raw IP, cooked,
// NULL/LOOP, PPP, 802.11 with radiotap, Frame Relay ...), then IP headers through at most eight
// tunnels, then the transport. Every frame lands in exactly one of ip, non_ip, malformed.
// A frame is ip once its outermost IP header yields both addresses; damage further in falls back
// to the last good header (design section 3). What an ICMP error quotes is not inside a tunnel.
//
// Choices where captures and standards leave one: the destination is the header's own, also under
// source routing (corpus trap 5). An IPv4 total length of 0 (segmentation offload), or below the
// header's length, means the rest of the frame. An authentication header is passed in both
// families. Later fragments of a tunnel's outer packet count at that outer header: they do not show
// the inner one.
//
// Thread safety: none; one Decoder for each thread, or for the reader of a replay, because
// fragments are remembered in file order.
#ifndef BORDERFLOW_DATAPLANE_PACKET_DECODE_H_
#define BORDERFLOW_DATAPLANE_PACKET_DECODE_H_

#include <array>
#include <cstdint>
#include <memory>
#include <string_view>

#include "dataplane/capture/frame.h"
#include "dataplane/packet/packet.h"

namespace borderflow {

enum class FrameClass : uint8_t { kIp, kNonIp, kMalformed };

// Why a frame is malformed; one value for each reason that a report names.
enum class Malformed : uint8_t {
#define BORDERFLOW_MALFORMED(id, name) id,
#include "dataplane/packet/malformed.inc"
#undef BORDERFLOW_MALFORMED
  kCount
};
std::string_view Name(Malformed reason);  // "ipv4_header_short" ...

enum class TunnelMode : uint8_t { kInner, kOuter };

struct Decoded {
  FrameClass frame_class = FrameClass::kNonIp;
  Malformed reason = Malformed::kCount;  // when kMalformed
};

// What the decoder saw on the way, for reports.
struct DecodeCounters {
  uint64_t tunnelled_frames = 0;
  uint64_t fragments = 0;                   // frames with a fragment at any header reached
  uint64_t later_fragments_resolved = 0;    // took the ports of their remembered first fragment
  uint64_t later_fragments_unresolved = 0;  // counted on the address pair
  uint64_t fragment_memory_full = 0;
  uint64_t nesting_too_deep = 0;  // counted at the deepest header reached
  uint64_t truncated_frames = 0;  // captured less than their original length
};

class Decoder {
 public:
  explicit Decoder(TunnelMode mode);
  ~Decoder();
  Decoder(Decoder&&) noexcept;
  Decoder& operator=(Decoder&&) noexcept;

  // Fills every member of `packet` but `hash` when the frame is ip; leaves it unspecified
  // otherwise. Never allocates, never reads outside the frame. About 15 ns for TCP over Ethernet.
  Decoded Decode(const Frame& frame, Packet* packet);

  const DecodeCounters& counters() const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

// True if Decode knows this LINKTYPE; others must be refused before a frame is read.
bool IsKnownLinkType(uint16_t link_type);
// "ETHERNET", "LINUX_SLL" ...; "147" for a number without a name.
std::string_view LinkTypeName(uint16_t link_type);

}  // namespace borderflow

#endif  // BORDERFLOW_DATAPLANE_PACKET_DECODE_H_
