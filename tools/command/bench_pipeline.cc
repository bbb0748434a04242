// `borderflow bench pipeline`: packets a second and core, from frames in memory to cells, with what
// each stage takes.
#include <algorithm>
#include <array>
#include <charconv>
#include <cstdio>
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

#include "absl/strings/str_format.h"
#include "collectors/report/text.h"
#include "dataplane/geo/geography.h"
#include "tools/account/output_file.h"
#include "tools/bench/pipeline_bench.h"
#include "tools/command/bench.h"
#include "tools/command/exit_codes.h"

namespace borderflow {
namespace {

constexpr std::array<const char*, static_cast<size_t>(Stage::kStages)> kStageNames = {
    "decode", "find", "locate", "count", "sweep"};
constexpr uint32_t kUsualCells = 10'000;

struct Flags {
  std::string frame_size = "64";
  uint32_t countries = Places::kMostCountries;
  uint32_t cells = 0;
  bool syn_flood = false;
  std::vector<std::string> geo;
  PipelineBenchOptions bench;
  std::string json;
};

int Fail(const absl::Status& status, int exit_code) {
  absl::FPrintF(stderr, "borderflow bench pipeline: %s\n", std::string(status.message()));
  return exit_code;
}

// "imix", or a number of bytes. Empty for anything else.
std::vector<uint32_t> SizesOf(const std::string& text) {
  // The simple Internet mix: 7:4:1 of 40, 576 and 1,500 bytes of IP, each in Ethernet.
  if (text == "imix") return {64, 64, 64, 64, 64, 64, 64, 594, 594, 594, 594, 1518};
  uint32_t bytes = 0;
  const char* const end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, bytes);
  if (error != std::errc() || stop != end) return {};
  if (bytes < kSmallestFrame || bytes > kLargestFrame) return {};
  return {bytes};
}

// Millions of frames a second that fill a link, with the 20 bytes between them (preamble, gap).
double LineRate(double gigabits, double frame_bytes) {
  constexpr double kBetween = 20;
  return gigabits * 1e3 / ((frame_bytes + kBetween) * 8);
}

absl::Status Settle(Flags* flags) {
  PreparedOptions& frames = flags->bench.frames;
  frames.sizes = SizesOf(flags->frame_size);
  if (frames.sizes.empty()) {
    return absl::InvalidArgumentError(
        absl::StrFormat("--frame-size %s: \"imix\" or %d to %d bytes are expected",
                        flags->frame_size, kSmallestFrame, kLargestFrame));
  }
  if (flags->syn_flood) {
    frames.syn_flood = true;
    frames.new_flows = 1;
  }
  // The real database knows no order of ours: its flows run between any two addresses.
  if (!flags->geo.empty()) flags->countries = 1;
  const uint32_t fewest = 2 * flags->countries;
  const uint32_t most = fewest * flags->countries;
  if (flags->cells == 0) flags->cells = std::clamp(kUsualCells, fewest, most);
  if (flags->cells < fewest || flags->cells > most) {
    return absl::InvalidArgumentError(
        absl::StrFormat("--cells %d: %d countries give %d cells (each within itself) to %d (all "
                        "with all)",
                        flags->cells, flags->countries, fewest, most));
  }
  frames.cells = flags->cells;
  if (frames.flows < static_cast<uint64_t>(flags->bench.workers)) {
    return absl::InvalidArgumentError(absl::StrFormat("--flows %d: each of %d workers needs one",
                                                      frames.flows, flags->bench.workers));
  }
  if (flags->bench.flow_table == 0) flags->bench.flow_table = DefaultFlowTable(flags->bench);
  return absl::OkStatus();
}

nlohmann::ordered_json ToJson(const Flags& flags, const PipelineCost& cost) {
  const PipelineBenchOptions& bench = flags.bench;
  nlohmann::ordered_json json;
  if (bench.frames.sizes.size() == 1) {
    json["frame_bytes"] = bench.frames.sizes[0];
  } else {
    json["frame_bytes"] = cost.frame_bytes;
  }
  json["flows"] = bench.frames.flows;
  json["workers"] = bench.workers;
  json["mpps"] = cost.mpps;
  json["ns_per_frame"] = cost.ns;
  json["cycles_per_frame"] = cost.cycles;
  for (size_t i = 0; i < kStageNames.size(); ++i) {
    json["stages"][kStageNames[i]] = cost.stage_ns[i];
    json["stage_cycles"][kStageNames[i]] = cost.stage_cycles[i];
  }
  json["elapsed_mpps"] = cost.elapsed_mpps;
  json["elapsed_ns_per_frame"] = cost.elapsed_ns;
  json["frames"] = bench.timed;
  json["runs"] = bench.runs;
  json["frame_size"] = flags.frame_size;
  json["mean_frame_bytes"] = cost.frame_bytes;
  json["new_flow_share"] = bench.frames.new_flows;
  json["syn_flood"] = flags.syn_flood;
  json["ipv6_share"] = bench.frames.ipv6;
  json["geo"] = flags.geo.empty() ? "synthetic" : "database";
  if (flags.geo.empty()) json["countries"] = flags.countries;
  json["cells"] = cost.cells;
  json["flow_table"] = bench.flow_table;
  json["memory_bytes"] = cost.memory_bytes;
  json["memory_bytes_per_flow"] =
      static_cast<double>(cost.memory_bytes) / static_cast<double>(bench.frames.flows);
  json["offered_frames"] = cost.offered_frames;
  json["counted_frames"] = cost.counted_frames;
  json["stateless_frames"] = cost.stateless_frames;
  json["as_numbers_dropped"] = cost.as_numbers_dropped;
  for (const int gigabits : {10, 25, 40, 100}) {
    json["line_rate_mpps"][absl::StrFormat("%dGbE", gigabits)] =
        LineRate(gigabits, cost.frame_bytes);
  }
  return json;
}

void Print(const Flags& flags, const PipelineCost& cost) {
  const PipelineBenchOptions& bench = flags.bench;
  absl::PrintF("%s, %.0f bytes a frame (%.0f counted: not the frame check sequence)\n",
               flags.syn_flood                 ? "SYN flood"
               : bench.frames.sizes.size() > 1 ? "imix"
                                               : "one size",
               cost.frame_bytes, cost.frame_bytes - kFrameCheckSequence);
  absl::PrintF(
      "%s flows, %s of the frames open new ones; best of %d runs of %s frames, %d worker%s\n\n",
      Grouped(bench.frames.flows), Percent(bench.frames.new_flows), bench.runs,
      Grouped(bench.timed), bench.workers, bench.workers == 1 ? "" : "s");
  absl::PrintF("%.2f Mpps of CPU time (%.2f elapsed); line rate at this size:", cost.mpps,
               cost.elapsed_mpps);
  for (const int gigabits : {10, 25, 40, 100}) {
    absl::PrintF(" %d GbE %.2f%s", gigabits, LineRate(gigabits, cost.frame_bytes),
                 gigabits == 100 ? "\n\n" : ",");
  }
  absl::PrintF("%-10s %10s %10s\n", "a frame", "ns", "cycles");
  for (size_t i = 0; i < kStageNames.size(); ++i) {
    absl::PrintF("  %-8s %10.1f %10.0f\n", kStageNames[i], cost.stage_ns[i], cost.stage_cycles[i]);
  }
  absl::PrintF("%-10s %10.1f %10.0f\n\n", "all", cost.ns, cost.cycles);
  absl::PrintF("%s cells; flow table of %s; %s in memory, %.0f bytes a flow\n", Grouped(cost.cells),
               Grouped(bench.flow_table), Bytes(cost.memory_bytes),
               static_cast<double>(cost.memory_bytes) / static_cast<double>(bench.frames.flows));
  absl::PrintF("%s frames offered, as many in cells", Grouped(cost.offered_frames));
  if (cost.stateless_frames > 0) {
    absl::PrintF("; the flow table was full for %s of the timed ones, counted by jurisdiction only",
                 Grouped(cost.stateless_frames));
  }
  absl::PrintF("\n");
  if (cost.as_numbers_dropped > 0) {
    absl::PrintF("%s times a cell without AS numbers was taken: the cells are full\n",
                 Grouped(cost.as_numbers_dropped));
  }
}

int Run(Flags flags) {
  if (const absl::Status wrong = Settle(&flags); !wrong.ok()) return Fail(wrong, kExitUsage);
  if (!flags.json.empty()) {
    if (const absl::Status shut = CheckOutput(flags.json); !shut.ok()) {
      return Fail(shut, kExitUsage);
    }
  }
  const Places places(flags.countries);
  std::optional<Geography> geography;
  PrefixMap own;
  if (flags.geo.empty()) {
    absl::StatusOr<PrefixMap> made = places.Map();
    if (!made.ok()) return Fail(made.status(), kExitRuntime);
    own = std::move(*made);
  } else {
    GeographyOptions options;
    options.databases = flags.geo;
    absl::StatusOr<Geography> loaded = Geography::Load(options);
    if (!loaded.ok()) return Fail(loaded.status(), kExitUsage);
    geography = std::move(*loaded);
  }
  const PrefixMap& map = geography.has_value() ? geography->map() : own;
  const absl::StatusOr<PipelineCost> cost = MeasurePipeline(places, map, flags.bench);
  if (!cost.ok()) return Fail(cost.status(), kExitRuntime);
  if (!flags.json.empty()) {
    const absl::Status written = WriteOutput(flags.json, ToJson(flags, *cost).dump(2) + "\n");
    if (!written.ok()) return Fail(written, kExitRuntime);
    if (flags.json == "-") return kExitDone;
  }
  Print(flags, *cost);
  return kExitDone;
}

}  // namespace

