// Policy evaluation: cells -> verdicts, a pure function that never sees a packet.
//
// Of the rules that hold the most specific decides (SCHEMA.md). A predicate that a cell cannot
// answer is neither true nor false: if the verdict would depend on it, the cell is undetermined,
// and the loosest and strictest verdict that it could have are stated. Every cell gets exactly one
// verdict, so the sums are those of the cells, whatever the options.
//
// Thread safety: pure functions over const packs.
// Slow twin in tests: PlainEvaluate, which asks every rule of every cell.
#ifndef BORDERFLOW_RULES_POLICY_EVALUATE_H_
#define BORDERFLOW_RULES_POLICY_EVALUATE_H_

#include <array>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/types/span.h"
#include "rules/category/category.h"
#include "rules/jurisdiction/jurisdiction.h"
#include "rules/policy/cells_by_time.h"
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

struct EvaluateOptions {
  bool flip_default = false;           // as if the burden of proof lay with the other side
  bool ablate_origin = false;          // rules lose what they ask of places; the scope keeps it
  bool mirror = false;                 // sender and receiver of every cell change places
  std::string tiers;                   // "": as written; "any", "all", or a variant's id
  std::optional<Treatment> treatment;  // of the non-aligned; nullopt: as written
  std::string vantage;                 // where the sensor sits; empty: not declared
  uint64_t covered_seconds = 0;        // how long the data cover
  std::vector<std::string> facts;      // declared as confirmed
  std::string first_day;               // of the first frame, "2026-11-21"; empty: not known
  std::string day;                     // of the last frame, likewise
  // The very cells that are evaluated, in their order, by time; must outlive the evaluation.
  // Without it a threshold whose period is shorter than the data has wider bounds.
  const CellsByTime* by_time = nullptr;
};

// Errors: InvalidArgument for tiers or facts that the pack does not have, with the nearest word.
absl::Status CheckOptions(const Pack& pack, const EvaluateOptions& options);

struct PolicySum {
  uint64_t frames = 0;
  uint64_t bytes = 0;
  uint64_t flows = 0;
  PolicySum& operator+=(const PolicySum& other) {
    frames += other.frames;
    bytes += other.bytes;
    flows += other.flows;
    return *this;
  }
  friend bool operator==(const PolicySum&, const PolicySum&) = default;
};
using VerdictSums = std::array<PolicySum, kVerdicts>;

// How sure a verdict's sum is. Its own bytes by class of evidence give L (content and protocol), M
// (with names) and U (with operator and port).
struct VerdictBounds {
  std::array<uint64_t, kEvidences> evidence_bytes{};
  // Undetermined bytes that could be of this verdict: the sum is a lower bound, with these it is an
  // upper one.
  uint64_t possible_bytes = 0;
  // Each cell in proportion to the confidence of the category that its verdict hangs on; the rest
  // of it is undetermined.
  uint64_t expected_bytes = 0;
  // With every undetermined cell at its loosest, and at its strictest.
  uint64_t loosest_bytes = 0;
  uint64_t strictest_bytes = 0;
};

// How the time of the data was divided into a threshold's periods.
enum class PeriodBasis : uint8_t {
  kWhole,   // one period holds all of it
  kSpread,  // it is longer, and only the whole is known: it can lie in one or be spread over them
  kSliding  // the most that any one period held
};
std::string_view Name(PeriodBasis basis);  // "whole" "spread" "sliding"

// What a threshold asked and what the cells could say: the bounds of the largest of its sums.
struct ThresholdResult {
  std::string rule;
  Unit unit = Unit::kBytes;
  Proxy proxy = Proxy::kNone;
  uint64_t least = 0;
  std::string period;
  uint64_t low = 0;
  uint64_t high = 0;
  size_t sums = 0;  // how many there are
  PeriodBasis basis = PeriodBasis::kWhole;
  std::string not_measurable;  // why not; empty when it is
};

struct RuleResult {
  std::string id;
  std::string says;  // in plain words; empty for what is no rule
  std::string cite;
  Verdict verdict = Verdict::kUndetermined;
  PolicySum sum;       // of the cells that this rule decided
  PolicySum touched;   // of all cells in scope for which it holds
  PolicySum possible;  // of the undetermined cells that it might decide
  std::string purpose;
  std::string observability;
  std::vector<std::string> needs;  // facts that are not confirmed
  bool is_rule = false;            // not one of the reasons below the rules
  bool obligation = false;
  bool country_only = false;
  bool unverified = false;
};

// What a tier of the pack holds, and how much of the traffic in scope goes there.
struct TierResult {
  std::string id;
  int jurisdictions = 0;
  PolicySum sum;
};

// The tiers and verdicts under another way to compute the tiers.
struct TierChoice {
  std::string id;  // "any", "all" or a variant's
  std::string title;
  std::vector<TierResult> tiers;
  VerdictSums verdicts{};
};

// Rules that hold together, disagree, and of which none stands above the others.
struct TieResult {
  std::vector<std::string> rules;
  Verdict looser = Verdict::kUndetermined;
  Verdict stricter = Verdict::kUndetermined;
  PolicySum sum;
};

// Undetermined cells that have the same span of possible verdicts and lack the same of the two
// answers that are lacking most.
struct UndeterminedPart {
  Verdict loosest = Verdict::kUndetermined;
  Verdict strictest = Verdict::kUndetermined;
  bool lacks_place = false;  // an end's location is a special
  bool lacks_kind = false;   // the category is UNK or ENC
  PolicySum sum;
};

struct PolicyResult {
  std::string pack;
  std::string version;
  std::string title;
  std::string as_of;
  std::string digest;
  std::string burden;
  Verdict default_verdict = Verdict::kPermitted;  // after a flip
  EvaluateOptions options;
  VerdictSums verdicts{};
  std::array<VerdictBounds, kVerdicts> bounds{};
  // In the pack's order, then the reasons why no rule decided: "default", "scope", "exempt",
  // "treatment", "vantage", "parameters", "tie" and "undetermined".
  std::vector<RuleResult> rules;
  std::map<std::string, PolicySum> purposes;  // of what rules decided
  std::vector<ThresholdResult> thresholds;
  std::vector<TieResult> ties;
  // What the network could not tell, apart from ties and an unfit vantage. Bytes descending.
  std::vector<UndeterminedPart> undetermined;
  std::vector<TierResult> tiers;
  std::vector<TierChoice> tier_choices;
  // By Treatment; empty when the pack has no non-aligned tier.
  std::vector<VerdictSums> treatments;
  std::string treated_tier;
  std::string missing_parameter;  // empty: none
  std::string unfit_vantage;      // why the vantage does not answer; empty: it does
  bool stale = false;             // on the day of the data
};

// A cell's own verdict, and the id of what decided it, as in PolicyResult::rules; the id lives as
// long as the pack.
struct CellVerdict {
  Verdict verdict = Verdict::kUndetermined;
  std::string_view decided_by;
};

// In the order of `cells`, which are judged together: thresholds look at all of them.
std::vector<CellVerdict> VerdictsOf(const Pack& pack, absl::Span<const PolicyCell> cells,
                                    const EvaluateOptions& options = {});

PolicyResult Evaluate(const Pack& pack, absl::Span<const PolicyCell> cells,
                      const EvaluateOptions& options = {});

}  // namespace borderflow

#endif  // BORDERFLOW_RULES_POLICY_EVALUATE_H_
