// Readable content: any bytes, scanned whole, in two pieces, and in pieces that follow each other;
// nothing is found more often than there is room for, and what is carried is what stood last.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "dataplane/inspect/content/content_scanner.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  static borderflow::ContentScanner scanner;
  borderflow::ContentHits whole{};
  borderflow::ContentHits again{};
  const borderflow::Bytes bytes(data, size);
  scanner.Scan(bytes, &whole);
  scanner.Scan(bytes.subspan(0, size / 2), &again);
  scanner.Scan(bytes.subspan(size / 2), &again);
  // The first byte says how long the pieces are.
  borderflow::CarriedText before;
  before.bytes.fill('\0');
  borderflow::ContentHits carried{};
  const size_t piece = size == 0 ? 1 : data[0] % 64 * 8 + 1;
  for (size_t at = 0; at < size; at += piece) {
    const borderflow::Bytes next = bytes.subspan(at, std::min(piece, size - at));
    scanner.Scan(next, &before, &carried);
    const std::string_view shown = borderflow::AsText(bytes.subspan(0, at + next.size()));
    if (before.size > 0 && !shown.ends_with(before.text())) std::abort();
    for (size_t i = before.size; i < borderflow::kCarriedBytes; ++i) {
      if (before.bytes[i] != 0) std::abort();
    }
    for (const uint8_t until : before.counted_until) {
      if (until > before.size + 1) std::abort();
    }
  }
  borderflow::ContentHits repeated{};
  scanner.Scan(bytes, &repeated);
  if (repeated != whole) std::abort();
  for (const borderflow::ContentHits& found : {whole, carried}) {
    for (const uint64_t hits : found) {
      if (hits > size / 4 + 1) std::abort();  // the shortest match has more than four bytes
    }
  }
  return 0;
}
