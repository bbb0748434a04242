// Protocols: what a recognised protocol, or failing that a registered port, means.
//
// One table, protocols.inc, holds them all: id, name, category, protection. ports.inc holds what
// ports suggest.
//
// Thread safety: pure functions over constant tables.
#ifndef BORDERFLOW_RULES_CATEGORY_PROTOCOL_H_
#define BORDERFLOW_RULES_CATEGORY_PROTOCOL_H_

#include <cstdint>
#include <string_view>

#include "rules/category/category.h"

namespace borderflow {

// Application protocols by name, and the transports as a fallback. kNone means not recognised;
// reports then show the transport.
enum class Protocol : uint8_t {
#define BORDERFLOW_PROTOCOL(id, name, category, protection) id,
#include "rules/category/protocols.inc"
#undef BORDERFLOW_PROTOCOL
  kCount
};

// "tls", "dns" ...
std::string_view Name(Protocol protocol);

// The category that the protocol itself implies: kUnk where it carries anything (TLS, HTTP, TCP).
Category DefaultCategory(Protocol protocol);

// Whether the protocol's own bytes are encrypted or readable.
Protection DefaultProtection(Protocol protocol);

// What a registered port suggests, which is `port` evidence only.
struct PortRule {
  Protocol protocol = Protocol::kNone;
  Category category = Category::kUnk;
  uint8_t confidence = 0;  // percent; 30, or 10 where much else uses the port (80, 443, 8080 ...)
};

// `ip_protocol` is IANA's number (6 TCP, 17 UDP, 132 SCTP ...), `port` the responder's port. For
// protocols without ports (ESP, GRE, OSPF ...) the port is 0 and the number itself is the hint.
// Binary search, about 10 ns.
PortRule FindPort(uint8_t ip_protocol, uint16_t port);

// The transport's own entry: "tcp", "udp", "icmp", "esp" ... or "other-ip".
Protocol TransportProtocol(uint8_t ip_protocol);

}  // namespace borderflow

#endif  // BORDERFLOW_RULES_CATEGORY_PROTOCOL_H_
