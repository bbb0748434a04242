#include "dataplane/inspect/content/content.h"

namespace borderflow {
namespace {

constexpr ContentMeaning kMeanings[] = {
#define BORDERFLOW_CONTENT(id, name, category, confidence, needed, above_protocol) \
  {name, Category::category, confidence, needed, above_protocol},
#include "dataplane/inspect/content/content_kinds.inc"
#undef BORDERFLOW_CONTENT
};

}  // namespace

const ContentMeaning& MeaningOf(ContentKind kind) { return kMeanings[static_cast<size_t>(kind)]; }

const ContentMeaning* Decisive(const ContentHits& hits, bool protocol_known) {
  for (size_t i = 0; i < kContentKinds; ++i) {
    const ContentMeaning& meaning = kMeanings[i];
    if (hits[i] >= meaning.needed && (meaning.above_protocol || !protocol_known)) return &meaning;
  }
  return nullptr;
}

}  // namespace borderflow
