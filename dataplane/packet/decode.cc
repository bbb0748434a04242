#include "dataplane/packet/decode.h"

#include <cstring>

#include "dataplane/packet/defragmenter.h"
#include "dataplane/packet/fragments.h"
#include "dataplane/packet/ip.h"
#include "dataplane/packet/link.h"
#include "dataplane/packet/transport.h"
#include "dataplane/packet/tunnel.h"

namespace borderflow {
namespace {

// Real nestings have two or three; captures hold attacks with dozens.
constexpr int kMaxTunnels = 8;  // decode.h says so too

constexpr uint16_t kEthernetLink = 1;
constexpr size_t kEthernetHeader = 14;
constexpr size_t kVlanTag = 4;
constexpr size_t kIpv4Header = 20;
constexpr size_t kIpv6Header = 40;
constexpr size_t kTcpHeader = 20;
constexpr size_t kUdpHeader = 8;

inline bool IsTunnel(uint16_t source_port, uint16_t destination_port) {
  return (MayBeTunnelPort(source_port) && IsTunnelPort(source_port)) ||
         (MayBeTunnelPort(destination_port) && IsTunnelPort(destination_port));
}

// The transport header at `at` with `length` bytes to the end of the packet, all captured. False
// for anything out of the ordinary.
inline bool FastTransport(const uint8_t* at, size_t length, uint8_t protocol, uint64_t identity,
                          Packet* packet) {
  size_t header_bytes;
  if (protocol == kTcp) {
    if (length < kTcpHeader) return false;
    header_bytes = size_t{at[12]} / 16 * 4;
    if (header_bytes < kTcpHeader || header_bytes > length) return false;
    packet->tcp_sequence = LoadBig32(at + 4);
    packet->tcp_acknowledgement = LoadBig32(at + 8);
    packet->tcp_flags = at[13];
    identity ^= FingerprintIdentity(0, 0, 0, LoadBig16(at + 16));
  } else {
    // At least 16 bytes, so that the fingerprint below need not look.
    if (protocol != kUdp || length < 16 || LoadBig16(at + 4) != length) return false;
    if (IsTunnel(LoadBig16(at), LoadBig16(at + 2))) return false;
    header_bytes = kUdpHeader;
    packet->tcp_sequence = 0;
    packet->tcp_acknowledgement = 0;
    packet->tcp_flags = 0;
  }
  uint64_t words[2];
  std::memcpy(words, at, sizeof(words));
  packet->fingerprint = Fingerprint(identity, words[0], words[1]);
  packet->payload = at + header_bytes;
  packet->payload_captured = packet->payload_bytes = static_cast<uint32_t>(length - header_bytes);
  return true;
}

// Ethernet with at most one VLAN tag, a plain IPv4 or IPv6 header, whole TCP or UDP: nearly all
// frames. Returns false for all others, which then take the long way and must come out the same.
inline bool FastDecode(const Frame& frame, Packet* packet) {
  constexpr uint16_t kVlan = 0x8100;
  constexpr uint16_t kIpv4 = 0x0800;
  constexpr uint16_t kIpv6 = 0x86dd;
  const size_t smallest = kEthernetHeader + kVlanTag + kIpv4Header + kUdpHeader;
  if (frame.link_type != kEthernetLink || frame.captured < smallest) return false;
  const uint8_t* at = frame.data + kEthernetHeader;
  size_t left = frame.captured - kEthernetHeader;
  uint16_t ether_type = LoadBig16(at - 2);
  if (ether_type == kVlan) {
    ether_type = LoadBig16(at + 2);
    at += kVlanTag;
    left -= kVlanTag;
  }

  if (ether_type == kIpv4) {
    constexpr uint8_t kVersionAndLength = 0x45;
    constexpr uint16_t kFragmentBits = 0x3fff;
    const size_t length = LoadBig16(at + 2);
    if (at[0] != kVersionAndLength || (LoadBig16(at + 6) & kFragmentBits) != 0 || length > left ||
        length < kIpv4Header) {
      return false;
    }
    const uint64_t identity =
        FingerprintIdentity(LoadBig16(at + 4), static_cast<uint32_t>(length), 0, 0);
    const uint8_t* const transport = at + kIpv4Header;
    if (!FastTransport(transport, length - kIpv4Header, at[9], identity, packet)) return false;
    FillKey(IpAddress::FromV4(LoadBig32(at + 12)), IpAddress::FromV4(LoadBig32(at + 16)),
            LoadBig16(transport), LoadBig16(transport + 2), at[9], 4, packet);
    packet->ttl = at[8];
  } else if (ether_type == kIpv6) {
    if (left < kIpv6Header || at[0] >> 4 != 6) return false;
    const size_t length = LoadBig16(at + 4);
    if (length == 0 || length > left - kIpv6Header) return false;
    const uint64_t identity =
        FingerprintIdentity(LoadBig32(at) & 0xfffff, static_cast<uint32_t>(length), 0, 0);
    const uint8_t* const transport = at + kIpv6Header;
    if (!FastTransport(transport, length, at[6], identity, packet)) return false;
    FillKey({LoadBig64(at + 8), LoadBig64(at + 16)}, {LoadBig64(at + 24), LoadBig64(at + 32)},
            LoadBig16(transport), LoadBig16(transport + 2), at[6], 6, packet);
    packet->ttl = at[7];
  } else {
    return false;
  }
  packet->outer_ip = packet->inner_ip = nullptr;
  packet->first_fragment = packet->later_fragment = false;
  packet->truncated = packet->icmp_error = false;
  packet->reassembled = packet->teach_only = false;
  return true;
}

}  // namespace

struct Decoder::State {
  TunnelMode mode;
  DecodeCounters counters;
  FragmentTable fragments;
  Defragmenter defragmenter;

