// `borderflow policy explain`: why the traffic of a stored report has its verdicts: which rule,
// which facts, which citation, how observable; and for what is undetermined, which answers are
// missing.
#include <algorithm>
#include <map>
#include <memory>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"
#include "collectors/report/text.h"
#include "rules/jurisdiction/suggest.h"
#include "rules/policy/compile.h"
#include "rules/policy/threshold.h"
#include "tools/command/exit_codes.h"
#include "tools/command/policy.h"
#include "tools/command/policy_flags.h"

namespace borderflow {
namespace {

struct ExplainFlags {
  std::string pack;
  std::string source;
  std::string destination;
  std::string category;
  std::string rule;
  size_t top = 10;
  PolicyFlags shared;
};

// Cells that a reader cannot tell apart, with what decided them.
struct Explained {
  PolicyCell cell;
  uint32_t outcome = 0;
  PolicySum sum;
};

std::string Describe(const PolicyCell& cell) {
  std::string text = absl::StrFormat(
      "%s -> %s (operators %s -> %s), %s", std::string(Code(cell.source.location)),
      std::string(Code(cell.destination.location)), std::string(Code(cell.source.operator_home)),
      std::string(Code(cell.destination.operator_home)), std::string(Code(cell.category)));
  if (cell.evidence != Evidence::kNone) {
    absl::StrAppendFormat(&text, " by %s at %d %%", std::string(Name(cell.evidence)),
                          cell.confidence);
  }
  absl::StrAppend(&text, ", protection ", std::string(Name(cell.protection)), ", sent by the ",
                  cell.from_initiator ? "initiator" : "responder");
  return text;
}

// The places that an end was asked for and cannot tell: "location of the source, which is anycast".
void AddMissingPlaces(const EndCondition& asks, const PolicyEnd& end, const char* side,
                      std::vector<std::string>* missing) {
  const Jurisdiction places[] = {end.location, end.registered, end.operator_home};
  for (size_t l = 0; l < kLenses; ++l) {
    const auto lens = static_cast<Lens>(l);
    const bool asked = asks.all[l].has_value() || asks.either[l].has_value() ||
                       (lens == Lens::kLocation && !asks.tier.empty());
    if (!asked || !IsSpecial(places[l])) continue;
    missing->push_back(absl::StrCat(std::string(Name(lens)), " of the ", side, ", which is ",
                                    std::string(Code(places[l]))));
  }
  if (asks.asks_entity() && end.entity == kUnknownEntity) {
    missing->push_back(absl::StrCat("organisation of the ", side));
  }
}

// Which answers of the cell the rule lacks.
std::vector<std::string> Missing(const Rule& rule, const PolicyCell& cell,
                                 const EvaluateOptions& options) {
  std::vector<std::string> missing;
  const Condition& when = rule.when;
  const bool swapped = when.direction == Direction::kIn;
  AddMissingPlaces(when.source, swapped ? cell.destination : cell.source, "source", &missing);
  AddMissingPlaces(when.destination, swapped ? cell.source : cell.destination, "destination",
                   &missing);
  if (when.crosses.has_value() &&
      (IsSpecial(cell.source.location) || IsSpecial(cell.destination.location))) {
    missing.emplace_back("whether it crosses a border");
  }
  if (when.categories != 0 && !IsClassified(cell.category)) {
    missing.emplace_back("what kind of data it is");
  } else if (when.categories != 0 && cell.evidence < when.minimum_evidence) {
    missing.push_back(
        absl::StrCat("evidence of the kind better than ", std::string(Name(cell.evidence))));
  } else if (when.categories != 0 && cell.confidence < when.minimum_confidence) {
    missing.push_back(absl::StrFormat("more confidence in the kind than %d %%", cell.confidence));
  }
  if (when.protection.has_value() && cell.protection == Protection::kUnknown) {
    missing.emplace_back("whether it is encrypted");
  }
  if (rule.threshold.has_value()) {
    const std::string why = NotMeasurable(*rule.threshold, options.covered_seconds);
    missing.push_back(why.empty() ? "which side of its threshold the sum lies on"
                                  : "its threshold: " + why);
  }
  return missing;
}

void PrintRule(const Pack& pack, const Rule& rule, const EvaluateOptions& options) {
  absl::PrintF("%s\n", Wrapped(rule.says, 3));
  absl::PrintF("%s\n", Wrapped("cited: " + CitationText(pack, rule.cite), 3));
  absl::PrintF("   purpose %s, observable: %s%s%s\n", rule.purpose, rule.observability,
               rule.country_only ? ", asks for nothing but places" : "",
               rule.unverified ? ", NOT VERIFIED" : "");
  for (const std::string& need : rule.needs) {
    const bool confirmed =
        std::find(options.facts.begin(), options.facts.end(), need) != options.facts.end();
    absl::PrintF("%s\n",
                 Wrapped(absl::StrCat(confirmed ? "declared as confirmed: " : "not confirmed: ",
                                      pack.facts.at(need), " (", need, ")"),
                         3));
  }
  if (rule.verdict == Verdict::kBreachIfConfirmed) {
    absl::PrintF("   not a breach unless all of that is confirmed\n");
  }
}

void Print(size_t number, const Explained& at, const PolicyOutcome& outcome,
           const PreparedPack& prepared, uint64_t total) {
  const Pack& pack = prepared.pack;
  absl::PrintF("\n%d. %s\n", number, Describe(at.cell));
  absl::PrintF("   %s of bytes, %s, %s flows\n", Percent(at.sum.bytes, total), Bytes(at.sum.bytes),
               Grouped(at.sum.flows));
  const std::string name(Name(outcome.verdict));
  const std::string words(Words(outcome.verdict));
  const std::string verdict = name == words ? name : absl::StrCat(name, " (", words, ")");
  // "undetermined, decided by undetermined" would say nothing.
  absl::PrintF("   %s%s\n", verdict,
               outcome.reason == Reason::kUndetermined
                   ? std::string()
                   : absl::StrCat(", decided by ", std::string(DecidedBy(pack, outcome))));
  if (outcome.reason == Reason::kRule) {
    PrintRule(pack, pack.rules[outcome.rule], prepared.options);
    return;
  }
  if (outcome.verdict != Verdict::kUndetermined) return;
  absl::PrintF("   could be anything from %s to %s, as these turn out:\n",
               std::string(Name(Loosest(outcome.possible))),
               std::string(Name(Strictest(outcome.possible))));
  for (const size_t r : outcome.may_decide) {
    const Rule& rule = pack.rules[r];
    const std::vector<std::string> missing = Missing(rule, at.cell, prepared.options);
    const bool holds =
        std::find(outcome.holds.begin(), outcome.holds.end(), r) != outcome.holds.end();
    absl::PrintF("%s\n", Wrapped(absl::StrCat(rule.id, " (", std::string(Name(rule.verdict)), ")",
                                              holds ? " holds" : " cannot be told: ",
                                              holds ? std::string() : absl::StrJoin(missing, "; ")),
                                 5));
  }
  if (outcome.reason == Reason::kVantage) absl::PrintF("     the sensor's place does not answer\n");
  if (outcome.reason != Reason::kVantage && (outcome.possible & 1) != 0) {
    absl::PrintF("     whether it is in scope cannot be told: %s -> %s\n",
                 std::string(Code(at.cell.source.location)),
                 std::string(Code(at.cell.destination.location)));
  }
}

absl::Status CheckFilters(const ExplainFlags& flags, const Pack& pack) {
  for (const std::string& code : {flags.source, flags.destination}) {
    if (!code.empty() && !FromCode(code).has_value()) {
      const std::string_view near = SuggestCode(code);
      return absl::InvalidArgumentError(absl::StrCat(
          Quoted(code), " is no jurisdiction",
          near.empty() ? std::string() : absl::StrCat(" (did you mean ", Quoted(near), "?)")));
    }
  }
  if (!flags.category.empty() && !CategoryFromCode(flags.category).has_value()) {
    return absl::InvalidArgumentError(absl::StrCat("unknown category ", Quoted(flags.category)));
  }
  if (flags.rule.empty()) return absl::OkStatus();
  std::vector<std::string_view> known;
  for (const Rule& rule : pack.rules) known.push_back(rule.id);
  for (int i = 0; i < kReasonRows; ++i) known.push_back(Name(static_cast<Reason>(i)));
  if (std::find(known.begin(), known.end(), flags.rule) != known.end()) return absl::OkStatus();
  return absl::InvalidArgumentError(absl::StrCat(
      "pack ", pack.id, " has no rule ", Quoted(flags.rule), DidYouMean(flags.rule, known)));
}

bool Wanted(const ExplainFlags& flags, const Pack& pack, const PolicyCell& cell,
            const PolicyOutcome& outcome) {
  if (!flags.source.empty() && Code(cell.source.location) != flags.source) return false;
  if (!flags.destination.empty() && Code(cell.destination.location) != flags.destination) {
    return false;
  }
  if (!flags.category.empty() && Code(cell.category) != flags.category) return false;
  return flags.rule.empty() || DecidedBy(pack, outcome) == flags.rule;
}

int Run(const ExplainFlags& flags) {
  const absl::StatusOr<PolicyInput> input = ReadInput(flags.shared);
  if (!input.ok()) return PolicyFailure(input.status());
  const absl::StatusOr<std::vector<PreparedPack>> packs = PreparePacks({flags.pack}, *input);
  if (!packs.ok()) return PolicyFailure(packs.status());
  const PreparedPack& prepared = packs->front();
  if (absl::Status s = CheckFilters(flags, prepared.pack); !s.ok()) return PolicyFailure(s);

  CompiledPack compiled(prepared.pack, prepared.options);
  const std::vector<PolicyCell>& cells = input->report.cells;
  const std::vector<uint32_t> decided = compiled.Decide(cells);
  using Key = std::tuple<Jurisdiction, Jurisdiction, Jurisdiction, Jurisdiction, Category, Evidence,
                         uint8_t, Protection, bool, uint32_t>;
  std::map<Key, Explained> groups;
  uint64_t total = 0;
  for (size_t i = 0; i < cells.size(); ++i) {
    const PolicyCell& cell = cells[i];
    total += cell.bytes;
    if (!Wanted(flags, prepared.pack, cell, compiled.outcomes()[decided[i]])) continue;
    Explained& group =
        groups[{cell.source.location, cell.destination.location, cell.source.operator_home,
                cell.destination.operator_home, cell.category, cell.evidence, cell.confidence,
                cell.protection, cell.from_initiator, decided[i]}];
    group.cell = cell;
    group.outcome = decided[i];
    group.sum += {cell.frames, cell.bytes, cell.flows};
  }
  std::vector<Explained> sorted;
  for (auto& [key, group] : groups) sorted.push_back(std::move(group));
  std::stable_sort(sorted.begin(), sorted.end(), [](const Explained& a, const Explained& b) {
    return a.sum.bytes > b.sum.bytes;
  });
  absl::PrintF("%s under %s %s, as of %s: indicative, not a finding of law\n",
               flags.shared.source.name(), prepared.pack.id, prepared.pack.version,
               prepared.pack.as_of);
  for (size_t i = 0; i < std::min(flags.top, sorted.size()); ++i) {
    Print(i + 1, sorted[i], compiled.outcomes()[sorted[i].outcome], prepared, total);
  }
  if (sorted.empty()) absl::PrintF("nothing of that kind in the report\n");
  if (sorted.size() > flags.top) {
    absl::PrintF("\n%d more kinds of traffic: --top %d shows them\n", sorted.size() - flags.top,
                 sorted.size());
  }
  return kExitDone;
}

}  // namespace

void AddPolicyExplain(CLI::App& policy, int* exit_code) {
  const auto flags = std::make_shared<ExplainFlags>();
  CLI::App* command = policy.add_subcommand(
      "explain", "why a report's traffic has its verdicts: rule, facts, citation, observability");
  command->add_option("--policy", flags->pack, "pack, or a file that holds one")->required();
  AddPolicyFlags(command, &flags->shared);
  command->remove_option(command->get_option("--json"));
  command->add_option("--source", flags->source, "only what comes from this location");
  command->add_option("--destination", flags->destination, "only what goes to it");
  command->add_option("--category", flags->category, "only of this kind");
  command->add_option("--rule", flags->rule, "only what this rule, or reason, decided");
  command->add_option("--top", flags->top, "how many kinds of traffic")->capture_default_str();
  command->callback([flags, exit_code] { *exit_code = Run(*flags); });
}

}  // namespace borderflow
