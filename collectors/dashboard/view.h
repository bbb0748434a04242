// View: the picture model, schema `borderflow.view/1`: one bounded JSON document from which every
// picture of the dashboard and of the one-file report is drawn. page/src/model.ts names its keys.
//
// Deterministic: the same counts give the same bytes. Every table adds up to `total`.
//
// Thread safety: pure functions.
#ifndef BORDERFLOW_COLLECTORS_DASHBOARD_VIEW_H_
#define BORDERFLOW_COLLECTORS_DASHBOARD_VIEW_H_

#include <cstddef>
#include <string>

#include "absl/types/span.h"
#include "collectors/dashboard/tables.h"
#include "collectors/dashboard/timeline.h"
#include "collectors/dashboard/view_json.h"
#include "collectors/report/report.h"
#include "rules/policy/pack.h"

namespace borderflow {

// Above this many bytes a view is cut (CutView), so that a page can be drawn at once.
inline constexpr size_t kViewBytes = 1'000'000;
inline constexpr size_t kMostViewNames = 200;

// What the parts of a view are made of, wherever it comes from.
struct ViewParts {
  std::string kind;       // "replay", "store" or "live"
  bool released = false;  // tables are those of a publisher, with what is suppressed
  ViewJson statement;     // as ToStatement writes it
  ViewTables tables;
  ViewJson cells;  // {"rows", "of", "other"}: rows as in the JSON report
  ViewJson names;  // null, or the largest as in the JSON report
  size_t names_of = 0;
  ViewJson policies;     // policy_view.h
  ViewJson comparisons;  // policy_view.h
  ViewJson dependence;   // dependence_view.h
  Timeline timeline = Timeline("");
};
ViewJson AssembleView(ViewParts parts);

// A report's, whose packs are judged again for the variants; packs that are not among those of the
// report are left out. `kind` as above.
ViewJson ViewOf(const Report& report, absl::Span<const Pack> packs, const Timeline& timeline,
                const std::string& kind);

// IP frames in flows that are not decided yet are in no cell: the lines of the conservation law
// that compare with cells name them. Nothing changes when none waits.
void StateWaiting(const FrameTotals& waiting, ViewJson* view);

// Moves the smallest rows of the largest tables to `other`, and then leaves details of policies
// out, until the view takes at most `bytes`, as far as that is possible.
void CutView(size_t bytes, ViewJson* view);

// As one line; bytes that are not UTF-8 become U+FFFD.
std::string ViewText(const ViewJson& view);

}  // namespace borderflow

#endif  // BORDERFLOW_COLLECTORS_DASHBOARD_VIEW_H_
