#include "tools/account/report_file.h"

#include "collectors/dashboard/html_report.h"
#include "collectors/dashboard/view.h"
#include "tools/account/output_file.h"

namespace borderflow {

void AddReportFlag(CLI::App* command, AccountFlags* flags) {
  command->add_option("--report", flags->report,
                      "write the report with its pictures to FILE.html, one file for any browser");
}

Timeline WithoutWindows() {
  return Timeline("the whole was counted as one window; add --window 60s to see how it went");
}

absl::Status WriteReportFile(const AccountFlags& flags, const Report& report,
                             absl::Span<const Pack> packs, const Timeline& timeline,
                             const std::string& kind) {
  if (flags.report.empty()) return absl::OkStatus();
  return WriteOutput(flags.report, HtmlReport(ViewOf(report, packs, timeline, kind)));
}

}  // namespace borderflow
