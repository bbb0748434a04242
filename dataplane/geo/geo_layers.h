// GeoLayers: every source of locations that the options name, read and taken apart into steps.
//
// Thread safety: plain data.
#ifndef BORDERFLOW_DATAPLANE_GEO_GEO_LAYERS_H_
#define BORDERFLOW_DATAPLANE_GEO_GEO_LAYERS_H_

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "dataplane/geo/geography.h"
#include "dataplane/geo/layer.h"

namespace borderflow {

struct GeoLayers {
  std::vector<GeoLayer> layers;  // strongest first
  std::vector<GeoFile> files;
  bool has_as_numbers = false;
  bool has_registered = false;
};

// Overrides, sites and special-purpose blocks, which decide `location` whatever they say.
// Errors: as Geography::Load.
absl::StatusOr<GeoLayers> LoadDeclared(const GeographyOptions& options);

// Databases, of which the first that knows decides.
// Errors: as Geography::Load.
absl::StatusOr<GeoLayers> LoadDatabases(const GeographyOptions& options,
                                        absl::Span<const std::string> paths);

}  // namespace borderflow

#endif  // BORDERFLOW_DATAPLANE_GEO_GEO_LAYERS_H_
