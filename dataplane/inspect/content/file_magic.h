// File magic: kinds of data that a file shows by its first bytes.
//
// Thread safety: a pure function.
#ifndef BORDERFLOW_DATAPLANE_INSPECT_CONTENT_FILE_MAGIC_H_
#define BORDERFLOW_DATAPLANE_INSPECT_CONTENT_FILE_MAGIC_H_

#include <optional>

#include "dataplane/inspect/content/content.h"
#include "dataplane/inspect/reader.h"

namespace borderflow {

// What the file that begins `bytes` holds, if it is one of those that only hold that: sequences and
// variants (BAM and VCF in BGZF, CRAM, BCF, VCF, SAM, FASTQ), fingerprints, faces and irises
// (ISO/IEC 19794, ANSI/NIST-ITL, WSQ). nullopt otherwise.
std::optional<ContentKind> MagicOf(Bytes bytes);

}  // namespace borderflow

#endif  // BORDERFLOW_DATAPLANE_INSPECT_CONTENT_FILE_MAGIC_H_
