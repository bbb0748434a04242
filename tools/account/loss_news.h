// LossNews: which receiver has lost windows that nobody was told of yet.
//
// Thread safety: none.
#ifndef BORDERFLOW_TOOLS_ACCOUNT_LOSS_NEWS_H_
#define BORDERFLOW_TOOLS_ACCOUNT_LOSS_NEWS_H_

#include <cstdint>
#include <map>
#include <optional>
#include <string>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "collectors/export/background_queue.h"

namespace borderflow {

class LossNews {
 public:
  // A sentence when `name` has lost more windows than when it was last asked for.
  std::optional<std::string> Of(const std::string& name, const ExportCounters& counters,
                                const absl::Status& first_error) {
    uint64_t& told = told_[name];
    if (counters.lost_batches() == told) return std::nullopt;
    told = counters.lost_batches();
    return absl::StrCat(name, ": ", told, " of ", counters.offered_batches,
                        " windows lost so far: ",
                        first_error.ok() ? std::string("the receiver is too slow")
                                         : std::string(first_error.message()));
  }

 private:
  std::map<std::string, uint64_t> told_;
};

}  // namespace borderflow

#endif  // BORDERFLOW_TOOLS_ACCOUNT_LOSS_NEWS_H_
