// `borderflow bench reload`: gaps between a worker's polls, with and without reloads.
#include <cstdio>
#include <memory>
#include <nlohmann/json.hpp>

#include "absl/strings/str_format.h"
#include "collectors/report/text.h"
#include "tools/account/default_database.h"
#include "tools/account/output_file.h"
#include "tools/bench/reload_bench.h"
#include "tools/command/bench.h"
#include "tools/command/exit_codes.h"

namespace borderflow {
namespace {

struct Flags {
  std::vector<std::string> geo;
  double seconds = 5;
  std::string json;
};

int Fail(const absl::Status& status, int exit_code) {
  absl::FPrintF(stderr, "borderflow bench reload: %s\n", std::string(status.message()));
  return exit_code;
}

constexpr double kQuantiles[] = {0.5, 0.99, 0.999, 0.9999, 0.99999, 1};

double Mpps(const ReloadPhase& phase) {
  return static_cast<double>(phase.frames) / phase.seconds / 1e6;
}

nlohmann::ordered_json ToJson(const ReloadPhase& phase) {
  nlohmann::ordered_json gaps = nlohmann::ordered_json::array();
  for (const double share : kQuantiles) {
    gaps.push_back({{"share", share}, {"at_most_ns", GapQuantile(phase.gaps, share)}});
  }
  return {{"frames", phase.frames},
          {"polls", phase.polls},
          {"seconds", phase.seconds},
          {"mpps", Mpps(phase)},
          {"gaps", std::move(gaps)}};
}

int Run(const Flags& flags) {
  const absl::StatusOr<std::vector<std::string>> databases = DatabasesOrDefault(flags.geo);
  if (!databases.ok()) return Fail(databases.status(), kExitUsage);
  GeographyOptions options;
  options.databases = *databases;
  const absl::StatusOr<ReloadBenchResult> result = RunReloadBench(options, flags.seconds);
  if (!result.ok()) return Fail(result.status(), kExitUsage);
  if (result->offered != result->counted) {
    return Fail(absl::InternalError(absl::StrFormat("%d frames were offered, %d counted",
                                                    result->offered, result->counted)),
                kExitRuntime);
  }
  if (!flags.json.empty()) {
    const nlohmann::ordered_json json = {{"reloads", result->reloads},
                                         {"offered", result->offered},
                                         {"counted", result->counted},
                                         {"quiet", ToJson(result->quiet)},
                                         {"reloading", ToJson(result->reloading)}};
    const absl::Status written = WriteOutput(flags.json, json.dump(2) + "\n");
    if (!written.ok()) return Fail(written, kExitRuntime);
    if (flags.json == "-") return kExitDone;
  }
  absl::PrintF("%d reloads in %.1f s under full load; %s frames offered, as many counted\n\n",
               result->reloads, result->reloading.seconds, Grouped(result->offered));
  absl::PrintF("gaps between polls, at most      quiet   reloading\n");
  for (const double share : kQuantiles) {
    absl::PrintF("  of %-9g of the polls  %8.1f us %8.1f us\n", share,
                 static_cast<double>(GapQuantile(result->quiet.gaps, share)) / 1e3,
                 static_cast<double>(GapQuantile(result->reloading.gaps, share)) / 1e3);
  }
  absl::PrintF("  rate                     %8.2f Mpps %6.2f Mpps\n", Mpps(result->quiet),
               Mpps(result->reloading));
  return kExitDone;
}

}  // namespace

void AddBenchReload(CLI::App& bench, int* exit_code) {
  CLI::App* command = bench.add_subcommand(
      "reload", "what reloading the address database does to a worker under full load");
  const auto flags = std::make_shared<Flags>();
  command->add_option("--geo", flags->geo, "address database (MMDB)")->allow_extra_args(false);
  command->add_option("--seconds", flags->seconds, "of each of the two parts")
      ->check(CLI::Range(0.1, 3600.0))
      ->capture_default_str();
  command->add_option("--json", flags->json, "write the figures to FILE (- for standard output)");
  command->callback([flags, exit_code] { *exit_code = Run(*flags); });
}

}  // namespace borderflow
