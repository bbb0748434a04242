#include "rules/category/protocol.h"

#include <algorithm>
#include <array>
#include <cstddef>

namespace borderflow {
namespace {

struct Entry {
  std::string_view name;
  Category category;
  Protection protection;
};

// In the order of Protocol.
constexpr Entry kEntries[] = {
#define BORDERFLOW_PROTOCOL(id, name, category, protection) \
  {name, Category::category, Protection::protection},
#include "rules/category/protocols.inc"
#undef BORDERFLOW_PROTOCOL
};
// Readers pack the id in a byte (flow_note.h); the rest is room for the protocols to come.
static_assert(std::size(kEntries) == static_cast<size_t>(Protocol::kCount));
static_assert(std::size(kEntries) <= 240);

constexpr const Entry& EntryOf(Protocol protocol) {
  const size_t index = static_cast<size_t>(protocol);
  return kEntries[index < std::size(kEntries) ? index : 0];
}

enum class PortSource : uint8_t { kIana, kUse };

struct Port {
  uint32_t key;  // IP protocol in the third octet, port in the lower two
  Protocol protocol;
  uint8_t confidence;
  PortSource source;
};

constexpr uint32_t Key(uint8_t ip_protocol, uint16_t port) {
  return (uint32_t{ip_protocol} << 16) | port;
}

constexpr Port kPorts[] = {
#define BORDERFLOW_PORT(ip_protocol, port, protocol, confidence, source) \
  {Key(ip_protocol, port), Protocol::protocol, confidence, PortSource::source},
#include "rules/category/ports.inc"
#undef BORDERFLOW_PORT
};

// Linux chooses the ports of its own flows from here up.
constexpr uint16_t kFirstEphemeral = 32768;

constexpr bool SortedAndCapped() {
  for (size_t i = 0; i < std::size(kPorts); ++i) {
    if (i > 0 && kPorts[i - 1].key >= kPorts[i].key) return false;
    const Port& port = kPorts[i];
    if (port.confidence != 10 && port.confidence != 30) return false;
    const bool ephemeral = static_cast<uint16_t>(port.key) >= kFirstEphemeral;
    if (ephemeral && port.source == PortSource::kUse && port.confidence != 10) return false;
  }
  return true;
}
static_assert(SortedAndCapped(), "see the head of ports.inc");

// kPorts by a hash of the key, half full at most: a flow of no known protocol asks twice.
constexpr size_t kPortBits = 11;
static_assert(std::size(kPorts) <= (size_t{1} << kPortBits) / 2);
constexpr size_t PortSlot(uint32_t key) {
  return (key * uint32_t{0x9e3779b1}) >> (32 - kPortBits);  // Fibonacci hashing
}
constexpr auto kPortPlaces = [] {
  std::array<uint16_t, size_t{1} << kPortBits> places = {};  // index in kPorts + 1; 0: free
  for (size_t i = 0; i < std::size(kPorts); ++i) {
    size_t slot = PortSlot(kPorts[i].key);
    while (places[slot] != 0) slot = (slot + 1) % places.size();
    places[slot] = static_cast<uint16_t>(i + 1);
  }
  return places;
}();

constexpr uint8_t kTcpNumber = 6;
constexpr uint8_t kUdpNumber = 17;
constexpr uint8_t kDccpNumber = 33;
constexpr uint8_t kSctpNumber = 132;
constexpr uint8_t kUdpLiteNumber = 136;

constexpr bool HasPorts(uint8_t ip_protocol) {
  return ip_protocol == kTcpNumber || ip_protocol == kUdpNumber || ip_protocol == kDccpNumber ||
         ip_protocol == kSctpNumber || ip_protocol == kUdpLiteNumber;
}

}  // namespace

std::string_view Name(Protocol protocol) { return EntryOf(protocol).name; }

Category DefaultCategory(Protocol protocol) { return EntryOf(protocol).category; }

Protection DefaultProtection(Protocol protocol) { return EntryOf(protocol).protection; }

PortRule FindPort(uint8_t ip_protocol, uint16_t port) {
  const uint32_t key = Key(ip_protocol, HasPorts(ip_protocol) ? port : 0);
  for (size_t slot = PortSlot(key); kPortPlaces[slot] != 0;
       slot = (slot + 1) % kPortPlaces.size()) {
    const Port& rule = kPorts[kPortPlaces[slot] - 1];
    if (rule.key == key) return {rule.protocol, DefaultCategory(rule.protocol), rule.confidence};
  }
  return {};
}

Protocol TransportProtocol(uint8_t ip_protocol) {
  switch (ip_protocol) {
    case kTcpNumber:
      return Protocol::kTcp;
    case kUdpNumber:
      return Protocol::kUdp;
    case kDccpNumber:
      return Protocol::kDccp;
    case kSctpNumber:
      return Protocol::kSctp;
    case kUdpLiteNumber:
      return Protocol::kUdpLite;
  }
  // What has no ports is named by its number alone, where the table knows it.
  const PortRule rule = FindPort(ip_protocol, 0);
  return rule.protocol == Protocol::kNone ? Protocol::kOtherIp : rule.protocol;
}

}  // namespace borderflow
