#include "dataplane/packet/transport.h"

#include <cstring>

namespace borderflow {
namespace {

constexpr size_t kUdpHeader = 8;
constexpr size_t kSctpHeader = 12;
constexpr size_t kTcpHeader = 20;

// Reads as much of a TCP header (RFC 9293 section 3.1) as was captured. Returns its length, or all
// there is when the length is impossible or was not captured.
size_t ReadTcp(const Cursor& segment, Packet* packet) {
  const uint8_t* const at = segment.data();
  if (segment.Has(8)) packet->tcp_sequence = LoadBig32(at + 4);
  if (segment.Has(12)) packet->tcp_acknowledgement = LoadBig32(at + 8);
  if (segment.Has(14)) packet->tcp_flags = at[13];
  const size_t header_bytes = size_t{segment.Peek(12)} / 16 * 4;
  return header_bytes >= kTcpHeader ? header_bytes : segment.wire();
}

// Consumes the transport header, so that the payload is left. A header that lies about its length,
// or was cut, leaves no payload.
void SkipTransport(uint8_t protocol, Cursor* cursor, Packet* packet) {
  size_t header_bytes = 0;
  switch (protocol) {
    case kTcp:
      header_bytes = ReadTcp(*cursor, packet);
      break;
    case kUdp: {
      // 0 for a jumbogram (RFC 2675 section 4) or offloaded segmentation: as long as IP says.
      const uint16_t length = cursor->Peek16(4);
      if (length >= kUdpHeader) cursor->Trim(length);
      header_bytes = kUdpHeader;
      break;
    }
    case kUdpLite:
      header_bytes = kUdpHeader;
      break;
    case kSctp:
      header_bytes = kSctpHeader;
      break;
    case kDccp:
      header_bytes = size_t{cursor->Peek(4)} * 4;
      break;
    default:
      return;
  }
  cursor->SkipSent(header_bytes);
}

bool QuotesAnotherPacket(uint8_t protocol, const Cursor& message) {
  if (!message.Has(1)) return false;
  const uint8_t type = message.Peek();
  if (protocol == kIcmp) {
    // Unreachable, source quench, redirect, time exceeded, parameter problem (RFC 792).
    return type == 3 || type == 4 || type == 5 || type == 11 || type == 12;
  }
  constexpr uint8_t kFirstInformational = 128;  // RFC 4443 section 2.1
  constexpr uint8_t kRedirect = 137;            // RFC 4861 section 4.5
  return protocol == kIcmpV6 && (type < kFirstInformational || type == kRedirect);
}

uint32_t FingerprintOf(const IpHeader& header, uint8_t protocol) {
  uint64_t words[2] = {};
  const Cursor& behind_ip = header.payload;
  if (behind_ip.captured() != 0) {
    std::memcpy(words, behind_ip.data(), std::min(behind_ip.captured(), sizeof(words)));
  }
  const uint16_t checksum =
      protocol == kTcp && !header.later_fragment ? behind_ip.Peek16(16) : uint16_t{0};
  return Fingerprint(
      FingerprintIdentity(header.label, header.length, header.fragment_offset, checksum), words[0],
      words[1]);
}

}  // namespace

void FillPacket(const IpHeader& header, Packet* packet) {
  FillKey(header.source, header.destination, header.source_port, header.destination_port,
          header.protocol, header.family, packet);
  packet->tcp_sequence = 0;
  packet->tcp_acknowledgement = 0;
  packet->tcp_flags = 0;
  packet->ttl = header.ttl;
  packet->first_fragment = header.first_fragment;
  packet->later_fragment = header.later_fragment;
  packet->truncated = header.cut;
  packet->reassembled = packet->teach_only = false;
  packet->icmp_error =
      !header.later_fragment && QuotesAnotherPacket(header.protocol, header.payload);
  packet->fingerprint = FingerprintOf(header, header.protocol);

  Cursor cursor = header.payload;
  if (!header.later_fragment) SkipTransport(header.protocol, &cursor, packet);
  packet->payload = cursor.data();
  packet->payload_captured = static_cast<uint32_t>(cursor.captured());
  packet->payload_bytes = static_cast<uint32_t>(cursor.wire());
}

}  // namespace borderflow
