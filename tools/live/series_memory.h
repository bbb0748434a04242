// SeriesMemory: which pairs have a metric series, remembered beside a store of windows, so that a
// pair that had one has it again after a restart.
//
//   STORE.series   {"schema":"borderflow.series/1","jurisdiction":[["DE","US","HLT"],...],
//                   "registered":[["DE","US"],...],"operators":[["DE","US"],...]}
//
// Where there is no such file yet, the store's largest pairs of all time are taken. Mode 0600: that
// a pair was ever told says little, but what waits for its people is in it as well.
//
// Thread safety: none.
#ifndef BORDERFLOW_TOOLS_LIVE_SERIES_MEMORY_H_
#define BORDERFLOW_TOOLS_LIVE_SERIES_MEMORY_H_

#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "collectors/privacy/publisher.h"

namespace borderflow {

class SeriesMemory {
 public:
  // Never fails: what cannot be read is said in `note`, and forgotten.
  static SeriesMemory Open(const std::string& store, const PublisherOptions& options,
                           std::string* note);

  const Admission& admission() const { return admission_; }

  // Writes what has changed. Errors: those of WriteOutput (output_file.h); a later call tries
  // again.
  absl::Status Keep(const Admission& admission);

 private:
  explicit SeriesMemory(std::string path) : path_(std::move(path)) {}

  const std::string path_;
  Admission admission_;  // as on the disk
};

// Errors: InvalidArgument, saying what was found, for anything else than the above.
absl::StatusOr<Admission> ParseAdmission(const std::string& text);
std::string ToText(const Admission& admission);

}  // namespace borderflow

#endif  // BORDERFLOW_TOOLS_LIVE_SERIES_MEMORY_H_
