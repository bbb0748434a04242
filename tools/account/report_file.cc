#include "tools/account/report_file.h"

#include <utility>

#include "collectors/dashboard/html_report.h"
#include "collectors/dashboard/released_view.h"
#include "collectors/dashboard/view.h"
#include "tools/account/output_file.h"

namespace borderflow {

void AddReportFlag(CLI::App* command, AccountFlags* flags) {
  command->add_option(
      "--report", flags->report,
      "write the report with its pictures to FILE.html, one file for any browser; live "
      "renews it once a minute, suppressed as what it serves (--min-cell)");
}

Timeline WithoutWindows() {
  return Timeline("the whole was counted as one window; add --window 60s to see how it went");
}

absl::Status WriteReportFile(const AccountFlags& flags, const Report& report,
                             absl::Span<const Pack> packs, const Timeline& timeline,
                             const std::string& kind, bool running) {
  if (flags.report.empty()) return absl::OkStatus();
  ViewJson view = ViewOf(report, packs, timeline, kind);
  const FrameTotals& ip = report.snapshot.decode.ip;
  const CellCounters& told = report.sums.total;
  if (running && told.frames <= ip.frames && told.bytes <= ip.bytes) {
    StateWaiting({ip.frames - told.frames, ip.bytes - told.bytes}, &view);
  }
  return WriteOutput(flags.report, HtmlReport(std::move(view)));
}

absl::Status WriteReleasedReport(const AccountFlags& flags, const Publication& publication) {
  ViewJson view = ReleasedView(publication);
  view["source"]["next"] = nullptr;  // a file has no successor
  return WriteOutput(flags.report, HtmlReport(std::move(view)));
}

}  // namespace borderflow
