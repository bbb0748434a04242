#include "tests/dataplane/traffic.h"

#include <string>

#include "dataplane/packet/transport.h"

namespace borderflow {
namespace {

constexpr uint32_t kServers = 5;
constexpr uint64_t kMillisecond = 1'000'000;
constexpr uint64_t kSecond = 1'000 * kMillisecond;
constexpr uint32_t kFirstSequence = UINT32_MAX - 3000;  // so that streams wrap

IpAddress ClientAddress(uint64_t number) {
  if (number % 4 == 3) return {uint64_t{0x20010db8} << 32, number};
  return IpAddress::FromV4(static_cast<uint32_t>(number * 0x1000'0000 + 10 + number));
}
IpAddress ServerAddress(uint64_t number, bool v6) {
  if (v6) return {uint64_t{0x20010db8} << 32 | 0xffff, number};
  return IpAddress::FromV4(static_cast<uint32_t>(0xf000'0000 - number * 0x3000'0000));
}

}  // namespace

PrefixMap SixteenPlaces() {
  std::vector<GeoRange> ranges;
  for (uint32_t place = 0; place < 16; ++place) {
    const uint32_t first = place << 28;
    Location location;
    location.location = static_cast<Jurisdiction>(5 + place);
    location.registered = static_cast<Jurisdiction>(5 + place / 2);
    location.asn = 64496 + place;
    location.source = GeoSource::kDatabase;
    ranges.push_back({IpAddress::FromV4(first), IpAddress::FromV4(first | 0x0fff'ffff), location});
  }
  Location v6;
  v6.location = static_cast<Jurisdiction>(77);
  v6.asn = 65551;
  v6.source = GeoSource::kDatabase;
  ranges.push_back({{uint64_t{0x20010db8} << 32, 0}, {uint64_t{0x20010db8} << 32, UINT64_MAX}, v6});
  return *PrefixMap::Build(ranges);
}

Traffic::Traffic(uint64_t seed, const TrafficOptions& options)
    : random_(seed), options_(options), hash_(seed) {
  for (const char* name : {"www.docusign.com", "files.example.org"}) {
    const Buffer hello = TlsClientHello({.name = name, .name_last = true});
    const size_t half = hello.size() / 2;
    hellos_.push_back(hello);
    offsets_.push_back(0);
    hellos_.push_back(Slice(hello, 0, half));
    offsets_.push_back(0);
    hellos_.push_back(Slice(hello, half, hello.size()));
    offsets_.push_back(static_cast<uint32_t>(half));
    messages_.push_back(FromText("GET / HTTP/1.1\r\nHost: " + std::string(name) + ":8080\r\n\r\n"));
    datagrams_.push_back(DnsQuery(name));
    const Buffer quic = ClientHelloMessage({.name = name, .name_last = true});
    datagrams_.push_back(QuicInitial({}, CryptoFrameBytes(0, quic)));
    datagrams_.push_back(QuicInitial({}, CryptoFrameBytes(0, Slice(quic, 0, quic.size() / 2))));
  }
  messages_.push_back(FromText("CONNECT mail.example.net:443 HTTP/1.1\r\n\r\n"));
  messages_.push_back(FromText("HTTP/1.1 200 OK\r\n\r\n"));
  messages_.push_back(FromText("SSH-2.0-Test\r\n"));
  messages_.push_back(FromText("220 mx.example.net ESMTP\r\n"));
  messages_.push_back(TlsClientHello({}));
  messages_.push_back(FromHex("050100"));
  messages_.push_back(FromHex("0500"));
  messages_.push_back(FromHex("0001 0000 0006 01 03 0000 000a"));
  messages_.push_back(Buffer(1400, 0x99));
  messages_.push_back(FromHex("17030300aa"));
  Buffer dns_tcp;  // two messages in one segment
  for (const char* name : {"tcp.example.org", "api.stripe.com"}) {
    const Buffer query = DnsQuery(name);
    AppendNumber(&dns_tcp, query.size(), 2);
    dns_tcp.insert(dns_tcp.end(), query.begin(), query.end());
  }
  messages_.push_back(dns_tcp);
  datagrams_.push_back(Join({FromHex("0001 0000 2112a442"), Buffer(12, 1)}));
  datagrams_.push_back(Join({FromHex("8000 0001 00000001 00000007"), Buffer(160, 0xd5)}));
  datagrams_.push_back(Join({FromHex("8000 0002 00000002 00000007"), Buffer(160, 0xd5)}));
  datagrams_.push_back(FromHex("40 01 7d34 bb 74656d7065726174757265"));
  datagrams_.push_back(Buffer(900, 0x41));
  datagrams_.push_back(FromHex("00"));
  for (uint64_t server = 0; server < kServers; ++server) {
    Buffer address;
    AppendNumber(&address, ServerAddress(server, false).v4(), 4);
    answers_.push_back(DnsResponse(server % 2 == 0 ? "api.stripe.com" : "learned.example.org",
                                   {{1, static_cast<uint32_t>(30 + 90 * server), address}}));
  }
}

Packet Traffic::Next() {
  switch (Below(40)) {
    case 0:
      time_ns_ += Below(options_.seconds_max) * kSecond;
      break;
    case 1:
      if (options_.backwards) time_ns_ -= Below(Below(4) == 0 ? 90 : 2) * kSecond;
      break;
    default:
      time_ns_ += Below(50) * kMillisecond;
  }
  Packet packet;
  const uint64_t client_number = Below(options_.clients);
  const IpAddress client = ClientAddress(client_number);
  const bool v6 = !client.IsV4Mapped();
  const IpAddress server = ServerAddress(Below(kServers), v6);
  const bool from_client = Below(5) < 3;
  uint16_t client_port = static_cast<uint16_t>(40000 + Below(options_.ports));
  constexpr uint16_t kServerPorts[] = {443, 443, 80, 53, 22, 9999, 5353};
  uint16_t server_port = kServerPorts[Below(std::size(kServerPorts))];
  if (!options_.dns && (server_port == 53 || server_port == 5353)) server_port = 443;
  constexpr uint8_t kProtocols[] = {6, 6, 6, 17, 17, 1, 50, 132};
  const uint8_t protocol = kProtocols[Below(std::size(kProtocols))];
  if (protocol == 1 || protocol == 50) client_port = server_port = 0;
  FillKey(from_client ? client : server, from_client ? server : client,
          from_client ? client_port : server_port, from_client ? server_port : client_port,
          protocol, v6 ? 6 : 4, &packet);
  packet.hash = hash_(packet.key);
  packet.time_ns = time_ns_;
  packet.tick = clock_.Advance(time_ns_);
  if (protocol == 6) {
    FillTcp(&packet);
  } else if (protocol == 17) {
    FillUdp(&packet);
  } else if (Below(2) == 0) {
    SetPayload(datagrams_.back(), &packet);
    packet.icmp_error = protocol == 1 && Below(3) == 0;
  }
  // The capture may have cut the payload, or offloading joined many segments.
  if (Below(50) == 0) packet.payload_bytes = 65535;
  if (Below(200) == 0) packet.payload_bytes = 200'000;
  packet.bytes = packet.payload_bytes + 54;
  if (Below(100) == 0) packet.later_fragment = true;
  packet.teach_only = options_.teach_only && Below(10) == 0;
  return packet;
}

std::vector<Packet> Traffic::Take(size_t count) {
  std::vector<Packet> packets;
  packets.reserve(count);
  while (packets.size() < count) packets.push_back(Next());
  return packets;
}

void Traffic::FillTcp(Packet* packet) {
  packet->tcp_flags = kTcpAck;
  packet->tcp_sequence = kFirstSequence + static_cast<uint32_t>(Below(12) * 700);
  switch (Below(12)) {
    case 0:
      packet->tcp_flags = kTcpSyn;
      break;
    case 1:
      packet->tcp_flags = kTcpSyn | kTcpAck;
      break;
    case 2:
      if (Below(3) == 0) packet->tcp_flags |= kTcpFin;
      break;
    case 3:
      if (Below(4) == 0) packet->tcp_flags = kTcpRst;
      break;
    case 4:
    case 5:
    case 6: {
      const size_t piece = Below(hellos_.size());
      packet->tcp_sequence = kFirstSequence + offsets_[piece];
      SetPayload(hellos_[piece], packet);
      break;
    }
    case 7:
      packet->tcp_sequence = static_cast<uint32_t>(random_());
      break;
    default:
      SetPayload(messages_[Below(messages_.size())], packet);
  }
}

void Traffic::FillUdp(Packet* packet) {
  if (packet->source_port() == 53 && Below(2) == 0) {
    SetPayload(answers_[Below(answers_.size())], packet);
  } else if (Below(8) != 0) {
    SetPayload(datagrams_[Below(datagrams_.size())], packet);
  }
}

void Traffic::SetPayload(const Buffer& buffer, Packet* packet) {
  packet->payload = buffer.data();
  packet->payload_captured = packet->payload_bytes = static_cast<uint32_t>(buffer.size());
}

}  // namespace borderflow
