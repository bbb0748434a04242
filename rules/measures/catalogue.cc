#include "rules/measures/catalogue.h"

#include <array>

#include "absl/strings/str_format.h"
#include "absl/strings/str_replace.h"

namespace borderflow {
namespace {

constexpr std::string_view kFarrell = "Farrell and Newman 2019 (effect); formula own";
constexpr std::string_view kSquartini = "Squartini et al. 2013, Sci. Rep. 3:2729";

// id, question, formula, source, unit.
constexpr std::array kCatalogue = std::to_array<MeasureInfo>({
    // location.h
    {"cross_border_share", "how much leaves its jurisdiction", "sum(i!=j) w_ij / sum w", "usual",
     "share"},
    {"confinement", "how much of what users start stays in a region",
     "w(users in c -> endpoints in R) / w(users in c -> all)",
     "Iordanou et al., IMC 2018 (10.1145/3278532.3278561)", "share"},
    {"leakage", "how much of a category leaves where it should stay",
     "w(k, destination not allowed) / w(k), sources in the subject's jurisdictions", "own",
     "share"},
    {"alignment", "how much has user, server and operator in one jurisdiction",
     "w(initiator = location = operator) / w", "own", "share"},
    {"location_operator_divergence", "how often a server's location hides who runs it",
     "w(location != operator) / w", "own", "share"},
    {"foreign_control_at_home", "how much of what stays at home others run",
     "w(initiator = location != operator) / w(initiator = location)", "own", "share"},
    // exposure.h
    {"exposure_sensitive", "how much of what crosses is sensitive or governmental",
     "w(sensitive) / w", "own; classes of the data-allies model", "share"},
    {"exposure_expected", "the same, weighed by confidence", "sum w x confidence (sensitive) / w",
     "own", "share"},
    {"exposure_cleartext", "how much of what crosses can be read on the way", "w(cleartext) / w",
     "usual", "share"},
    {"exposure_sensitive_cleartext", "how much of what crosses is both",
     "w(sensitive and cleartext) / w", "own", "share"},
    {"exposure_control", "how much of what crosses gives a hold on what runs here",
     "w(databases, remote access, credentials, industrial, updates) / w", "own", "share"},
    // concentration.h
    {"hhi", "how concentrated the holders are", "sum s_i^2", "Hirschman 1964, AER 54(5)",
     "index 0..1"},
    {"hhi_normalized", "the same, beyond what so many equal holders have",
     "(HHI - 1/n) / (1 - 1/n)", "usual", "index 0..1"},
    {"effective_number", "how many equal holders would be as concentrated", "1 / HHI",
     "Laakso and Taagepera 1979, CPS 12(1)", "count"},
    {"cr1", "how much the largest holds", "s_1", "usual", "share"},
    {"cr4", "how much the four largest hold", "s_1 + .. + s_4", "usual", "share"},
    {"entropy", "how spread the holders are", "- sum s_i ln s_i", "Shannon 1948, section 6",
     "nats"},
    {"entropy_number", "how many equal holders would be as spread", "exp(entropy)",
     "Hill 1973, Ecology 54(2)", "count"},
    {"gini", "how unequal the holders are, whatever their number",
     "sum (2i - n - 1) x_i / (n sum x), x ascending", "Gini 1912", "index 0..1"},
    // dependence.h
    {"dependence", "how much users in i rely on operators of j",
     "w(users in i, operator of j) / w(users in i)", "own", "share"},
    {"asymmetric_dependence", "who of two relies more on the other", "D_i(j) - D_j(i)", "own",
     "-1..1"},
    {"critical_dependence", "how many categories hang on one holder",
     "categories with one holder / categories used",
     "Kumar et al., POMACS 2023 (arXiv 2111.12253), for categories", "share"},
    {"panopticon_content", "what operators of j could read of others' traffic",
     "w(users outside j, operator of j, cleartext) / w(users outside j)", kFarrell, "share"},
    {"panopticon_metadata", "the same with names seen on the wire",
     "w(users outside j, operator of j, cleartext or named) / w(users outside j)", kFarrell,
     "share"},
    {"chokepoint_gross", "what users outside j would lose without its operators",
     "w(users outside j, operator of j) / w(users outside j)", kFarrell, "share"},
    {"chokepoint_net", "the same, less what others seen could take over",
     "sum_k max(0, w_jk - w_k others) / w(users outside j)", kFarrell, "share"},
    // balance.h
    {"net_balance", "who of two gives more", "(w_ij - w_ji) / (w_ij + w_ji)", "usual", "-1..1"},
    {"pair_reciprocity", "how mutual a pair is", "2 min(w_ij, w_ji) / (w_ij + w_ji)", kSquartini,
     "share"},
    {"reciprocity_weighted", "how mutual all pairs together are",
     "sum min(w_ij, w_ji) / sum w_ij, i != j", kSquartini, "share"},
    {"reciprocity_binary", "are links answered more often than by chance", "(r - a) / (1 - a)",
     "Garlaschelli and Loffredo 2004, PRL 93:268701", "-1..1"},
    // threshold.h
    {"reach", "how many of the users here use it", "clients(o, k) / clients(all)",
     "question: IGP 2023, session 1; formula own", "share"},
    {"access", "how much of what matters is sent to it",
     "sum upload(o, k) a(k) / sum upload a(k) of all", "question: IGP 2023, session 1; formula own",
     "share"},
    {"dependence_on", "how hard it would be to replace in a category",
     "s / (1 + effective number of the others)", "question: IGP 2023, session 1; formula own",
     "index 0..1"},
    {"opacity", "how much of its traffic we cannot tell apart: our limit, not its fault",
     "1 - classified bytes / bytes", "question: IGP 2023, session 1; formula own", "share"},
    // profiles.h and cost.h, for each rule: what would be spared and what gone if it cut what it
    // decides
    {"spared_sensitive", "how much of the sensitive data that cross a rule would keep back",
     "w(lost, sensitive) / w(sensitive)", "own", "share"},
    {"spared_readable", "how much of what can be read on the way",
     "w(lost, cleartext) / w(cleartext)", "own", "share"},
    {"spared_control", "how much of what gives a hold on what runs here",
     "w(lost, control) / w(control)", "own", "share"},
    {"cost_bytes", "how much traffic a rule touches, both directions", "w(lost) / w", "own",
     "share"},
    {"cost_flows", "how many flows", "w(lost) / w", "own", "share"},
    {"cost_encrypted", "how much of the encrypted traffic", "w(lost, encrypted) / w(encrypted)",
     "own", "share"},
    {"cost_services", "how many services (organisation and category) vanish", "gone / seen", "own",
     "share"},
    {"cost_counterparties", "how many organisations vanish", "gone / seen", "own", "share"},
    {"cost_jurisdictions", "addressable share lost: jurisdictions that vanish", "gone / seen",
     "IGP 2023, session 5 (addressable market)", "share"},
    {"cost_two_way", "how many pairs of jurisdictions stop calling each other both ways",
     "gone / seen", "IGP 2023, session 5 (mutual insight)", "share"},
    {"cost_diversity", "how many pairs with mutual traffic there effectively are, less those after",
     "exp(entropy of min(b_ij, b_ji)) before - after", "Hill 1973", "count"},
    {"cost_concentration", "what the cut does to the concentration of organisations",
     "HHI after - HHI before", "own", "-1..1"},
    {"home_capacity", "what would have to be served at home instead",
     "8 x lost bytes answered elsewhere / seconds", "own", "bit/s"},
    {"home_capacity_peak", "the same in the busiest window", "max over windows", "own", "bit/s"},
    // profiles.h
    {"profile_balance", "is a stance for the cut (above 0) or against it",
     "mean share spared - mean share lost, of what it looks at", "own", "-1..1"},
    {"profile_disagreement", "how far the stances are apart", "largest - smallest balance", "own",
     "0..2"},
    // verdicts.h
    {"breadth", "how much a pack restricts", "w(restricted) / w", "own", "share"},
    {"policy_reciprocity", "would the same data be judged alike the other way",
     "w(verdict = verdict of the mirrored cell) / w", "own", "share"},
    {"pack_disagreement", "how far two packs are apart", "w(verdicts differ) / w",
     "construction of OECD STRI heterogeneity", "share"},
    {"origin_contribution", "how much of a pack is country of origin alone",
     "w(restricted, but not when origin is ablated) / w(restricted)", "IGP 2023, session 7",
     "share"},
    // commitments.h
    {"commitment_conflict", "what a pack restricts between parties that promised not to",
     "w(restricted, both bound)", "the agreements named", "bytes"},
    // substitution.h
    {"substitution", "how much changed hands between two periods",
     "1/2 sum_j |s_j(after) - s_j(before)|", "total variation distance", "share"},
});

}  // namespace

absl::Span<const MeasureInfo> MeasureCatalogue() { return kCatalogue; }

const MeasureInfo* FindMeasure(std::string_view id) {
  for (const MeasureInfo& info : kCatalogue) {
    if (info.id == id) return &info;
  }
  return nullptr;
}

std::string CatalogueAsText() {
  std::string text = "Measures. w is a weight: flows, bytes or upload, named beside each answer.\n";
  for (const MeasureInfo& info : kCatalogue) {
    text += absl::StrFormat("%s (%s)\n    %s\n    = %s\n    source: %s\n", std::string(info.id),
                            std::string(info.unit), std::string(info.asks),
                            std::string(info.formula), std::string(info.source));
  }
  return text;
}

std::string CatalogueAsMarkdown() {
  std::string text = "| measure | question | formula | unit | source |\n|---|---|---|---|---|\n";
  for (const MeasureInfo& info : kCatalogue) {
    text += absl::StrFormat("| `%s` | %s | `%s` | %s | %s |\n", std::string(info.id),
                            std::string(info.asks),
                            absl::StrReplaceAll(std::string(info.formula), {{"|", "\\|"}}),
                            std::string(info.unit), std::string(info.source));
  }
  return text;
}

}  // namespace borderflow
