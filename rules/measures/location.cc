#include "rules/measures/location.h"

#include <string>

#include "absl/strings/str_cat.h"

namespace borderflow {

Reply In(const JurisdictionSet& set, Jurisdiction jurisdiction) {
  if (IsSpecial(jurisdiction)) return Reply::kUndetermined;
  return set[static_cast<size_t>(jurisdiction)] ? Reply::kYes : Reply::kNo;
}

Measured CrossBorderShare(absl::Span<const PolicyCell> cells, Weight weight) {
  Share share;
  for (const PolicyCell& cell : cells) share.Add(Crosses(cell), WeightOf(cell, weight));
  return share.measured("traffic");
}

Measured Confinement(absl::Span<const PolicyCell> cells, const JurisdictionSet& users,
                     const JurisdictionSet& region, Weight weight) {
  Share share;
  for (const PolicyCell& cell : cells) {
    if (In(users, Initiator(cell).location) != Reply::kYes) continue;
    share.Add(In(region, Responder(cell).location), WeightOf(cell, weight));
  }
  return share.measured("traffic of these users");
}

Measured Leakage(absl::Span<const PolicyCell> cells, Category category,
                 const JurisdictionSet& subject, const JurisdictionSet& allowed, Weight weight) {
  uint64_t of_category = 0;
  uint64_t outside = 0;    // of the category, to elsewhere
  uint64_t somewhere = 0;  // of the category, to nobody knows where
  uint64_t may_stay = 0;   // of an unknown category, to `allowed`
  uint64_t may_leave = 0;  // of an unknown category, to elsewhere or nobody knows where
  for (const PolicyCell& cell : cells) {
    if (In(subject, cell.source.location) != Reply::kYes) continue;
    const uint64_t w = WeightOf(cell, weight);
    const Reply stays = In(allowed, cell.destination.location);
    if (cell.category == category) {
      of_category += w;
      if (stays == Reply::kNo) outside += w;
      if (stays == Reply::kUndetermined) somewhere += w;
    } else if (!IsClassified(cell.category)) {
      (stays == Reply::kYes ? may_stay : may_leave) += w;
    }
  }
  const std::string of = absl::StrCat(std::string(Code(category)), " traffic from there");
  if (of_category == 0) {
    return Measured::Not(absl::StrCat("no ", of, " was seen",
                                      may_stay + may_leave > 0 ? " among what is classified" : ""));
  }
  if (somewhere == of_category) {
    return Measured::Not(absl::StrCat("where ", of, " goes is not known"));
  }
  const auto d = [](uint64_t n) { return static_cast<double>(n); };
  // Every unknown byte that stays would lower the share, every one that leaves would raise it.
  return Measured::Between(d(outside) / d(of_category + may_stay),
                           d(outside) / d(of_category - somewhere),
                           d(outside + somewhere + may_leave) / d(of_category + may_leave));
}

Measured AlignmentIndex(absl::Span<const PolicyCell> cells, Weight weight) {
  Share share;
  for (const PolicyCell& cell : cells) {
    const PolicyEnd& responder = Responder(cell);
    const Jurisdiction user = Initiator(cell).location;
    Reply aligned =
        And(Same(user, responder.location), Same(responder.location, responder.operator_home));
    aligned = And(aligned, Same(user, responder.operator_home));
    share.Add(aligned, WeightOf(cell, weight));
  }
  return share.measured("traffic");
}

Measured LocationOperatorDivergence(absl::Span<const PolicyCell> cells, Weight weight) {
  Share share;
  for (const PolicyCell& cell : cells) {
    const PolicyEnd& responder = Responder(cell);
    share.Add(Not(Same(responder.location, responder.operator_home)), WeightOf(cell, weight));
  }
  return share.measured("traffic");
}

Measured ForeignControlAtHome(absl::Span<const PolicyCell> cells, Weight weight) {
  Share share;
  for (const PolicyCell& cell : cells) {
    const PolicyEnd& responder = Responder(cell);
    if (Same(Initiator(cell).location, responder.location) != Reply::kYes) continue;
    share.Add(Not(Same(responder.location, responder.operator_home)), WeightOf(cell, weight));
  }
  return share.measured("traffic that stays in one jurisdiction");
}

}  // namespace borderflow
