#include "tests/tools/generator/capture_reader.h"

#include <algorithm>

#include "gtest/gtest.h"

namespace borderflow::generator {
namespace {

uint32_t Big(std::string_view bytes, size_t at, size_t size) {
  uint32_t value = 0;
  for (size_t i = 0; i < size; ++i) value = value << 8 | static_cast<uint8_t>(bytes[at + i]);
  return value;
}

uint32_t Little(std::string_view bytes, size_t at) {
  uint32_t value = 0;
  for (size_t i = 4; i-- > 0;) value = value << 8 | static_cast<uint8_t>(bytes[at + i]);
  return value;
}

enum class Kind : uint8_t { kIp, kNonIp, kMalformed };

struct Innermost {
  Kind kind = Kind::kNonIp;
  Address source;
  Address destination;
  uint8_t protocol = 0;
  std::string ports;  // source then destination; empty where there are none
  uint64_t payload_bytes = 0;
};

class Reader {
 public:
  Innermost Ethernet(std::string_view frame) {
    size_t at = 12;
    uint32_t type = Big(frame, at, 2);
    while (type == 0x8100 || type == 0x88a8) {
      at += 4;
      type = Big(frame, at, 2);
    }
    if (type != 0x0800 && type != 0x86dd) return {};
    return Ip(frame.substr(at + 2), type == 0x0800);
  }

 private:
  Innermost Ip(std::string_view packet, bool v4) {
    Innermost found;
    found.kind = Kind::kMalformed;
    if (packet.size() < (v4 ? 20u : 40u) || Big(packet, 0, 1) >> 4 != (v4 ? 4u : 6u)) return found;
    size_t header = v4 ? (Big(packet, 0, 1) & 15) * 4 : 40;
    if (header < 20) return found;
    found.kind = Kind::kIp;
    size_t length = v4 ? Big(packet, 2, 2) - header : Big(packet, 4, 2);
    uint32_t offset = v4 ? (Big(packet, 6, 2) & 0x1fff) * 8 : 0;
    uint32_t id = v4 ? Big(packet, 4, 2) : 0;
    bool fragment = v4 && (offset != 0 || (Big(packet, 6, 2) & 0x2000) != 0);
    found.protocol = static_cast<uint8_t>(Big(packet, v4 ? 9 : 6, 1));
    found.source = packet.substr(v4 ? 12 : 8, v4 ? 4 : 16);
    found.destination = packet.substr(v4 ? 16 : 24, v4 ? 4 : 16);
    if (found.protocol == 44) {
      fragment = true;
      found.protocol = static_cast<uint8_t>(Big(packet, 40, 1));
      offset = Big(packet, 42, 2) & 0xfff8;
      id = Big(packet, 44, 4);
      header += 8;
      length -= 8;
    }
    packet.remove_prefix(header);
    const bool ports = found.protocol == 6 || found.protocol == 17;
    const auto key = std::make_tuple(found.source, found.destination, found.protocol, id);
    if (offset == 0) {
      if (ports) found.ports = packet.substr(0, 4);
      if (found.protocol == 6) {
        length -= (Big(packet, 12, 1) >> 4) * 4;
      } else if (found.protocol == 17) {
        length -= 8;
      }
      if (fragment) first_fragments_[key] = found.ports;
    } else {
      found.ports = first_fragments_[key];
    }
    found.payload_bytes = length;
    return Inside(packet, found);
  }

  Innermost Inside(std::string_view transport, const Innermost& outer) {
    if (outer.protocol == 47) return Ip(transport.substr(8), Big(transport, 2, 2) == 0x0800);
    if (outer.protocol != 17 || outer.ports.empty()) return outer;
    const uint32_t port = Big(outer.ports, 2, 2);
    if (port == 4789) return Ethernet(transport.substr(16));
    const bool g_pdu = port == 2152 && Big(transport, 9, 1) == 0xff;
    if (g_pdu) return Ip(transport.substr(16), Big(transport, 16, 1) >> 4 == 4);
    return outer;
  }

  std::map<std::tuple<Address, Address, uint8_t, uint32_t>, std::string> first_fragments_;
};

std::string FlowOf(const Innermost& packet) {
  const std::string ports = packet.ports.empty() ? std::string(4, '\0') : packet.ports;
  std::string a = packet.source + ports.substr(0, 2);
  std::string b = packet.destination + ports.substr(2, 2);
  if (b < a) std::swap(a, b);
  return a + b + static_cast<char>(packet.protocol);
}

}  // namespace

Counted CountCapture(std::string_view file) {
  Counted counted;
  Reader reader;
  const bool nanoseconds = Little(file, 0) == 0xa1b23c4d;
  EXPECT_TRUE(nanoseconds || Little(file, 0) == 0xa1b2c3d4);
  EXPECT_EQ(Little(file, 20), 1u);  // Ethernet
  uint64_t last = 0;
  size_t at = 24;
  while (at + 16 <= file.size()) {
    const uint64_t time =
        Little(file, at) * (nanoseconds ? 1000000000ull : 1000000ull) + Little(file, at + 4);
    const uint32_t captured = Little(file, at + 8);
    const uint32_t length = Little(file, at + 12);
    if (time < last) counted.in_order = false;
    last = time;
    if (captured < length) ++counted.captured_less;
    const Innermost packet = reader.Ethernet(file.substr(at + 16, captured));
    Counted::Sum& sum = packet.kind == Kind::kIp      ? counted.ip
                        : packet.kind == Kind::kNonIp ? counted.non_ip
                                                      : counted.malformed;
    const auto add = [&](Counted::Sum* to) {
      ++to->frames;
      to->bytes += length;
      to->payload_bytes += packet.payload_bytes;
    };
    add(&sum);
    if (packet.kind == Kind::kIp) {
      add(&counted.pairs[{packet.source, packet.destination}]);
      counted.flows.insert(FlowOf(packet));
    }
    at += 16 + captured;
  }
  EXPECT_EQ(at, file.size());
  return counted;
}

}  // namespace borderflow::generator
