#include "tools/generator/conversation.h"

#include <algorithm>
#include <string>

#include "dataplane/packet/packet.h"

namespace borderflow::generator {
namespace {

constexpr uint64_t kSegmentGapNs = 12'000;       // a full segment at 1 Gbit/s
constexpr uint64_t kThinkNs = 180'000;           // between hearing and answering
constexpr uint64_t kRetransmitNs = 200'000'000;  // the least timeout of RFC 6298 in practice
constexpr uint64_t kCopyNs = 2'000;              // between the two copies of a SPAN session
constexpr uint16_t kWindow = 64240;
constexpr size_t kMtu = 1500;

// MSS 1460 (1440 in IPv6), SACK permitted, window scale 7.
std::string SynOptions(bool v4, uint16_t mss) {
  const uint16_t shown = static_cast<uint16_t>(v4 ? mss : mss - 20);
  return {2, 4, static_cast<char>(shown >> 8), static_cast<char>(shown & 0xff), 1, 1, 4, 2, 1, 3,
          3, 7};
}

// A locally administered address that follows from the host's, so that a host keeps its own.
Mac MacOf(const IpAddress& address) {
  const uint64_t bits = address.low ^ (address.high * 31);
  return {0x02,
          0x00,
          static_cast<uint8_t>(bits >> 24),
          static_cast<uint8_t>(bits >> 16),
          static_cast<uint8_t>(bits >> 8),
          static_cast<uint8_t>(bits)};
}

// The router that leads away from the clients' site (VRRP's virtual address, RFC 9568).
constexpr Mac kRouter = {0x00, 0x00, 0x5e, 0x00, 0x01, 0x01};

}  // namespace

Conversation::Conversation(Recorder* recorder, const Path& path, const FlowDescription& description,
                           uint64_t start_ns)
    : recorder_(recorder), path_(path), description_(description), clock_ns_(start_ns) {
  const uint64_t random = recorder->random().Next();
  identification_ = {static_cast<uint16_t>(random), static_cast<uint16_t>(random >> 16)};
  if (!path_.v4) path_.mss = static_cast<uint16_t>(path_.mss - 20);
}

// The sensor is near the client: an answer comes a round trip later, a reaction at once.
void Conversation::Turn(Side side) {
  if (side != turn_) clock_ns_ += side == Side::kServer ? path_.rtt_ns : kThinkNs;
  turn_ = side;
}

void Conversation::Become(const Expectation& expects) {
  description_.expects = expects;
  if (account_.application != nullptr) account_ = recorder_->truth().Turn(description_);
}

void Conversation::Connect() {
  const uint64_t random = recorder_->random().Next();
  sequence_ = {static_cast<uint32_t>(random), static_cast<uint32_t>(random >> 32)};
  const std::string options =
      SynOptions(path_.v4, path_.v4 ? path_.mss : static_cast<uint16_t>(path_.mss + 20));
  Segment(Side::kClient, kTcpSyn, sequence_[0]++, {}, options);
  Turn(Side::kServer);
  Segment(Side::kServer, kTcpSyn | kTcpAck, sequence_[1]++, {}, options);
  Turn(Side::kClient);
  Acknowledge(Side::kClient);
}

void Conversation::Knock() {
  sequence_[0] = static_cast<uint32_t>(recorder_->random().Next());
  const std::string options = SynOptions(true, path_.mss);
  Segment(Side::kClient, kTcpSyn, sequence_[0]++, {}, options);
  Reset(Side::kServer);
}

void Conversation::Acknowledge(Side side) {
  Segment(side, kTcpAck, sequence_[static_cast<size_t>(side)], {}, {});
}

void Conversation::Say(Side side, std::string_view data) {
  Turn(side);
  if (path_.transport != kIpTcp) {
    Datagram(side, data);
    clock_ns_ += kSegmentGapNs;
    return;
  }
  while (!data.empty()) {
    const std::string_view chunk = data.substr(0, path_.mss);
    data.remove_prefix(chunk.size());
    const uint32_t sequence = sequence_[static_cast<size_t>(side)];
    const uint8_t flags = data.empty() ? kTcpAck | kTcpPsh : kTcpAck;
    sequence_[static_cast<size_t>(side)] += static_cast<uint32_t>(chunk.size());
    Segment(side, flags, sequence, chunk, {});
    if (recorder_->random().Percent(habits_.retransmit_percent)) {
      clock_ns_ += kRetransmitNs;
      Segment(side, flags, sequence, chunk, {});
    }
    clock_ns_ += kSegmentGapNs;
  }
  if (habits_.acks) {
    clock_ns_ += 3 * kSegmentGapNs;
    Acknowledge(Other(side));
  }
}

void Conversation::SayReversed(Side side, std::string_view data) {
  Turn(side);
  uint32_t& sequence = sequence_[static_cast<size_t>(side)];
  const size_t segments = (data.size() + path_.mss - 1) / path_.mss;
  for (size_t i = segments; i-- > 0;) {
    Segment(side, i + 1 == segments ? kTcpAck | kTcpPsh : kTcpAck,
            sequence + static_cast<uint32_t>(i * path_.mss), data.substr(i * path_.mss, path_.mss),
            {});
    clock_ns_ += kSegmentGapNs;
  }
  sequence += static_cast<uint32_t>(data.size());
  if (habits_.acks) Acknowledge(Other(side));
}

void Conversation::Close(Side first) {
  for (const Side side : {first, Other(first)}) {
    Turn(side);
    Segment(side, kTcpFin | kTcpAck, sequence_[static_cast<size_t>(side)]++, {}, {});
  }
  Turn(first);
  Acknowledge(first);
}

void Conversation::Reset(Side side) {
  Turn(side);
  Segment(side, kTcpRst | kTcpAck, sequence_[static_cast<size_t>(side)], {}, {});
}

IpHeader Conversation::Ip(Side side) const {
  IpHeader ip;
  ip.source = At(side).address;
  ip.destination = At(Other(side)).address;
  ip.v4 = path_.v4;
  ip.protocol = path_.transport;
  // The client is a hop away; the server some.
  ip.ttl = side == Side::kClient ? 64 : static_cast<uint8_t>(64 - 3 - path_.rtt_ns / 20'000'000);
  constexpr uint8_t kLinkLocalTtl = 255;  // RFC 6762 section 11
  if (path_.server.jurisdiction == Jurisdiction::kMulticast) ip.ttl = kLinkLocalTtl;
  ip.identification = identification_[static_cast<size_t>(side)];
  return ip;
}

void Conversation::Segment(Side side, uint8_t flags, uint32_t sequence, std::string_view data,
                           std::string_view options) {
  FrameBuffer& frame = recorder_->frame();
  frame.Reset(data);
  TcpHeader tcp;
  tcp.source_port = At(side).port;
  tcp.destination_port = At(Other(side)).port;
  tcp.sequence = sequence;
  if ((flags & kTcpAck) != 0) {
    tcp.acknowledgement = sequence_[static_cast<size_t>(Other(side))];
  }
  tcp.flags = flags;
  tcp.window = kWindow;
  tcp.options = options;
  PrependTcp(frame, Ip(side), tcp);
  SendIp(side, static_cast<uint32_t>(data.size()), 0, false);
}

void Conversation::Datagram(Side side, std::string_view data) {
  FrameBuffer& frame = recorder_->frame();
  frame.Reset(data);
  const IpHeader ip = Ip(side);
  size_t transport_header = 0;
  if (path_.transport == kIpUdp) {
    PrependUdp(frame, ip, At(side).port, At(Other(side)).port);
    transport_header = 8;
  } else if (path_.transport == kIpIcmp || path_.transport == kIpIcmp6) {
    ChecksumIcmp(frame, ip);
  }
  const size_t room = kMtu - (path_.v4 ? 20 : 40);
  if (frame.size() <= room) {
    SendIp(side, static_cast<uint32_t>(frame.size() - transport_header), 0, false);
    return;
  }
  // Fragments carry multiples of eight bytes and share one identification.
  const std::string whole(reinterpret_cast<const char*>(frame.bytes().data()), frame.size());
  const size_t step = (path_.v4 ? room : room - 8) / 8 * 8;
  for (size_t offset = 0; offset < whole.size(); offset += step) {
    const std::string_view piece = std::string_view(whole).substr(offset, step);
    frame.Reset(piece);
    const size_t header = offset == 0 ? transport_header : 0;
    SendIp(side, static_cast<uint32_t>(piece.size() - header), static_cast<uint16_t>(offset),
           offset + step < whole.size());
    clock_ns_ += kSegmentGapNs;
  }
}

void Conversation::SendIp(Side side, uint32_t payload_bytes, uint16_t fragment_offset,
                          bool more_fragments) {
  IpHeader ip = Ip(side);
  ip.fragment_offset = fragment_offset;
  ip.more_fragments = more_fragments;
  if (!more_fragments) ++identification_[static_cast<size_t>(side)];
  if (!habits_.seen[static_cast<size_t>(side)]) return;

  FrameBuffer& frame = recorder_->frame();
  PrependIp(frame, ip);
  WrapInTunnel(side);
  const Mac client = MacOf(path_.client.address);
  PrependEthernet(frame, {.source = side == Side::kClient ? client : kRouter,
                          .destination = side == Side::kClient ? kRouter : client,
                          .type = path_.v4 || path_.tunnel.kind != Tunnel::Kind::kNone ? kEtherIpv4
                                                                                       : kEtherIpv6,
                          .vlans = path_.vlans});

  if (account_.application == nullptr) account_ = recorder_->truth().OpenFlow(description_);
  const uint32_t length = static_cast<uint32_t>(frame.size());
  const uint32_t captured = habits_.snap == 0 ? length : std::min(length, habits_.snap);
  const int copies = recorder_->random().Percent(habits_.duplicate_percent) ? 2 : 1;
  for (int i = 0; i < copies; ++i) {
    const uint64_t time_ns = clock_ns_ + static_cast<uint64_t>(i) * kCopyNs;
    recorder_->Add(time_ns, frame.bytes().subspan(0, captured), length);
    recorder_->truth().CountIp(account_,
                               side == Side::kClient ? Role::kInitiator : Role::kResponder, length,
                               payload_bytes, time_ns);
  }
}

// Outer headers are IPv4: they join two routers or two radio nodes of one operator.
void Conversation::WrapInTunnel(Side side) {
  if (path_.tunnel.kind == Tunnel::Kind::kNone) return;
  FrameBuffer& frame = recorder_->frame();
  const bool outward = side == Side::kClient;
  IpHeader outer;
  outer.source = outward ? path_.tunnel.near : path_.tunnel.far;
  outer.destination = outward ? path_.tunnel.far : path_.tunnel.near;
  outer.protocol = kIpUdp;
  outer.identification = identification_[static_cast<size_t>(side)] ^ 0x5555;
  const uint16_t inner_type = path_.v4 ? kEtherIpv4 : kEtherIpv6;
  switch (path_.tunnel.kind) {
    case Tunnel::Kind::kVxlan: {
      const Mac client = MacOf(path_.client.address);
      PrependEthernet(frame, {.source = outward ? client : kRouter,
                              .destination = outward ? kRouter : client,
                              .type = inner_type,
                              .vlans = {}});
      constexpr uint16_t kLeastPort = 49152;  // RFC 7348 section 5
      PrependVxlan(frame, outer, static_cast<uint16_t>(kLeastPort | path_.client.port),
                   path_.tunnel.id);
      break;
    }
    case Tunnel::Kind::kGre:
      outer.protocol = kIpGre;
      PrependGre(frame, inner_type, path_.tunnel.id);
      break;
    case Tunnel::Kind::kGtpU:
      PrependGtpU(frame, outer, path_.tunnel.id);
      break;
    case Tunnel::Kind::kNone:
      break;
  }
  PrependIp(frame, outer);
}

}  // namespace borderflow::generator
