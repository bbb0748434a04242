// `borderflow export`: the cells of a store as a table for other programs.
#include <cstdio>
#include <memory>
#include <string>

#include "absl/strings/str_format.h"
#include "collectors/export/rows.h"
#include "collectors/export/table.h"
#include "tools/account/output_file.h"
#include "tools/command/exit_codes.h"
#include "tools/command/report.h"
#include "tools/command/stored_report.h"

namespace borderflow {
namespace {

struct ExportFlags {
  std::string sqlite;
  std::string format;
  std::string output = "-";
  StoredFlags stored;
};

int Fail(const absl::Status& status, int exit_code) {
  absl::FPrintF(stderr, "borderflow export: %s\n", std::string(status.message()));
  return exit_code;
}

int Run(const ExportFlags& flags) {
  if (absl::Status s = CheckOutput(flags.output); !s.ok()) return Fail(s, kExitUsage);
  const absl::StatusOr<Report> report = ReportOf({flags.sqlite}, flags.stored);
  if (!report.ok()) return Fail(report.status(), kExitUsage);
  const std::vector<CellRow> rows = Rows(report->snapshot.cells);
  const absl::Status written =
      WriteOutput(flags.output, flags.format == "csv" ? ToCsv(rows) : ToNdjson(rows));
  return written.ok() ? kExitDone : Fail(written, kExitRuntime);
}

}  // namespace

void AddExportCommand(CLI::App& app, int* exit_code) {
  CLI::App* command = app.add_subcommand("export", "the cells of a store, for other programs");
  const auto flags = std::make_shared<ExportFlags>();
  command->add_option("--sqlite", flags->sqlite, "the store")->required();
  command->add_option("--format", flags->format, "csv or ndjson")
      ->required()
      ->check(CLI::IsMember({"csv", "ndjson"}));
  command->add_option("--output", flags->output, "write to FILE (- for standard output)")
      ->capture_default_str();
  AddStoredFlags(command, &flags->stored);
  command->callback([flags, exit_code] { *exit_code = Run(*flags); });
}

}  // namespace borderflow
