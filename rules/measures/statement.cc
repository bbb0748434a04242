#include "rules/measures/statement.h"

#include <algorithm>
#include <array>
#include <initializer_list>
#include <string_view>
#include <utility>

#include "absl/strings/str_cat.h"
#include "rules/measures/balance.h"
#include "rules/measures/concentration.h"
#include "rules/measures/dependence.h"
#include "rules/measures/exposure.h"
#include "rules/measures/location.h"
#include "rules/measures/sensitivity.h"
#include "rules/measures/verdicts.h"

namespace borderflow {
namespace {

using Rows = std::vector<MeasureRow>;

std::string Text(Jurisdiction jurisdiction) { return std::string(Code(jurisdiction)); }

void Add(Rows* rows, std::string_view id, std::string subject, std::optional<Weight> weight,
         Measured answer) {
  rows->push_back({FindMeasure(id), std::move(subject), weight, std::move(answer)});
}

// The jurisdictions with the most bytes, most first.
template <typename Of>
std::vector<Jurisdiction> Largest(absl::Span<const PolicyCell> cells, size_t most, Of of) {
  std::array<uint64_t, kJurisdictions> bytes{};
  for (const PolicyCell& cell : cells) bytes[static_cast<size_t>(of(cell))] += cell.bytes;
  std::vector<Jurisdiction> largest;
  for (int j = kSpecialJurisdictions; j < kJurisdictions; ++j) {
    if (bytes[static_cast<size_t>(j)] > 0) largest.push_back(static_cast<Jurisdiction>(j));
  }
  std::stable_sort(largest.begin(), largest.end(), [&bytes](Jurisdiction a, Jurisdiction b) {
    return bytes[static_cast<size_t>(a)] > bytes[static_cast<size_t>(b)];
  });
  if (largest.size() > most) largest.resize(most);
  return largest;
}

// Users of the jurisdictions with the most bytes among those that are seen at home; of any, when
// nobody is.
std::vector<Jurisdiction> Users(absl::Span<const PolicyCell> cells, size_t most) {
  const auto of = [](const PolicyCell& cell) { return Initiator(cell).location; };
  std::vector<PolicyCell> at_home;
  for (const PolicyCell& cell : cells) {
    if (Same(of(cell), Responder(cell).location) == Reply::kYes) at_home.push_back(cell);
  }
  std::vector<Jurisdiction> all = Largest(cells, kJurisdictions, of);
  const std::vector<Jurisdiction> seen = Largest(at_home, kJurisdictions, of);
  if (!seen.empty()) {
    all.erase(std::remove_if(all.begin(), all.end(),
                             [&seen](Jurisdiction j) {
                               return std::find(seen.begin(), seen.end(), j) == seen.end();
                             }),
              all.end());
  }
  if (all.size() > most) all.resize(most);
  return all;
}

constexpr std::array kVolumes = {Weight::kBytes, Weight::kFlows};

// The sensitive and government categories with the most bytes sent from `from`, most first.
std::vector<Category> LargestSensitive(absl::Span<const PolicyCell> cells, Jurisdiction from,
                                       size_t most) {
  std::array<uint64_t, kCategories> bytes{};
  for (const PolicyCell& cell : cells) {
    if (cell.source.location == from) bytes[static_cast<size_t>(cell.category)] += cell.bytes;
  }
  std::vector<Category> largest;
  for (int k = 0; k < kCategories; ++k) {
    const auto category = static_cast<Category>(k);
    if (bytes[static_cast<size_t>(k)] > 0 && IsSensitive(category) == Reply::kYes) {
      largest.push_back(category);
    }
  }
  std::stable_sort(largest.begin(), largest.end(), [&bytes](Category x, Category y) {
    return bytes[static_cast<size_t>(x)] > bytes[static_cast<size_t>(y)];
  });
  if (largest.size() > most) largest.resize(most);
  return largest;
}

void AddPlace(absl::Span<const PolicyCell> cells, absl::Span<const Jurisdiction> users, size_t most,
              const Groups& groups, Rows* rows) {
  for (const Weight w : kVolumes)
    Add(rows, "cross_border_share", "", w, CrossBorderShare(cells, w));
  for (const Weight w : kVolumes) Add(rows, "alignment", "", w, AlignmentIndex(cells, w));
  Add(rows, "location_operator_divergence", "", Weight::kBytes,
      LocationOperatorDivergence(cells, Weight::kBytes));
  Add(rows, "foreign_control_at_home", "", Weight::kBytes,
      ForeignControlAtHome(cells, Weight::kBytes));
  const Group* eea = groups.Find("EEA");
  for (const Jurisdiction c : users) {
    JurisdictionSet own;
    own.set(static_cast<size_t>(c));
    Add(rows, "confinement", absl::StrCat("users in ", Text(c), ", within ", Text(c)),
        Weight::kFlows, Confinement(cells, own, own, Weight::kFlows));
    if (eea != nullptr && eea->members[static_cast<size_t>(c)]) {
      Add(rows, "confinement", absl::StrCat("users in ", Text(c), ", within EEA"), Weight::kFlows,
          Confinement(cells, own, eea->members, Weight::kFlows));
    }
  }
  bool any = false;
  for (const Jurisdiction c : users) {
    JurisdictionSet own;
    own.set(static_cast<size_t>(c));
    for (const Category category : LargestSensitive(cells, c, most)) {
      any = true;
      Add(rows, "leakage", absl::StrCat(std::string(Code(category)), " out of ", Text(c)),
          Weight::kBytes, Leakage(cells, category, own, own, Weight::kBytes));
    }
  }
  if (!any) {
    Add(rows, "leakage", "sensitive and government data", Weight::kBytes,
        Measured::Not("none was seen from these users among what is classified"));
  }
}

void AddExposure(absl::Span<const PolicyCell> cells, Rows* rows) {
  const Exposure exposure = ExposureOf(CellsThatMayCross(cells), Weight::kBytes);
  const std::string subject = "what may cross a border";
  Add(rows, "exposure_sensitive", subject, Weight::kBytes, exposure.sensitive);
  Add(rows, "exposure_expected", subject, Weight::kBytes, exposure.expected_sensitive);
  Add(rows, "exposure_cleartext", subject, Weight::kBytes, exposure.cleartext);
  Add(rows, "exposure_sensitive_cleartext", subject, Weight::kBytes, exposure.sensitive_cleartext);
  Add(rows, "exposure_control", subject, Weight::kBytes, exposure.control);
}

void AddConcentration(absl::Span<const PolicyCell> cells, Rows* rows) {
  for (const Holder holder : {Holder::kOrganisation, Holder::kOperatorHome, Holder::kLocation}) {
    const Holdings holdings = HoldingsOf(cells, holder, Weight::kBytes);
    const std::string subject = absl::StrCat("responders by ", std::string(Name(holder)));
    const std::initializer_list<std::pair<std::string_view, Measured>> answers = {
        {"hhi", Hhi(holdings)},
        {"hhi_normalized", NormalizedHhi(holdings)},
        {"effective_number", EffectiveNumber(holdings)},
        {"cr1", ConcentrationRatio(holdings, 1)},
        {"cr4", ConcentrationRatio(holdings, 4)},
        {"entropy", Entropy(holdings)},
        {"entropy_number", EntropyNumber(holdings)},
        {"gini", Gini(holdings)}};
    for (const auto& [id, answer] : answers) Add(rows, id, subject, Weight::kBytes, answer);
  }
}

void AddDependence(absl::Span<const PolicyCell> cells, absl::Span<const Jurisdiction> users,
                   absl::Span<const Jurisdiction> operators, Rows* rows) {
  for (const Jurisdiction i : users) {
    for (const Jurisdiction j : operators) {
      Add(rows, "dependence", absl::StrCat("users in ", Text(i), ", operators of ", Text(j)),
          Weight::kBytes, Dependence(cells, i, j, std::nullopt, Weight::kBytes));
    }
  }
  for (const Jurisdiction i : users) {
    for (const Jurisdiction j : operators) {
      if (i == j) continue;
      Add(rows, "asymmetric_dependence", absl::StrCat(Text(i), " on ", Text(j)), Weight::kBytes,
          AsymmetricDependence(cells, i, j, Weight::kBytes));
    }
  }
  for (const Jurisdiction i : users) {
    for (const Holder holder : {Holder::kOrganisation, Holder::kOperatorHome}) {
      Add(rows, "critical_dependence",
          absl::StrCat("users in ", Text(i), ", by ", std::string(Name(holder))), std::nullopt,
          CriticalDependence(cells, i, holder));
    }
  }
  for (const Jurisdiction j : operators) {
    const std::string subject = absl::StrCat("operators of ", Text(j));
    Add(rows, "panopticon_content", subject, Weight::kBytes,
        PanopticonExposure(cells, j, Readable::kContent, Weight::kBytes));
    Add(rows, "panopticon_metadata", subject, Weight::kBytes,
        PanopticonExposure(cells, j, Readable::kMetadata, Weight::kBytes));
    const Chokepoint chokepoint = ChokepointExposure(cells, j, Weight::kBytes);
    Add(rows, "chokepoint_gross", subject, Weight::kBytes, chokepoint.gross);
    Add(rows, "chokepoint_net", subject, Weight::kBytes, chokepoint.net);
  }
}

void AddBalance(absl::Span<const PolicyCell> cells, size_t most, Rows* rows) {
  const std::vector<PairBalance> pairs = Balances(cells);
  for (size_t p = 0; p < std::min(most, pairs.size()); ++p) {
    const PairBalance& pair = pairs[p];
    const std::string subject = absl::StrCat(Text(pair.a), " to ", Text(pair.b));
    Add(rows, "net_balance", subject, Weight::kFlows, NetBalance(pair.flows_ab, pair.flows_ba));
    Add(rows, "net_balance", subject, Weight::kUpload, NetBalance(pair.upload_ab, pair.upload_ba));
    const std::string both = absl::StrCat(Text(pair.a), " and ", Text(pair.b));
    Add(rows, "pair_reciprocity", both, Weight::kFlows,
        PairReciprocity(pair.flows_ab, pair.flows_ba));
    Add(rows, "pair_reciprocity", both, Weight::kUpload,
        PairReciprocity(pair.upload_ab, pair.upload_ba));
  }
  if (pairs.empty()) {
    for (const std::string_view id : {"net_balance", "pair_reciprocity"}) {
      Add(rows, id, "any pair", Weight::kFlows,
          Measured::Not("no traffic between two jurisdictions was seen"));
    }
  }
  NetworkReciprocity network = ReciprocityOf(pairs);
  Add(rows, "reciprocity_weighted", "", Weight::kFlows, std::move(network.weighted_flows));
  Add(rows, "reciprocity_weighted", "", Weight::kUpload, std::move(network.weighted_upload));
  Add(rows, "reciprocity_binary", "", Weight::kFlows, std::move(network.binary));
}

Measured Difference(const Measured& a, const Measured& b) {
  if (!a.answered()) return a;
  if (!b.answered()) return b;
  return Measured::Exactly(a.value() - b.value());
}

const Measured& Get(const Aspects& aspects, Aspect aspect) {
  return aspects[static_cast<size_t>(aspect)];
}

RuleMeasures MeasuresOfCut(const StatementInput& input, const CostModel& model, std::string rule,
                           Verdict verdict, const std::vector<char>& cut) {
  const auto is_cut = [&cut](size_t c) { return cut[c] != 0; };
  RuleMeasures of;
  of.rule = std::move(rule);
  of.verdict = verdict;
  of.cost = model.CostOf(is_cut);
  const CutCost& cost = of.cost;
  Rows* rows = &of.rows;
  const std::vector<char> lost = model.LostWith(is_cut);
  const Aspects aspects = AspectsOf(input.cells, cost, [&lost](size_t c) { return lost[c] != 0; });
  Add(rows, "spared_sensitive", "", Weight::kBytes, Get(aspects, Aspect::kSensitive));
  Add(rows, "spared_readable", "", Weight::kBytes, Get(aspects, Aspect::kReadable));
  Add(rows, "spared_control", "", Weight::kBytes, Get(aspects, Aspect::kControl));
  Add(rows, "cost_bytes", "", Weight::kBytes, cost.bytes_share);
  Add(rows, "cost_flows", "", Weight::kFlows, cost.flows_share);
  Add(rows, "cost_encrypted", "", Weight::kBytes, cost.encrypted_share);
  Add(rows, "cost_services", "", std::nullopt, cost.services.share);
  Add(rows, "cost_counterparties", "", std::nullopt, cost.counterparties.share);
  Add(rows, "cost_jurisdictions", "", std::nullopt, cost.jurisdictions.share);
  Add(rows, "cost_two_way", "", std::nullopt, cost.two_way_pairs.share);
  Add(rows, "cost_diversity", "", Weight::kBytes,
      Difference(cost.diversity_before, cost.diversity_after));
  Add(rows, "cost_concentration", "", Weight::kBytes, Difference(cost.hhi_after, cost.hhi_before));
  Add(rows, "home_capacity", "", std::nullopt, cost.home_mean_rate);
  Add(rows, "home_capacity_peak", "", std::nullopt, PeakHomeRate(input.windows, is_cut));
  of.profiles = Weigh(aspects);
  for (const ProfileScore& score : of.profiles.scores) {
    Add(rows, "profile_balance", std::string(score.profile), std::nullopt, score.balance);
  }
  Add(rows, "profile_disagreement", "", std::nullopt, of.profiles.disagreement);
  return of;
}

PackMeasures MeasuresOfPack(const StatementInput& input, const DecidedPack& pack,
                            const CostModel& model, const Groups& groups) {
  const absl::Span<const PolicyCell> cells = input.cells;
  PackMeasures of;
  of.pack = pack.id;
  if (!pack.unanswered.empty()) {
    for (const std::string_view id : {"breadth", "policy_reciprocity", "origin_contribution"}) {
      Add(&of.rows, id, "", Weight::kBytes, Measured::Not(pack.unanswered));
    }
    return of;
  }
  for (const Weight w : kVolumes) {
    Add(&of.rows, "breadth", "", w, Breadth(cells, pack.verdicts, w));
  }
  Add(&of.rows, "policy_reciprocity", "", Weight::kBytes,
      PolicyReciprocity(cells, pack.verdicts, pack.mirrored, Weight::kBytes));
  Add(&of.rows, "origin_contribution", "", Weight::kBytes,
      OriginContribution(cells, pack.verdicts, pack.ablated, Weight::kBytes));
  for (size_t r = 0; r < pack.rules.size(); ++r) {
    if (IsRestricted(pack.rules[r].verdict) != Reply::kYes) continue;
    std::vector<char> cut(cells.size(), 0);
    bool any = false;
    for (size_t c = 0; c < cells.size(); ++c) {
      cut[c] = pack.rule[c] == static_cast<int>(r) ? 1 : 0;
      any = any || cut[c] != 0;
    }
    if (!any) continue;
    of.rules.push_back(MeasuresOfCut(input, model, pack.rules[r].id, pack.rules[r].verdict, cut));
  }
  std::vector<char> cut(cells.size(), 0);
  for (size_t c = 0; c < cells.size(); ++c) {
    cut[c] = IsRestricted(pack.verdicts[c]) == Reply::kYes ? 1 : 0;
  }
  of.rules.push_back(MeasuresOfCut(input, model, "whole pack", Verdict::kUndetermined, cut));
  of.conflicts = Conflicts(cells, pack.verdicts, groups);
  PolicySum restricted;
  for (const Conflict& conflict : of.conflicts) {
    restricted += conflict.forbidden;
    restricted += conflict.conditioned;
  }
  Add(&of.rows, "commitment_conflict", absl::StrCat(of.conflicts.size(), " pairs and agreements"),
      std::nullopt, Measured::Exactly(static_cast<double>(restricted.bytes)));
  return of;
}

}  // namespace

MeasureStatement StateMeasures(const StatementInput& input, const Groups& groups,
                               const StatementOptions& options) {
  const absl::Span<const PolicyCell> cells = input.cells;
  const std::vector<Jurisdiction> users = Users(cells, options.subjects);
  const std::vector<Jurisdiction> operators =
      Largest(cells, options.subjects,
              [](const PolicyCell& cell) { return Responder(cell).operator_home; });
  MeasureStatement statement;
  AddPlace(cells, users, options.subjects, groups, &statement.rows);
  AddExposure(cells, &statement.rows);
  AddConcentration(cells, &statement.rows);
  AddDependence(cells, users, operators, &statement.rows);
  AddBalance(cells, options.subjects, &statement.rows);
  statement.vectors = AskFourQuestions(cells);
  if (options.levels.has_value()) {
    for (const double factor : {0.5, 1.0, 2.0}) {
      statement.sweep.emplace_back(factor, Concerns(statement.vectors, *options.levels, factor));
    }
  }
  if (!input.packs.empty()) {
    const CostModel model(cells, input.seconds);
    for (const DecidedPack& pack : input.packs) {
      statement.packs.push_back(MeasuresOfPack(input, pack, model, groups));
    }
  }
  for (size_t a = 0; a < input.packs.size(); ++a) {
    for (size_t b = a + 1; b < input.packs.size(); ++b) {
      const DecidedPack& first = input.packs[a];
      const DecidedPack& second = input.packs[b];
      const std::string& why = first.unanswered.empty() ? second.unanswered : first.unanswered;
      Add(&statement.rows, "pack_disagreement", absl::StrCat(first.id, " and ", second.id),
          Weight::kBytes,
          why.empty() ? PackDisagreement(cells, first.verdicts, second.verdicts, Weight::kBytes)
                      : Measured::Not(why));
    }
  }
  if (input.baseline.has_value()) {
    for (const Holder holder : {Holder::kOrganisation, Holder::kOperatorHome, Holder::kLocation}) {
      statement.substitutions.push_back(
          SubstitutionBetween(*input.baseline, cells, holder, Weight::kBytes));
      Add(&statement.rows, "substitution",
          absl::StrCat("responders by ", std::string(Name(holder))), Weight::kBytes,
          statement.substitutions.back().index);
    }
  } else {
    Add(&statement.rows, "substitution", "responders", Weight::kBytes,
        Measured::Not("it takes two periods: give the earlier one as baseline"));
  }
  return statement;
}

}  // namespace borderflow
