// What a span counted, but for its cells, as JSON and back: {"captured_frames": 12, ...}. Zeros are
// left out; estimates may be negative, where one window corrects an earlier one.
//
// Thread safety: pure functions.
#ifndef BORDERFLOW_COLLECTORS_STORE_COUNTS_JSON_H_
#define BORDERFLOW_COLLECTORS_STORE_COUNTS_JSON_H_

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "collectors/report/report.h"
#include "dataplane/count/snapshot.h"

namespace borderflow {

struct SpanCounts {
  Snapshot snapshot;  // without cells and names
  std::map<std::string, uint64_t> dropped;
  std::vector<DamageStatement> damaged;
};

std::string ToCountsJson(const SpanCounts& counts);

// Members that are not known are passed over: a newer borderflow may have written them.
// Errors: DataLoss for what is no such object.
absl::StatusOr<SpanCounts> FromCountsJson(std::string_view json);

// Adds those of a later span.
void AddCounts(SpanCounts later, SpanCounts* to);

}  // namespace borderflow

#endif  // BORDERFLOW_COLLECTORS_STORE_COUNTS_JSON_H_
