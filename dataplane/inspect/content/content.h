// Content: kinds of data that readable bytes show by their own structure.
//
// Hits are counted by kind. What matched is never kept, logged or handed on.
#ifndef BORDERFLOW_DATAPLANE_INSPECT_CONTENT_CONTENT_H_
#define BORDERFLOW_DATAPLANE_INSPECT_CONTENT_CONTENT_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "rules/category/category.h"

namespace borderflow {

enum class ContentKind : uint8_t {
#define BORDERFLOW_CONTENT(id, name, category, confidence, needed, above_protocol) id,
#include "dataplane/inspect/content/content_kinds.inc"
#undef BORDERFLOW_CONTENT
  kCount
};
inline constexpr size_t kContentKinds = static_cast<size_t>(ContentKind::kCount);

struct ContentMeaning {
  std::string_view name;  // "payment-card"
  Category category = Category::kUnk;
  uint8_t confidence = 0;  // percent
  uint8_t needed = 0;      // hits that decide a flow's category
  bool above_protocol = false;
};

const ContentMeaning& MeaningOf(ContentKind kind);

// Hits by kind.
using ContentHits = std::array<uint64_t, kContentKinds>;

// What the hits of one flow say it carries: the first kind of which there are enough; nullptr for
// none. `protocol_known`: the flow's protocol implies a category itself.
const ContentMeaning* Decisive(const ContentHits& hits, bool protocol_known);

}  // namespace borderflow

#endif  // BORDERFLOW_DATAPLANE_INSPECT_CONTENT_CONTENT_H_
