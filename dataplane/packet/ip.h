// IpHeader: one IPv4 or IPv6 header with its extension headers, read as far as it goes.
//
// Sources: RFC 791, RFC 8200, RFC 2675 (jumbograms), RFC 4302 (AH). The destination is the
// header's, also under source routing (IPv4 LSRR/SSRR, IPv6 routing headers): that is where this
// packet is travelling now, and the only address that forwarding at the tap looked at.
//
// Thread safety: values; the bytes must outlive them.
#ifndef BORDERFLOW_DATAPLANE_PACKET_IP_H_
#define BORDERFLOW_DATAPLANE_PACKET_IP_H_

#include <cstdint>

#include "dataplane/packet/address.h"
#include "dataplane/packet/cursor.h"
#include "dataplane/packet/decode.h"

namespace borderflow {

// IANA protocol numbers that decoding acts upon.
inline constexpr uint8_t kHopByHop = 0;
inline constexpr uint8_t kIcmp = 1;
inline constexpr uint8_t kIpv4InIp = 4;
inline constexpr uint8_t kTcp = 6;
inline constexpr uint8_t kUdp = 17;
inline constexpr uint8_t kDccp = 33;
inline constexpr uint8_t kIpv6InIp = 41;
inline constexpr uint8_t kRouting = 43;
inline constexpr uint8_t kFragment = 44;
inline constexpr uint8_t kGre = 47;
inline constexpr uint8_t kEsp = 50;
inline constexpr uint8_t kAh = 51;
inline constexpr uint8_t kIcmpV6 = 58;
inline constexpr uint8_t kDestinationOptions = 60;
inline constexpr uint8_t kIpIp = 94;
inline constexpr uint8_t kEtherIp = 97;
inline constexpr uint8_t kPim = 103;
inline constexpr uint8_t kL2tpV3 = 115;
inline constexpr uint8_t kSctp = 132;
inline constexpr uint8_t kMobility = 135;
inline constexpr uint8_t kUdpLite = 136;
inline constexpr uint8_t kMplsInIp = 137;
inline constexpr uint8_t kHip = 139;
inline constexpr uint8_t kShim6 = 140;

constexpr bool HasPorts(uint8_t protocol) {
  return protocol == kTcp || protocol == kUdp || protocol == kSctp || protocol == kDccp ||
         protocol == kUdpLite;
}

struct IpHeader {
  const uint8_t* start = nullptr;
  IpAddress source;
  IpAddress destination;
  Cursor payload;               // what follows the last extension header, without padding
  uint32_t identification = 0;  // of IPv4, or of the IPv6 fragment header
  uint32_t label = 0;           // what copies share: IPv4 identification, or IPv6 flow label
  uint32_t length = 0;          // as the header states it
  uint16_t source_port = 0;     // by ReadPorts, or as the first fragment said
  uint16_t destination_port = 0;
  uint16_t fragment_offset = 0;   // in units of 8 bytes
  uint8_t fragment_protocol = 0;  // protocol part of the fragment's identity; 0 for IPv6
  uint8_t family = 0;
  uint8_t protocol = 0;
  uint8_t ttl = 0;
  bool first_fragment = false;
  bool later_fragment = false;
  bool more_fragments = false;  // of a first or later fragment: it is not the last
  bool cut = false;             // the capture, or the frame itself, holds less than `length`
  bool chain_too_long = false;  // more than kMaxExtensionHeaders; `protocol` is the next one's
};

// A real chain has a handful; captures hold attacks with 140.
inline constexpr int kMaxExtensionHeaders = 64;

// Reads the header at `cursor`. Returns Malformed::kCount when both addresses were there: damage
// behind them leaves `payload` empty and `protocol` at the last header that could be read.
// `family` is what the layer below announced, 0 for either; it only chooses the reason when the
// bytes are too few to tell.
Malformed ReadIp(Cursor cursor, uint8_t family, IpHeader* header);

// Fills the ports of a packet or first fragment; they stay 0 where there are none, or were not
// captured.
inline void ReadPorts(IpHeader* header) {
  if (header->later_fragment || !HasPorts(header->protocol) || !header->payload.Has(4)) return;
  header->source_port = LoadBig16(header->payload.data());
  header->destination_port = LoadBig16(header->payload.data() + 2);
}

// True when the header at `cursor` is IPv4 or IPv6 with lengths that fit its surroundings; IPv4
// must also sum up to its checksum. For places where nothing else says that IP follows.
bool LooksLikeIp(const Cursor& cursor);

}  // namespace borderflow

#endif  // BORDERFLOW_DATAPLANE_PACKET_IP_H_
