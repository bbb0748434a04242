// The patterns as Hyperscan has them compiled, made when borderflow is built
// (compile_patterns.cc): doing it at every start would take longer than most small captures.
#ifndef BORDERFLOW_DATAPLANE_INSPECT_CONTENT_COMPILED_PATTERNS_H_
#define BORDERFLOW_DATAPLANE_INSPECT_CONTENT_COMPILED_PATTERNS_H_

#include <cstddef>
#include <cstdint>

namespace borderflow {

// As hs_serialize_database wrote it, for any x86-64 processor that the library runs on.
extern const uint64_t kCompiledPatterns[];
extern const size_t kCompiledPatternsBytes;

}  // namespace borderflow

#endif  // BORDERFLOW_DATAPLANE_INSPECT_CONTENT_COMPILED_PATTERNS_H_
