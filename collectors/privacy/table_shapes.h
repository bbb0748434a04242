// The tables that are published: by what, and in which lines a hidden key must not be alone.
//
// Thread safety: pure functions. Zones must outlive a shape.
#ifndef BORDERFLOW_COLLECTORS_PRIVACY_TABLE_SHAPES_H_
#define BORDERFLOW_COLLECTORS_PRIVACY_TABLE_SHAPES_H_

#include <functional>

#include "absl/types/span.h"
#include "collectors/privacy/ledger.h"
#include "rules/jurisdiction/groups.h"

namespace borderflow {

TableShape CrossingShape(absl::Span<const JurisdictionSet> zones);
TableShape JurisdictionShape(size_t limit, absl::Span<const JurisdictionSet> zones);
TableShape OperatorShape(size_t limit);
TableShape CategoryShape();
TableShape ProtectionShape();
// `hides`: whether the jurisdiction table hides, in this period, the key that it is given.
TableShape CellShape(size_t limit, absl::Span<const JurisdictionSet> zones,
                     std::function<bool(const LedgerKey&)> hides);

}  // namespace borderflow

#endif  // BORDERFLOW_COLLECTORS_PRIVACY_TABLE_SHAPES_H_