void AddBenchPipeline(CLI::App& bench, int* exit_code) {
  CLI::App* command = bench.add_subcommand(
      "pipeline",
      "packets a second, from frames in memory to cells\n\n"
      "Every flow is opened by a SYN and decided by an HTTP request before the clock starts: the\n"
      "timed frames are those of decided flows, drawn at random, in both directions. New flows "
      "are\n"
      "SYNs, for which the flow table was full of others that have fallen silent.\n"
      "Sizes include the frame check sequence: of 64 bytes 60 are captured and counted.");
  const auto flags = std::make_shared<Flags>();
  PreparedOptions& frames = flags->bench.frames;
  command->add_option("--frame-size", flags->frame_size, "64 to 1518 bytes, or imix (7:4:1)")
      ->capture_default_str();
  command->add_option("--flows", frames.flows, "open at the same time, all workers together")
      ->check(CLI::Range(uint64_t{1}, uint64_t{1} << 28))
      ->capture_default_str();
  command->add_option("--workers", flags->bench.workers, "one core each")
      ->check(CLI::Range(1, 64))
      ->capture_default_str();
  command->add_option("--frames", flags->bench.timed, "of a run, all workers together")
      ->check(CLI::Range(uint64_t{1000}, uint64_t{1} << 40))
      ->capture_default_str();
  command->add_option("--runs", flags->bench.runs, "take the best of so many")
      ->check(CLI::Range(1, 1000))
      ->capture_default_str();
  CLI::Option* new_flows =
      command->add_option("--new-flows", frames.new_flows, "share of frames that open a flow")
          ->check(CLI::Range(0.0, 1.0))
          ->capture_default_str();
  command->add_flag("--syn-flood", flags->syn_flood, "random sources, one destination")
      ->excludes(new_flows);
  command->add_option("--ipv6", frames.ipv6, "share of flows")
      ->check(CLI::Range(0.0, 1.0))
      ->capture_default_str();
  CLI::Option* countries =
      command->add_option("--countries", flags->countries, "that flows have their ends in")
          ->check(CLI::Range(uint32_t{1}, Places::kMostCountries))
          ->capture_default_str();
  CLI::Option* cells = command->add_option(
      "--cells", flags->cells, "that flows fall in, two a pair of countries; if possible 10000");
  command
      ->add_option("--geo", flags->geo,
                   "address database (MMDB); without it, countries spread over the whole space")
      ->allow_extra_args(false)
      ->excludes(countries)
      ->excludes(cells);
  command
      ->add_option("--flow-table", flags->bench.flow_table,
                   "entries of a worker; by default as live, or enough for the flows")
      ->check(CLI::Range(size_t{1}, size_t{1} << 30));
  command->add_option("--buffers", frames.buffers, "of the ring that frames are counted from")
      ->check(CLI::Range(size_t{kBurst}, size_t{1} << 22))
      ->capture_default_str();
  command
      ->add_option(
          "--frame-interval", frames.frame_interval_ns,
          "event time in ns; 400000 lets each flow of a storm take the place of a silent one")
      ->check(CLI::Range(uint64_t{0}, uint64_t{1'000'000'000}))
      ->capture_default_str();
  command->add_option("--json", flags->json, "write the figures to FILE (- for standard output)");
  command->callback([flags, exit_code] { *exit_code = Run(*flags); });
}

}  // namespace borderflow
