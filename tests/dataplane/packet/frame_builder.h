// Frame builder for tests: layers that compose from the inside out, each of which knows how the one
// below has to announce it.
//
//   const Bytes frame = Ethernet(Vlan(7, Ipv4({.source = "192.0.2.1", .destination =
//   "198.51.100.2"},
//                                             Tcp({.source_port = 40000}, Text("hello"))))).bytes;
//   decoder.Decode(AsFrame(frame), &packet);
//
// Lengths and checksums are correct unless an option overrides them.
#ifndef BORDERFLOW_TESTS_DATAPLANE_PACKET_FRAME_BUILDER_H_
#define BORDERFLOW_TESTS_DATAPLANE_PACKET_FRAME_BUILDER_H_

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "dataplane/capture/frame.h"
#include "dataplane/packet/address.h"
#include "dataplane/packet/packet.h"

namespace borderflow::testing_frames {

using Bytes = std::vector<uint8_t>;

// Bytes of a header and all it carries, and the numbers by which a layer below announces it.
struct Built {
  Bytes bytes = {};
  uint16_t ether_type = 0;    // 0x0800, 0x86dd, 0x8100 ...
  uint8_t protocol = 0;       // IP protocol: 6, 17, 4, 41, 47 ...
  uint16_t ppp_protocol = 0;  // 0x0021, 0x0057, 0x0281
};

// ---- bytes

inline void Put8(Bytes* to, uint64_t value) { to->push_back(static_cast<uint8_t>(value)); }
inline void Put16(Bytes* to, uint64_t value) {
  Put8(to, value >> 8);
  Put8(to, value);
}
inline void Put32(Bytes* to, uint64_t value) {
  Put16(to, value >> 16);
  Put16(to, value);
}
inline void Put64(Bytes* to, uint64_t value) {
  Put32(to, value >> 32);
  Put32(to, value);
}
inline void PutAll(Bytes* to, const Bytes& from) {
  to->insert(to->end(), from.begin(), from.end());
}
inline void PutZeros(Bytes* to, size_t count) { to->resize(to->size() + count); }
inline Bytes Concat(std::initializer_list<Bytes> parts) {
  Bytes all;
  for (const Bytes& part : parts) PutAll(&all, part);
  return all;
}
inline Bytes Text(std::string_view text) { return Bytes(text.begin(), text.end()); }
// "ff 03 0021" -> four bytes.
inline Bytes Hex(std::string_view digits) {
  Bytes bytes = {};
  std::string pending;
  for (const char digit : digits) {
    if (digit == ' ') continue;
    pending += digit;
    if (pending.size() < 2) continue;
    bytes.push_back(static_cast<uint8_t>(std::stoi(pending, nullptr, 16)));
    pending.clear();
  }
  return bytes;
}
inline Built Payload(Bytes bytes, uint8_t protocol = 0) {
  return {std::move(bytes), 0, protocol, 0};
}

inline uint32_t SumWords(const Bytes& bytes, uint32_t sum = 0) {
  for (size_t i = 0; i < bytes.size(); ++i) sum += uint32_t{bytes[i]} << (i % 2 == 0 ? 8 : 0);
  while (sum > 0xffff) sum = (sum & 0xffff) + (sum >> 16);
  return sum;
}

// ---- transport

struct TcpOptions {
  uint16_t source_port = 40000;
  uint16_t destination_port = 443;
  uint32_t sequence = 1;
  uint32_t acknowledgement = 0;
  uint8_t flags = kTcpAck;
  Bytes options = {};  // padded to words
};
inline Built Tcp(const TcpOptions& options = {}, const Bytes& payload = {}) {
  Bytes padded = options.options;
  while (padded.size() % 4 != 0) padded.push_back(0);
  Built built{.protocol = 6};
  Bytes& to = built.bytes;
  Put16(&to, options.source_port);
  Put16(&to, options.destination_port);
  Put32(&to, options.sequence);
  Put32(&to, options.acknowledgement);
  Put8(&to, (20 + padded.size()) / 4 << 4);
  Put8(&to, options.flags);
  Put16(&to, 65535);
  Put32(&to, 0);  // checksum (filled by the IP layer), urgent pointer
  PutAll(&to, padded);
  PutAll(&to, payload);
  return built;
}

struct UdpOptions {
  uint16_t source_port = 40000;
  uint16_t destination_port = 53;
  std::optional<uint16_t> length = {};
};
inline Built Udp(const UdpOptions& options = {}, const Bytes& payload = {}) {
  Built built{.protocol = 17};
  Put16(&built.bytes, options.source_port);
  Put16(&built.bytes, options.destination_port);
  Put16(&built.bytes, options.length.value_or(static_cast<uint16_t>(8 + payload.size())));
  Put16(&built.bytes, 0);
  PutAll(&built.bytes, payload);
  return built;
}

// SCTP's common header, or any other protocol's first bytes, is written by the test: Payload().
inline Built Icmp(uint8_t type, uint8_t code, const Bytes& body, uint8_t protocol = 1) {
  Built built{.protocol = protocol};
  Put8(&built.bytes, type);
  Put8(&built.bytes, code);
  Put16(&built.bytes, 0);
  PutAll(&built.bytes, body);
  const uint32_t sum = SumWords(built.bytes);
  built.bytes[2] = static_cast<uint8_t>(~sum >> 8);
  built.bytes[3] = static_cast<uint8_t>(~sum);
  return built;
}

// Writes the TCP or UDP checksum that `pseudo_header` makes.
inline void FillChecksum(const Bytes& pseudo_header, Built* transport) {
  const size_t at = transport->protocol == 6 ? 16 : 6;
  if (transport->protocol != 6 && transport->protocol != 17) return;
  if (transport->bytes.size() < at + 2) return;
  const auto sum = static_cast<uint16_t>(~SumWords(transport->bytes, SumWords(pseudo_header)));
  transport->bytes[at] = static_cast<uint8_t>(sum >> 8);
  transport->bytes[at + 1] = static_cast<uint8_t>(sum);
}

// ---- IP

struct Ipv4Options {
  std::string source = "192.0.2.1";
  std::string destination = "198.51.100.2";
  uint16_t identification = 0x1234;
  uint8_t ttl = 64;
  bool more_fragments = false;
  uint16_t fragment_offset = 0;  // in units of 8 bytes
  Bytes options = {};            // padded to words
  std::optional<uint16_t> total_length = {};
  std::optional<uint8_t> protocol = {};
};
inline Built Ipv4(const Ipv4Options& options, Built payload) {
  const uint32_t source = ParseAddress(options.source)->v4();
  const uint32_t destination = ParseAddress(options.destination)->v4();
  const uint8_t protocol = options.protocol.value_or(payload.protocol);
  if (!options.more_fragments && options.fragment_offset == 0) {
    Bytes pseudo_header;
    Put32(&pseudo_header, source);
    Put32(&pseudo_header, destination);
    Put16(&pseudo_header, payload.protocol);
    Put16(&pseudo_header, payload.bytes.size());
    FillChecksum(pseudo_header, &payload);
  }
  Bytes padded = options.options;
  while (padded.size() % 4 != 0) padded.push_back(0);
  Built built{.ether_type = 0x0800, .protocol = 4, .ppp_protocol = 0x0021};
  Bytes& to = built.bytes;
  Put8(&to, 0x40 | (20 + padded.size()) / 4);
  Put8(&to, 0);
  Put16(&to, options.total_length.value_or(
                 static_cast<uint16_t>(20 + padded.size() + payload.bytes.size())));
  Put16(&to, options.identification);
  Put16(&to, (options.more_fragments ? 0x2000 : 0) | options.fragment_offset);
  Put8(&to, options.ttl);
  Put8(&to, protocol);
  Put16(&to, 0);
  Put32(&to, source);
  Put32(&to, destination);
  PutAll(&to, padded);
  const uint32_t sum = SumWords(to);
  to[10] = static_cast<uint8_t>(~sum >> 8);
  to[11] = static_cast<uint8_t>(~sum);
  PutAll(&to, payload.bytes);
  return built;
}
inline Built Ipv4(Built payload) { return Ipv4(Ipv4Options{}, std::move(payload)); }

struct Ipv6Options {
  std::string source = "2001:db8::1";
  std::string destination = "2001:db8::2";
  uint32_t flow_label = 0;
  uint8_t hop_limit = 64;
  std::optional<uint16_t> payload_length = {};
};
// Extension headers are put around the payload: Ipv6({}, HopByHop(Routing(Tcp()))).
inline Built Ipv6(const Ipv6Options& options, Built payload) {
  const IpAddress source = *ParseAddress(options.source);
  const IpAddress destination = *ParseAddress(options.destination);
  Bytes addresses;
  Put64(&addresses, source.high);
  Put64(&addresses, source.low);
  Put64(&addresses, destination.high);
  Put64(&addresses, destination.low);
  Bytes pseudo_header = addresses;
  Put32(&pseudo_header, payload.bytes.size());
  Put32(&pseudo_header, payload.protocol);
  FillChecksum(pseudo_header, &payload);

  Built built{.ether_type = 0x86dd, .protocol = 41, .ppp_protocol = 0x0057};
  Bytes& to = built.bytes;
  Put32(&to, 0x60000000u | options.flow_label);
  Put16(&to, options.payload_length.value_or(static_cast<uint16_t>(payload.bytes.size())));
  Put8(&to, payload.protocol);
  Put8(&to, options.hop_limit);
  PutAll(&to, addresses);
  PutAll(&to, payload.bytes);
  return built;
}
inline Built Ipv6(Built payload) { return Ipv6(Ipv6Options{}, std::move(payload)); }

// Next header, length, `body` padded to 8n: hop-by-hop 0, routing 43, destination options 60 ...
inline Built ExtensionHeader(uint8_t protocol, const Built& next, Bytes body = Bytes(6)) {
  while ((body.size() + 2) % 8 != 0) body.push_back(0);
  Built built{.protocol = protocol};
  Put8(&built.bytes, next.protocol);
  Put8(&built.bytes, (body.size() + 2) / 8 - 1);
  PutAll(&built.bytes, body);
  PutAll(&built.bytes, next.bytes);
  return built;
}
inline Built HopByHop(const Built& next) { return ExtensionHeader(0, next); }
inline Built Routing(const Built& next) { return ExtensionHeader(43, next); }
inline Built DestinationOptions(const Built& next) { return ExtensionHeader(60, next); }
inline Built Authentication(const Built& next, size_t icv_bytes = 12) {
  Built built{.protocol = 51};
  Put8(&built.bytes, next.protocol);
  Put8(&built.bytes, (12 + icv_bytes) / 4 - 2);
  PutZeros(&built.bytes, 10 + icv_bytes);
  PutAll(&built.bytes, next.bytes);
  return built;
}
inline Built FragmentHeader(uint32_t identification, uint16_t offset, bool more,
                            const Built& next) {
  Built built{.protocol = 44};
  Put8(&built.bytes, next.protocol);
  Put8(&built.bytes, 0);
  Put16(&built.bytes, offset << 3 | (more ? 1 : 0));
  Put32(&built.bytes, identification);
  PutAll(&built.bytes, next.bytes);
  return built;
}

// `payload` as fragments of `size` bytes, a multiple of 8.
inline std::vector<Built> Ipv4Fragments(Ipv4Options options, const Built& payload, size_t size) {
  std::vector<Built> fragments;
  for (size_t at = 0; at < payload.bytes.size(); at += size) {
    const size_t end = std::min(at + size, payload.bytes.size());
    options.fragment_offset = static_cast<uint16_t>(at / 8);
    options.more_fragments = end < payload.bytes.size();
    const Bytes piece(payload.bytes.begin() + static_cast<std::ptrdiff_t>(at),
                      payload.bytes.begin() + static_cast<std::ptrdiff_t>(end));
    fragments.push_back(Ipv4(options, Payload(piece, payload.protocol)));
  }
  return fragments;
}
inline std::vector<Built> Ipv6Fragments(const Ipv6Options& options, uint32_t identification,
                                        const Built& payload, size_t size) {
  std::vector<Built> fragments;
  for (size_t at = 0; at < payload.bytes.size(); at += size) {
    const size_t end = std::min(at + size, payload.bytes.size());
    const Bytes piece(payload.bytes.begin() + static_cast<std::ptrdiff_t>(at),
                      payload.bytes.begin() + static_cast<std::ptrdiff_t>(end));
    fragments.push_back(Ipv6(
        options, FragmentHeader(identification, static_cast<uint16_t>(at / 8),
                                end < payload.bytes.size(), Payload(piece, payload.protocol))));
  }
  return fragments;
}

// ---- link layer

inline Built Ethernet(const Built& payload) {
  Built built{.ether_type = 0x6558};
  built.bytes = Hex("020000000002 020000000001");
  Put16(&built.bytes, payload.ether_type);
  PutAll(&built.bytes, payload.bytes);
  return built;
}
// Any tag of the shape: own EtherType, `tag`, EtherType of what follows.
inline Built Tag(uint16_t ether_type, const Bytes& tag, const Built& payload) {
  Built built{.bytes = tag, .ether_type = ether_type};
  Put16(&built.bytes, payload.ether_type);
  PutAll(&built.bytes, payload.bytes);
  return built;
}
inline Built Vlan(uint16_t id, const Built& payload, uint16_t ether_type = 0x8100) {
  Bytes tag;
  Put16(&tag, id);
  return Tag(ether_type, tag, payload);
}
inline Built Mpls(std::initializer_list<uint32_t> labels, const Built& payload) {
  Built built{.ether_type = 0x8847, .protocol = 137, .ppp_protocol = 0x0281};
  size_t left = labels.size();
  for (const uint32_t label : labels)
    Put32(&built.bytes, label << 12 | (--left == 0 ? 0x140 : 0x40));
  PutAll(&built.bytes, payload.bytes);
  return built;
}
inline Built Ppp(const Built& payload, bool compressed = false) {
  Built built{.ether_type = 0x880b};
  if (!compressed) Put8(&built.bytes, payload.ppp_protocol >> 8);
  Put8(&built.bytes, payload.ppp_protocol);
  PutAll(&built.bytes, payload.bytes);
  return built;
}
inline Built Pppoe(const Built& payload, bool compressed = false) {
  const Built ppp = Ppp(payload, compressed);
  Built built{.bytes = Hex("11 00 0001"), .ether_type = 0x8864};
  Put16(&built.bytes, ppp.bytes.size());
  PutAll(&built.bytes, ppp.bytes);
  return built;
}
inline Built Snap(const Built& payload) {
  Built built{.bytes = Hex("aaaa03 000000")};
  Put16(&built.bytes, payload.ether_type);
  PutAll(&built.bytes, payload.bytes);
  built.ether_type = static_cast<uint16_t>(built.bytes.size());  // IEEE 802.3: a length
  return built;
}

// ---- tunnels

inline Built Gre(const Built& payload, uint16_t flags = 0, const Bytes& optional_fields = {},
                 std::optional<uint16_t> ether_type = {}) {
  Built built{.protocol = 47};
  Put16(&built.bytes, flags);
  Put16(&built.bytes, ether_type.value_or(payload.ether_type));
  PutAll(&built.bytes, optional_fields);
  PutAll(&built.bytes, payload.bytes);
  return built;
}
inline Built Vxlan(uint32_t network, const Built& ethernet) {
  Bytes bytes = Hex("08000000");
  Put32(&bytes, network << 8);
  return Udp({.destination_port = 4789}, Concat({bytes, ethernet.bytes}));
}
inline Built Geneve(const Built& payload, const Bytes& options = {}) {
  Bytes bytes = {};
  Put16(&bytes, options.size() / 4 << 8);
  Put16(&bytes, payload.ether_type);
  Put32(&bytes, 0x000100);
  return Udp({.destination_port = 6081}, Concat({bytes, options, payload.bytes}));
}
inline Built GtpU(const Built& ip, const Bytes& optional_fields = {}, uint8_t flags = 0x30) {
  Bytes bytes = {};
  Put8(&bytes, flags);
  Put8(&bytes, 0xff);
  Put16(&bytes, optional_fields.size() + ip.bytes.size());
  Put32(&bytes, 0x01020304);
  return Udp({.source_port = 2152, .destination_port = 2152},
             Concat({bytes, optional_fields, ip.bytes}));
}

// ---- frames

// `bytes` must outlive the frame. `wire_bytes` 0 means that all was captured.
inline Frame AsFrame(const Bytes& bytes, uint16_t link_type = 1, uint64_t time_ns = 1'000'000'000,
                     uint32_t wire_bytes = 0) {
  Frame frame;
  frame.data = bytes.data();
  frame.captured = static_cast<uint32_t>(bytes.size());
  frame.bytes = wire_bytes == 0 ? frame.captured : wire_bytes;
  frame.time_ns = time_ns;
  frame.link_type = link_type;
  return frame;
}

}  // namespace borderflow::testing_frames

#endif  // BORDERFLOW_TESTS_DATAPLANE_PACKET_FRAME_BUILDER_H_
