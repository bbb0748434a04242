#include "rules/policy/compare.h"

#include <algorithm>
#include <map>
#include <string_view>
#include <tuple>
#include <utility>

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

PolicyComparison CompareVerdicts(absl::Span<const PolicyCell> cells,
                                 absl::Span<const CellVerdict> a, absl::Span<const CellVerdict> b) {
  PolicyComparison result;
  using Pair = std::tuple<Jurisdiction, Jurisdiction, Verdict, Verdict>;
  std::map<Pair, PolicySum> pairs;
  std::map<std::tuple<std::string_view, std::string_view, Verdict, Verdict>, PolicySum> rules;
  for (size_t i = 0; i < cells.size(); ++i) {
    const PolicyCell& cell = cells[i];
    const Verdict verdict_a = a[i].verdict;
    const Verdict verdict_b = b[i].verdict;
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
    rules[{a[i].decided_by, b[i].decided_by, verdict_a, verdict_b}] += sum;
  }
  for (const auto& [key, sum] : pairs) {
    PolicyDifference difference;
    std::tie(difference.source, difference.destination, difference.a, difference.b) = key;
    difference.sum = sum;
    result.by_pair.push_back(std::move(difference));
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

PolicyComparison Compare(const Pack& a, const EvaluateOptions& options_a, const Pack& b,
                         const EvaluateOptions& options_b, absl::Span<const PolicyCell> cells) {
  return CompareVerdicts(cells, VerdictsOf(a, cells, options_a), VerdictsOf(b, cells, options_b));
}

}  // namespace borderflow
