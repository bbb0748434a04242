// LiveView: what a running sensor says of itself: a view that renews itself on a terminal, log
// lines elsewhere.
//
// Thread safety: none.
#ifndef BORDERFLOW_TOOLS_LIVE_LIVE_VIEW_H_
#define BORDERFLOW_TOOLS_LIVE_LIVE_VIEW_H_

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "collectors/report/live_statement.h"
#include "dataplane/count/snapshot.h"
#include "rules/jurisdiction/groups.h"

namespace borderflow {

enum class LogForm { kText, kJson };

class LiveView {
 public:
  // `terminal`: renew the view in place. Everything goes to standard error.
  LiveView(bool terminal, LogForm form, std::vector<JurisdictionSet> zones);
  ~LiveView();

  // An event, at once.
  void Log(std::string_view what);

  // The state; `elapsed` seconds since the last call, for rates.
  void Show(const Snapshot& snapshot, const LiveStatement& live, double elapsed);

 private:
  void ShowScreen(const Snapshot& snapshot, const LiveStatement& live, double frames_per_second,
                  double bits_per_second);
  void Write(const std::string& text);

  bool terminal_;
  LogForm form_;
  std::vector<JurisdictionSet> zones_;
  FrameTotals before_;
  int lines_on_screen_ = 0;
};

}  // namespace borderflow

#endif  // BORDERFLOW_TOOLS_LIVE_LIVE_VIEW_H_
