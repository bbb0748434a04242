// Threshold: the four questions to ask of an organisation before calling it a concern, as a vector
// per organisation and category, never as one number.
//
//   reach       how many of the users here use it
//   access      how much of what matters is sent to it
//   dependence  how much of this category would be hard to get elsewhere
//   opacity     how much of its traffic we cannot tell apart
//
// Opacity is a limit of the measurement, never a harm: it widens the bounds of the others, and what
// is judged is their lower bounds. So neither encryption nor silence can raise a concern.
// Source: IGP workshop proceedings 2023, session 1 (four questions: how widely used, how much
// access it gives, how much society depends on it, how hard malicious activity is to detect). The
// formulas are ours.
//
// Thread safety: pure functions.
#ifndef BORDERFLOW_RULES_MEASURES_THRESHOLD_H_
#define BORDERFLOW_RULES_MEASURES_THRESHOLD_H_

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/types/span.h"
#include "rules/measures/measured.h"
#include "rules/policy/evaluate.h"

namespace borderflow {

struct FourQuestions {
  std::string organisation;
  Jurisdiction home = Jurisdiction::kUnknown;
  Category category = Category::kUnk;
  uint64_t bytes = 0;
  // clients(o, k) / clients(all), addresses of initiators. Distinct counts of cells do not add up,
  // so it is mostly an interval: [max, sum] over the cells on either side of the fraction. The
  // value is clients_high(o, k) / clients_high(all).
  Measured reach = Measured::Not("not computed");
  // sum of upload x a(k) / the same over all organisations and categories, a() of sensitivity.h.
  // Bounds: over all access scales, and what is unclassified placed against and for it.
  Measured access = Measured::Not("not computed");
  // s / (1 + E): s the organisation's share of the category's bytes, E the effective number
  // (1 / HHI) of the others in it: 1 for the only one, 1/4 for one of two equals. Bounds: the
  // others as many and as equal as they can be, or one; unclassified bytes against and for it.
  Measured dependence = Measured::Not("not computed");
  // 1 - classified bytes / bytes, of all the organisation's traffic.
  Measured opacity = Measured::Not("not computed");
};

// One vector for each organisation of a responder and each category of its traffic; bytes
// descending, then names. Traffic of no known organisation widens bounds and has no vector of its
// own.
std::vector<FourQuestions> AskFourQuestions(absl::Span<const PolicyCell> cells);

// From where on the user calls an answer high. There is no default: a number without provenance
// would be an opinion of ours.
struct ThresholdLevels {
  double reach = 0;
  double access = 0;
  double dependence = 0;
  std::string provenance;  // who set them, and where it is written
};

enum class Concern : uint8_t {
  kNotJudged,     // no levels were given
  kIncomplete,    // one of the four has no answer
  kBelow,         // a level is not reached even at its upper bound
  kUndetermined,  // bounds lie on both sides of a level
  kConcern,       // all three reach their level at their lower bounds
};
std::string_view Name(Concern concern);  // "not_judged" ...
Concern ConcernOf(const FourQuestions& answers, const std::optional<ThresholdLevels>& levels);

// How many vectors are a concern when all levels are lowered and raised by the factor given: a
// threshold whose result hangs on its exact value is a weak one.
int Concerns(absl::Span<const FourQuestions> answers, const ThresholdLevels& levels, double factor);

}  // namespace borderflow

#endif  // BORDERFLOW_RULES_MEASURES_THRESHOLD_H_
