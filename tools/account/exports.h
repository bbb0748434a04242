// Exports: the receivers that a run sends its windows to, each on a thread of its own.
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
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "collectors/export/background.h"
#include "collectors/export/batch.h"
#include "collectors/export/ipfix/destination.h"
#include "collectors/export/ipfix/elements.h"
#include "collectors/report/report.h"
#include "collectors/store/clickhouse/client.h"
#include "rules/policy/pack.h"

namespace borderflow {

// As given.
struct ExportFlags {
  std::vector<std::string> ipfix;
  uint32_t ipfix_pen = kDocumentationPen;
  std::string clickhouse;
  std::string spool;
  uint64_t spool_megabytes = 1024;  // some days of 60 s windows of 1,000 cells
};

// Declares the flags on `command`.
void AddExportFlags(CLI::App* command, ExportFlags* flags);

struct ExportPlan {
  std::string sensor;
  std::vector<IpfixDestination> ipfix;
  uint32_t ipfix_pen = kDocumentationPen;
  std::optional<ClickHouseServer> clickhouse;
  std::string spool;
  uint64_t spool_bytes = 0;
};

// `sensor` is --sensor (options.h), which a store shares.
// Errors: InvalidArgument naming the flag, what was found and what was expected.
absl::StatusOr<ExportPlan> PlanExports(const ExportFlags& flags, const std::string& sensor);

// What a run exports: the cells of `report` as one window, all of them. The one place where cells
// leave for a receiver, and so where those that may not leave have to be gone.
ExportBatch BatchOf(const Report& report, absl::Span<const Pack> packs, const std::string& sensor,
                    uint64_t run);

class Exports {
 public:
  // After signals have been blocked: the threads inherit the mask.
  // Errors: Unavailable when the spool cannot be used.
  static absl::StatusOr<std::unique_ptr<Exports>> Start(ExportPlan plan);

  // Hands the report's window to every exporter and returns at once. Nothing is exported of a run
  // without a frame.
  void Offer(const Report& report, absl::Span<const Pack> packs, uint64_t run);

  // Ends every exporter, waiting some seconds for what is under way. `note` receives what a user
  // should know beside errors, such as what waits for a server.
  // Errors: of the first exporter that lost something.
  absl::Status Finish(const std::function<void(const std::string&)>& note);

 private:
  explicit Exports(ExportPlan plan) : plan_(std::move(plan)) {}

  const ExportPlan plan_;
  std::vector<std::unique_ptr<BackgroundExporter>> exporters_;
};

}  // namespace borderflow

#endif  // BORDERFLOW_TOOLS_ACCOUNT_EXPORTS_H_
