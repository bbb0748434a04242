// ContentScanner: readable bytes -> hits by kind, in one pass over all patterns.
//
// Patterns are data (patterns.inc), matched by Hyperscan; a match counts after its own check
// (pattern_checks.h). Overlapping matches of a kind are one hit.
//
// Slow twin in tests: the scan of all that was shown of a direction, in one piece.
//
// Thread safety: none; one a worker. The compiled patterns are shared and immutable.
#ifndef BORDERFLOW_DATAPLANE_INSPECT_CONTENT_CONTENT_SCANNER_H_
#define BORDERFLOW_DATAPLANE_INSPECT_CONTENT_CONTENT_SCANNER_H_

#include <cstddef>
#include <memory>

#include "dataplane/inspect/content/carried_text.h"
#include "dataplane/inspect/content/content.h"
#include "dataplane/inspect/reader.h"

namespace borderflow {

class ContentScanner {
 public:
  // Compiles the patterns once a process, which takes some tens of milliseconds. Dies if they do
  // not compile on this processor.
  ContentScanner();
  ~ContentScanner();
  ContentScanner(ContentScanner&&) noexcept;
  ContentScanner& operator=(ContentScanner&&) noexcept;

  // Adds what `bytes` hold to `hits`. Of an HTTP message whose body is packed, only a request's
  // head is read. A match over the end of the bytes is none. No allocation; nothing of the bytes is
  // kept.
  void Scan(Bytes bytes, ContentHits* hits);

  // The same of bytes that follow what `before` was kept of, and keeps their own end in it: what
  // lies over the border is found, and what was counted already is not counted again. What is right
  // as far as it goes counts at once, whether or not more follows. REQUIRES: at most kMostJoined
  // bytes. A copy that the border needs is wiped before this returns.
  static constexpr size_t kMostJoined = 2048;
  void Scan(Bytes bytes, CarriedText* before, ContentHits* hits);

 private:
  struct Scratch;
  std::unique_ptr<Scratch> scratch_;
};

}  // namespace borderflow

#endif  // BORDERFLOW_DATAPLANE_INSPECT_CONTENT_CONTENT_SCANNER_H_
