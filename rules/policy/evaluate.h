// Policy evaluation: cells -> verdicts, a pure function that never sees a packet.
//
// Rules are tried in order. A predicate that a cell cannot answer (its category is unknown, its end
// is no jurisdiction) is neither true nor false: if the verdict would depend on it, the cell is
// undetermined. Every cell gets exactly one verdict, so the sums are those of the cells.
//
// Thread safety: pure functions over const packs.
#ifndef BORDERFLOW_RULES_POLICY_EVALUATE_H_
#define BORDERFLOW_RULES_POLICY_EVALUATE_H_

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "absl/types/span.h"
#include "rules/category/category.h"
#include "rules/jurisdiction/jurisdiction.h"
#include "rules/policy/pack.h"

namespace borderflow {

// The organisation of an end whose AS is not known: it answers no question about entity lists.
inline constexpr uint16_t kUnknownEntity = 65535;

struct PolicyEnd {
  Jurisdiction location = Jurisdiction::kUnknown;
  Jurisdiction registered = Jurisdiction::kUnknown;
  Jurisdiction operator_home = Jurisdiction::kUnknown;
  uint32_t asn = 0;                  // 0 when unknown
  uint16_t entity = kUnknownEntity;  // organisation id; 0: an AS of none that is listed
};

// A cell as policies see it.
struct PolicyCell {
  PolicyEnd source;
  PolicyEnd destination;
  bool from_initiator = true;
  Category category = Category::kUnk;
  Evidence evidence = Evidence::kNone;
  uint8_t confidence = 0;  // percent
  Protection protection = Protection::kUnknown;
  uint64_t frames = 0;
  uint64_t bytes = 0;
  uint64_t payload_bytes = 0;
  uint64_t flows = 0;
  // Distinct initiator addresses, as bounds. Addresses, not persons.
  uint64_t clients_low = 0;
  uint64_t clients_high = 0;
};

struct PolicySum {
  uint64_t frames = 0;
  uint64_t bytes = 0;
  uint64_t flows = 0;
  friend bool operator==(const PolicySum&, const PolicySum&) = default;
};

struct RuleResult {
  std::string id;
  std::string cite;
  Verdict verdict = Verdict::kUndetermined;
  PolicySum sum;  // of the cells that this rule decided
};

// What a tier of the pack holds, and how much of the traffic in scope goes there.
struct TierResult {
  std::string id;
  int jurisdictions = 0;
  PolicySum sum;
};

struct PolicyResult {
  std::string pack;
  std::string version;
  std::string title;
  std::string as_of;
  std::string digest;
  std::array<PolicySum, kVerdicts> verdicts{};
  std::vector<RuleResult> rules;  // in the pack's order, then "default", "scope" and "undetermined"
  std::vector<TierResult> tiers;
};

// The verdict of one cell; `rule` receives the id of what decided it.
Verdict VerdictOf(const Pack& pack, const PolicyCell& cell, std::string_view* rule);

PolicyResult Evaluate(const Pack& pack, absl::Span<const PolicyCell> cells);

}  // namespace borderflow

#endif  // BORDERFLOW_RULES_POLICY_EVALUATE_H_
