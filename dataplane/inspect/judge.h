// Judge: from what was seen of a flow to its Classification.
//
// A name that a rule knows decides the category; without a name of its own, a flow takes the one
// that its client asked DNS for; then what the protocol itself implies; last the registered port.
// What else speaks for the category so decided adds to its confidence (rules/category/belief.h).
//
// Thread safety: none; one an Inspector.
#ifndef BORDERFLOW_DATAPLANE_INSPECT_JUDGE_H_
#define BORDERFLOW_DATAPLANE_INSPECT_JUDGE_H_

#include <cstdint>
#include <string_view>

#include "dataplane/count/cell.h"
#include "dataplane/inspect/dns_names.h"
#include "dataplane/packet/packet.h"
#include "rules/category/names.h"

namespace borderflow {

class Judge {
 public:
  // Both must outlive the judge.
  Judge(const NameRules* rules, const DnsNames* dns_names) : rules_(rules), dns_(dns_names) {}

  // The rule that knows a name; nullptr for none.
  const NameRule* RuleOf(std::string_view name) const { return rules_->Find(name); }

  // True when the name stands for one service that is known for another category: more than weak
  // structure can say against.
  bool Contradicts(std::string_view name, Category category) const;

  // A recognised protocol that carried a name; `rule` is the name's, or nullptr.
  static Classification Named(Protocol protocol, const NameRule* rule);

  // A recognised protocol without a name of its own. `packet` is any packet of the flow.
  Classification Unnamed(Protocol protocol, const Packet& packet, bool from_initiator) const;

  // Nothing was recognised: the DNS name, else the port (or the IP protocol where there are none).
  Classification Fallback(const Packet& packet, bool from_initiator) const;

  // A protocol that is what it is whatever names it carries (DNS, SSH, DICOM). Weak structure,
  // which other data may have by chance, is believed less.
  static Classification Known(Protocol protocol, bool named, bool strong = true);

  // A recognised protocol whose name was read in the server's certificate: a step further from what
  // the client asked for.
  static Classification NamedByCertificate(Protocol protocol, const NameRule* rule);

  // `decided` believed as much as all evidence for its category is worth together. `name` is what
  // the flow named itself, or empty. To be asked once of what the others above but Fallback, which
  // has weighed already, say.
  Classification Weighed(const Classification& decided, std::string_view name, const Packet& packet,
                         bool from_initiator) const;

 private:
  std::string_view DnsName(const Packet& packet, bool from_initiator) const;
  Classification ByDns(Protocol protocol, const Packet& packet, bool from_initiator) const;

  const NameRules* rules_;
  const DnsNames* dns_;
};

}  // namespace borderflow

#endif  // BORDERFLOW_DATAPLANE_INSPECT_JUDGE_H_
