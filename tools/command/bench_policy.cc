// `borderflow bench policy`: what it costs to ask every shipped pack about a number of cells.
#include <CLI/CLI.hpp>
#include <algorithm>
#include <chrono>
#include <memory>
#include <nlohmann/json.hpp>
#include <random>
#include <string>
#include <vector>

#include "absl/strings/str_format.h"
#include "collectors/report/policy_cells.h"
#include "collectors/report/text.h"
#include "dataplane/count/snapshot.h"
#include "rules/policy/evaluate.h"
#include "rules/policy/pack.h"
#include "tools/account/output_file.h"
#include "tools/command/bench.h"
#include "tools/command/exit_codes.h"

namespace borderflow {
namespace {

constexpr uint64_t kSeed = 20261122;
constexpr int kRuns = 3;
// Where most traffic is, drawn half of the time; the other half is drawn from everywhere.
constexpr std::string_view kBusy[] = {"DE", "US", "FR", "GB", "NL", "IE", "CN", "IN", "JP", "RU"};

struct BenchPolicyFlags {
  size_t cells = 1'000'000;
  size_t window_cells = 10'000;  // several times what a minute of the demo's mix has
  std::string json;
};

struct PackCost {
  std::string pack;
  size_t rules = 0;
  double seconds = 0;  // the best of kRuns, on one thread
};

PolicyEnd RandomEnd(std::mt19937_64* random) {
  const auto place = [random]() {
    const uint64_t draw = (*random)();
    if (draw % 2 == 0) return *FromCode(kBusy[draw / 2 % std::size(kBusy)]);
    return static_cast<Jurisdiction>(draw / 2 % kJurisdictions);
  };
  PolicyEnd end;
  end.location = place();
  end.registered = (*random)() % 4 == 0 ? place() : end.location;
  end.operator_home = (*random)() % 4 == 0 ? place() : end.location;
  end.asn = static_cast<uint32_t>((*random)() % 100'000);
  end.entity = (*random)() % 8 == 0 ? kUnknownEntity : static_cast<uint16_t>((*random)() % 100);
  return end;
}

std::vector<PolicyCell> RandomCells(size_t count) {
  std::mt19937_64 random(kSeed);
  std::vector<PolicyCell> cells(count);
  for (PolicyCell& cell : cells) {
    cell.source = RandomEnd(&random);
    cell.destination = RandomEnd(&random);
    cell.from_initiator = random() % 2 == 0;
    cell.category = static_cast<Category>(random() % kCategories);
    cell.evidence = static_cast<Evidence>(random() % kEvidences);
    cell.confidence = static_cast<uint8_t>(ConfidenceCap(cell.evidence));
    cell.protection = static_cast<Protection>(random() % 3);
    cell.frames = 1 + random() % 1000;
    cell.bytes = cell.frames * (64 + random() % 1400);
    cell.payload_bytes = cell.bytes / 2;
    cell.flows = 1 + random() % 10;
    cell.clients_low = 1 + random() % 16;
    cell.clients_high = cell.clients_low;
  }
  return cells;
}

// Cells as a worker hands them over when a window closes, each with a few clients.
std::vector<Cell> RandomWindow(size_t count) {
  std::mt19937_64 random(kSeed);
  std::vector<Cell> window;
  for (const PolicyCell& of : RandomCells(count)) {
    Cell& cell = window.emplace_back();
    cell.key.source = {of.source.asn, of.source.location, of.source.registered};
    cell.key.destination = {of.destination.asn, of.destination.location, of.destination.registered};
    cell.key.role = of.from_initiator ? Role::kInitiator : Role::kResponder;
    cell.key.classification.category = of.category;
    cell.key.classification.evidence = of.evidence;
    cell.key.classification.confidence = of.confidence;
    cell.key.classification.protection = of.protection;
    cell.counters = {of.frames, of.bytes, of.payload_bytes, of.flows};
    for (uint64_t client = 0; client < of.clients_low; ++client) cell.clients.AddHash(random());
  }
  SortAndFold(&window);
  return window;
}

// What live does with a window: its cells as policies see them, then every pack. Seconds, the best
// of kRuns.
double WindowSeconds(const std::vector<Cell>& window, const std::vector<Pack>& packs,
                     const EvaluateOptions& options) {
  double best = 0;
  for (int run = 0; run < kRuns; ++run) {
    const auto start = std::chrono::steady_clock::now();
    const std::vector<PolicyCell> cells = ToPolicyCells(window);
    for (const Pack& pack : packs) Evaluate(pack, cells, options);
    const std::chrono::duration<double> taken = std::chrono::steady_clock::now() - start;
    best = run == 0 ? taken.count() : std::min(best, taken.count());
  }
  return best;
}

// Whether every pack's verdicts add up to the cells: a fast wrong answer is none.
bool AddsUp(const PolicyResult& result, uint64_t bytes) {
  uint64_t sum = 0;
  for (const PolicySum& verdict : result.verdicts) sum += verdict.bytes;
  return sum == bytes;
}

int Run(const BenchPolicyFlags& flags) {
  const std::vector<PolicyCell> cells = RandomCells(flags.cells);
  uint64_t bytes = 0;
  for (const PolicyCell& cell : cells) bytes += cell.bytes;
  EvaluateOptions options;
  options.vantage = "enterprise_edge";
  options.covered_seconds = uint64_t{366} * 86'400;
  std::vector<PackCost> costs;
  std::vector<Pack> packs;
  double total = 0;
  for (const std::string& id : ShippedPacks()) {
    absl::StatusOr<Pack> pack = LoadPack(id, Groups::BuiltIn());
    if (!pack.ok()) {
      absl::FPrintF(stderr, "borderflow bench policy: %s\n", std::string(pack.status().message()));
      return kExitRuntime;
    }
    double best = 0;
    for (int run = 0; run < kRuns; ++run) {
      const auto start = std::chrono::steady_clock::now();
      const PolicyResult result = Evaluate(*pack, cells, options);
      const std::chrono::duration<double> taken = std::chrono::steady_clock::now() - start;
      if (!AddsUp(result, bytes)) {
        absl::FPrintF(stderr, "borderflow bench policy: %s does not add up\n", id);
        return kExitRuntime;
      }
      best = run == 0 ? taken.count() : std::min(best, taken.count());
    }
    costs.push_back({id, pack->rules.size(), best});
    total += best;
    packs.push_back(*std::move(pack));
  }
  const std::vector<Cell> window = RandomWindow(flags.window_cells);
  const double of_window = WindowSeconds(window, packs, options);
  if (flags.json != "-") {
    absl::PrintF("%s cells, one thread, the best of %d runs\n", Grouped(cells.size()), kRuns);
    for (const PackCost& cost : costs) {
      absl::PrintF("%-22s %3d rules %7.1f ms %7.1f ns a cell\n", cost.pack, cost.rules,
                   cost.seconds * 1e3,
                   cost.seconds * 1e9 / static_cast<double>(std::max<size_t>(1, cells.size())));
    }
    absl::PrintF("%d packs %30.1f ms\n", costs.size(), total * 1e3);
    absl::PrintF("a live window of %s cells under all of them: %.1f ms\n", Grouped(window.size()),
                 of_window * 1e3);
  }
  if (flags.json.empty()) return kExitDone;
  nlohmann::ordered_json json = {{"cells", cells.size()}, {"seconds", total}};
  json["window"] = {{"cells", window.size()}, {"seconds", of_window}};
  for (const PackCost& cost : costs) {
    json["packs"].push_back(
        {{"pack", cost.pack}, {"rules", cost.rules}, {"seconds", cost.seconds}});
  }
  if (absl::Status s = WriteOutput(flags.json, json.dump(2) + "\n"); !s.ok()) {
    absl::FPrintF(stderr, "borderflow bench policy: %s\n", std::string(s.message()));
    return kExitRuntime;
  }
  return kExitDone;
}

}  // namespace

void AddBenchPolicy(CLI::App& bench, int* exit_code) {
  const auto flags = std::make_shared<BenchPolicyFlags>();
  CLI::App* command = bench.add_subcommand("policy", "every shipped pack over random cells");
  command->add_option("--cells", flags->cells, "how many")
      ->check(CLI::Range(size_t{1}, size_t{100'000'000}))
      ->capture_default_str();
  command->add_option("--window-cells", flags->window_cells, "of a window that live evaluates")
      ->check(CLI::Range(size_t{1}, size_t{10'000'000}))
      ->capture_default_str();
  command->add_option("--json", flags->json, "write the result to FILE (- for standard output)");
  command->callback([flags, exit_code] { *exit_code = Run(*flags); });
}

}  // namespace borderflow
