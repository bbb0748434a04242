// Profiles: the same cut seen from five stances at once. They are evaluated together, their
// disagreement is part of the answer, and there is no average over them: a single number would hide
// whose interest it took.
//
// A profile states what it looks at, not how much each counts: everything it looks at counts alike.
// That is a stance, not a measurement; the stances are written down here so that one can object.
//
//                 would spare               would cost
//   security      sensitive readable        services, two-way exchange
//                 control concentration
//   privacy       sensitive readable        encrypted traffic
//   trade         concentration             traffic, counterparties, jurisdictions
//   access        readable concentration    flows, services, jurisdictions, two-way exchange
//   users         sensitive readable        flows, services
//
// Source of the need for several: IGP workshop proceedings 2023, session 1 (whose interests are
// written into a mechanism decides what it puts out).
//
// Thread safety: pure functions.
#ifndef BORDERFLOW_RULES_MEASURES_PROFILES_H_
#define BORDERFLOW_RULES_MEASURES_PROFILES_H_

#include <array>
#include <cstddef>
#include <string_view>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/types/span.h"
#include "rules/measures/cost.h"
#include "rules/measures/measured.h"
#include "rules/policy/evaluate.h"

namespace borderflow {

// What a profile may look at. Each is a share of all there is of it that the cut takes, 0 .. 1, but
// for concentration, which is HHI before less HHI after, -1 .. 1: a cut may concentrate what is
// left.
enum class Aspect : uint8_t {
  kSensitive,      // sensitive bytes that cross a border
  kReadable,       // cleartext bytes that cross a border
  kControl,        // bytes that cross a border and give a hold on what runs here
  kConcentration,  // of organisations, by bytes
  kTraffic,        // bytes
  kFlows,
  kEncrypted,  // encrypted bytes
  kServices,
  kCounterparties,
  kPlaces,  // jurisdictions that answer from elsewhere
  kTwoWay,  // pairs of jurisdictions that start flows both ways
};
inline constexpr int kAspects = 11;
// The first so many are harm that a cut would spare, the others what it would cost.
inline constexpr int kSparedAspects = 4;
std::string_view Name(Aspect aspect);

// Every aspect of one cut, with `is_lost` as CostModel::LostWith tells. A kind of which nothing was
// seen, and nothing is undetermined, is 0: there was nothing to spare.
using Aspects = std::array<Measured, kAspects>;
Aspects AspectsOf(absl::Span<const PolicyCell> cells, const CutCost& cost,
                  absl::FunctionRef<bool(size_t cell)> is_lost);

inline constexpr int kProfiles = 5;
// A balance so near 0 is neither for nor against: it shows as 0.00.
inline constexpr double kEven = 0.005;
struct ProfileScore {
  std::string_view profile;
  Measured spared = Measured::Not("not computed");  // mean of what it would spare
  Measured lost = Measured::Not("not computed");    // mean of what it would cost
  // spared - lost, -1 .. 1: above 0 the stance is for the cut. Cutting nothing, and cutting
  // everything of everything, is 0.
  Measured balance = Measured::Not("not computed");
  std::vector<Aspect> left_out;  // not measurable, so not in the means
};

struct ProfileScores {
  std::array<ProfileScore, kProfiles> scores;
  // Largest balance less the smallest, 0 .. 2. Not measurable unless every balance is.
  Measured disagreement = Measured::Not("not computed");
  // Some stance is for the cut and another against it, each by more than kEven.
  bool opposed = false;
};
ProfileScores Weigh(const Aspects& aspects);

}  // namespace borderflow

#endif  // BORDERFLOW_RULES_MEASURES_PROFILES_H_
