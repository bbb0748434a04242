#include <algorithm>
#include <array>
#include <cmath>
#include <filesystem>
#include <string_view>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"
#include "collectors/export/times.h"
#include "collectors/report/text.h"
#include "tools/command/policy_measures_output.h"

namespace borderflow {
namespace {

constexpr size_t kVectorsShown = 12;
constexpr size_t kLosersShown = 3;
constexpr size_t kConflictsShown = 8;
constexpr size_t kShiftsShown = 5;
constexpr size_t kSubjectWidth = 31;  // of a row; a longer one has a line of its own

// A section begins with the measure named.
struct Section {
  std::string_view first;
  std::string_view title;
};
constexpr std::array kSections = std::to_array<Section>({
    {"cross_border_share", "Where it goes (by location: a belief of the database)"},
    {"exposure_sensitive", "Exposure"},
    {"hhi", "Who holds it"},
    {"dependence", "Who relies on whom"},
    {"net_balance", "Who gives, who takes"},
    {"pack_disagreement", "Between packs"},
    {"substitution", "Between periods"},
});

// What users and files say may hold any byte: anything but printable ASCII is shown as '?'.
std::string Plain(std::string_view text, size_t most) {
  std::string plain(text.substr(0, most));
  std::replace_if(
      plain.begin(), plain.end(), [](char c) { return c < ' ' || c > '~'; }, '?');
  return plain;
}

std::string Rate(double bits_per_second) {
  static constexpr std::array<const char*, 4> kUnits = {"bit/s", "kbit/s", "Mbit/s", "Gbit/s"};
  size_t unit = 0;
  for (; bits_per_second >= 1000 && unit + 1 < kUnits.size(); ++unit) bits_per_second /= 1000;
  return absl::StrFormat("%.1f %s", bits_per_second, kUnits[unit]);
}

// "+0.31"; what rounds to nothing has no sign.
std::string Balance(double value) {
  return std::abs(value) < kEven ? "0.00" : absl::StrFormat("%+.2f", value);
}

std::string Number(double value, std::string_view unit) {
  if (unit == "share") return Percent(value);
  if (unit == "bytes") return Bytes(static_cast<uint64_t>(std::min(value, 1e19)));
  if (unit == "bit/s") return Rate(value);
  if (unit == "-1..1") return Balance(value);
  if (unit == "index 0..1") return absl::StrFormat("%.3f", value);
  return absl::StrFormat("%.2f", value);
}

std::string BoundsOf(const Measured& answer, std::string_view unit) {
  const std::string low = Number(answer.low(), unit);
  const std::string high = Number(answer.high(), unit);
  if (low == high) return "";
  return absl::StrCat(low, " .. ", high);
}

void AddRow(const MeasureRow& row, std::string* out) {
  const std::string_view unit = row.measure->unit;
  const std::string weight = row.weight.has_value() ? std::string(Name(*row.weight)) : "";
  absl::StrAppendFormat(out, "  %-28s %-31s", std::string(row.measure->id), row.subject);
  if (row.subject.size() > kSubjectWidth) absl::StrAppendFormat(out, "\n%62s", "");
  if (row.answer.answered()) {
    std::string line = absl::StrFormat(" %-6s %9s  %s", weight, Number(row.answer.value(), unit),
                                       BoundsOf(row.answer, unit));
    line.erase(line.find_last_not_of(' ') + 1);
    absl::StrAppend(out, line, "\n");
  } else {
    absl::StrAppendFormat(out, " %-6s %9s\n    not measurable: %s\n", weight, "-",
                          row.answer.reason());
  }
}

void AddRows(const std::vector<MeasureRow>& rows, std::string* out) {
  std::string_view section;
  for (const MeasureRow& row : rows) {
    for (const Section& candidate : kSections) {
      if (candidate.first != row.measure->id || candidate.title == section) continue;
      section = candidate.title;
      absl::StrAppend(out, "\n", std::string(section), "\n");
    }
    AddRow(row, out);
  }
}

std::string Short(const Measured& answer) {
  if (!answer.answered()) return "-";
  return absl::StrFormat("%.2f %.2f-%.2f", answer.value(), answer.low(), answer.high());
}

void AddVectors(const MeasureStatement& statement, const std::optional<ThresholdLevels>& levels,
                std::string* out) {
  absl::StrAppend(out,
                  "\nFour questions of each organisation and category (value, then bounds; opacity "
                  "is our limit,\nnever a harm; '-': not measurable, so nothing is called a "
                  "concern)\n");
  absl::StrAppendFormat(out, "  %-19s %-9s %-14s %-14s %-14s %7s\n", "organisation", "data",
                        "reach", "access", "dependence", "opacity");
  size_t shown = 0;
  for (const FourQuestions& vector : statement.vectors) {
    if (!IsClassified(vector.category)) continue;  // two of the four have no answer
    if (shown++ == kVectorsShown) break;
    absl::StrAppendFormat(out, "  %-19s %-9s %-14s %-14s %-14s %7s", Plain(vector.organisation, 19),
                          std::string(Code(vector.category)), Short(vector.reach),
                          Short(vector.access), Short(vector.dependence),
                          Percent(vector.opacity.value()));
    if (levels.has_value()) {
      absl::StrAppend(out, "  ", std::string(Name(ConcernOf(vector, levels))));
    }
    absl::StrAppend(out, "\n");
  }
  if (statement.vectors.empty()) {
    absl::StrAppend(out, "  no organisation is known: it takes a database with AS numbers\n");
  } else {
    absl::StrAppendFormat(out, "  all %d are in --json\n", statement.vectors.size());
  }
  if (!levels.has_value()) {
    absl::StrAppend(out, "  not judged: no levels were given (--levels, with --levels-source)\n");
    return;
  }
  absl::StrAppendFormat(out, "  levels: reach %g, access %g, dependence %g (%s);", levels->reach,
                        levels->access, levels->dependence, Plain(levels->provenance, 40));
  for (const auto& [factor, concerns] : statement.sweep) {
    absl::StrAppendFormat(out, " x%g: %d", factor, concerns);
  }
  absl::StrAppend(out, " concerns\n");
}

// In the busiest window, where there are several.
std::string PeakText(const RuleMeasures& rule) {
  for (const MeasureRow& row : rule.rows) {
    if (row.measure->id != "home_capacity_peak" || !row.answer.answered()) continue;
    return absl::StrCat(Rate(row.answer.value()), " in the busiest window");
  }
  return "peak not measurable from one window";
}

std::string LostText(const char* what, const Lost& lost) {
  if (lost.seen == 0) return absl::StrCat(what, " -");
  return absl::StrFormat("%s %d of %d", what, lost.gone, lost.seen);
}

// "12.3 %", or "-".
std::string ShareOf(const RuleMeasures& rule, std::string_view measure) {
  for (const MeasureRow& row : rule.rows) {
    if (row.measure->id == measure && row.answer.answered()) return Percent(row.answer.value());
  }
  return "-";
}

void AddRule(const RuleMeasures& rule, std::string* out) {
  const CutCost& cost = rule.cost;
  const std::string verdict = rule.verdict == Verdict::kUndetermined
                                  ? ""
                                  : absl::StrCat(" (", std::string(Name(rule.verdict)), ")");
  absl::StrAppendFormat(out, "\n  %s%s\n", rule.rule, verdict);
  absl::StrAppendFormat(out, "    would cut %s, with answers %s and %s flows: %s of all bytes\n",
                        Bytes(cost.cut.bytes), Bytes(cost.lost.bytes), Grouped(cost.lost.flows),
                        cost.bytes_share.answered() ? Percent(cost.bytes_share.value()) : "-");
  absl::StrAppendFormat(out,
                        "    would spare: sensitive %s, readable %s, control %s of what crosses\n",
                        ShareOf(rule, "spared_sensitive"), ShareOf(rule, "spared_readable"),
                        ShareOf(rule, "spared_control"));
  absl::StrAppendFormat(out, "    gone: %s, %s, %s, %s\n", LostText("services", cost.services),
                        LostText("organisations", cost.counterparties),
                        LostText("jurisdictions", cost.jurisdictions),
                        LostText("two-way pairs", cost.two_way_pairs));
  absl::StrAppendFormat(out, "    to be served at home: %s, %s; %s\n", Bytes(cost.home_bytes),
                        cost.home_mean_rate.answered() ? Rate(cost.home_mean_rate.value())
                                                       : cost.home_mean_rate.reason(),
                        PeakText(rule));
  if (cost.hhi_before.answered() && cost.hhi_after.answered()) {
    absl::StrAppendFormat(out, "    concentration of organisations: HHI %.3f before, %.3f after\n",
                          cost.hhi_before.value(), cost.hhi_after.value());
  }
  for (size_t l = 0; l < std::min(kLosersShown, cost.incidence.size()); ++l) {
    const Incidence& loser = cost.incidence[l];
    absl::StrAppendFormat(out, "    loses: %-24s (%s) %s; of it readable %s, control %s\n",
                          Plain(loser.organisation, 24), std::string(Code(loser.home)),
                          Bytes(loser.bytes), Percent(loser.cleartext_bytes, loser.bytes),
                          Percent(loser.control_bytes, loser.bytes));
  }
  std::vector<std::string> stances;
  for (const ProfileScore& score : rule.profiles.scores) {
    stances.push_back(absl::StrCat(std::string(score.profile), " ",
                                   score.balance.answered() ? Balance(score.balance.value()) : "-",
                                   score.left_out.empty() ? "" : "*"));
  }
  const Measured& apart = rule.profiles.disagreement;
  absl::StrAppendFormat(out, "    for (+), against (-): %s\n", absl::StrJoin(stances, "  "));
  absl::StrAppendFormat(out, "    disagreement %s%s\n",
                        apart.answered() ? absl::StrFormat("%.2f", apart.value())
                                         : "not measurable: " + apart.reason(),
                        rule.profiles.opposed ? "; they are opposed" : "");
}

void AddPack(const PackMeasures& pack, std::string* out) {
  absl::StrAppendFormat(out, "\nPack %s (indicative, not a finding of law)\n", pack.pack);
  for (const MeasureRow& row : pack.rows) AddRow(row, out);
  if (pack.rules.empty()) return;
  absl::StrAppend(out,
                  "\n  What each rule would cost if it cut what it decides; '*': a stance lacks "
                  "something\n  that is not measurable here\n");
  for (const RuleMeasures& rule : pack.rules) AddRule(rule, out);
  if (pack.conflicts.empty()) return;
  absl::StrAppend(out, "\n  Trade commitments that pull the other way\n");
  for (size_t c = 0; c < std::min(kConflictsShown, pack.conflicts.size()); ++c) {
    const Conflict& conflict = pack.conflicts[c];
    absl::StrAppendFormat(out, "    %-13s %s -> %s  forbidden %s, under conditions %s%s\n",
                          std::string(conflict.commitment->id), std::string(Code(conflict.source)),
                          std::string(Code(conflict.destination)), Bytes(conflict.forbidden.bytes),
                          Bytes(conflict.conditioned.bytes),
                          conflict.commitment->verified ? "" : " [unverified]");
  }
  if (pack.conflicts.size() > kConflictsShown) {
    absl::StrAppendFormat(out, "    and %d more (all in --json, with the exceptions)\n",
                          pack.conflicts.size() - kConflictsShown);
  }
}

void AddShifts(const MeasureStatement& statement, std::string* out) {
  for (size_t h = 0; h < statement.substitutions.size(); ++h) {
    const std::vector<Shift>& shifts = statement.substitutions[h].shifts;
    for (size_t s = 0; s < std::min(kShiftsShown, shifts.size()); ++s) {
      if (shifts[s].before == shifts[s].after) break;
      absl::StrAppendFormat(out, "    by %-13s %-30s %8s -> %s\n",
                            std::string(Name(static_cast<Holder>(h))), Plain(shifts[s].holder, 30),
                            Percent(shifts[s].before), Percent(shifts[s].after));
    }
  }
}

}  // namespace

std::string MeasuresAsText(const MeasureStatement& statement, const MeasuredReport& report,
                           const std::optional<ThresholdLevels>& levels) {
  constexpr uint64_t kPerSecond = 1'000'000'000;
  const std::string name = std::filesystem::path(report.file).filename().string();
  std::string out = absl::StrFormat("%s: %s, %s flows", Plain(name, 40), Bytes(report.sum.bytes),
                                    Grouped(report.sum.flows));
  if (report.sum.frames > 0) {
    absl::StrAppend(&out, ", ", Iso8601(report.first_time_ns / kPerSecond), " to ",
                    Iso8601(report.last_time_ns / kPerSecond));
  }
  absl::StrAppend(
      &out, "\nvantage: ", report.vantage.empty() ? "not stated" : Plain(report.vantage, 20),
      ". Everything is of what this vantage saw. Bounds place what is undetermined\n"
      "one way and the other; what each measure is: borderflow policy measures --list\n");
  AddRows(statement.rows, &out);
  AddShifts(statement, &out);
  AddVectors(statement, levels, &out);
  for (const PackMeasures& pack : statement.packs) AddPack(pack, &out);
  return out;
}

}  // namespace borderflow
