#include "tools/account/exports.h"

#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <thread>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "collectors/export/ipfix/ipfix_exporter.h"
#include "collectors/report/policy_cells.h"
#include "collectors/store/clickhouse/clickhouse_exporter.h"
#include "collectors/store/clickhouse/spool.h"
#include "rules/digest/sha256.h"
#include "tools/account/default_database.h"
#include "tools/account/output_file.h"

namespace borderflow {
namespace {

// What is under way when a run ends may take so long; a dead receiver costs no more.
constexpr std::chrono::seconds kFinish{10};

// What a label, a file name and a header can hold without quoting.
constexpr char kNameLetters[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-";
constexpr size_t kMaxName = 64;
constexpr uint64_t kMegabyte = 1'000'000;
constexpr uint64_t kNsPerSecond = 1'000'000'000;

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
    if (destination->kind == IpfixDestination::Kind::kFile) {
      if (absl::Status s = CheckOutput(destination->path); !s.ok()) {
        return absl::InvalidArgumentError(absl::StrCat("--ipfix: ", std::string(s.message())));
      }
    }
    plan.ipfix.push_back(*std::move(destination));
  }
  plan.spool = flags.spool.empty() ? DefaultSpoolPath() : flags.spool;
  plan.spool_bytes = flags.spool_megabytes * kMegabyte;
  plan.min_cell = flags.min_cell;
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

ExportBatch BatchOf(const Window& window, const Report& statement, absl::Span<const Pack> packs,
                    uint64_t run, WindowRelease* release) {
  ExportBatch batch;
  const DecodeTotals& decode = window.counts.decode;
  const bool whole = window.width == 0;
  batch.key = {window.sensor, run, whole ? decode.first_time_ns : window.begin * kNsPerSecond,
               window.sequence};
  batch.end_ns = whole ? decode.last_time_ns : (window.begin + window.width) * kNsPerSecond;
  batch.vantage = statement.parameters.vantage;
  batch.groups_digest = statement.groups_digest;
  batch.rules_digest = statement.rules_digest;
  batch.entities_digest = statement.entities_digest;
  for (const GeoStatement& geo : statement.geo) batch.geo_digests.push_back(geo.sha256);
  batch.captured = decode.captured;
  batch.non_ip = decode.non_ip;
  batch.malformed = decode.malformed;
  for (const auto& [unused, frames] : window.dropped) batch.dropped_frames += frames;
  AddRows(window.counts.cells, statement.zones, packs,
          OptionsOf(statement.parameters.vantage, decode.first_time_ns, decode.last_time_ns),
          release, &batch, EntitiesOf(statement));
  return batch;
}

uint64_t RunOf(absl::Span<const CaptureStatement> captures) {
  std::vector<std::string> contents;
  for (const CaptureStatement& capture : captures) {
    contents.push_back(capture.sha256.empty()
                           ? absl::StrCat(absl::ToUnixNanos(absl::Now()), " ", getpid())
                           : capture.sha256);
  }
  std::sort(contents.begin(), contents.end());
  constexpr size_t kDigits = 16;
  constexpr int kHexadecimal = 16;
  return std::stoull(Sha256Hex(absl::StrJoin(contents, " ")).substr(0, kDigits), nullptr,
                     kHexadecimal);
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

std::shared_ptr<const ExportBatch> Exports::NextBatch(Window window, const Report& statement,
                                                      absl::Span<const Pack> packs, uint64_t run) {
  if (exporters_.empty()) return nullptr;
  if (window.counts.decode.captured.frames == 0 && window.dropped.empty()) return nullptr;
  window.sensor = plan_.sensor;
  window.sequence = sequence_++;
  return std::make_shared<const ExportBatch>(BatchOf(window, statement, packs, run, &release_));
}

void Exports::Offer(Window window, const Report& statement, absl::Span<const Pack> packs,
                    uint64_t run) {
  const auto batch = NextBatch(std::move(window), statement, packs, run);
  if (batch == nullptr) return;
  for (const auto& exporter : exporters_) exporter->Offer(batch);  // it counts what it drops
}

void Exports::OfferPatiently(Window window, const Report& statement, absl::Span<const Pack> packs,
                             uint64_t run) {
  const auto batch = NextBatch(std::move(window), statement, packs, run);
  if (batch == nullptr) return;
  for (const auto& exporter : exporters_) exporter->OfferPatiently(batch);
}

void Exports::State(LiveStatement* live) const {
  for (const auto& exporter : exporters_) {
    AddExporter(exporter->name(), exporter->Counters(), live);
  }
}

std::vector<std::string> Exports::NewLosses() {
  std::vector<std::string> losses;
  for (const auto& exporter : exporters_) {
    const auto news = news_.Of(exporter->name(), exporter->Counters(), exporter->FirstError());
    if (news.has_value()) losses.push_back(*news);
  }
  return losses;
}

absl::Status Exports::Finish(const std::function<void(const std::string&)>& note) {
  // All at once, so that several dead receivers cost no more than one.
  std::vector<absl::Status> ends(exporters_.size());
  std::vector<std::thread> ending;
  for (size_t i = 0; i < exporters_.size(); ++i) {
    ending.emplace_back([this, i, &ends] { ends[i] = exporters_[i]->Finish(kFinish); });
  }
  for (std::thread& one : ending) one.join();
  absl::Status first;
  for (size_t i = 0; i < exporters_.size(); ++i) {
    const BackgroundExporter& exporter = *exporters_[i];
    const ExportCounters counters = exporter.Counters();
    if (!ends[i].ok()) {
      first.Update(absl::Status(
          ends[i].code(),
          absl::StrCat(std::string(ends[i].message()), " (", counters.lost_batches(), " of ",
                       counters.offered_batches, " windows were not exported)")));
    }
    const absl::Status reason = exporter.waiting_reason();
    if (absl::IsDataLoss(reason)) first.Update(reason);
    if (counters.waiting > 0) {
      note(absl::StrCat(exporter.name(), ": ", counters.waiting, " parts wait in ", plan_.spool,
                        " for the next run: ", std::string(reason.message())));
    }
  }
  return first;
}

}  // namespace borderflow
