#include "rules/measures/verdicts.h"

#include <utility>

namespace borderflow {
namespace {

Truth IsRestricted(Verdict verdict) {
  if (verdict == Verdict::kUndetermined) return Truth::kUndetermined;
  return Restricts(verdict) ? Truth::kYes : Truth::kNo;
}

Truth Agree(Verdict a, Verdict b) {
  if (a == Verdict::kUndetermined || b == Verdict::kUndetermined) return Truth::kUndetermined;
  return a == b ? Truth::kYes : Truth::kNo;
}

}  // namespace

bool Restricts(Verdict verdict) {
  switch (verdict) {
    case Verdict::kConditional:
    case Verdict::kFileRequired:
    case Verdict::kReview:
    case Verdict::kPresumptivelyProhibited:
    case Verdict::kBreachIfConfirmed:
      return true;
    case Verdict::kOutOfScope:
    case Verdict::kPermitted:
    case Verdict::kUndetermined:
      return false;
  }
  return false;
}

Measured Breadth(absl::Span<const PolicyCell> cells, VerdictFunction verdict, Weight weight) {
  Share share;
  for (const PolicyCell& cell : cells) {
    share.Add(IsRestricted(verdict(cell)), WeightOf(cell, weight));
  }
  return share.measured("traffic");
}

Measured PackDisagreement(absl::Span<const PolicyCell> cells, VerdictFunction a, VerdictFunction b,
                          Weight weight) {
  Share share;
  for (const PolicyCell& cell : cells) {
    share.Add(Not(Agree(a(cell), b(cell))), WeightOf(cell, weight));
  }
  return share.measured("traffic");
}

Measured OriginContribution(absl::Span<const PolicyCell> cells, VerdictFunction full,
                            VerdictFunction ablated, Weight weight) {
  uint64_t with_origin = 0;
  uint64_t without = 0;
  uint64_t unsettled = 0;  // restricted, and the ablated pack cannot tell
  for (const PolicyCell& cell : cells) {
    if (IsRestricted(full(cell)) != Truth::kYes) continue;
    const uint64_t w = WeightOf(cell, weight);
    const Truth still = IsRestricted(ablated(cell));
    with_origin += w;
    if (still == Truth::kYes) without += w;
    if (still == Truth::kUndetermined) unsettled += w;
  }
  if (with_origin == 0) return Measured::Not("the pack restricts nothing of this traffic");
  const auto all = static_cast<double>(with_origin);
  const double least = static_cast<double>(without) / all;
  const double most = static_cast<double>(without + unsettled) / all;
  if (unsettled == with_origin)
    return Measured::Not("without origin every verdict is undetermined");
  return Measured::Between(
      1 - most, 1 - static_cast<double>(without) / static_cast<double>(with_origin - unsettled),
      1 - least);
}

Measured PolicyReciprocity(absl::Span<const PolicyCell> cells, VerdictFunction verdict,
                           Weight weight) {
  Share share;
  for (const PolicyCell& cell : cells) {
    if (Crosses(cell) != Truth::kYes) continue;
    PolicyCell mirrored = cell;
    std::swap(mirrored.source, mirrored.destination);
    share.Add(Agree(verdict(cell), verdict(mirrored)), WeightOf(cell, weight));
  }
  return share.measured("traffic between two jurisdictions");
}

}  // namespace borderflow
