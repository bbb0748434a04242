// What stores hold, by spans of time: windows, hours or days.
//
// Thread safety: a reader may be called by one thread at a time.
#ifndef BORDERFLOW_TOOLS_COMMAND_STORED_SPANS_H_
#define BORDERFLOW_TOOLS_COMMAND_STORED_SPANS_H_

#include <string>
#include <vector>

#include "collectors/report/cells_by_spans.h"
#include "dataplane/count/snapshot.h"
#include "rules/policy/lists.h"
#include "tools/command/stored_report.h"

namespace borderflow {

// Reads the cells that ReportOf(stores, flags) adds up, of which `decode` are the totals: by days
// where a period is of two days or more, by hours down to two hours, else by windows; and no finer
// than they are kept. What was rolled up without its days is not handed over. `lists` must outlive
// the reader.
ReadSpans SpansOf(const std::vector<std::string>& stores, const StoredFlags& flags,
                  const Lists& lists, const DecodeTotals& decode);

}  // namespace borderflow

#endif  // BORDERFLOW_TOOLS_COMMAND_STORED_SPANS_H_
