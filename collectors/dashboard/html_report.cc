#include "collectors/dashboard/html_report.h"

#include "collectors/dashboard/view.h"

namespace borderflow {

std::string HtmlReport(ViewJson view) {
  CutView(kViewBytes, &view);
  return ViewText(view);
}

}  // namespace borderflow
