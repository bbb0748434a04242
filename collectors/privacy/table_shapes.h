// The tables that are published: by what, and in which lines a hidden key must not be alone.
//
// Thread safety: pure functions. Zones must outlive a shape.
#ifndef BORDERFLOW_COLLECTORS_PRIVACY_TABLE_SHAPES_H_
#define BORDERFLOW_COLLECTORS_PRIVACY_TABLE_SHAPES_H_

#include <cstdint>
#include <functional>
#include <string_view>

#include "absl/types/span.h"
#include "collectors/privacy/ledger.h"
#include "rules/jurisdiction/groups.h"

namespace borderflow {

// Whether another lens sees the receiver where its location is.
enum class Agreement : uint8_t { kSame, kDiffers, kUnknown };  // kUnknown: either is a special
inline constexpr int kAgreements = 3;
std::string_view Name(Agreement agreement);  // "same", "differs", "unknown"

// Zones that the zone table tells apart; what lies in later ones only is outside.
inline constexpr size_t kMaxZones = 29;
// The number of the first zone that holds the location; one more than the last for outside of all,
// and two more for a special.
uint16_t ZoneNumber(Jurisdiction location, absl::Span<const JurisdictionSet> zones);

// Whether a coarser table hides, in this period, the key that it is given.
using Hides = std::function<bool(const LedgerKey&)>;

TableShape CrossingShape(absl::Span<const JurisdictionSet> zones);
TableShape ZoneShape(size_t limit, absl::Span<const JurisdictionSet> zones);
// `zone_hides`: of the zone table; nullptr when there is none.
TableShape JurisdictionShape(size_t limit, absl::Span<const JurisdictionSet> zones,
                             const Hides& zone_hides = nullptr);
TableShape RegisteredShape(size_t limit);
TableShape OperatorShape(size_t limit);
TableShape RegisteredAgreementShape();
TableShape OperatorAgreementShape();
TableShape CategoryShape();
TableShape ProtectionShape();
// `hides`: of the jurisdiction table.
TableShape CellShape(size_t limit, absl::Span<const JurisdictionSet> zones, Hides hides);
// What goes from where to where, and to whose servers. `hides`: of the jurisdiction table.
TableShape StreamShape(size_t limit, absl::Span<const JurisdictionSet> zones, Hides hides);
// By category and by who operates what answers, whichever way the frames go.
TableShape ServerShape(size_t limit);

}  // namespace borderflow

#endif  // BORDERFLOW_COLLECTORS_PRIVACY_TABLE_SHAPES_H_
