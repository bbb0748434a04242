#include "dataplane/inspect/judge.h"

#include <algorithm>
#include <array>
#include <optional>

#include "rules/category/belief.h"

namespace borderflow {
namespace {

constexpr uint8_t kProtocolConfidence = 95;
constexpr uint8_t kWeakConfidence = 70;
// A name that was asked for shortly before is a step further from the flow than one it carries:
// several names share an address.
constexpr uint8_t kDnsDiscount = 10;
// A certificate may stand for many hosts.
constexpr uint8_t kCertificateDiscount = 10;

// What a core has near it, of which rules are not all there is. With names read ahead, a replay of
// hellos alone takes 0.96 of the time with 3 million suffixes (loading them included), and 1.07
// with the shipped list (0.3 MB).
constexpr size_t kNearMemory = size_t{1} << 20;

constexpr uint8_t kTcp = 6;
constexpr uint8_t kUdp = 17;
constexpr uint8_t kDccp = 33;
constexpr uint8_t kSctp = 132;
constexpr uint8_t kUdpLite = 136;

bool HasPorts(uint8_t protocol) {
  return protocol == kTcp || protocol == kUdp || protocol == kDccp || protocol == kSctp ||
         protocol == kUdpLite;
}

// What the port of the flow's responder suggests; nothing where there are no ports.
PortRule PortOf(const Packet& packet, bool from_initiator) {
  const uint16_t port = !HasPorts(packet.key.protocol) ? uint16_t{0}
                        : from_initiator               ? packet.destination_port()
                                                       : packet.source_port();
  return FindPort(packet.key.protocol, port);
}

uint8_t Capped(uint8_t confidence, Evidence evidence) {
  return static_cast<uint8_t>(std::min<int>(confidence, ConfidenceCap(evidence)));
}

}  // namespace

Judge::Judge(const NameRules* rules, const DnsNames* dns_names, const Entities* entities)
    : rules_(rules),
      dns_(dns_names),
      entities_(entities),
      worth_foreseeing_(rules->memory_bytes() > kNearMemory) {}

// Each loop asks memory for what the next one reads.
void Judge::Foresee(absl::Span<const std::string_view> names) {
  foreseen_.Clear();
  const absl::Span<const std::string_view> taken =
      names.first(std::min(names.size(), ForeseenNames::kRoom));
  std::array<uint64_t, ForeseenNames::kRoom> marks;
  for (size_t i = 0; i < taken.size(); ++i) {
    marks[i] = memo_.MarkOf(taken[i].substr(0, NameMemo::kLongest));
    memo_.Prefetch(marks[i]);
  }
  for (size_t i = 0; i < taken.size(); ++i) {
    if (taken[i].size() > NameMemo::kLongest || memo_.Has(marks[i])) continue;
    rules_->Prefetch(foreseen_.Add(taken[i], marks[i]));
  }
}

NameFacts Judge::FactsOf(std::string_view name) const {
  if (name.empty()) return {};
  if (name.size() > NameMemo::kLongest) return LookedUp(NameTails(name));
  const uint64_t mark = memo_.MarkOf(name);
  if (const std::optional<NameMemo::Answer> known = memo_.Find(mark); known.has_value()) {
    return {rules_->Numbered(known->rule), known->organisation};
  }
  const NameTails* const foreseen = foreseen_.Find(mark, name);
  const NameFacts facts = foreseen != nullptr ? LookedUp(*foreseen) : LookedUp(NameTails(name));
  memo_.Add(mark, {rules_->NumberOf(facts.rule), facts.organisation});
  return facts;
}

// Both tables are asked with one reading of the name.
NameFacts Judge::LookedUp(const NameTails& name) const {
  return {rules_->Find(name), entities_ == nullptr ? kNoEntity : entities_->ByName(name)};
}

bool Judge::Contradicts(std::string_view name, Category category) const {
  if (!IsClassified(category)) return false;
  const NameRule* const rule = RuleOf(name);
  return rule != nullptr && IsClassified(rule->category) && rule->category != category &&
         rule->confidence > kWeakConfidence;
}

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

std::string_view Judge::DnsName(const Packet& packet, bool from_initiator) const {
  return from_initiator ? dns_->Find(packet.source(), packet.destination(), packet.time_ns)
                        : dns_->Find(packet.destination(), packet.source(), packet.time_ns);
}

Classification Judge::ByDns(Protocol protocol, const Packet& packet, bool from_initiator) const {
  const std::string_view name = DnsName(packet, from_initiator);
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
  Classification fallback;
  if (HasPorts(packet.key.protocol)) {
    fallback = ByDns(Protocol::kNone, packet, from_initiator);
    if (fallback.evidence == Evidence::kName) {
      return Weighed(fallback, {}, packet, from_initiator);
    }
  }
  const PortRule rule = PortOf(packet, from_initiator);
  if (rule.category == Category::kUnk) return fallback;
  fallback.protocol = rule.protocol;
  fallback.category = rule.category;
  fallback.evidence = Evidence::kPort;
  fallback.confidence = Capped(rule.confidence, Evidence::kPort);
  return fallback;
}

Classification Judge::Weighed(const Classification& decided, std::string_view name,
                              const Packet& packet, bool from_initiator) const {
  if (!IsClassified(decided.category) || decided.evidence < Evidence::kName) return decided;
  Belief belief;
  belief.Add(decided.evidence, decided.confidence);
  // How sure the protocol was is not known any more.
  if (decided.evidence == Evidence::kContent &&
      DefaultCategory(decided.protocol) == decided.category) {
    belief.Add(Evidence::kProtocol, kWeakConfidence);
  }
  if (decided.evidence > Evidence::kName) {
    const bool own = !name.empty();
    const NameRule* const rule = RuleOf(own ? name : DnsName(packet, from_initiator));
    if (rule != nullptr && rule->category == decided.category) {
      belief.Add(Evidence::kName, rule->confidence - (own ? 0 : kDnsDiscount));
    }
  }
  // A weak signature may have been believed because of its port, which cannot speak twice.
  const bool weak =
      decided.evidence == Evidence::kProtocol && decided.confidence <= kWeakConfidence;
  if (!weak) {
    const PortRule port = PortOf(packet, from_initiator);
    if (port.category == decided.category) belief.Add(Evidence::kPort, port.confidence);
  }
  Classification weighed = decided;
  weighed.confidence = belief.confidence();
  return weighed;
}

}  // namespace borderflow
