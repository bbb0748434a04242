// `borderflow bench replay`: replay against a loop that only counts frames with libpcap, on the
// same file in the same run.
#include <cstdio>
#include <memory>
#include <nlohmann/json.hpp>

#include "absl/strings/str_format.h"
#include "collectors/report/text.h"
#include "dataplane/capture/libpcap_loop.h"
#include "dataplane/geo/geography.h"
#include "dataplane/replay.h"
#include "rules/digest/sha256.h"
#include "tools/command/bench.h"
#include "tools/account/default_database.h"
#include "tools/command/exit_codes.h"
#include "tools/command/measure.h"
#include "tools/account/output_file.h"

namespace borderflow {
namespace {

struct Flags {
  std::string capture;
  std::vector<std::string> geo;
  int runs = 3;
  int workers = 2;
  uint64_t flows = uint64_t{1} << 20;
  std::string json;
};

int Fail(const absl::Status& status) {
  absl::FPrintF(stderr, "borderflow bench replay: %s\n", std::string(status.message()));
  return kExitRuntime;
}

// Returns the frames counted, or 0.
uint64_t ReplayOnce(const Flags& flags, const Geography& geography, int workers) {
  absl::StatusOr<std::unique_ptr<FrameSource>> source = OpenCapture(flags.capture);
  if (!source.ok()) return 0;
  ReplayOptions options;
  options.workers = workers;
  options.worker.flows = flags.flows;
  Snapshot snapshot;
  const absl::Status status =
      Replay(source->get(), geography.map(), NameRules::BuiltIn(), options, nullptr, &snapshot);
  return status.ok() ? snapshot.decode.captured.frames : 0;
}

struct Row {
  const char* name;
  Cost cost;
};

nlohmann::ordered_json ToJson(const Row& row, double pcap_seconds) {
  return {{"what", row.name},
          {"cpu_seconds", row.cost.cpu_seconds},
          {"elapsed_seconds", row.cost.elapsed_seconds},
          {"peak_bytes", row.cost.peak_bytes},
          {"frames", row.cost.result},
          {"cpu_ratio_to_pcap_loop", row.cost.cpu_seconds / pcap_seconds}};
}

int Run(const Flags& flags) {
  const absl::StatusOr<std::vector<std::string>> databases = DatabasesOrDefault(flags.geo);
  if (!databases.ok()) return Fail(databases.status());
  GeographyOptions options;
  options.databases = *databases;
  // Loaded once, before the clock: a database is loaded once for any number of captures.
  const absl::StatusOr<Geography> geography = Geography::Load(options);
  if (!geography.ok()) return Fail(geography.status());
  NameRules::BuiltIn();

  const absl::StatusOr<Cost> pcap =
      MeasureBest(flags.runs, [&flags] { return CountWithLibpcap(flags.capture).value_or(0); });
  if (!pcap.ok()) return Fail(pcap.status());
  const absl::StatusOr<Cost> one =
      MeasureBest(flags.runs, [&] { return ReplayOnce(flags, *geography, 1); });
  if (!one.ok()) return Fail(one.status());
  const absl::StatusOr<Cost> many =
      MeasureBest(flags.runs, [&] { return ReplayOnce(flags, *geography, flags.workers); });
  if (!many.ok()) return Fail(many.status());
  const absl::StatusOr<Cost> digest = MeasureBest(
      1, [&flags] { return Sha256OfFile(flags.capture).ok() ? uint64_t{1} : uint64_t{0}; });
  if (!digest.ok()) return Fail(digest.status());
  if (pcap->result == 0 || one->result != pcap->result || many->result != pcap->result) {
    return Fail(absl::InternalError(
        absl::StrFormat("%s: libpcap counts %d frames, one worker %d, %d workers %d", flags.capture,
                        pcap->result, one->result, flags.workers, many->result)));
  }

  const Row rows[] = {{"pcap_next_ex loop", *pcap},
                      {"replay, 1 worker", *one},
                      {"replay, workers", *many},
                      {"digest (with --json)", *digest}};
  const double speedup = one->elapsed_seconds / many->elapsed_seconds;
  if (!flags.json.empty()) {
    nlohmann::ordered_json json;
    json["capture"] = flags.capture;
    json["workers"] = flags.workers;
    json["elapsed_speedup"] = speedup;
    for (const Row& row : rows) json["rows"].push_back(ToJson(row, pcap->cpu_seconds));
    const absl::Status written = WriteOutput(flags.json, json.dump(2) + "\n");
    if (!written.ok()) return Fail(written);
    if (flags.json == "-") return kExitDone;
  }
  absl::PrintF("%s frames of %s, best of %d runs\n\n", Grouped(pcap->result), flags.capture,
               flags.runs);
  absl::PrintF("%-22s %10s %10s %10s %12s %8s\n", "", "CPU s", "elapsed s", "ns/frame",
               "peak memory", "ratio");
  for (const Row& row : rows) {
    absl::PrintF("%-22s %10.3f %10.3f %10.1f %12s %8.2f\n", row.name, row.cost.cpu_seconds,
                 row.cost.elapsed_seconds,
                 row.cost.cpu_seconds * 1e9 / static_cast<double>(pcap->result),
                 Bytes(row.cost.peak_bytes), row.cost.cpu_seconds / pcap->cpu_seconds);
  }
  absl::PrintF("\n%d workers take %.2f times less elapsed time than one\n", flags.workers, speedup);
  return kExitDone;
}

}  // namespace

void AddBenchReplay(CLI::App& bench, int* exit_code) {
  CLI::App* command =
      bench.add_subcommand("replay", "replay against a bare pcap_next_ex loop on the same file");
  const auto flags = std::make_shared<Flags>();
  command->add_option("CAPTURE", flags->capture, "a capture file, best on a memory disk")
      ->required();
  command->add_option("--geo", flags->geo, "address database (MMDB)")->allow_extra_args(false);
  command->add_option("--runs", flags->runs, "take the best of so many")->capture_default_str();
  command->add_option("--workers", flags->workers, "for the row with workers")
      ->check(CLI::Range(2, 64))
      ->capture_default_str();
  command->add_option("--flows", flags->flows, "size of the flow table")->capture_default_str();
  command->add_option("--json", flags->json, "write the figures to FILE (- for standard output)");
  command->callback([flags, exit_code] { *exit_code = Run(*flags); });
}

}  // namespace borderflow
