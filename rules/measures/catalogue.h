// Catalogue: every measure that the program states, with its formula, source and unit. Help, README
// and the JSON report take their words from here; the header of each function says the same at more
// length.
//
// Thread safety: pure functions over a constant table.
#ifndef BORDERFLOW_RULES_MEASURES_CATALOGUE_H_
#define BORDERFLOW_RULES_MEASURES_CATALOGUE_H_

#include <string>
#include <string_view>

#include "absl/types/span.h"

namespace borderflow {

struct MeasureInfo {
  std::string_view id;       // "confinement"
  std::string_view asks;     // the question that it answers
  std::string_view formula;  // w: the weight named beside each answer
  std::string_view source;   // "own" where the formula is ours
  std::string_view unit;     // "share", "index", "-1..1", "count", "bit/s", "nats"
};

// In the order of output.
absl::Span<const MeasureInfo> MeasureCatalogue();

// nullptr when there is none.
const MeasureInfo* FindMeasure(std::string_view id);

// The catalogue as a table for a terminal of 100 columns, or for a README.
std::string CatalogueAsText();
std::string CatalogueAsMarkdown();

}  // namespace borderflow

#endif  // BORDERFLOW_RULES_MEASURES_CATALOGUE_H_