  Decoded LongDecode(const Frame& frame, Packet* packet);
  void SettlePorts(uint64_t time_ns, IpHeader* header);
};

// Ports for a header, from the datagram's first fragment where it is a later one.
void Decoder::State::SettlePorts(uint64_t time_ns, IpHeader* header) {
  ReadPorts(header);
  if (header->first_fragment) {
    if (!fragments.Remember(*header, time_ns)) ++counters.fragment_memory_full;
  } else if (header->later_fragment) {
    const bool found = fragments.Complete(time_ns, header);
    ++(found ? counters.later_fragments_resolved : counters.later_fragments_unresolved);
  }
}

Decoded Decoder::State::LongDecode(const Frame& frame, Packet* packet) {
  Cursor cursor(frame.data, frame.captured, frame.bytes);
  const Step link = FindIp(frame.link_type, &cursor);
  counters.nesting_too_deep += link.layer() == Layer::kTooDeep;
  if (link.layer() == Layer::kCut) return {FrameClass::kMalformed, Malformed::kLinkHeaderShort};
  if (link.layer() != Layer::kIp) return {.frame_class = FrameClass::kNonIp};

  // The outermost header, and two that take turns as the innermost and the one tried next.
  IpHeader headers[3];
  const IpHeader& outermost = headers[0];
  const IpHeader* innermost = &outermost;
  const Malformed damage = ReadIp(cursor, static_cast<uint8_t>(link.number()), &headers[0]);
  if (damage != Malformed::kCount) return {FrameClass::kMalformed, damage};
  SettlePorts(frame.time_ns, &headers[0]);
  bool too_deep = outermost.chain_too_long;
  bool fragment = outermost.first_fragment || outermost.later_fragment;
  for (int depth = 0; EnterTunnel(*innermost, &cursor); ++depth) {
    IpHeader* const next = &headers[1 + depth % 2];
    if (ReadIp(cursor, 0, next) != Malformed::kCount) break;
    if (depth == kMaxTunnels) {
      too_deep = true;
      break;
    }
    SettlePorts(frame.time_ns, next);
    innermost = next;
    too_deep |= innermost->chain_too_long;
    fragment |= innermost->first_fragment || innermost->later_fragment;
  }

  const bool tunnelled = innermost != &outermost;
  counters.tunnelled_frames += tunnelled;
  counters.nesting_too_deep += too_deep;
  counters.fragments += fragment;
  const bool inner = mode == TunnelMode::kInner;
  const IpHeader& counted = inner ? *innermost : outermost;
  FillPacket(counted, packet);
  if (counted.first_fragment || counted.later_fragment) defragmenter.Add(counted, packet);
  packet->outer_ip = tunnelled && inner ? outermost.start : nullptr;
  packet->inner_ip = tunnelled && !inner ? innermost->start : nullptr;
  return {.frame_class = FrameClass::kIp};
}

Decoder::Decoder(TunnelMode mode)
    : state_(new State{.mode = mode, .counters = {}, .fragments = {}, .defragmenter = {}}) {}
Decoder::~Decoder() = default;
Decoder::Decoder(Decoder&&) noexcept = default;
Decoder& Decoder::operator=(Decoder&&) noexcept = default;

Decoded Decoder::Decode(const Frame& frame, Packet* packet) {
  packet->time_ns = frame.time_ns;
  packet->bytes = frame.bytes;
  state_->counters.truncated_frames += frame.captured < frame.bytes;
  if (FastDecode(frame, packet)) return {.frame_class = FrameClass::kIp};
  return state_->LongDecode(frame, packet);
}

const DecodeCounters& Decoder::counters() const { return state_->counters; }

std::string_view Name(Malformed reason) {
  switch (reason) {
#define BORDERFLOW_MALFORMED(id, name) \
  case Malformed::id:                  \
    return name;
#include "dataplane/packet/malformed.inc"
#undef BORDERFLOW_MALFORMED
    case Malformed::kCount:
      break;
  }
  return "none";
}

}  // namespace borderflow
