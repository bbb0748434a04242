// Readable content: any bytes, scanned whole and in two pieces; nothing is found twice in less.
#include <cstddef>
#include <cstdint>
#include <cstdlib>

#include "dataplane/inspect/content/content_scanner.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  static borderflow::ContentScanner scanner;
  borderflow::ContentHits whole{};
  borderflow::ContentHits again{};
  const borderflow::Bytes bytes(data, size);
  scanner.Scan(bytes, &whole);
  scanner.Scan(bytes.subspan(0, size / 2), &again);
  scanner.Scan(bytes.subspan(size / 2), &again);
  borderflow::ContentHits repeated{};
  scanner.Scan(bytes, &repeated);
  if (repeated != whole) std::abort();
  for (const uint64_t hits : whole) {
    if (hits > size / 4) std::abort();  // the shortest match has more than four bytes
  }
  return 0;
}
