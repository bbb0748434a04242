// Exports: the receivers that a run sends its windows to, each on threads of its own.
//
// Thread safety: one controlling thread.
#ifndef BORDERFLOW_TOOLS_ACCOUNT_EXPORTS_H_
#define BORDERFLOW_TOOLS_ACCOUNT_EXPORTS_H_

#include <CLI/CLI.hpp>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "collectors/export/background.h"
#include "collectors/export/batch.h"
#include "collectors/export/ipfix/destination.h"
#include "collectors/export/ipfix/elements.h"
#include "collectors/privacy/window_release.h"
#include "collectors/report/report.h"
#include "collectors/store/clickhouse/client.h"
#include "collectors/window/window.h"
#include "rules/policy/pack.h"
#include "tools/account/loss_news.h"

namespace borderflow {

// As given.
struct ExportFlags {
  std::vector<std::string> ipfix;
  uint32_t ipfix_pen = kDocumentationPen;
  std::string clickhouse;
  std::string spool;
  uint64_t spool_megabytes = 1024;  // some days of 60 s windows of 1,000 cells
  uint64_t min_cell = kDefaultMinCell;

  bool any() const { return !ipfix.empty() || !clickhouse.empty(); }
};

// To be said where --min-cell is 1.
inline constexpr char kUnsuppressedExports[] =
    "--min-cell 1: cells are exported unsuppressed, so single persons may be recognised; do not "
    "pass them on";

// Declares the flags on `command`, but for --min-cell, which what is served shares.
void AddExportFlags(CLI::App* command, ExportFlags* flags);

struct ExportPlan {
  std::string sensor;
  std::vector<IpfixDestination> ipfix;
  uint32_t ipfix_pen = kDocumentationPen;
  std::optional<ClickHouseServer> clickhouse;
  std::string spool;
  uint64_t spool_bytes = 0;
  uint64_t min_cell = kDefaultMinCell;
};

// `sensor` is --sensor (options.h), which a store shares.
// Errors: InvalidArgument naming the flag, what was found and what was expected.
absl::StatusOr<ExportPlan> PlanExports(const ExportFlags& flags, const std::string& sensor);

// What leaves of a window: the rows that `release` lets go, and the sum of the rest. The one place
// where cells leave for a receiver. `statement` says what the window itself does not: databases,
// rules, vantage, zones. A window without a width is the whole run: it begins and ends with its
// frames.
ExportBatch BatchOf(const Window& window, const Report& statement, absl::Span<const Pack> packs,
                    uint64_t run, WindowRelease* release);

// The run of captures: the same for the same content, whenever and with whatever options they are
// replayed; never the same again where a content is not known (standard input).
uint64_t RunOf(absl::Span<const CaptureStatement> captures);

class Exports {
 public:
  // After signals have been blocked: the threads inherit the mask.
  // Errors: Unavailable when the spool cannot be used.
  static absl::StatusOr<std::unique_ptr<Exports>> Start(ExportPlan plan);

  bool any() const { return !exporters_.empty(); }

  // Hands a window to every exporter; sensor and sequence are filled in. One without a frame or a
  // loss is passed over. Never waits: an exporter whose queue is full drops the window, and counts
  // it.
  void Offer(Window window, const Report& statement, absl::Span<const Pack> packs, uint64_t run);
  // Waits for room, within bounds (background_queue.h).
  void OfferPatiently(Window window, const Report& statement, absl::Span<const Pack> packs,
                      uint64_t run);

  // States each exporter in `live`.
  void State(LiveStatement* live) const;

  // What lost windows since the last call, each with how many so far and why.
  std::vector<std::string> NewLosses();

  // Ends every exporter, waiting some seconds for what is under way. `note` receives what a user
  // should know beside errors, such as what waits for a server.
  // Errors: of the first exporter that lost something.
  absl::Status Finish(const std::function<void(const std::string&)>& note);

 private:
  explicit Exports(ExportPlan plan) : plan_(std::move(plan)), release_(plan_.min_cell) {}
  std::shared_ptr<const ExportBatch> NextBatch(Window window, const Report& statement,
                                               absl::Span<const Pack> packs, uint64_t run);

  const ExportPlan plan_;
  WindowRelease release_;
  uint64_t sequence_ = 0;
  std::vector<std::unique_ptr<BackgroundExporter>> exporters_;
  LossNews news_;
};

}  // namespace borderflow

#endif  // BORDERFLOW_TOOLS_ACCOUNT_EXPORTS_H_
