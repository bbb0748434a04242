// Sites: the user's `--site CIDR=CC`, as a layer.
#ifndef BORDERFLOW_DATAPLANE_GEO_SITES_H_
#define BORDERFLOW_DATAPLANE_GEO_SITES_H_

#include <string>

#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "dataplane/geo/geography.h"
#include "dataplane/geo/layer.h"

namespace borderflow {

// The longest prefix wins.
// Errors: InvalidArgument when one prefix is given two jurisdictions.
absl::StatusOr<GeoLayer> SiteLayer(absl::Span<const SitePrefix> sites);

// "192.0.2.0/24".
std::string PrefixText(const Prefix& prefix);

}  // namespace borderflow

#endif  // BORDERFLOW_DATAPLANE_GEO_SITES_H_
