// Statement: every measure of the catalogue, asked of one set of cells and the packs laid over it.
//
// Harm and cost stand together: whoever asks for one gets the other. The subjects (which users,
// which operators) are those with the most traffic; nobody picks them. Users are of jurisdictions
// that are seen at home too, if any is: others only call in here.
//
// Thread safety: pure function.
#ifndef BORDERFLOW_RULES_MEASURES_STATEMENT_H_
#define BORDERFLOW_RULES_MEASURES_STATEMENT_H_

#include <cstddef>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/types/span.h"
#include "rules/measures/catalogue.h"
#include "rules/measures/commitments.h"
#include "rules/measures/cost.h"
#include "rules/measures/measured.h"
#include "rules/measures/profiles.h"
#include "rules/measures/sides.h"
#include "rules/measures/substitution.h"
#include "rules/measures/threshold.h"
#include "rules/policy/evaluate.h"

namespace borderflow {

// One measure's answer about one subject.
struct MeasureRow {
  const MeasureInfo* measure = nullptr;
  std::string subject;           // "users in DE, operators of US"; empty: all traffic
  std::optional<Weight> weight;  // nullopt: the measure has its own
  Measured answer = Measured::Not("not computed");
};

// A pack as an evaluator decided it, one entry a cell.
struct DecidedPack {
  struct Rule {
    std::string id;  // a rule's, or "default"
    Verdict verdict = Verdict::kUndetermined;
  };
  std::string id;
  std::string unanswered;  // why the pack decides nothing at all; empty: it does
  std::vector<Rule> rules;
  std::vector<int> rule;  // which of `rules` decided the cell; -1: none of them
  std::vector<Verdict> verdicts;
  std::vector<Verdict> ablated;   // without what rules ask of places
  std::vector<Verdict> mirrored;  // with both ends exchanged
};

// What one rule would do if it cut what it decides.
struct RuleMeasures {
  std::string rule;  // "whole pack": everything that it restricts
  Verdict verdict = Verdict::kUndetermined;
  CutCost cost;
  std::vector<MeasureRow> rows;  // what it would spare, what it would cost, profiles
  ProfileScores profiles;
};

struct PackMeasures {
  std::string pack;
  std::vector<MeasureRow> rows;
  std::vector<RuleMeasures> rules;  // those that restrict something; the whole pack last
  std::vector<Conflict> conflicts;
};

struct StatementOptions {
  size_t subjects = 3;  // of each kind: users' jurisdictions, operators' jurisdictions, pairs
  std::optional<ThresholdLevels> levels;
};

struct MeasureStatement {
  std::vector<MeasureRow> rows;
  std::vector<FourQuestions> vectors;
  // With levels: how many vectors are a concern at half, at all, at twice the levels.
  std::vector<std::pair<double, int>> sweep;
  std::vector<PackMeasures> packs;
  std::vector<Substitution> substitutions;  // by Holder; empty without a baseline
};

struct StatementInput {
  absl::Span<const PolicyCell> cells;
  double seconds = 0;  // of event time; 0: not known
  absl::Span<const DecidedPack> packs;
  std::optional<absl::Span<const PolicyCell>> baseline;  // an earlier period
  // The same traffic by windows; empty where they are not known.
  absl::Span<const RateWindow> windows = {};
};

// REQUIRES: each counter, added up over all cells, fits 64 bits.
MeasureStatement StateMeasures(const StatementInput& input, const Groups& groups,
                               const StatementOptions& options);

}  // namespace borderflow

#endif  // BORDERFLOW_RULES_MEASURES_STATEMENT_H_
