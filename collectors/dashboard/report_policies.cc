// The parts of the report's text that judge: policies and dependence.
#include <algorithm>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "collectors/dashboard/report_text.h"
#include "collectors/report/text.h"

namespace borderflow {
namespace {

constexpr size_t kRuleRows = 150;
constexpr size_t kOrganisationRows = 60;
constexpr size_t kPairRows = 40;

std::string Joined(const ViewJson& list, size_t most) {
  std::string text;
  size_t items = 0;
  for (const ViewJson& item : list) {
    if (!item.is_string()) continue;
    if (items++ >= most) return text + " ...";
    absl::StrAppend(&text, text.empty() ? "" : ", ", item.get<std::string>());
  }
  return text;
}

std::string WordsOf(const ViewJson& view, const std::string& verdict) {
  const std::string words = TextAt(MemberAt(MemberAt(view, "labels"), "verdicts"), verdict.c_str());
  return words.empty() ? verdict : words;
}

void WriteVerdicts(const ViewJson& view, const ViewJson& policy, HtmlWriter* out) {
  const uint64_t whole = NumberAt(MemberAt(view, "total"), "bytes");
  out->BeginTable(
      "Verdicts, with what undetermined bytes could add, and how the kind of data is known: by "
      "content and protocol (L), with names (M), with operators and ports (U)",
      {{"verdict"},
       {"share", true},
       {"frames", true},
       {"bytes", true},
       {"flows", true},
       {"at most", true},
       {"L", true},
       {"M", true},
       {"U", true}});
  const ViewJson& verdicts = MemberAt(policy, "verdicts");
  for (const auto& [verdict, counts] : verdicts.items()) {
    const ViewJson& bounds = MemberAt(MemberAt(policy, "bounds"), verdict.c_str());
    std::vector<std::string> row = {WordsOf(view, verdict)};
    AppendCounts(counts, whole, &row);
    const bool bounded = bounds.is_object();
    row.push_back(bounded ? Grouped(NumberAt(bounds, "upper_bytes")) : "");
    for (const char* share : {"L", "M", "U"}) {
      row.push_back(bounded ? ShareText(bounds, share) : "");
    }
    out->Row(row);
  }
  out->EndTable();
}

void WriteRules(const ViewJson& view, const ViewJson& policy, HtmlWriter* out) {
  const uint64_t whole = NumberAt(MemberAt(view, "total"), "bytes");
  out->BeginTable("What decided", {{"rule"},
                                   {"verdict"},
                                   {"citation"},
                                   {"what must be confirmed"},
                                   {"how well it can be seen"},
                                   {"share", true},
                                   {"frames", true},
                                   {"bytes", true},
                                   {"flows", true}});
  size_t rows = 0;
  for (const ViewJson& rule : MemberAt(policy, "rules")) {
    if (rows++ >= kRuleRows) break;
    std::vector<std::string> row = {
        TextAt(rule, "rule"), WordsOf(view, TextAt(rule, "verdict")),
        absl::StrCat(TextAt(rule, "cite"),
                     MemberAt(rule, "unverified") == true ? " (unverified)" : ""),
        Joined(MemberAt(rule, "not_confirmed"), 20), TextAt(rule, "observability")};
    AppendCounts(rule, whole, &row);
    out->Row(row);
  }
  out->EndTable();
}

void WriteReadings(const ViewJson& view, const ViewJson& policy, HtmlWriter* out) {
  const ViewJson& variants = MemberAt(policy, "variants");
  if (!variants.is_object()) {
    const std::string reason = TextAt(policy, "variants_reason");
    if (!reason.empty())
      out->Note(absl::StrCat("Other readings were not evaluated: ", reason, "."));
    return;
  }
  const uint64_t whole = NumberAt(MemberAt(view, "total"), "bytes");
  out->BeginTable("Read another way",
                  {{"reading"}, {"bytes whose verdict changes", true}, {"share", true}});
  for (const auto& [key, words] :
       {std::pair{"flip_default", "with the burden of proof on the other side"},
        std::pair{"ablate_origin", "without what rules ask of places"}}) {
    const uint64_t moved = NumberAt(MemberAt(MemberAt(variants, key), "moved"), "bytes");
    out->Row({words, Grouped(moved), Percent(moved, whole)});
  }
  out->EndTable();
}

void WriteScale(const ViewJson& policy, HtmlWriter* out) {
  const ViewJson& cost = MemberAt(policy, "cost");
  const ViewJson& whole = MemberAt(cost, "whole");
  if (!whole.is_object()) return;
  out->BeginTable("Both sides of the scale, if everything that the pack restricts were cut",
                  {{"measure"}, {"value", true}, {"at least", true}, {"at most", true}});
  for (const char* side : {"exposure", "cost"}) {
    for (const ViewJson& measure : MemberAt(cost, side)) {
      const std::string asks = absl::StrCat(
          side == std::string("cost") ? "would cost: " : "would spare: ", TextAt(measure, "asks"));
      if (!MemberAt(measure, "value").is_number()) {
        out->Row(
            {asks, absl::StrCat("not measurable: ", TextAt(measure, "not_measurable")), "", ""});
        continue;
      }
      out->Row({asks, TextAt(measure, "value"), TextAt(measure, "low"), TextAt(measure, "high")});
    }
  }
  out->EndTable();
}

}  // namespace

void WritePolicies(const ViewJson& view, HtmlWriter* out) {
  const ViewJson& policies = MemberAt(view, "policies");
  if (!policies.is_array() || policies.empty()) return;
  out->BeginSection();
  out->Heading("What policies would say");
  out->Note(
      "Indicative, never a finding of law: a verdict says what a policy would say of traffic as "
      "the "
      "sensor sees it. What is not confirmed is never a breach.");
  for (const ViewJson& policy : policies) {
    out->Subheading(absl::StrCat(TextAt(policy, "title"), " (", TextAt(policy, "pack"), " ",
                                 TextAt(policy, "version"), ", as of ", TextAt(policy, "as_of"),
                                 MemberAt(policy, "stale") == true ? ", stale" : "", ")"));
    const std::string missing = TextAt(policy, "missing_parameter");
    if (!missing.empty()) out->Note(absl::StrCat("Its parameter ", missing, " was not given."));
    const std::string unfit = TextAt(policy, "unfit_vantage");
    if (!unfit.empty()) out->Note(unfit);
    WriteVerdicts(view, policy, out);
    WriteRules(view, policy, out);
    WriteReadings(view, policy, out);
    WriteScale(policy, out);
  }
  out->EndSection();
}

void WriteDependence(const ViewJson& view, HtmlWriter* out) {
  const ViewJson& dependence = MemberAt(view, "dependence");
  if (!dependence.is_object()) return;
  out->BeginSection();
  out->Heading("Who is depended on");
  const std::string reason = TextAt(dependence, "reason");
  if (!reason.empty()) out->Note(absl::StrCat("Not measured: ", reason, "."));
  const ViewJson& organisations = MemberAt(dependence, "organisations");
  if (organisations.is_array() && !organisations.empty()) {
    out->BeginTable("Organisations whose servers answer, the largest first",
                    {{"organisation"},
                     {"home"},
                     {"category"},
                     {"bytes", true},
                     {"share of the category", true}});
    size_t rows = 0;
    for (const ViewJson& row : organisations) {
      if (rows++ >= kOrganisationRows) break;
      out->Row({TextAt(row, "label"), TextAt(row, "home"), TextAt(row, "category"),
                Grouped(NumberAt(row, "bytes")), ShareText(row, "share")});
    }
    out->EndTable();
  }
  const ViewJson& concentration = MemberAt(dependence, "concentration");
  if (concentration.is_array() && !concentration.empty()) {
    out->BeginTable("How concentrated", {{"category"},
                                         {"holders are"},
                                         {"holders", true},
                                         {"HHI", true},
                                         {"effective number", true},
                                         {"largest"},
                                         {"its share", true}});
    for (const ViewJson& row : concentration) {
      const bool told = MemberAt(row, "hhi").is_number();
      out->Row({MemberAt(row, "category").is_null() ? "all" : TextAt(row, "category"),
                TextAt(row, "of"), Grouped(NumberAt(row, "organisations")), TextAt(row, "hhi"),
                TextAt(row, "effective"), TextAt(row, "largest"),
                told ? ShareText(row, "largest_share") : ""});
    }
    out->EndTable();
  }
  const ViewJson& government = MemberAt(dependence, "government");
  if (government.is_array() && !government.empty()) {
    out->BeginTable("Government systems, by the home of who operates the server",
                    {{"operator's home"},
                     {"frames", true},
                     {"bytes", true},
                     {"flows", true},
                     {"organisations"}});
    for (const ViewJson& row : government) {
      out->Row({TextAt(row, "operator"), Grouped(NumberAt(row, "frames")),
                Grouped(NumberAt(row, "bytes")), Grouped(NumberAt(row, "flows")),
                Joined(MemberAt(row, "organisations"), 12)});
    }
    out->EndTable();
  }
  const ViewJson& pairs = MemberAt(dependence, "reciprocity");
  if (pairs.is_array() && !pairs.empty()) {
    out->BeginTable(
        "How mutual, by location; answers dominate bytes",
        {{"a"}, {"b"}, {"a to b, bytes", true}, {"b to a, bytes", true}, {"balance", true}});
    size_t rows = 0;
    for (const ViewJson& row : pairs) {
      if (rows++ >= kPairRows) break;
      out->Row({TextAt(row, "a"), TextAt(row, "b"), Grouped(NumberAt(row, "ab_bytes")),
                Grouped(NumberAt(row, "ba_bytes")), TextAt(row, "balance")});
    }
    out->EndTable();
  }
  out->EndSection();
}

}  // namespace borderflow
