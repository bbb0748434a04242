// `borderflow policy compare`: the same report under two packs, side by side, each also with its
// default flipped, without origin and mirrored where the flags ask for it.
#include <algorithm>
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <utility>

#include "absl/strings/str_format.h"
#include "collectors/report/policy_json.h"
#include "collectors/report/text.h"
#include "rules/policy/compare.h"
#include "tools/account/output_file.h"
#include "tools/command/exit_codes.h"
#include "tools/command/policy.h"
#include "tools/command/policy_flags.h"

namespace borderflow {
namespace {

constexpr size_t kTop = 10;
constexpr int kColumn = 11;  // six columns and the verdicts take less than 100

struct CompareFlags {
  std::string a;
  std::string b;
  PolicyFlags shared;
};

// One pack under one set of options: a column of the table.
struct Column {
  std::string pack;
  std::string variant;  // "as written", "flipped" ...
  PolicyResult result;
};

// What an option changes about a pack.
struct Change {
  std::string pack;
  std::string variant;
  PolicyComparison comparison;  // a: as written, b: with the option
};

struct Table {
  std::vector<Column> columns;
  std::vector<Change> changes;
};

void AddPack(const PreparedPack& prepared, const PolicyInput& input, Table* table) {
  EvaluateOptions plain = prepared.options;
  plain.flip_default = false;
  plain.ablate_origin = false;
  plain.mirror = false;
  const Pack& pack = prepared.pack;
  table->columns.push_back({pack.id, "as written", Evaluate(pack, input.report.cells, plain)});
  const auto add = [&](bool asked, const char* variant, bool EvaluateOptions::*option) {
    if (!asked) return;
    EvaluateOptions changed = plain;
    changed.*option = true;
    table->columns.push_back({pack.id, variant, Evaluate(pack, input.report.cells, changed)});
    table->changes.push_back(
        {pack.id, variant, Compare(pack, plain, pack, changed, input.report.cells)});
  };
  add(input.options.flip_default, "flipped", &EvaluateOptions::flip_default);
  add(input.options.ablate_origin, "no origin", &EvaluateOptions::ablate_origin);
  add(input.options.mirror, "mirrored", &EvaluateOptions::mirror);
}

uint64_t FindingBytes(const PolicyResult& result) {
  uint64_t bytes = 0;
  for (size_t v = 0; v < kVerdicts; ++v) {
    if (IsFinding(static_cast<Verdict>(v))) bytes += result.verdicts[v].bytes;
  }
  return bytes;
}

// Both packs have as many columns; their names stand above them.
void PrintTable(const Table& table, uint64_t total) {
  const size_t each = table.columns.size() / 2;
  const int width = static_cast<int>(each) * (kColumn + 1) - 1;
  absl::PrintF("%-24s", "");
  for (const size_t first : {size_t{0}, each}) {
    absl::PrintF(" %*s", width, table.columns[first].pack.substr(0, static_cast<size_t>(width)));
  }
  absl::PrintF("\n%-24s", "verdict, of bytes");
  for (const Column& column : table.columns) absl::PrintF(" %*s", kColumn, column.variant);
  absl::PrintF("\n");
  for (size_t v = 0; v < kVerdicts; ++v) {
    const bool any = std::any_of(table.columns.begin(), table.columns.end(),
                                 [v](const Column& c) { return c.result.verdicts[v].frames != 0; });
    if (!any) continue;
    absl::PrintF("%-24s", std::string(Name(static_cast<Verdict>(v))));
    for (const Column& column : table.columns) {
      absl::PrintF(" %*s", kColumn, Percent(column.result.verdicts[v].bytes, total));
    }
    absl::PrintF("\n");
  }
  absl::PrintF("%-24s", "findings, lower bound");
  for (const Column& column : table.columns) {
    absl::PrintF(" %*s", kColumn, Percent(FindingBytes(column.result), total));
  }
  absl::PrintF("\n%-24s", "findings, at strictest");
  for (const Column& column : table.columns) {
    uint64_t bytes = 0;
    for (size_t v = 0; v < kVerdicts; ++v) {
      if (IsFinding(static_cast<Verdict>(v))) bytes += column.result.bounds[v].strictest_bytes;
    }
    absl::PrintF(" %*s", kColumn, Percent(bytes, total));
  }
  absl::PrintF("\n");
}

// As the measure origin_contribution (rules/measures/verdicts.h): what is found, and no longer
// without origin; with `high`, or may no longer be.
struct OriginShare {
  uint64_t low = 0;
  uint64_t high = 0;
};

OriginShare OriginOf(const PolicyComparison& comparison) {
  OriginShare share;
  for (size_t a = 0; a < kVerdicts; ++a) {
    if (!IsFinding(static_cast<Verdict>(a))) continue;
    for (size_t b = 0; b < kVerdicts; ++b) {
      const auto without = static_cast<Verdict>(b);
      if (IsFinding(without)) continue;
      const uint64_t bytes = comparison.matrix[a][b].bytes;
      share.high += bytes;
      if (without != Verdict::kUndetermined) share.low += bytes;
    }
  }
  return share;
}

void PrintChange(const Change& change) {
  const PolicyComparison& c = change.comparison;
  absl::PrintF("\n%s, %s: the verdict changes for %s of bytes", change.pack, change.variant,
               Percent(c.total.bytes - c.same.bytes, c.total.bytes));
  if (change.variant == "no origin") {
    const OriginShare origin = OriginOf(c);
    absl::PrintF(
        "\n  origin's contribution: of the findings, %s to %s would be none without what rules "
        "ask\n"
        "  of places; findings are %s of bytes with it and %s without%s",
        Percent(origin.low, c.findings_a.bytes), Percent(origin.high, c.findings_a.bytes),
        Percent(c.findings_a.bytes, c.total.bytes), Percent(c.findings_b.bytes, c.total.bytes),
        c.findings_b.bytes > c.findings_a.bytes ? ":\n  places free more than they restrict" : "");
  }
  if (change.variant == "mirrored") {
    absl::PrintF("\n  the same verdict both ways for %s of bytes, what stays at home among them",
                 Percent(c.same.bytes, c.total.bytes));
  }
  absl::PrintF("\n");
  for (size_t i = 0; i < std::min<size_t>(3, c.by_rule.size()); ++i) {
    const PolicyDifference& d = c.by_rule[i];
    absl::PrintF("  %8s  %s (%s) -> %s (%s)\n", Percent(d.sum.bytes, c.total.bytes), d.rule_a,
                 std::string(Name(d.a)), d.rule_b, std::string(Name(d.b)));
  }
}

void PrintDifferences(const PolicyComparison& c, const std::string& a, const std::string& b) {
  absl::PrintF("\n%s and %s agree on %s of bytes, %s flows; they differ on %s, %s flows\n", a, b,
               Percent(c.same.bytes, c.total.bytes), Grouped(c.same.flows),
               Bytes(c.total.bytes - c.same.bytes), Grouped(c.total.flows - c.same.flows));
  if (c.by_rule.empty()) return;
  absl::PrintF("By what decided (%s, %s)\n", a, b);
  for (size_t i = 0; i < std::min(kTop, c.by_rule.size()); ++i) {
    const PolicyDifference& d = c.by_rule[i];
    absl::PrintF("  %8s %9s %8s flows  %s (%s) | %s (%s)\n", Percent(d.sum.bytes, c.total.bytes),
                 Bytes(d.sum.bytes), Grouped(d.sum.flows), d.rule_a, std::string(Name(d.a)),
                 d.rule_b, std::string(Name(d.b)));
  }
  absl::PrintF("By jurisdiction\n");
  for (size_t i = 0; i < std::min(kTop, c.by_pair.size()); ++i) {
    const PolicyDifference& d = c.by_pair[i];
    absl::PrintF("  %8s %9s %8s flows  %s -> %s: %s | %s\n", Percent(d.sum.bytes, c.total.bytes),
                 Bytes(d.sum.bytes), Grouped(d.sum.flows), std::string(Code(d.source)),
                 std::string(Code(d.destination)), std::string(Name(d.a)), std::string(Name(d.b)));
  }
  if (c.by_pair.size() > kTop) {
    absl::PrintF("  %d more in --json\n", c.by_pair.size() - kTop);
  }
}

int Run(const CompareFlags& flags) {
  if (absl::Status s = CheckOutput(flags.shared.json); !s.ok()) return PolicyFailure(s);
  const absl::StatusOr<PolicyInput> input = ReadInput(flags.shared);
  if (!input.ok()) return PolicyFailure(input.status());
  const absl::StatusOr<std::vector<PreparedPack>> packs = PreparePacks({flags.a, flags.b}, *input);
  if (!packs.ok()) return PolicyFailure(packs.status());
  Table table;
  for (const PreparedPack& prepared : *packs) AddPack(prepared, *input, &table);
  EvaluateOptions plain_a = (*packs)[0].options;
  EvaluateOptions plain_b = (*packs)[1].options;
  for (EvaluateOptions* options : {&plain_a, &plain_b}) {
    options->flip_default = options->ablate_origin = options->mirror = false;
  }
  const PolicyComparison comparison =
      Compare((*packs)[0].pack, plain_a, (*packs)[1].pack, plain_b, input->report.cells);
  const std::string& a = (*packs)[0].pack.id;
  const std::string& b = (*packs)[1].pack.id;

  if (flags.shared.json != "-") {
    absl::PrintF("%s: %d cells, %s; indicative, not a finding of law\n\n",
                 flags.shared.source.name(), input->report.cells.size(),
                 Bytes(comparison.total.bytes));
    PrintTable(table, comparison.total.bytes);
    for (const Change& change : table.changes) PrintChange(change);
    PrintDifferences(comparison, a, b);
  }
  if (flags.shared.json.empty()) return kExitDone;
  nlohmann::ordered_json json = {{"a", a}, {"b", b}, {"comparison", ToJson(comparison)}};
  json["results"] = nlohmann::ordered_json::array();
  for (const Column& column : table.columns) {
    nlohmann::ordered_json row = {{"variant", column.variant}};
    row.update(ToJson(column.result));
    json["results"].push_back(std::move(row));
  }
  json["changes"] = nlohmann::ordered_json::array();
  for (const Change& change : table.changes) {
    nlohmann::ordered_json row = {{"pack", change.pack}, {"variant", change.variant}};
    row.update(ToJson(change.comparison));
    json["changes"].push_back(std::move(row));
  }
  if (absl::Status s = WriteOutput(flags.shared.json, json.dump(2) + "\n"); !s.ok()) {
    PolicyFailure(s);
    return kExitRuntime;
  }
  return kExitDone;
}

}  // namespace

void AddPolicyCompare(CLI::App& policy, int* exit_code) {
  const auto flags = std::make_shared<CompareFlags>();
  CLI::App* command = policy.add_subcommand("compare", "a stored report under two packs");
  command->add_option("A", flags->a, "pack, or a file that holds one")->required();
  command->add_option("B", flags->b, "the other")->required();
  AddPolicyFlags(command, &flags->shared);
  command->callback([flags, exit_code] { *exit_code = Run(*flags); });
}

}  // namespace borderflow
