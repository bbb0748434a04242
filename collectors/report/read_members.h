// What a JSON report says beside its cells, read back.
//
// Thread safety: a pure function but for reading the stream.
#ifndef BORDERFLOW_COLLECTORS_REPORT_READ_MEMBERS_H_
#define BORDERFLOW_COLLECTORS_REPORT_READ_MEMBERS_H_

#include <cstdint>
#include <istream>
#include <map>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "collectors/report/report.h"
#include "collectors/report/sums.h"

namespace borderflow {

struct ReportMembers {
  // Without cells, sums, policies, the live part, and the times of the first and last frame.
  Report report;
  std::vector<ProtocolSum> protocols;
  double named = 0;  // share of bytes, as rounded there
  std::map<std::string, uint64_t> dropped;
};

// Members that only newer versions write may be missing. `name` is for messages.
// Errors: InvalidArgument for others that are missing or of a wrong kind.
absl::StatusOr<ReportMembers> ReadMembers(std::istream& input, const std::string& name);

}  // namespace borderflow

#endif  // BORDERFLOW_COLLECTORS_REPORT_READ_MEMBERS_H_
