#include "tools/account/exports.h"

#include <chrono>
#include <utility>

#include "absl/strings/str_cat.h"
#include "collectors/export/ipfix/ipfix_exporter.h"
#include "collectors/report/policy_cells.h"
#include "collectors/store/clickhouse/clickhouse_exporter.h"
#include "collectors/store/clickhouse/spool.h"
#include "tools/account/default_database.h"

namespace borderflow {
namespace {

// What is under way when a run ends may take so long; a dead receiver costs no more.
constexpr std::chrono::seconds kFinish{10};

// What a label, a file name and a header can hold without quoting.
constexpr char kNameLetters[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-";
constexpr size_t kMaxName = 64;
constexpr uint64_t kMegabyte = 1'000'000;

}  // namespace

void AddExportFlags(CLI::App* command, ExportFlags* flags) {
  command
      ->add_option("--ipfix", flags->ipfix,
                   "export cells as IPFIX to udp:HOST:PORT, tcp:HOST:PORT or file:PATH")
      ->allow_extra_args(false);
  command
      ->add_option("--ipfix-pen", flags->ipfix_pen, "enterprise number of our own IPFIX elements")
      ->check(CLI::Range(uint32_t{1}, UINT32_MAX))
      ->capture_default_str();
  command->add_option("--clickhouse", flags->clickhouse,
                      "store cells in ClickHouse at http[s]://[USER@]HOST[:PORT][/DATABASE]");
  command->add_option("--spool", flags->spool, "folder where cells wait for ClickHouse");
  command->add_option("--spool-limit", flags->spool_megabytes, "how much may wait there, MB")
      ->check(CLI::Range(uint64_t{1}, uint64_t{1} << 20))
      ->capture_default_str();
}

absl::StatusOr<ExportPlan> PlanExports(const ExportFlags& flags, const std::string& sensor) {
  ExportPlan plan;
  plan.sensor = sensor;
  plan.ipfix_pen = flags.ipfix_pen;
  if (sensor.size() > kMaxName || sensor.find_first_not_of(kNameLetters) != std::string::npos) {
    return absl::InvalidArgumentError(
        absl::StrCat("--sensor: \"", sensor, "\": expected at most ", kMaxName,
                     " letters, digits, dots, dashes or underscores, such as berlin-1"));
  }
  for (const std::string& text : flags.ipfix) {
    absl::StatusOr<IpfixDestination> destination = ParseIpfixDestination(text);
    if (!destination.ok()) {
      return absl::InvalidArgumentError(
          absl::StrCat("--ipfix: ", std::string(destination.status().message())));
    }
    plan.ipfix.push_back(*std::move(destination));
  }
  plan.spool = flags.spool.empty() ? DefaultSpoolPath() : flags.spool;
  plan.spool_bytes = flags.spool_megabytes * kMegabyte;
  if (flags.clickhouse.empty()) return plan;
  absl::StatusOr<ClickHouseServer> server = ParseClickHouseUrl(flags.clickhouse);
  if (!server.ok()) {
    return absl::InvalidArgumentError(
        absl::StrCat("--clickhouse: ", std::string(server.status().message())));
  }
  plan.clickhouse = *std::move(server);
  if (plan.sensor.empty()) {
    return absl::InvalidArgumentError(
        "--clickhouse: name this sensor with --sensor NAME: a store tells windows apart by it");
  }
  return plan;
}

ExportBatch BatchOf(const Report& report, absl::Span<const Pack> packs, const std::string& sensor,
                    uint64_t run) {
  ExportBatch batch;
  const DecodeTotals& decode = report.snapshot.decode;
  batch.key = {sensor, run, decode.first_time_ns, 0};
  batch.end_ns = decode.last_time_ns;
  batch.vantage = report.parameters.vantage;
  batch.groups_digest = report.groups_digest;
  batch.rules_digest = report.rules_digest;
  for (const GeoStatement& geo : report.geo) batch.geo_digests.push_back(geo.sha256);
  batch.captured = decode.captured;
  batch.non_ip = decode.non_ip;
  batch.malformed = decode.malformed;
  if (report.live.has_value()) {
    for (const auto& [unused, frames] : Dropped(*report.live)) batch.dropped_frames += frames;
  }
  AddRows(report.snapshot.cells, report.zones, packs,
          OptionsOf(report.parameters.vantage, decode.first_time_ns, decode.last_time_ns), &batch,
          EntitiesOf(report));
  return batch;
}

absl::StatusOr<std::unique_ptr<Exports>> Exports::Start(ExportPlan plan) {
  std::unique_ptr<Exports> exports(new Exports(std::move(plan)));
  for (const IpfixDestination& destination : exports->plan_.ipfix) {
    exports->exporters_.push_back(
        std::make_unique<BackgroundExporter>(std::make_unique<IpfixExporter>(
            destination, exports->plan_.ipfix_pen, exports->plan_.sensor)));
  }
  const ExportPlan& to = exports->plan_;
  if (to.clickhouse.has_value()) {
    absl::StatusOr<std::unique_ptr<Spool>> spool = Spool::Open(to.spool, to.spool_bytes);
    if (!spool.ok()) {
      return absl::UnavailableError(
          absl::StrCat("--spool: ", std::string(spool.status().message())));
    }
    exports->exporters_.push_back(std::make_unique<BackgroundExporter>(
        std::make_unique<ClickHouseExporter>(*to.clickhouse, *std::move(spool))));
  }
  return exports;
}

void Exports::Offer(const Report& report, absl::Span<const Pack> packs, uint64_t run) {
  if (exporters_.empty() || report.snapshot.decode.captured.frames == 0) return;
  const auto batch = std::make_shared<const ExportBatch>(BatchOf(report, packs, plan_.sensor, run));
  for (const auto& exporter : exporters_) exporter->Offer(batch);  // it counts what it drops
}

absl::Status Exports::Finish(const std::function<void(const std::string&)>& note) {
  absl::Status first;
  for (const auto& exporter : exporters_) {
    first.Update(exporter->Finish(kFinish));
    const uint64_t waiting = exporter->Counters().waiting;
    const absl::Status reason = exporter->waiting_reason();
    if (absl::IsDataLoss(reason)) first.Update(reason);
    if (waiting > 0) {
      note(absl::StrCat(exporter->name(), ": ", waiting, " parts wait in ", plan_.spool,
                        " for the next run: ", std::string(reason.message())));
    }
  }
  return first;
}

}  // namespace borderflow
