// The picture model of a running sensor: drawn from what its publisher has released, and from
// nothing else.
//
// What only whole cells can answer is left out, with the reason: bounds, other readings of packs
// and measures of cost would let single cells be told by subtraction; organisations are not
// published.
//
// Thread safety: pure function.
#ifndef BORDERFLOW_COLLECTORS_DASHBOARD_RELEASED_VIEW_H_
#define BORDERFLOW_COLLECTORS_DASHBOARD_RELEASED_VIEW_H_

#include "collectors/dashboard/view_json.h"
#include "collectors/privacy/publisher.h"

namespace borderflow {

// At most about kViewBytes. Rows + other + suppressed = total in every table.
ViewJson ReleasedView(const Publication& publication);

}  // namespace borderflow

#endif  // BORDERFLOW_COLLECTORS_DASHBOARD_RELEASED_VIEW_H_
