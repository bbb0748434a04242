#include "tools/command/policy_input.h"

#include <CLI/CLI.hpp>
#include <fstream>
#include <map>
#include <memory>
#include <set>
#include <string_view>
#include <tuple>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "collectors/report/cells_by_spans.h"
#include "collectors/report/policy_cells.h"
#include "collectors/report/report_rows.h"
#include "tools/command/stored_spans.h"

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
  out.cells = PolicyCellsOf(report);
  return out;
}

std::vector<std::string> StoresOf(const PolicySource& source) {
  if (source.input.empty()) return source.stores;
  return IsStore(source.input) ? std::vector<std::string>{source.input}
                               : std::vector<std::string>{};
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
}

absl::StatusOr<StoredReport> ReadPolicySource(const PolicySource& source, const Lists& lists) {
  if (absl::Status status = RefuseOtherGeo(source.stored); !status.ok()) return status;
  if (!source.given()) {
    return absl::InvalidArgumentError(
        "nothing to look at: name a report with --input ('borderflow replay --json FILE' writes "
        "one) or a store with --sqlite ('borderflow replay --sqlite FILE')");
  }
  if (!source.input.empty() && !source.stores.empty()) {
    return absl::InvalidArgumentError("--input and --sqlite: only one of them can be given");
  }
  const std::vector<std::string> stores = StoresOf(source);
  if (stores.empty()) {
    if (absl::Status s = CheckOnlyReport(source); !s.ok()) return s;
    return ReadReportFile(source.input, lists.entities());
  }
  absl::StatusOr<Report> report = ReportOf(stores, source.stored);
  if (!report.ok()) return report.status();
  return OfStore(*std::move(report));
}

std::unique_ptr<const CellsByTime> ReadPolicyTimes(const PolicySource& source,
                                                   const StoredReport& report, const Lists& lists) {
  const std::vector<std::string> stores = StoresOf(source);
  if (stores.empty()) return nullptr;
  DecodeTotals decode;
  decode.first_time_ns = report.first_time_ns;
  decode.last_time_ns = report.last_time_ns;
  return std::make_unique<CellsBySpans>(report.cells, lists.entities(),
                                        SpansOf(stores, source.stored, lists, decode));
}

absl::StatusOr<std::vector<PolicyWindow>> ReadPolicyWindows(const PolicySource& source,
                                                            absl::Span<const PolicyCell> whole) {
  std::vector<PolicyWindow> windows;
  const std::vector<std::string> stores = StoresOf(source);
  if (stores.size() != 1) return windows;
  const auto time = [](const char* flag, const std::string& text, uint64_t otherwise) {
    return text.empty() ? absl::StatusOr<uint64_t>(otherwise) : ParseTimeFlag(flag, text);
  };
  const absl::StatusOr<uint64_t> from = time("--from", source.stored.from, 0);
  const absl::StatusOr<uint64_t> to = time("--to", source.stored.to, ~uint64_t{0});
  if (!from.ok()) return from.status();
  if (!to.ok()) return to.status();
  std::set<std::pair<uint64_t, uint64_t>> spans;
  {
    const absl::StatusOr<std::unique_ptr<Store>> store = Store::Open(stores[0], Store::Mode::kRead);
    if (!store.ok()) return store.status();
    const absl::StatusOr<std::vector<Store::Listed>> listed = (*store)->Windows();
    if (!listed.ok()) return listed.status();
    for (const Store::Listed& window : *listed) {
      if (!source.stored.sensor.empty() && source.stored.sensor != window.sensor) continue;
      if (window.end > *from && window.begin < *to) spans.emplace(window.begin, window.end);
    }
  }
  if (spans.size() < 2 || spans.size() > kMostWindows) return windows;
  std::map<PolicyCellKey, size_t> positions;
  uint64_t missing = 0;
  for (size_t i = 0; i < whole.size(); ++i) {
    positions.emplace(KeyOf(whole[i]), i);
    missing += whole[i].bytes;
  }
  for (const auto& [begin, end] : spans) {
    StoredFlags flags = source.stored;
    flags.from = absl::StrCat(begin);
    flags.to = absl::StrCat(end);
    const absl::StatusOr<Report> report = ReportOf(stores, flags);
    if (!report.ok()) return report.status();
    PolicyWindow& window = windows.emplace_back();
    window.seconds = static_cast<double>(end - begin);
    for (const PolicyCell& cell : PolicyCellsOf(*report)) {
      const auto at = positions.find(KeyOf(cell));
      if (at == positions.end()) return std::vector<PolicyWindow>{};
      missing -= cell.bytes;
      window.cells.push_back(cell);
      window.whole.push_back(at->second);
    }
  }
  if (missing != 0) windows.clear();
  return windows;
}

}  // namespace borderflow
