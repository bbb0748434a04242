// Whether bytes begin as text does: what a scan for patterns is worth.
//
// Thread safety: pure function.
#ifndef BORDERFLOW_DATAPLANE_INSPECT_CONTENT_BEGINS_AS_TEXT_H_
#define BORDERFLOW_DATAPLANE_INSPECT_CONTENT_BEGINS_AS_TEXT_H_

#include "dataplane/inspect/reader.h"

namespace borderflow {

// True for the first bytes of ASCII, of UTF-8 (also when they begin within a character), and of
// 8-bit alphabets that are mostly ASCII. False for most of what is compressed, encrypted or binary:
// one in ten strings of 16 random bytes passes, and one in 80 of 32.
bool BeginsAsText(Bytes bytes);

}  // namespace borderflow

#endif  // BORDERFLOW_DATAPLANE_INSPECT_CONTENT_BEGINS_AS_TEXT_H_
