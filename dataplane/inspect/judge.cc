#include "dataplane/inspect/judge.h"

#include <algorithm>

namespace borderflow {
namespace {

constexpr uint8_t kProtocolConfidence = 95;
constexpr uint8_t kWeakConfidence = 70;
// A name that was asked for shortly before is a step further from the flow than one it carries:
// several names share an address.
constexpr uint8_t kDnsDiscount = 10;
// A certificate may stand for many hosts.
constexpr uint8_t kCertificateDiscount = 10;

constexpr uint8_t kTcp = 6;
constexpr uint8_t kUdp = 17;
constexpr uint8_t kDccp = 33;
constexpr uint8_t kSctp = 132;
constexpr uint8_t kUdpLite = 136;

bool HasPorts(uint8_t protocol) {
  return protocol == kTcp || protocol == kUdp || protocol == kDccp || protocol == kSctp ||
         protocol == kUdpLite;
}

uint8_t Capped(uint8_t confidence, Evidence evidence) {
  return static_cast<uint8_t>(std::min<int>(confidence, ConfidenceCap(evidence)));
}

}  // namespace

Classification Judge::Known(Protocol protocol, bool named, bool strong) {
  Classification known;
  known.protocol = protocol;
  known.protection = DefaultProtection(protocol);
  known.named = named;
  known.category = DefaultCategory(protocol);
  if (known.category == Category::kUnk && known.protection == Protection::kEncrypted) {
    known.category = Category::kEnc;
  }
  if (known.category != Category::kUnk) {
    known.evidence = Evidence::kProtocol;
    known.confidence = strong ? Capped(kProtocolConfidence, Evidence::kProtocol) : kWeakConfidence;
  }
  return known;
}

Classification Judge::Named(Protocol protocol, const NameFacts& facts) {
  Classification named = Known(protocol, /*named=*/true);
  named.entity = facts.organisation;
  const NameRule* const rule = facts.rule;
  if (rule != nullptr && IsClassified(rule->category)) {
    named.category = rule->category;
    named.evidence = Evidence::kName;
    named.confidence = Capped(rule->confidence, Evidence::kName);
  }
  return named;
}

Classification Judge::NamedByCertificate(Protocol protocol, const NameFacts& facts) {
  Classification named = Named(protocol, facts);
  if (named.evidence == Evidence::kName) {
    named.confidence -= std::min(named.confidence, kCertificateDiscount);
  }
  return named;
}

Classification Judge::ByDns(Protocol protocol, const Packet& packet, bool from_initiator) const {
  const std::string_view name =
      from_initiator ? dns_->Find(packet.source(), packet.destination(), packet.time_ns)
                     : dns_->Find(packet.destination(), packet.source(), packet.time_ns);
  if (name.empty()) return Known(protocol, /*named=*/false);
  Classification named = Named(protocol, FactsOf(name));
  if (named.evidence == Evidence::kName) {
    named.confidence -= std::min(named.confidence, kDnsDiscount);
  }
  return named;
}

Classification Judge::Unnamed(Protocol protocol, const Packet& packet, bool from_initiator) const {
  return ByDns(protocol, packet, from_initiator);
}

Classification Judge::Fallback(const Packet& packet, bool from_initiator) const {
  const bool has_ports = HasPorts(packet.key.protocol);
  Classification fallback;
  if (has_ports) {
    fallback = ByDns(Protocol::kNone, packet, from_initiator);
    if (fallback.evidence == Evidence::kName) return fallback;
  }
  const uint16_t port = !has_ports       ? uint16_t{0}
                        : from_initiator ? packet.destination_port()
                                         : packet.source_port();
  const PortRule rule = FindPort(packet.key.protocol, port);
  if (rule.category == Category::kUnk) return fallback;
  fallback.protocol = rule.protocol;
  fallback.category = rule.category;
  fallback.evidence = Evidence::kPort;
  fallback.confidence = Capped(rule.confidence, Evidence::kPort);
  return fallback;
}

}  // namespace borderflow
