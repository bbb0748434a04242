// Segments against its slow twin. Three bytes of input an insertion: offset, length and content,
// which copy wins.
#include <cstdlib>
#include <vector>

#include "tests/dataplane/inspect/segments_twin.h"

using borderflow::Segments;

namespace {

void Require(bool condition) {
  if (!condition) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  constexpr size_t kMaxInsertions = 100;
  Segments segments;
  borderflow::SegmentsTwin twin;
  std::vector<uint8_t> buffer(512);
  for (size_t i = 0; i + 2 < size && i < 3 * kMaxInsertions; i += 3) {
    const uint32_t offset = data[i];
    const std::vector<uint8_t> bytes(data[i + 1] % 32, data[i + 1] >> 5);
    const auto keep = data[i + 2] % 4 == 0 ? Segments::Keep::kLast : Segments::Keep::kFirst;
    const Segments::Outcome outcome = segments.Insert(buffer.data(), offset, bytes, keep);
    const Segments::Outcome expected = twin.Insert(offset, bytes, keep);
    Require(outcome.stored == expected.stored && outcome.conflict == expected.conflict);
    Require(outcome.added == expected.added);
    Require(segments.ranges() == twin.ranges());
    Require(segments.ContiguousEnd(data[i + 2]) == twin.ContiguousEnd(data[i + 2]));
  }
  for (size_t at = 0; at < twin.places().size(); ++at) {
    Require(buffer[at] == twin.places()[at].value_or(buffer[at]));
  }
  return 0;
}
