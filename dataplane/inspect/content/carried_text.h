// CarriedText: the end of what was scanned of one direction, so that what is split over two
// segments is found, and found once.
//
// It begins where no word and no number goes on from before, so that what is read there stands as
// it stood in the stream: "hotel:" never becomes "tel:". Of a run of letters and digits longer than
// the room nothing is kept, and nothing behind an empty line: what follows that is another message.
//
// Thread safety: a value.
#ifndef BORDERFLOW_DATAPLANE_INSPECT_CONTENT_CARRIED_TEXT_H_
#define BORDERFLOW_DATAPLANE_INSPECT_CONTENT_CARRIED_TEXT_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "dataplane/inspect/content/content.h"

namespace borderflow {

// The longest identifiers together with their names have some 80 bytes; of what has no bound (a
// bearer token, a long address) that much and no more can lie before the border.
inline constexpr size_t kCarriedBytes = 128;

// Where the last hit of each kind ends, as an offset in a text; compact IBANs are found in another
// way (pattern_checks.h) and stand last.
using CountedUntil = std::array<size_t, kContentKinds + 1>;

struct CarriedText {
  uint8_t size = 0;
  std::array<uint8_t, kContentKinds + 1> counted_until{};
  std::array<char, kCarriedBytes> bytes;  // behind `size` nothing is left of what was there

  std::string_view text() const { return {bytes.data(), size}; }

  // Takes the end of `text`, which may have begun with what was carried so far, but may not be it.
  void Keep(std::string_view text, const CountedUntil& counted);

  // Forgets, leaving no byte.
  void Clear();
};
static_assert(kCarriedBytes <= UINT8_MAX);

}  // namespace borderflow

#endif  // BORDERFLOW_DATAPLANE_INSPECT_CONTENT_CARRIED_TEXT_H_
