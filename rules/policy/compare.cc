#include "rules/policy/compare.h"

#include <algorithm>
#include <map>
#include <tuple>

#include "rules/policy/compile.h"

namespace borderflow {
namespace {

PolicySum SumOf(const PolicyCell& cell) { return {cell.frames, cell.bytes, cell.flows}; }

auto Order(const PolicyDifference& d) {
  return std::tie(d.source, d.destination, d.rule_a, d.rule_b, d.a, d.b);
}

// The most bytes first; the order never depends on anything but the values.
void Sort(std::vector<PolicyDifference>* differences) {
  std::sort(differences->begin(), differences->end(),
            [](const PolicyDifference& x, const PolicyDifference& y) {
              if (x.sum.bytes != y.sum.bytes) return x.sum.bytes > y.sum.bytes;
              return Order(x) < Order(y);
            });
}

}  // namespace

double PolicyComparison::contribution() const {
  if (findings_a.bytes == 0) return 0;
  return 1 - static_cast<double>(findings_b.bytes) / static_cast<double>(findings_a.bytes);
}

PolicyComparison Compare(const Pack& a, const EvaluateOptions& options_a, const Pack& b,
                         const EvaluateOptions& options_b, absl::Span<const PolicyCell> cells) {
  CompiledPack compiled_a(a, options_a);
  CompiledPack compiled_b(b, options_b);
  const std::vector<uint32_t> of_a = compiled_a.Decide(cells);
  const std::vector<uint32_t> of_b = compiled_b.Decide(cells);

  PolicyComparison result;
  using Pair = std::tuple<Jurisdiction, Jurisdiction, Verdict, Verdict>;
  std::map<Pair, PolicySum> pairs;
  std::map<std::pair<uint32_t, uint32_t>, PolicySum> outcomes;
  for (size_t i = 0; i < cells.size(); ++i) {
    const PolicyCell& cell = cells[i];
    const Verdict verdict_a = compiled_a.outcomes()[of_a[i]].verdict;
    const Verdict verdict_b = compiled_b.outcomes()[of_b[i]].verdict;
    const PolicySum sum = SumOf(cell);
    result.total += sum;
    result.matrix[static_cast<size_t>(verdict_a)][static_cast<size_t>(verdict_b)] += sum;
    if (IsFinding(verdict_a)) result.findings_a += sum;
    if (IsFinding(verdict_b)) result.findings_b += sum;
    if (IsFinding(verdict_a) && !IsFinding(verdict_b)) result.only_a += sum;
    if (!IsFinding(verdict_a) && IsFinding(verdict_b)) result.only_b += sum;
    if (verdict_a == verdict_b) {
      result.same += sum;
      continue;
    }
    pairs[{cell.source.location, cell.destination.location, verdict_a, verdict_b}] += sum;
    outcomes[{of_a[i], of_b[i]}] += sum;
  }
  for (const auto& [key, sum] : pairs) {
    PolicyDifference difference;
    std::tie(difference.source, difference.destination, difference.a, difference.b) = key;
    difference.sum = sum;
    result.by_pair.push_back(std::move(difference));
  }
  // Several outcomes may be decided by the same rules.
  std::map<std::tuple<std::string, std::string, Verdict, Verdict>, PolicySum> rules;
  for (const auto& [key, sum] : outcomes) {
    const PolicyOutcome& x = compiled_a.outcomes()[key.first];
    const PolicyOutcome& y = compiled_b.outcomes()[key.second];
    rules[{std::string(DecidedBy(a, x)), std::string(DecidedBy(b, y)), x.verdict, y.verdict}] +=
        sum;
  }
  for (const auto& [key, sum] : rules) {
    PolicyDifference difference;
    std::tie(difference.rule_a, difference.rule_b, difference.a, difference.b) = key;
    difference.sum = sum;
    result.by_rule.push_back(std::move(difference));
  }
  Sort(&result.by_pair);
  Sort(&result.by_rule);
  return result;
}

}  // namespace borderflow
