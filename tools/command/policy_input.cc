#include "tools/command/policy_input.h"

#include <CLI/CLI.hpp>
#include <fstream>
#include <string_view>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "collectors/report/policy_cells.h"

namespace borderflow {
namespace {

// The error of a flag that only a store answers; OK without any.
absl::Status CheckOnlyReport(const PolicySource& source) {
  const StoredFlags& flags = source.stored;
  const char* const flag = !flags.from.empty()     ? "--from"
                           : !flags.to.empty()     ? "--to"
                           : !flags.sensor.empty() ? "--sensor"
                           : flags.mixed           ? "--mixed"
                                                   : nullptr;
  if (flag == nullptr) return absl::OkStatus();
  return absl::InvalidArgumentError(
      absl::StrCat(flag, ": ", source.input,
                   " is one report, which holds no windows to choose from; name a store with "
                   "--sqlite ('borderflow replay --sqlite FILE' makes one)"));
}

StoredReport OfStore(Report report) {
  StoredReport out;
  out.command = std::move(report.command);
  out.vantage = report.parameters.vantage;
  out.first_time_ns = report.snapshot.decode.first_time_ns;
  out.last_time_ns = report.snapshot.decode.last_time_ns;
  out.cells = ToPolicyCells(report.snapshot.cells, EntitiesOf(report));
  return out;
}

}  // namespace

std::string PolicySource::name() const {
  return input.empty() ? absl::StrJoin(stores, ", ") : input;
}

bool IsStore(const std::string& path) {
  constexpr std::string_view kMagic("SQLite format 3\0", 16);
  std::ifstream file(path, std::ios::binary);
  std::string head(kMagic.size(), '\0');
  file.read(head.data(), static_cast<std::streamsize>(head.size()));
  return file.gcount() == static_cast<std::streamsize>(kMagic.size()) && head == kMagic;
}

void AddPolicySource(CLI::App* command, PolicySource* source) {
  command->add_option("--input", source->input,
                      "a report that replay or live wrote with --json, or a store");
  command->add_option("--sqlite", source->stores, "a store of windows that replay or live wrote")
      ->allow_extra_args(false);
  AddStoredFlags(command, &source->stored);
  AddListFlags(command, &source->stored.lists);
  // Known only to say why not.
  command->add_option("--with-geo", source->other_geo)->allow_extra_args(false)->group("");
}

absl::StatusOr<StoredReport> ReadPolicySource(const PolicySource& source, const Lists& lists) {
  if (!source.other_geo.empty()) {
    return absl::InvalidArgumentError(
        "--with-geo: what is stored holds no addresses, only what one database said of them, so "
        "that another one cannot be asked any more; 'borderflow replay --with-geo FILE' looks "
        "every flow up in both");
  }
  if (!source.given()) {
    return absl::InvalidArgumentError(
        "nothing to look at: name a report with --input ('borderflow replay --json FILE' writes "
        "one) or a store with --sqlite ('borderflow replay --sqlite FILE')");
  }
  if (!source.input.empty() && !source.stores.empty()) {
    return absl::InvalidArgumentError("--input and --sqlite: only one of them can be given");
  }
  const bool is_store = source.input.empty() || IsStore(source.input);
  if (!is_store) {
    if (absl::Status s = CheckOnlyReport(source); !s.ok()) return s;
    return ReadReportFile(source.input, lists.entities());
  }
  absl::StatusOr<Report> report = ReportOf(
      source.input.empty() ? source.stores : std::vector<std::string>{source.input}, source.stored);
  if (!report.ok()) return report.status();
  return OfStore(*std::move(report));
}

}  // namespace borderflow
