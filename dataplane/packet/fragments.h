// FragmentTable: the ports of recent first fragments, for the later ones that carry none.
//
// Fixed size, four-way sets; when a set is full its oldest entry gives way. Identifications are
// reused, so an entry serves for 30 seconds of event time only (what hosts grant to reassembly:
// RFC 791 section 3.2 says 15 at least, RFC 8200 section 4.5 says 60, Linux takes 30).
//
// Thread safety: none.
#ifndef BORDERFLOW_DATAPLANE_PACKET_FRAGMENTS_H_
#define BORDERFLOW_DATAPLANE_PACKET_FRAGMENTS_H_

#include <cstdint>
#include <vector>

#include "dataplane/packet/ip.h"

namespace borderflow {

class FragmentTable {
 public:
  FragmentTable();

  // Remembers ports and protocol of the datagram that `header` begins. Returns false when another
  // datagram that could still have had fragments was forgotten for it.
  bool Remember(const IpHeader& header, uint64_t time_ns);

  // Gives `header` the ports and the protocol (which follows all extension headers) of the datagram
  // that it continues. Returns false when that is not known, or no longer.
  bool Complete(uint64_t time_ns, IpHeader* header) const;

 private:
  // A datagram's identity: RFC 791 section 3.2, RFC 8200 section 4.5.
  struct Entry {
    IpAddress source;
    IpAddress destination;
    uint64_t time_ns = 0;
    uint32_t identification = 0;
    uint8_t family = 0;  // 0: empty
    uint8_t fragment_protocol = 0;
    uint16_t source_port = 0;
    uint16_t destination_port = 0;
    uint8_t protocol = 0;
  };
  static bool Matches(const Entry& entry, const IpHeader& header);
  static size_t SetOf(const IpHeader& header);

  std::vector<Entry> entries_;
};

}  // namespace borderflow

#endif  // BORDERFLOW_DATAPLANE_PACKET_FRAGMENTS_H_
