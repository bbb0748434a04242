// Sides: a cell as measures look at it: who called, who answered, for which organisation, and how
// much that weighs.
//
// A cell counts frames in their direction of travel. Measures about people and services look at the
// two sides of the flow instead: the initiator is the user, the responder the service.
//
// Thread safety: pure functions; Organisations is a value.
#ifndef BORDERFLOW_RULES_MEASURES_SIDES_H_
#define BORDERFLOW_RULES_MEASURES_SIDES_H_

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/types/span.h"
#include "rules/measures/concentration.h"
#include "rules/measures/measured.h"
#include "rules/policy/evaluate.h"

namespace borderflow {

// What a share is a share of. Every output names it: response bytes dominate, so that a balance of
// bytes says who answers more, and one of flows or uploads who calls and who sends.
enum class Weight : uint8_t {
  kFlows,   // counted once, in the initiator's direction
  kBytes,   // both directions
  kUpload,  // payload bytes that the initiator sends
};
std::string_view Name(Weight weight);  // "flows", "bytes", "upload"
uint64_t WeightOf(const PolicyCell& cell, Weight weight);

inline const PolicyEnd& Initiator(const PolicyCell& cell) {
  return cell.from_initiator ? cell.source : cell.destination;
}
inline const PolicyEnd& Responder(const PolicyCell& cell) {
  return cell.from_initiator ? cell.destination : cell.source;
}

// Yes when both are the same jurisdiction; undetermined when either is none.
Reply Same(Jurisdiction a, Jurisdiction b);
// The three-valued logic of measures.
Reply Not(Reply reply);
Reply And(Reply a, Reply b);

// Whether the frames leave their jurisdiction, by location.
Reply Crosses(const PolicyCell& cell);

// Organisations behind AS numbers: those of the operators' table, which may hold several ASes, and
// "AS64500" for an AS that the table does not know.
class Organisations {
 public:
  // Numbers from 0 in the order of first meeting; nullopt for AS 0, of which nothing is known.
  std::optional<size_t> Intern(uint32_t asn);
  const std::string& name(size_t organisation) const { return names_[organisation]; }
  Jurisdiction home(size_t organisation) const { return homes_[organisation]; }
  size_t size() const { return names_.size(); }

 private:
  absl::flat_hash_map<uint32_t, size_t> by_as_;
  absl::flat_hash_map<std::string, size_t> by_name_;
  std::vector<std::string> names_;
  std::vector<Jurisdiction> homes_;
};

// Who may hold traffic, always on the responder's side.
enum class Holder : uint8_t { kOrganisation, kOperatorHome, kLocation };
std::string_view Name(Holder holder);  // "organisation", "operator", "location"

// A number for who holds the cell's traffic, the same for the same holder; nullopt when nobody is
// known.
std::optional<size_t> HolderOf(const PolicyCell& cell, Holder holder, Organisations* organisations);

// The weight of the cells by who holds it.
Holdings HoldingsOf(absl::Span<const PolicyCell> cells, Holder holder, Weight weight);

}  // namespace borderflow

#endif  // BORDERFLOW_RULES_MEASURES_SIDES_H_
