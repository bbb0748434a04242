#include "tools/command/flow_choice.h"

#include <string>
#include <utility>

#include "absl/strings/numbers.h"
#include "dataplane/packet/address.h"

namespace borderflow {
namespace {

struct ProtocolWord {
  std::string_view word;
  uint8_t number;
  bool has_ports;
};
constexpr ProtocolWord kProtocols[] = {
    {"tcp", 6, true},     {"udp", 17, true},      {"sctp", 132, true},
    {"dccp", 33, true},   {"udplite", 136, true}, {"icmp", 1, false},
    {"icmp6", 58, false}, {"esp", 50, false},     {"gre", 47, false}};

std::optional<uint64_t> ParseNumber(std::string_view text) {
  uint64_t number = 0;
  if (!absl::SimpleAtoi(absl::string_view(text.data(), text.size()), &number)) return std::nullopt;
  return number;
}

std::optional<ProtocolWord> ParseProtocol(std::string_view text) {
  const std::optional<uint64_t> number = ParseNumber(text);
  for (const ProtocolWord& protocol : kProtocols) {
    if (protocol.word == text || protocol.number == number) return protocol;
  }
  if (!number.has_value() || *number > UINT8_MAX) return std::nullopt;
  return ProtocolWord{text, static_cast<uint8_t>(*number), false};
}

struct End {
  IpAddress address;
  uint16_t port = 0;
  friend bool operator<(const End& a, const End& b) {
    return std::pair(a.address, a.port) < std::pair(b.address, b.port);
  }
};

// "192.0.2.1:443", "[2001:db8::1]:443"; without ports also a bare address.
std::optional<End> ParseEnd(std::string_view text, bool has_port) {
  std::string_view address = text;
  End end;
  if (has_port) {
    const size_t colon = text.rfind(':');
    if (colon == std::string_view::npos) return std::nullopt;
    const std::optional<uint64_t> port = ParseNumber(text.substr(colon + 1));
    if (!port.has_value() || *port > UINT16_MAX) return std::nullopt;
    end.port = static_cast<uint16_t>(*port);
    address = text.substr(0, colon);
  }
  if (address.size() >= 2 && address.front() == '[' && address.back() == ']') {
    address = address.substr(1, address.size() - 2);
  }
  const std::optional<IpAddress> parsed = ParseAddress(address);
  if (!parsed.has_value()) return std::nullopt;
  end.address = *parsed;
  return end;
}

}  // namespace

std::optional<FlowChoice> ParseFlowChoice(std::string_view text) {
  if (const std::optional<uint64_t> number = ParseNumber(text)) {
    if (*number == 0) return std::nullopt;
    return FlowChoice{*number, std::nullopt};
  }
  const size_t slash = text.rfind('/');
  const size_t dash = text.find('-');
  if (slash == std::string_view::npos || dash == std::string_view::npos || dash > slash) {
    return std::nullopt;
  }
  const std::optional<ProtocolWord> protocol = ParseProtocol(text.substr(slash + 1));
  if (!protocol.has_value()) return std::nullopt;
  const auto one = ParseEnd(text.substr(0, dash), protocol->has_ports);
  const auto other = ParseEnd(text.substr(dash + 1, slash - dash - 1), protocol->has_ports);
  if (!one.has_value() || !other.has_value() ||
      one->address.IsV4Mapped() != other->address.IsV4Mapped()) {
    return std::nullopt;
  }
  const End& lo = *one < *other ? *one : *other;
  const End& hi = *one < *other ? *other : *one;
  FlowKey key;
  key.lo = lo.address;
  key.hi = hi.address;
  key.port_lo = lo.port;
  key.port_hi = hi.port;
  key.protocol = protocol->number;
  key.family = one->address.IsV4Mapped() ? 4 : 6;
  return FlowChoice{0, key};
}

}  // namespace borderflow
