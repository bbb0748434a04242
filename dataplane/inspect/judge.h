// Judge: from what was seen of a flow to its Classification.
//
// A name that a rule knows decides the category; without a name of its own, a flow takes the one
// that its client asked DNS for; then what the protocol itself implies; last the registered port. A
// name that is the flow's own, or that DNS gave it, also tells the organisation that answers. What
// else speaks for the category so decided adds to its confidence (rules/category/belief.h).
//
// Names are looked up through a memo (name_memo.h), so that a flow's name may be asked for several
// times on its way, and again with the next flow. Where rules are many, names that a burst will ask
// for are read ahead (foreseen_names.h).
//
// Thread safety: none; one an Inspector.
#ifndef BORDERFLOW_DATAPLANE_INSPECT_JUDGE_H_
#define BORDERFLOW_DATAPLANE_INSPECT_JUDGE_H_

#include <cstdint>
#include <string_view>

#include "absl/types/span.h"
#include "dataplane/count/cell.h"
#include "dataplane/inspect/dns_names.h"
#include "dataplane/inspect/foreseen_names.h"
#include "dataplane/inspect/name_memo.h"
#include "dataplane/packet/packet.h"
#include "rules/category/names.h"
#include "rules/entity/entities.h"

namespace borderflow {

// What a name tells of the end that bears it.
struct NameFacts {
  const NameRule* rule = nullptr;  // that knows it; nullptr for none
  EntityId organisation = kNoEntity;
};

class Judge {
 public:
  // All must outlive the judge; without `entities` no name tells an organisation.
  Judge(const NameRules* rules, const DnsNames* dns_names, const Entities* entities);

  // What the tables of categories and organisations tell of a name, or what is remembered of it.
  NameFacts FactsOf(std::string_view name) const;

  // Whether rules are so many that a look-up waits for memory, and Foresee is worth its time.
  bool worth_foreseeing() const { return worth_foreseeing_; }

  // Reads names that FactsOf is about to be asked for, in any order, and asks memory for what it
  // will read of them, so that their waits pass together: the first ForeseenNames::kRoom, instead
  // of those foreseen before. Changes no answer; any bytes are safe.
  void Foresee(absl::Span<const std::string_view> names);

  // The rule that knows a name; nullptr for none.
  const NameRule* RuleOf(std::string_view name) const { return FactsOf(name).rule; }

  // True when the name stands for one service that is known for another category: more than weak
  // structure can say against.
  bool Contradicts(std::string_view name, Category category) const;

  // A recognised protocol that carried a name.
  static Classification Named(Protocol protocol, const NameFacts& facts);

  // A recognised protocol without a name of its own. `packet` is any packet of the flow.
  Classification Unnamed(Protocol protocol, const Packet& packet, bool from_initiator) const;

  // Nothing was recognised: the DNS name, else the port (or the IP protocol where there are none).
  Classification Fallback(const Packet& packet, bool from_initiator) const;

  // A protocol that is what it is whatever names it carries (DNS, SSH, DICOM). Weak structure,
  // which other data may have by chance, is believed less.
  static Classification Known(Protocol protocol, bool named, bool strong = true);

  // A recognised protocol whose name was read in the server's certificate: a step further from what
  // the client asked for.
  static Classification NamedByCertificate(Protocol protocol, const NameFacts& facts);

  // `decided` believed as much as all evidence for its category is worth together. `name` is what
  // the flow named itself, or empty. To be asked once of what the others above but Fallback, which
  // has weighed already, say.
  Classification Weighed(const Classification& decided, std::string_view name, const Packet& packet,
                         bool from_initiator) const;

 private:
  NameFacts LookedUp(const NameTails& name) const;
  std::string_view DnsName(const Packet& packet, bool from_initiator) const;
  Classification ByDns(Protocol protocol, const Packet& packet, bool from_initiator) const;

  const NameRules* rules_;
  const DnsNames* dns_;
  const Entities* entities_;
  bool worth_foreseeing_;
  mutable NameMemo memo_;           // changes no answer
  mutable ForeseenNames foreseen_;  // nor this
};

}  // namespace borderflow

#endif  // BORDERFLOW_DATAPLANE_INSPECT_JUDGE_H_
