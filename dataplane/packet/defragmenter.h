// Defragmenter: the payload of a fragmented datagram, put together so that it can be inspected.
//
// Counting does not need it: every fragment is counted by itself. Only the packet that completes a
// datagram gets the whole payload to show to inspection.
//
// A fixed number of places, taken in turn: a datagram that is not complete when its place is needed
// again is given up. The first copy of a byte wins (overlaps are an attack, RFC 5722).
//
// Thread safety: none; one a decoder.
#ifndef BORDERFLOW_DATAPLANE_PACKET_DEFRAGMENTER_H_
#define BORDERFLOW_DATAPLANE_PACKET_DEFRAGMENTER_H_

#include <array>
#include <cstdint>
#include <memory>

#include "dataplane/packet/ip.h"
#include "dataplane/packet/packet.h"

namespace borderflow {

class Defragmenter {
 public:
  // A burst holds at most 64 completed payloads; the rest are datagrams on their way.
  static constexpr int kPlaces = 256;
  // Inspection reads 16 KiB of a direction at most; larger datagrams are bulk.
  static constexpr uint32_t kMaxDatagram = 16384;
  static constexpr uint64_t kMaxAgeNs = 30'000'000'000;  // as FragmentTable

  Defragmenter();
  ~Defragmenter();

  // Adds the fragment that `header` describes and `packet` was filled from. If that completes its
  // datagram, `packet` gets the whole transport payload, the first fragment's TCP sequence number,
  // and `reassembled`; the payload stays valid until kPlaces more datagrams began.
  void Add(const IpHeader& header, Packet* packet);

 private:
  struct Place;
  Place* FindOrTake(const IpHeader& header, uint64_t time_ns);

  std::array<uint32_t, kPlaces> tags_{};  // of the identities, beside each other for a quick scan
  std::unique_ptr<Place[]> places_;
  uint32_t next_ = 0;
};

}  // namespace borderflow

#endif  // BORDERFLOW_DATAPLANE_PACKET_DEFRAGMENTER_H_
