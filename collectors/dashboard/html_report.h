// The one-file report: a picture model as one HTML document that needs nothing else, now or in ten
// years: text and tables that are there without JavaScript, the pictures, and the model itself.
//
// Whatever comes from traffic is text: every character that means something in HTML is escaped, and
// the document's own policy (a meta tag) lets nothing run but the page's script, by its digest, and
// nothing be fetched.
//
// Thread safety: pure functions.
#ifndef BORDERFLOW_COLLECTORS_DASHBOARD_HTML_REPORT_H_
#define BORDERFLOW_COLLECTORS_DASHBOARD_HTML_REPORT_H_

#include <cstddef>
#include <string>

#include "collectors/dashboard/page.h"
#include "collectors/dashboard/view_json.h"

namespace borderflow {

// Under so many bytes for any view.
inline constexpr size_t kReportBytes = 2'000'000;

std::string HtmlReport(ViewJson view, const Page& page = BuiltInPage());

}  // namespace borderflow

#endif  // BORDERFLOW_COLLECTORS_DASHBOARD_HTML_REPORT_H_
