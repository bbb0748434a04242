// Sentence: what crosses a border and to where, said once and plainly.
//
// Thread safety: pure function.
#ifndef BORDERFLOW_COLLECTORS_DASHBOARD_SENTENCE_H_
#define BORDERFLOW_COLLECTORS_DASHBOARD_SENTENCE_H_

#include <string>

#include "collectors/dashboard/tables.h"

namespace borderflow {

// "Of 10.1 MB, 61.2 % cross a border, most of that from Germany to the United States ...". Without
// traffic: that nothing was seen.
std::string SentenceOf(const ViewTables& tables);

}  // namespace borderflow

#endif  // BORDERFLOW_COLLECTORS_DASHBOARD_SENTENCE_H_
