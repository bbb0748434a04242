// ExportCounters: what became of the windows that one receiver was offered.
//
// Thread safety: a value.
#ifndef BORDERFLOW_COLLECTORS_EXPORT_EXPORT_COUNTERS_H_
#define BORDERFLOW_COLLECTORS_EXPORT_EXPORT_COUNTERS_H_

#include <cstdint>

namespace borderflow {

// A batch is a window; its rows are cells. offered = exported + overflow + failed + queued.
struct ExportCounters {
  uint64_t offered_batches = 0;
  uint64_t exported_batches = 0;  // taken over by the receiver, or lying where no crash reaches
  uint64_t exported_rows = 0;
  uint64_t overflow_batches = 0;  // found the queue full
  uint64_t overflow_rows = 0;
  uint64_t failed_batches = 0;  // refused by the receiver, or left when it was abandoned
  uint64_t failed_rows = 0;
  uint64_t queued_batches = 0;     // now, with the one under way
  uint64_t queue_limit = 0;        // windows that may wait for the one under way
  uint64_t retries = 0;            // attempts that failed and are made again
  uint64_t waiting = 0;            // parts that an exporter holds for later
  uint64_t spool_bytes = 0;        // of these
  uint64_t spool_limit_bytes = 0;  // 0: it has no spool
  uint64_t last_success = 0;  // when the receiver last took something, s since 1970; 0: never yet
  bool blocked = false;       // the last attempt failed, or the one under way takes unusually long

  uint64_t lost_batches() const { return overflow_batches + failed_batches; }
};

}  // namespace borderflow

#endif  // BORDERFLOW_COLLECTORS_EXPORT_EXPORT_COUNTERS_H_
