// Infrastructure, tunnels, echo, peer to peer, and bytes that mean nothing.
#include "absl/strings/str_cat.h"
#include "tools/generator/applications.h"
#include "tools/generator/bytes.h"

namespace borderflow::generator {
namespace {

constexpr Side kC = Side::kClient;
constexpr Side kS = Side::kServer;

// RFC 5905: mode 3, version 4; the answer of a stratum 2 server.
Script Ntp(Random& random) {
  ByteWriter request;
  request.U8(0x23).U8(0).U8(6).U8(0xec).Fill(36).Raw(random.Bytes(8));
  ByteWriter answer;
  answer.U8(0x24).U8(2).U8(6).U8(0xec).U32(0x100).U32(0x200).Raw(random.Bytes(36));
  return {{kC, request.Take()}, {kS, answer.Take()}};
}

// RFC 3416 over RFC 1901: GetRequest for sysUpTime.0.
Script Snmp(Random&) {
  const auto message = [](uint8_t type, std::string_view value) {
    const std::string_view oid = "\x2b\x06\x01\x02\x01\x01\x03\x00";
    const std::string name(oid.data(), 8);
    const std::string variable = ByteWriter().U8(6).Vector(1, name).Raw(value).Take();
    const std::string list = ByteWriter().U8(0x30).Vector(1, variable).Take();
    ByteWriter pdu;
    pdu.U8(2).U8(1).U8(7).U8(2).U8(1).U8(0).U8(2).U8(1).U8(0).U8(0x30).Vector(1, list);
    ByteWriter body;
    body.U8(2)
        .U8(1)
        .U8(1)
        .U8(4)
        .Vector(1, std::string_view("public"))
        .U8(type)
        .Vector(1, pdu.bytes());
    return ByteWriter().U8(0x30).Vector(1, body.bytes()).Take();
  };
  return {{kC, message(0xa0, std::string_view("\x05\x00", 2))},
          {kS, message(0xa2, std::string_view("\x43\x02\x12\x34", 4))}};
}

// RFC 3164.
Script Syslog(Random& random) {
  Script script;
  for (int i = 0; i < 3; ++i) {
    script.push_back(
        {kC, absl::StrCat("<134>Jun  2 09:00:0", i, " fw-2 link: port ", random.Below(48), " up")});
  }
  return script;
}

// NetFlow 9 (RFC 3954): one template of two fields and one record under it.
Script Netflow(Random& random) {
  ByteWriter message;
  message.U16(9).U16(2).U32(1000).U32(1u << 30 | random.Below(1u << 29)).U32(1).U32(1);
  message.U16(0).U16(16).U16(256).U16(2).U16(8).U16(4).U16(1).U16(4);
  message.U16(256).U16(12).Raw(random.Bytes(8));
  return {{kC, message.Take()}};
}

// RFC 4271: OPEN and KEEPALIVE both ways.
Script Bgp(Random& random) {
  const auto message = [](uint8_t type, std::string_view body) {
    return ByteWriter().Fill(16, 0xff).U16(19 + body.size()).U8(type).Raw(body).Take();
  };
  const auto open = [&](uint16_t as) {
    return message(1, ByteWriter().U8(4).U16(as).U16(90).U32(random.Below(1u << 31)).U8(0).bytes());
  };
  return {{kC, open(64496)}, {kS, open(64511)}, {kC, message(4, "")}, {kS, message(4, "")}};
}

// RFC 3912.
Script Whois(Random&) {
  return {{kC, "example.org\r\n"}, {kS, "Domain Name: EXAMPLE.ORG\r\nRegistrar: reserved\r\n"}};
}

// WireGuard's handshake initiation and response, and transport data.
Script Wireguard(Random& random) {
  Script script = {{kC, ByteWriter().U32(0x01000000).Raw(random.Bytes(144)).Take()},
                   {kS, ByteWriter().U32(0x02000000).Raw(random.Bytes(88)).Take()}};
  for (int i = 0; i < 12; ++i) {
    const size_t size = 16 + 16 * random.Below(80);
    script.push_back(
        {i % 3 == 0 ? kC : kS,
         ByteWriter().U32(0x04000000).Raw(random.Bytes(12)).Raw(random.Opaque(size)).Take()});
  }
  return script;
}

// RFC 7296: IKE_SA_INIT with one opaque payload of each kind that carries noise.
Script Ike(Random& random) {
  const std::string initiator = random.Bytes(8);
  const auto message = [&](std::string_view responder, uint8_t flags) {
    ByteWriter payloads;
    payloads.U8(0).U8(0).U16(36).Raw(random.Bytes(32));  // Nonce
    ByteWriter out;
    out.Raw(initiator).Raw(responder).U8(40).U8(0x20).U8(34).U8(flags).U32(0);
    return out.U32(28 + payloads.size()).Raw(payloads.bytes()).Take();
  };
  return {{kC, message(std::string(8, '\0'), 0x08)}, {kS, message(random.Bytes(8), 0x20)}};
}

// RFC 4303: SPI, sequence number, noise.
Script Esp(Random& random) {
  Script script;
  const uint32_t spi[2] = {0x10000000 + random.Below(1u << 28),
                           0x10000000 + random.Below(1u << 28)};
  for (uint32_t i = 0; i < 24; ++i) {
    const uint32_t side = i % 2;
    script.push_back({side == 0 ? kC : kS, ByteWriter()
                                               .U32(spi[side])
                                               .U32(i / 2 + 1)
                                               .Raw(random.Opaque(64 + 16 * random.Below(80)))
                                               .Take()});
  }
  return script;
}

// RFC 792 and RFC 4443: echo and its reply; the sender fills in the checksum.
Script Echo(Random& random, uint8_t request, uint8_t reply) {
  Script script;
  const uint32_t id = random.Below(65536);
  for (uint32_t i = 1; i <= 3; ++i) {
    const auto message = [&](uint8_t type) {
      return ByteWriter().U8(type).U8(0).U16(0).U16(id).U16(i).Raw(random.Bytes(48)).Take();
    };
    script.push_back({kC, message(request)});
    script.push_back({kS, message(reply)});
  }
  return script;
}
Script Ping(Random& random) { return Echo(random, 8, 0); }
Script Ping6(Random& random) { return Echo(random, 128, 129); }

// BEP 3.
Script BitTorrent(Random& random) {
  const std::string info = random.Bytes(20);
  const auto handshake = [&] {
    return ByteWriter()
        .U8(19)
        .Raw(std::string_view("BitTorrent protocol"))
        .Fill(8)
        .Raw(info)
        .Raw(random.Bytes(20))
        .Take();
  };
  return {{kC, handshake()}, {kS, handshake()}};
}

constexpr Application kNetwork[] = {
    {"ntp", kIpUdp, 123, "", Ntp},
    {"snmp", kIpUdp, 161, "DE AT", Snmp},
    {"syslog", kIpUdp, 514, "DE US", Syslog},
    {"netflow", kIpUdp, 2055, "DE US", Netflow},
    {"bgp", kIpTcp, 179, "DE NL", Bgp},
    {"whois", kIpTcp, 43, "NL US JP", Whois},
    {"wireguard", kIpUdp, 51820, "CH SE SG", Wireguard},
    {"ike", kIpUdp, 500, "AT AE", Ike},
    {"esp", kIpEsp, 0, "AT AE IN", Esp},
    {"icmp", kIpIcmp, 0, "", Ping},
    {"icmp6", kIpIcmp6, 0, "FR JP CH", Ping6},
    {"bittorrent", kIpTcp, 6881, "RU SE CA", BitTorrent},
};

}  // namespace

absl::Span<const Application> NetworkApplications() { return kNetwork; }

const Application& ApplicationInTurn(size_t turn) {
  const absl::Span<const Application> all[] = {OfficeApplications(), NetworkApplications(),
                                               SectorApplications()};
  size_t count = 0;
  for (const auto& some : all) count += some.size();
  turn %= count;
  for (const auto& some : all) {
    if (turn < some.size()) return some[turn];
    turn -= some.size();
  }
  return all[0].front();
}

Script UnknownExchange(Random& random) {
  Script script;
  const uint32_t messages = random.Between(2, 8);
  for (uint32_t i = 0; i < messages; ++i) {
    // The second byte is no length and no type that a protocol would have behind the first.
    script.push_back(
        {i % 2 == 0 ? kC : kS,
         ByteWriter().U8(0x02).U8(0xee).Raw(random.Opaque(60 + random.Below(900))).Take()});
  }
  return script;
}

}  // namespace borderflow::generator
