// CellsBySpans: cells by spans of time, read when a threshold asks for them.
//
// Thread safety: as that of the reader it is given.
#ifndef BORDERFLOW_COLLECTORS_REPORT_CELLS_BY_SPANS_H_
#define BORDERFLOW_COLLECTORS_REPORT_CELLS_BY_SPANS_H_

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/types/span.h"
#include "collectors/report/policy_cells.h"
#include "collectors/report/sliding_sums.h"
#include "dataplane/count/snapshot.h"
#include "rules/entity/entities.h"
#include "rules/policy/cells_by_time.h"
#include "rules/policy/evaluate.h"

namespace borderflow {

// Called for one span after the other, in order of time; spans are disjoint.
using TakeSpan = absl::FunctionRef<absl::Status(const TimeSpan&, const std::vector<Cell>&)>;
// Hands over all that was counted, in spans as long as is good for periods of `seconds`.
using ReadSpans = std::function<absl::Status(uint64_t seconds, TakeSpan take)>;

class CellsBySpans : public CellsByTime {
 public:
  // `whole` is what the spans add up to, in the order in which it is evaluated. `entities` must
  // outlive this.
  CellsBySpans(absl::Span<const PolicyCell> whole, const Entities& entities, ReadSpans read);

  // Not measurable when the spans cannot be read, or do not add up to the whole.
  std::vector<Most> MostInAPeriod(absl::Span<const Asked> asked) const override;

 private:
  absl::flat_hash_map<PolicyCellKey, uint32_t> positions_;
  uint64_t bytes_ = 0;
  const Entities& entities_;
  ReadSpans read_;
};

}  // namespace borderflow

#endif  // BORDERFLOW_COLLECTORS_REPORT_CELLS_BY_SPANS_H_
