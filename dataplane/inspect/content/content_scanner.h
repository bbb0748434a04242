// ContentScanner: readable bytes -> hits by kind, in one pass over all patterns.
//
// Patterns are data (patterns.inc), matched by Hyperscan; a match counts after its own check
// (pattern_checks.h). Overlapping matches of a kind are one hit.
//
// Thread safety: none; one a worker. The compiled patterns are shared and immutable.
#ifndef BORDERFLOW_DATAPLANE_INSPECT_CONTENT_CONTENT_SCANNER_H_
#define BORDERFLOW_DATAPLANE_INSPECT_CONTENT_CONTENT_SCANNER_H_

#include <memory>

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

 private:
  struct Scratch;
  std::unique_ptr<Scratch> scratch_;
};

}  // namespace borderflow

#endif  // BORDERFLOW_DATAPLANE_INSPECT_CONTENT_CONTENT_SCANNER_H_
