// `borderflow policy show`: a pack as a page for a reader who is no lawyer.
#include <memory>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"
#include "collectors/report/text.h"
#include "rules/policy/lint.h"
#include "rules/policy/pack.h"
#include "tools/command/exit_codes.h"
#include "tools/command/policy.h"
#include "tools/command/policy_flags.h"

namespace borderflow {
namespace {

void Section(const char* title, const std::vector<std::string>& sentences) {
  absl::PrintF("\n%s\n", title);
  for (const std::string& sentence : sentences) absl::PrintF("%s\n", Wrapped(sentence, 2));
}

void ShowHead(const Pack& pack) {
  absl::PrintF("%s\n%s\n\n", pack.id, pack.title);
  absl::PrintF("%s\n", Wrapped("Authority: " + pack.authority, 0));
  absl::PrintF("Version %s, as of %s, to be checked again after %d days\n", pack.version,
               pack.as_of, pack.stale_after_days);
  absl::PrintF("Where no rule holds: %s; the burden of proof lies with the %s\n",
               std::string(Words(pack.default_verdict)), pack.burden);
  if (!pack.vantage.empty()) {
    absl::PrintF("Means something only where the sensor sits at: %s\n",
                 absl::StrJoin(pack.vantage, ", "));
  }
  if (!pack.extends.empty()) absl::PrintF("A variant of %s\n", pack.extends);
  for (const PackParameter& parameter : pack.parameters) {
    const auto bound = pack.bindings.find(parameter.id);
    absl::PrintF(
        "Parameter %s: %s (%s)\n", parameter.id, parameter.says,
        bound == pack.bindings.end() ? std::string("not given: out of scope") : bound->second);
  }
}

void ShowTiers(const Pack& pack) {
  if (pack.criteria.empty()) return;
  absl::PrintF("\nCriteria\n");
  for (const Criterion& criterion : pack.criteria) {
    absl::PrintF("  %-16s %3d jurisdictions: %s (%s)%s\n", criterion.id, criterion.members.count(),
                 criterion.title, criterion.expression,
                 criterion.unverified ? ", not verified" : "");
  }
  const auto show = [&pack](const std::string& choice, const std::string& title) {
    const std::vector<JurisdictionSet> members = TierMembers(pack, choice);
    std::vector<std::string> parts;
    for (size_t t = 0; t < members.size(); ++t) {
      parts.push_back(absl::StrCat(pack.tiers[t].id, " ", members[t].count()));
    }
    absl::PrintF("  %-16s %s (%s)\n", choice.empty() ? "as written" : choice,
                 absl::StrJoin(parts, ", "), title);
  };
  if (pack.tiers.empty()) return;
  absl::PrintF("\nTiers, computed from the criteria: number of jurisdictions\n");
  show("", "the pack's own");
  show("any", "any one criterion is enough");
  show("all", "every criterion must be met");
  for (const TierVariant& variant : pack.variants) show(variant.id, variant.title);

  // What everyone meets tells nobody apart.
  const JurisdictionSet everyone = AnyJurisdiction();
  std::vector<const Criterion*> shown;
  std::vector<std::string> header;
  std::vector<std::string> of_all;
  for (const Criterion& criterion : pack.criteria) {
    if (criterion.members == everyone) {
      of_all.push_back(criterion.id);
    } else {
      shown.push_back(&criterion);
      header.push_back(criterion.id);
    }
  }
  absl::PrintF("\nWhich criteria each jurisdiction meets; all others meet none of these%s\n",
               of_all.empty() ? std::string()
                              : absl::StrCat("; for all holds: ", absl::StrJoin(of_all, ", ")));
  absl::PrintF("  %-4s %s  tier\n", "", absl::StrJoin(header, " "));
  const std::vector<JurisdictionSet> members = TierMembers(pack, "");
  for (size_t place = kSpecialJurisdictions; place < kJurisdictions; ++place) {
    std::string row;
    bool any = false;
    for (const Criterion* criterion : shown) {
      const bool meets = criterion->members[place];
      any = any || meets;
      const size_t width = criterion->id.size() + 1;
      row += absl::StrFormat("%-*s", static_cast<int>(width), meets ? "yes" : ".");
    }
    if (!any) continue;
    std::string tier = "none";
    for (size_t t = 0; t < members.size(); ++t) {
      if (members[t][place]) tier = pack.tiers[t].id;
    }
    absl::PrintF("  %-4s %s %s\n", std::string(Code(static_cast<Jurisdiction>(place))), row, tier);
  }
}

// What a condition asks, in the words of the pack.
std::string ConditionText(const Pack& pack, const Condition& when) {
  std::vector<std::string> parts;
  if (!when.source.text.empty()) parts.push_back("source: " + when.source.text);
  if (!when.destination.text.empty()) parts.push_back("destination: " + when.destination.text);
  if (when.crosses.has_value()) {
    parts.push_back(*when.crosses ? "crosses a border" : "stays in one jurisdiction");
  }
  if (when.categories != 0) {
    std::vector<std::string> codes;
    for (int c = 0; c < kCategories; ++c) {
      const auto category = static_cast<Category>(c);
      if ((when.categories & Bit(category)) != 0) codes.emplace_back(Code(category));
    }
    std::string text = "of kind " + absl::StrJoin(codes, " ");
    if (when.minimum_evidence != Evidence::kNone) {
      absl::StrAppend(&text, " by ", std::string(Name(when.minimum_evidence)), " or better");
    }
    if (when.minimum_confidence != 0) {
      absl::StrAppend(&text, " at ", when.minimum_confidence, " % or more");
    }
    parts.push_back(text);
  }
  if (when.protection.has_value()) parts.emplace_back(Name(*when.protection));
  if (when.from_initiator.has_value()) {
    parts.push_back(*when.from_initiator ? "sent by who asked" : "sent by who answered");
  }
  if (when.direction != Direction::kOut) {
    parts.push_back(when.direction == Direction::kIn ? "on its way in" : "in either direction");
  }
  if (&when == &pack.scope && parts.empty()) return "everything";
  return absl::StrJoin(parts, "; ");
}

void ShowRule(const Pack& pack, const Rule& rule) {
  absl::PrintF("\n  %s: %s\n", rule.id, std::string(Words(rule.verdict)));
  absl::PrintF("%s\n", Wrapped(rule.says, 4));
  absl::PrintF("%s\n", Wrapped("When " + ConditionText(pack, rule.when), 4));
  if (rule.threshold.has_value()) {
    const Threshold& t = *rule.threshold;
    absl::PrintF("%s\n",
                 Wrapped(absl::StrFormat("From %s %s on, period %s (%s)", Grouped(t.least),
                                         std::string(Name(t.unit)), t.period,
                                         CitationText(pack, absl::MakeConstSpan(&t.provenance, 1))),
                         4));
  }
  for (const std::string& need : rule.needs) {
    absl::PrintF("%s\n",
                 Wrapped("The network cannot show: " + pack.facts.at(need) + " (" + need + ")", 4));
  }
  if (!rule.needs.empty() && rule.met != rule.verdict) {
    absl::PrintF("    Once all of that is confirmed: %s\n", std::string(Words(rule.met)));
  }
  if (!rule.above.empty()) {
    absl::PrintF("    Stands above: %s\n", absl::StrJoin(rule.above, ", "));
  }
  absl::PrintF("    Purpose %s, observable: %s%s%s%s\n", rule.purpose, rule.observability,
               rule.obligation ? "; an obligation to let data through" : "",
               rule.country_only ? "; asks for nothing but places" : "",
               rule.unverified ? "; NOT VERIFIED" : "");
  if (!rule.note.empty()) absl::PrintF("%s\n", Wrapped("Note: " + rule.note, 4));
  absl::PrintF("%s\n", Wrapped(CitationText(pack, rule.cite), 4));
}

int Show(const std::string& name, const ListFlags& list_flags) {
  const absl::StatusOr<Lists> lists = LoadLists(list_flags);
  if (!lists.ok()) return PolicyFailure(lists.status());
  const absl::StatusOr<Pack> pack = LoadPack(name, *lists);
  if (!pack.ok()) return PolicyFailure(pack.status());
  ShowHead(*pack);
  Section("What it says", pack->says);
  Section("What a mirror port can see of it", pack->sees);
  Section("What it cannot see", pack->cannot_see);
  ShowTiers(*pack);
  absl::PrintF("\nSpeaks about\n%s\n", Wrapped(ConditionText(*pack, pack->scope), 2));
  absl::PrintF("\nRules: the most specific that holds decides\n");
  for (const Rule& rule : pack->rules) ShowRule(*pack, rule);
  absl::PrintF("\nSources\n");
  for (const PackSource& source : pack->sources) {
    absl::PrintF("%s\n", Wrapped(absl::StrCat(source.date, " ", source.title,
                                              source.unverified ? " (not verified)" : "",
                                              source.note.empty() ? "" : ": ", source.note),
                                 2));
  }
  absl::PrintF(
      "\nWhere the verdict hangs on what cannot be told (a place, a category, protection), it is\n"
      "undetermined. Every verdict is indicative, not a finding of law.\n");
  for (const PackRemark& remark : Lint(*pack, Today())) {
    if (remark.what.starts_with("stale")) absl::PrintF("! %s\n", remark.what);
  }
  return kExitDone;
}

}  // namespace

void AddPolicyShow(CLI::App& policy, int* exit_code) {
  const auto name = std::make_shared<std::string>();
  CLI::App* show = policy.add_subcommand("show", "a pack in plain words");
  show->add_option("PACK", *name, "its id, or a file")->required();
  const auto lists = std::make_shared<ListFlags>();
  AddListFlags(show, lists.get());
  show->callback([name, lists, exit_code] { *exit_code = Show(*name, *lists); });
}

}  // namespace borderflow
