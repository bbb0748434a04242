#include "rules/measures/verdicts.h"

namespace borderflow {
namespace {

Reply Agree(Verdict a, Verdict b) {
  if (a == Verdict::kUndetermined || b == Verdict::kUndetermined) return Reply::kUndetermined;
  return a == b ? Reply::kYes : Reply::kNo;
}

}  // namespace

Reply IsRestricted(Verdict verdict) {
  if (verdict == Verdict::kUndetermined) return Reply::kUndetermined;
  return verdict == Verdict::kOutOfScope || verdict == Verdict::kPermitted ? Reply::kNo
                                                                           : Reply::kYes;
}

Measured Breadth(absl::Span<const PolicyCell> cells, CellVerdicts verdicts, Weight weight) {
  Share share;
  for (size_t c = 0; c < cells.size(); ++c) {
    share.Add(IsRestricted(verdicts[c]), WeightOf(cells[c], weight));
  }
  return share.measured("traffic");
}

Measured PackDisagreement(absl::Span<const PolicyCell> cells, CellVerdicts a, CellVerdicts b,
                          Weight weight) {
  Share share;
  for (size_t c = 0; c < cells.size(); ++c) {
    share.Add(Not(Agree(a[c], b[c])), WeightOf(cells[c], weight));
  }
  return share.measured("traffic");
}

Measured OriginContribution(absl::Span<const PolicyCell> cells, CellVerdicts full,
                            CellVerdicts ablated, Weight weight) {
  Share freed;  // of what is restricted: what no longer is, without origin
  for (size_t c = 0; c < cells.size(); ++c) {
    if (IsRestricted(full[c]) != Reply::kYes) continue;
    freed.Add(Not(IsRestricted(ablated[c])), WeightOf(cells[c], weight));
  }
  return freed.measured("restricted traffic");
}

Measured PolicyReciprocity(absl::Span<const PolicyCell> cells, CellVerdicts verdicts,
                           CellVerdicts mirrored, Weight weight) {
  Share share;
  for (size_t c = 0; c < cells.size(); ++c) {
    if (Crosses(cells[c]) != Reply::kYes) continue;
    share.Add(Agree(verdicts[c], mirrored[c]), WeightOf(cells[c], weight));
  }
  return share.measured("traffic between two jurisdictions");
}

}  // namespace borderflow
