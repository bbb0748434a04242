#include "collectors/report/policy_text.h"

#include <algorithm>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"
#include "collectors/report/text.h"

namespace borderflow {
namespace {

uint64_t TotalBytes(const VerdictSums& verdicts) {
  uint64_t total = 0;
  for (const PolicySum& sum : verdicts) total += sum.bytes;
  return total;
}

// "56.1 %", or "56.1 to 70.2 %" where what is undetermined could add to it.
std::string Range(uint64_t low, uint64_t high, uint64_t whole) {
  const std::string upper = Percent(high, whole);
  const std::string lower = Percent(low, whole);
  return lower == upper ? upper : absl::StrCat(lower, " to ", upper);
}

void AddHead(const PolicyResult& policy, std::string* out) {
  absl::StrAppendFormat(out, "\nPolicy %s %s, as of %s: indicative, not a finding of law\n",
                        policy.pack, policy.version, policy.as_of);
  absl::StrAppendFormat(out, "  %s\n", policy.title);
  absl::StrAppendFormat(out, "  where no rule holds: %s; the burden of proof lies with the %s\n",
                        std::string(Name(policy.default_verdict)), policy.burden);
  std::vector<std::string> changed;
  const EvaluateOptions& options = policy.options;
  if (options.flip_default) changed.push_back("with the default flipped");
  if (options.ablate_origin) changed.push_back("without what rules ask of places");
  if (options.mirror) changed.push_back("with both ends exchanged");
  if (!options.tiers.empty()) changed.push_back("with tiers by " + options.tiers);
  if (options.treatment.has_value()) {
    changed.push_back("with the non-aligned treated as " + std::string(Name(*options.treatment)));
  }
  if (!options.facts.empty()) {
    changed.push_back("with declared as confirmed: " + absl::StrJoin(options.facts, ", "));
  }
  if (!changed.empty()) absl::StrAppendFormat(out, "  %s\n", absl::StrJoin(changed, "; "));
  if (policy.stale) {
    absl::StrAppendFormat(out, "  ! stale: its facts are of %s; check them before relying on it\n",
                          policy.as_of);
  }
  if (!policy.unfit_vantage.empty()) {
    absl::StrAppendFormat(out, "  ! undetermined as a whole: %s\n", policy.unfit_vantage);
  }
  if (!policy.missing_parameter.empty()) {
    absl::StrAppendFormat(out,
                          "  ! a template, out of scope as a whole: give it as --policy %s:%s=...\n"
                          "    ('borderflow policy list' shows all that it asks for)\n",
                          policy.pack, policy.missing_parameter);
  }
}

void AddVerdicts(const PolicyResult& policy, uint64_t total, std::string* out) {
  out->append(
      "  verdict                  of bytes    bytes    flows  expected  loosest strictest   "
      "evidence L, M, U\n");
  for (size_t v = 0; v < kVerdicts; ++v) {
    const PolicySum& sum = policy.verdicts[v];
    const VerdictBounds& b = policy.bounds[v];
    if (sum.frames == 0 && b.possible_bytes == 0) continue;
    const auto of = [&b](Evidence e) { return b.evidence_bytes[static_cast<size_t>(e)]; };
    const uint64_t low = of(Evidence::kContent) + of(Evidence::kProtocol);
    const uint64_t middle = low + of(Evidence::kName);
    const uint64_t high = middle + of(Evidence::kOperator) + of(Evidence::kPort);
    absl::StrAppendFormat(out, "  %-24s %8s %8s %8s %9s %8s %9s",
                          std::string(Name(static_cast<Verdict>(v))), Percent(sum.bytes, total),
                          Bytes(sum.bytes), Grouped(sum.flows), Percent(b.expected_bytes, total),
                          Percent(b.loosest_bytes, total), Percent(b.strictest_bytes, total));
    if (sum.bytes > 0) {
      absl::StrAppendFormat(out, "   %s, %s, %s", Percent(low, sum.bytes),
                            Percent(middle, sum.bytes), Percent(high, sum.bytes));
    }
    out->append("\n");
  }
  out->append(
      "  (expected: by the confidence in the kind; loosest, strictest: with all that is "
      "undetermined\n  there; evidence: share of its bytes that content and protocol tell, with "
      "names, with ports)\n");
}

// The first citation, and that there are more.
std::string FirstCitation(const std::string& cite) {
  const size_t end = cite.find("; ");
  return end == std::string::npos ? cite : cite.substr(0, end) + "; and more";
}

// What decided, and what it rests on.
void AddReasons(const PolicyResult& policy, PolicyDetail detail, uint64_t total, std::string* out) {
  out->append("  why: what decided, its share of bytes, and the share that it touches\n");
  for (const RuleResult& rule : policy.rules) {
    if (rule.sum.frames == 0 && rule.possible.frames == 0) continue;
    absl::StrAppendFormat(out, "    %-28s %-24s %8s", rule.id, std::string(Name(rule.verdict)),
                          Range(rule.sum.bytes, rule.sum.bytes + rule.possible.bytes, total));
    if (!rule.is_rule) {
      absl::StrAppendFormat(out, "  %s\n", rule.cite);
      continue;
    }
    absl::StrAppendFormat(out, ", touches %s%s\n", Percent(rule.touched.bytes, total),
                          rule.unverified ? "; NOT VERIFIED" : "");
    absl::StrAppendFormat(out, "%s\n", Wrapped(rule.says, 6));
    absl::StrAppendFormat(out, "      %s; observable: %s%s%s\n", rule.purpose, rule.observability,
                          rule.obligation ? "; an obligation to let through" : "",
                          rule.country_only ? "; asks for places only" : "");
    absl::StrAppendFormat(
        out, "%s\n",
        Wrapped(detail == PolicyDetail::kFull ? rule.cite : FirstCitation(rule.cite), 6));
    if (rule.needs.empty()) continue;
    absl::StrAppendFormat(out, "%s\n",
                          Wrapped(absl::StrCat("not confirmed, and not visible on a network: ",
                                               absl::StrJoin(rule.needs, ", "),
                                               rule.verdict == Verdict::kBreachIfConfirmed
                                                   ? "; without it this is no breach"
                                                   : ""),
                                  6));
  }
}

// Undetermined is not unknown through and through: between which verdicts, and for want of what.
void AddUndetermined(const PolicyResult& policy, uint64_t total, std::string* out) {
  constexpr size_t kShownParts = 5;
  constexpr size_t kPartIndent = 14;  // the share stands in its place
  if (policy.undetermined.empty()) return;
  out->append("  undetermined is, as the missing answer turns out\n");
  for (size_t i = 0; i < std::min(kShownParts, policy.undetermined.size()); ++i) {
    const UndeterminedPart& part = policy.undetermined[i];
    const char* lacks =
        part.lacks_place && part.lacks_kind ? "where an end is, and the kind of data"
        : part.lacks_place                  ? "where an end is"
        : part.lacks_kind                   ? "the kind of data (no content seen, no known name)"
                          : "who runs an end, protection, surer evidence, or a threshold";
    const std::string text =
        Wrapped(absl::StrCat(std::string(Name(part.loosest)), " to ",
                             std::string(Name(part.strictest)), "; missing: ", lacks),
                kPartIndent);
    absl::StrAppendFormat(out, "    %8s  %s\n", Percent(part.sum.bytes, total),
                          text.substr(kPartIndent));
  }
  if (policy.undetermined.size() > kShownParts) {
    uint64_t rest = 0;
    for (size_t i = kShownParts; i < policy.undetermined.size(); ++i) {
      rest += policy.undetermined[i].sum.bytes;
    }
    absl::StrAppendFormat(out, "    %8s  in %d more ways\n", Percent(rest, total),
                          policy.undetermined.size() - kShownParts);
  }
}

// The largest sum of a threshold, and over which time.
std::string MeasuredText(const ThresholdResult& t) {
  if (!t.not_measurable.empty()) return absl::StrCat("not measurable, ", t.not_measurable);
  std::string text = absl::StrCat("the largest of ", t.sums, t.sums == 1 ? " sum " : " sums ");
  if (t.low == t.high) {
    absl::StrAppend(&text, "is ", Grouped(t.low));
  } else {
    absl::StrAppend(&text, "lies between ", Grouped(t.low), " and ", Grouped(t.high));
  }
  if (t.unit == Unit::kPersons) text += " addresses, which are not persons";
  if (t.basis == PeriodBasis::kSliding) text += ", in the fullest period of the data";
  if (t.basis == PeriodBasis::kSpread) {
    text +=
        ", in the fullest period: the data cover more than one and hold no times (a store does)";
  }
  return text;
}

void AddThresholds(const PolicyResult& policy, std::string* out) {
  for (const ThresholdResult& t : policy.thresholds) {
    absl::StrAppendFormat(out, "  threshold of %s: at least %s %s (%s)\n%s\n", t.rule,
                          Grouped(t.least), std::string(Name(t.unit)), t.period,
                          Wrapped(MeasuredText(t), 6));
  }
}

void AddTiers(const PolicyResult& policy, PolicyDetail detail, uint64_t total, std::string* out) {
  constexpr size_t kTierIndent = 21;
  const auto line = [&](const std::string& label, const std::vector<TierResult>& tiers) {
    // The label stands in the place of the first line's indent.
    const std::string text = Wrapped(
        absl::StrJoin(tiers, ", ",
                      [total](std::string* one, const TierResult& tier) {
                        absl::StrAppendFormat(one, "%s: %d jurisdictions, %s of bytes", tier.id,
                                              tier.jurisdictions, Percent(tier.sum.bytes, total));
                      }),
        kTierIndent);
    absl::StrAppendFormat(out, "    %-16s %s\n", label,
                          text.substr(std::min(kTierIndent, text.size())));
  };
  if (policy.tiers.empty()) return;
  out->append("  tiers, computed from criteria, by destination of what is in scope\n");
  line(policy.options.tiers.empty() ? "as written" : policy.options.tiers, policy.tiers);
  if (detail == PolicyDetail::kSummary) {
    if (!policy.tier_choices.empty()) {
      out->append("    any, all and variants: borderflow policy evaluate --input REPORT.json\n");
    }
    return;
  }
  for (const TierChoice& choice : policy.tier_choices) {
    line(choice.id, choice.tiers);
    absl::StrAppendFormat(out, "%s\n", Wrapped(VerdictLine(choice.verdicts), kTierIndent));
  }
}

void AddTreatments(const PolicyResult& policy, std::string* out) {
  constexpr size_t kTreatmentIndent = 17;
  if (policy.treatments.empty()) return;
  absl::StrAppendFormat(out, "  the same traffic under each treatment of the tier %s\n",
                        policy.treated_tier);
  for (size_t t = 0; t < policy.treatments.size(); ++t) {
    // The first line begins with the treatment's name, in the place of the indent.
    const std::string verdicts = Wrapped(VerdictLine(policy.treatments[t]), kTreatmentIndent);
    absl::StrAppendFormat(out, "    %-12s %s\n", std::string(Name(static_cast<Treatment>(t))),
                          verdicts.substr(std::min(kTreatmentIndent, verdicts.size())));
  }
}

}  // namespace

std::string VerdictLine(const VerdictSums& verdicts) {
  const uint64_t total = TotalBytes(verdicts);
  std::vector<std::string> parts;
  for (size_t v = 0; v < kVerdicts; ++v) {
    if (verdicts[v].frames == 0) continue;
    parts.push_back(absl::StrCat(std::string(Name(static_cast<Verdict>(v))), " ",
                                 Percent(verdicts[v].bytes, total)));
  }
  return absl::StrJoin(parts, ", ");
}

std::string PolicyText(const PolicyResult& policy, PolicyDetail detail) {
  const uint64_t total = TotalBytes(policy.verdicts);
  std::string out;
  AddHead(policy, &out);
  AddVerdicts(policy, total, &out);
  AddReasons(policy, detail, total, &out);
  AddUndetermined(policy, total, &out);
  AddThresholds(policy, &out);
  for (const TieResult& tie : policy.ties) {
    absl::StrAppendFormat(&out, "  %s disagree on %s of bytes: %s or %s\n",
                          absl::StrJoin(tie.rules, " and "), Percent(tie.sum.bytes, total),
                          std::string(Name(tie.looser)), std::string(Name(tie.stricter)));
  }
  AddTiers(policy, detail, total, &out);
  AddTreatments(policy, &out);
  return out;
}

}  // namespace borderflow
