#include "dataplane/packet/ip.h"

namespace borderflow {
namespace {

constexpr size_t kIpv4Header = 20;
constexpr size_t kIpv6Header = 40;
constexpr uint8_t kJumboOption = 0xc2;  // RFC 2675 section 2

// Next header, length, data: the shape of every extension header but fragment and AH.
bool IsOptionHeader(uint8_t protocol) {
  return protocol == kHopByHop || protocol == kRouting || protocol == kDestinationOptions ||
         protocol == kMobility || protocol == kHip || protocol == kShim6;
}

// The jumbo payload length in the hop-by-hop header at `cursor`; 0 without one.
uint32_t JumboLength(Cursor cursor) {
  cursor.U8();
  const size_t length = 8 + size_t{cursor.U8()} * 8;
  cursor.Trim(length - 2);
  while (cursor.ok() && cursor.Has(1)) {
    const uint8_t type = cursor.U8();
    if (type == 0) continue;  // Pad1
    const uint8_t size = cursor.U8();
    if (type == kJumboOption && size == 4) return cursor.U32();
    cursor.Skip(size);
  }
  return 0;
}

// Ends `cursor` where the packet does; `length` 0 is the end of the frame.
void TrimTo(size_t length, Cursor* cursor, IpHeader* header) {
  header->cut = length > cursor->wire();
  if (length != 0) cursor->Trim(length);
  header->cut |= cursor->captured() < cursor->wire();
}

// IPv6 (and IPv4 with AH): walks the chain up to the first header that is not an extension.
void WalkExtensions(Cursor cursor, IpHeader* header) {
  for (int i = 0; i < kMaxExtensionHeaders; ++i) {
    Cursor next = cursor;
    uint8_t next_protocol = 0;
    if (header->family == 6 && header->protocol == kFragment) {
      next_protocol = next.U8();
      next.Skip(1);
      const uint16_t offset_and_more = next.U16();
      const uint32_t identification = next.U32();
      if (next.ok()) {
        header->identification = identification;
        header->fragment_offset = offset_and_more >> 3;
        header->later_fragment = header->fragment_offset != 0;
        // Offset 0 without more to come is a whole packet (RFC 6946).
        header->more_fragments = (offset_and_more & 1) != 0;
        header->first_fragment = !header->later_fragment && header->more_fragments;
      }
    } else if (header->protocol == kAh) {
      next_protocol = next.U8();
      next.Skip((size_t{next.U8()} + 2) * 4 - 2);
    } else if (header->family == 6 && IsOptionHeader(header->protocol)) {
      next_protocol = next.U8();
      next.Skip(8 + size_t{next.U8()} * 8 - 2);
    } else {
      header->payload = cursor;
      return;
    }
    if (!next.ok()) {
      cursor.Fail();
      header->payload = cursor;
      return;
    }
    header->protocol = next_protocol;
    cursor = next;
    if (header->later_fragment) {
      header->payload = cursor;
      return;
    }
  }
  header->chain_too_long = true;
  cursor.Fail();
  header->payload = cursor;
}

Malformed ReadIpv4(Cursor cursor, IpHeader* header) {
  if (!cursor.Has(kIpv4Header)) return Malformed::kIpv4HeaderShort;
  const uint8_t* const at = cursor.data();
  const size_t header_bytes = size_t{at[0]} % 16 * 4;
  if (header_bytes < kIpv4Header) return Malformed::kIpv4HeaderLength;

  header->start = at;
  header->family = 4;
  header->length = LoadBig16(at + 2);
  header->identification = header->label = LoadBig16(at + 4);
  const uint16_t flags_and_offset = LoadBig16(at + 6);
  header->fragment_offset = flags_and_offset & 0x1fff;
  header->later_fragment = header->fragment_offset != 0;
  header->more_fragments = (flags_and_offset & 0x2000) != 0;
  header->first_fragment = !header->later_fragment && header->more_fragments;
  header->ttl = at[8];
  header->protocol = header->fragment_protocol = at[9];
  header->source = IpAddress::FromV4(LoadBig32(at + 12));
  header->destination = IpAddress::FromV4(LoadBig32(at + 16));

  // A segmentation-offloaded packet states 0, and no other value below the header's own length can
  // be meant either: such a packet reaches to the end of the frame.
  TrimTo(header->length >= header_bytes ? header->length : 0, &cursor, header);
  cursor.Skip(header_bytes);
  header->cut |= !cursor.ok();
  header->payload = cursor;
  if (header->protocol == kAh && !header->later_fragment) WalkExtensions(cursor, header);
  return Malformed::kCount;
}

Malformed ReadIpv6(Cursor cursor, IpHeader* header) {
  if (!cursor.Has(kIpv6Header)) return Malformed::kIpv6HeaderShort;
  const uint8_t* const at = cursor.data();
  header->start = at;
  header->family = 6;
  header->label = LoadBig32(at) & 0xfffff;
  header->length = LoadBig16(at + 4);
  header->protocol = at[6];
  header->ttl = at[7];
  header->source = {LoadBig64(at + 8), LoadBig64(at + 16)};
  header->destination = {LoadBig64(at + 24), LoadBig64(at + 32)};

  cursor.Skip(kIpv6Header);
  // Length 0: a jumbogram, or segmentation offload, which reaches to the end of the frame.
  if (header->length == 0 && header->protocol == kHopByHop) header->length = JumboLength(cursor);
  TrimTo(header->length, &cursor, header);
  WalkExtensions(cursor, header);
  return Malformed::kCount;
}

bool Ipv4ChecksumHolds(const uint8_t* at, size_t header_bytes) {
  uint32_t sum = 0;
  for (size_t i = 0; i < header_bytes; i += 2) sum += LoadBig16(at + i);
  while (sum > 0xffff) sum = (sum & 0xffff) + (sum >> 16);
  return sum == 0xffff;
}

}  // namespace

Malformed ReadIp(Cursor cursor, uint8_t family, IpHeader* header) {
  *header = IpHeader{};
  const uint8_t version = cursor.Has(1) ? cursor.Peek() >> 4 : family;
  if (version == 4) return ReadIpv4(cursor, header);
  if (version == 6) return ReadIpv6(cursor, header);
  return Malformed::kIpVersion;
}

bool LooksLikeIp(const Cursor& cursor) {
  const uint8_t* const at = cursor.data();
  switch (cursor.Peek() >> 4) {
    case 4: {
      const size_t header_bytes = size_t{cursor.Peek()} % 16 * 4;
      if (header_bytes < kIpv4Header || !cursor.Has(header_bytes)) return false;
      const size_t length = LoadBig16(at + 2);
      return length >= header_bytes && length <= cursor.wire() &&
             Ipv4ChecksumHolds(at, header_bytes);
    }
    case 6:
      return cursor.Has(kIpv6Header) && kIpv6Header + LoadBig16(at + 4) <= cursor.wire();
    default:
      return false;
  }
}

}  // namespace borderflow
