#include "dataplane/inspect/quic.h"

#include <algorithm>

namespace borderflow {
namespace {

constexpr uint8_t kLongHeader = 0x80;
constexpr size_t kMaxConnectionId = 20;  // RFC 9000 section 17.2

// Frame types (RFC 9000 section 19).
constexpr uint8_t kPadding = 0x00;
constexpr uint8_t kPing = 0x01;
constexpr uint8_t kAck = 0x02;
constexpr uint8_t kAckEcn = 0x03;
constexpr uint8_t kCrypto = 0x06;

// How far behind the public header a CHLO starts: packet number 6, hash 12, private flags 1, stream
// frame header 17 at most.
constexpr size_t kChloReach = 64;

QuicType TypeOf(uint8_t first, QuicFamily family) {
  constexpr QuicType kV1Types[] = {QuicType::kInitial, QuicType::kZeroRtt, QuicType::kHandshake,
                                   QuicType::kRetry};
  constexpr QuicType kV2Types[] = {QuicType::kRetry, QuicType::kInitial, QuicType::kZeroRtt,
                                   QuicType::kHandshake};
  const int type = first >> 4 & 3;
  return family == QuicFamily::kV2 ? kV2Types[type] : kV1Types[type];
}

// Greased versions follow 0x?a?a?a?a (RFC 9000 section 15).
bool IsKnownVersion(uint32_t version) {
  return FamilyOf(version) != QuicFamily::kNone || (version & 0x0f0f0f0f) == 0x0a0a0a0a;
}

bool IsGoogleVersion(Bytes bytes) {
  return bytes.size() >= 4 && bytes[0] == 'Q' && bytes[1] == '0' && bytes[2] >= '0' &&
         bytes[2] <= '9' && bytes[3] >= '0' && bytes[3] <= '9';
}

uint32_t LittleEndian(Bytes bytes) {
  return static_cast<uint32_t>(bytes[0]) | static_cast<uint32_t>(bytes[1]) << 8 |
         static_cast<uint32_t>(bytes[2]) << 16 | static_cast<uint32_t>(bytes[3]) << 24;
}

}  // namespace

bool NextQuicPacket(Bytes datagram, size_t* at, QuicPacket* packet) {
  if (*at >= datagram.size()) return false;
  const Bytes rest = datagram.subspan(*at);
  Reader reader(rest);
  const uint8_t first = reader.U8();
  if ((first & kLongHeader) == 0) return false;
  const uint32_t version = reader.U32();
  const uint8_t destination_size = reader.U8();
  const Bytes destination = reader.Take(destination_size);
  const uint8_t source_size = reader.U8();
  reader.Take(source_size);
  if (!reader.ok()) return false;

  *packet = {};
  packet->connection_id = destination;
  packet->bytes = rest;
  *at = datagram.size();
  if (version == 0) {
    packet->type = QuicType::kVersionNegotiation;
    return true;
  }
  packet->family = FamilyOf(version);
  if (packet->family == QuicFamily::kNone) return true;
  if (destination_size > kMaxConnectionId || source_size > kMaxConnectionId) return false;
  packet->type = TypeOf(first, packet->family);
  if (packet->type == QuicType::kRetry) return true;
  if (packet->type == QuicType::kInitial) {
    const uint64_t token = reader.VarInt();
    if (token > reader.left()) return false;
    reader.Skip(token);
  }
  const uint64_t length = reader.VarInt();
  if (!reader.ok()) return false;
  packet->number_offset = reader.position();
  packet->complete = length <= reader.left();
  if (packet->complete) {
    packet->bytes = rest.subspan(0, reader.position() + length);
    *at = datagram.size() - rest.size() + packet->bytes.size();
  }
  return true;
}

bool IsQuic(Bytes datagram) {
  if (datagram.size() < 7 || (datagram[0] & kLongHeader) == 0) return false;
  Reader reader(datagram);
  reader.U8();
  const uint32_t version = reader.U32();
  const uint8_t destination_size = reader.U8();
  reader.Take(destination_size);
  const uint8_t source_size = reader.U8();
  reader.Take(source_size);
  if (!reader.ok() || destination_size > kMaxConnectionId || source_size > kMaxConnectionId) {
    return false;
  }
  if (version != 0) return IsKnownVersion(version);
  while (reader.left() >= 4) {
    if (IsKnownVersion(reader.U32())) return true;
  }
  return false;
}

bool NextCryptoFrame(Bytes payload, size_t* at, CryptoFrame* frame) {
  Reader reader(payload);
  reader.Skip(*at);
  while (reader.left() > 0) {
    const uint8_t type = reader.U8();
    switch (type) {
      case kPadding:
        reader.SkipZeros();  // a client pads its Initials to 1,200 bytes
        break;
      case kPing:
        break;
      case kAck:
      case kAckEcn: {
        reader.VarInt();  // largest acknowledged
        reader.VarInt();  // delay
        const uint64_t ranges = reader.VarInt();
        reader.VarInt();  // first range
        for (uint64_t i = 0; i < ranges && reader.ok(); ++i) {
          reader.VarInt();
          reader.VarInt();
        }
        if (type == kAckEcn) {
          for (int i = 0; i < 3; ++i) reader.VarInt();
        }
        break;
      }
      case kCrypto:
        frame->offset = reader.VarInt();
        frame->bytes = reader.Take(reader.VarInt());
        *at = reader.position();
        return reader.ok();
      default:
        return false;
    }
    if (!reader.ok()) return false;
  }
  return false;
}

bool IsGoogleQuic(Bytes datagram) {
  if (datagram.size() < 16) return false;
  if (datagram[0] & kLongHeader) return IsGoogleVersion(datagram.subspan(1));
  // Public flags: version present, eight bytes of connection id.
  constexpr uint8_t kWithVersion = 0x09;
  return (datagram[0] & kWithVersion) == kWithVersion && IsGoogleVersion(datagram.subspan(9));
}

//   "CHLO" | number of tags, 2, little-endian | padding 2
//   | { tag 4 | end of its value, 4, little-endian } ... | values
Parse ParseChlo(Bytes bytes, std::string_view* name) {
  constexpr std::string_view kTag = "CHLO";
  const size_t found = AsText(bytes.subspan(0, std::min(bytes.size(), kChloReach))).find(kTag);
  if (found == std::string_view::npos) return Parse::kNot;
  const Bytes message = bytes.subspan(found);
  constexpr size_t kHeader = 8;
  constexpr size_t kEntry = 8;
  if (message.size() < kHeader) return Parse::kMore;
  const size_t tags = static_cast<size_t>(message[5]) << 8 | message[4];
  const Bytes values = message.subspan(std::min(message.size(), kHeader + tags * kEntry));
  uint32_t begin = 0;
  for (size_t i = 0; i < tags; ++i) {
    const size_t at = kHeader + i * kEntry;
    if (message.size() < at + kEntry) return Parse::kMore;
    const uint32_t end = LittleEndian(message.subspan(at + 4));
    if (AsText(message.subspan(at, 4)) == std::string_view("SNI\0", 4)) {
      if (end < begin) return Parse::kDone;
      if (end > values.size()) return Parse::kMore;
      *name = AsText(values.subspan(begin, end - begin));
      return Parse::kDone;
    }
    begin = end;
  }
  return Parse::kDone;
}

}  // namespace borderflow
