// What the one-file report says in text and tables: everything that its pictures show, readable
// without a script and on paper. Written from the very model that the pictures are drawn from.
//
// Thread safety: pure functions.
#ifndef BORDERFLOW_COLLECTORS_DASHBOARD_REPORT_TEXT_H_
#define BORDERFLOW_COLLECTORS_DASHBOARD_REPORT_TEXT_H_

#include <string>

#include "collectors/dashboard/html_writer.h"
#include "collectors/dashboard/view_json.h"

namespace borderflow {

// HTML without a document around it. Bounded: long tables show their first rows, and then a row for
// all the others, so that every table adds up.
std::string ReportText(const ViewJson& view);

// Its parts, in order.
void WriteFigures(const ViewJson& view, HtmlWriter* out);     // report_text.cc
void WritePolicies(const ViewJson& view, HtmlWriter* out);    // report_policies.cc
void WriteDependence(const ViewJson& view, HtmlWriter* out);  // report_policies.cc
void WriteProvenance(const ViewJson& view, HtmlWriter* out);  // report_provenance.cc

// A member as text: empty where there is none or it is null. `most` bytes at most, then "...".
std::string TextAt(const ViewJson& json, const char* key, size_t most = 400);
uint64_t NumberAt(const ViewJson& json, const char* key);
// A member; null where there is none.
const ViewJson& MemberAt(const ViewJson& json, const char* key);
std::string ShareText(const ViewJson& json, const char* key);  // "12.3 %" of a number 0 .. 1
// {"frames", "bytes", "flows"} as three texts, and the share of bytes in `whole` before them.
void AppendCounts(const ViewJson& counts, uint64_t whole, std::vector<std::string>* row);

}  // namespace borderflow

#endif  // BORDERFLOW_COLLECTORS_DASHBOARD_REPORT_TEXT_H_
