// `borderflow bench store`: what windows cost in the embedded store, in time and on the disk.
//
// The traffic is made up: of 20,000 cells, 3,000 are in every window and the rest are drawn; half
// of them answer and have no clients, the others from one client to 3,000, by Zipf's law.
#include <CLI/CLI.hpp>
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <filesystem>
#include <memory>
#include <nlohmann/json.hpp>
#include <random>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "collectors/report/sums.h"
#include "collectors/report/text.h"
#include "collectors/store/statement.h"
#include "collectors/store/store.h"
#include "tools/account/output_file.h"
#include "tools/command/bench.h"
#include "tools/command/exit_codes.h"

namespace borderflow {
namespace {

namespace fs = std::filesystem;

struct StoreBenchFlags {
  size_t windows = 480;  // eight hours of minutes
  size_t cells = 5000;
  size_t big = 100'000;
  std::string folder = ".";
  std::string json;
};

constexpr uint64_t kBegin = 1'750'032'000;  // 2025-06-16T00:00:00Z
constexpr size_t kUniverse = 20'000;
constexpr size_t kAlways = 3'000;
constexpr uint64_t kMostClients = 3'000;
constexpr double kMillion = 1e6;

int Fail(const absl::Status& status) {
  absl::FPrintF(stderr, "borderflow bench store: %s\n", std::string(status.message()));
  return kExitRuntime;
}

template <typename Work>
double Milliseconds(const Work& work) {
  const auto start = std::chrono::steady_clock::now();
  work();
  return std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - start)
      .count();
}

Cell NthCell(size_t n, std::mt19937_64* random) {
  Cell cell;
  CellKey& key = cell.key;
  const auto place = [](size_t i) { return static_cast<Jurisdiction>(5 + i % 240); };
  key.source = {static_cast<uint32_t>(1000 + n % 4000), place(n), place(n)};
  key.destination = {static_cast<uint32_t>(100 + n / 4000), place(n / 7), place(n / 7)};
  key.role = n % 2 == 0 ? Role::kInitiator : Role::kResponder;
  key.classification.category = static_cast<Category>(n / 240 % kCategories);
  key.classification.evidence = Evidence::kName;
  key.classification.protocol = Protocol::kTls;
  cell.counters = {1 + (*random)() % 10'000, (*random)() % 10'000'000, (*random)() % 9'000'000, 0};
  if (key.role == Role::kResponder) return cell;
  const uint64_t clients = 1 + kMostClients / (1 + n / 2) + (*random)() % 4;
  cell.counters.flows = 2 * clients;
  for (uint64_t i = 0; i < clients; ++i) cell.clients.AddHash((*random)() | 1);
  return cell;
}

std::vector<Cell> CellsOfWindow(size_t count, std::mt19937_64* random) {
  std::vector<Cell> cells;
  for (size_t n = 0; n < std::min(count, kAlways); ++n) cells.push_back(NthCell(n, random));
  std::vector<bool> drawn(kUniverse);
  while (cells.size() < std::min(count, kUniverse)) {
    const size_t n = kAlways + (*random)() % (kUniverse - kAlways);
    if (drawn[n]) continue;
    drawn[n] = true;
    cells.push_back(NthCell(n, random));
  }
  SortAndFold(&cells);
  return cells;
}

Window MakeBenchWindow(uint64_t sequence, std::vector<Cell> cells) {
  Window window;
  window.sensor = "bench";
  window.sequence = sequence;
  window.begin = kBegin + sequence * 60;
  window.width = 60;
  window.counts.cells = std::move(cells);
  for (const Cell& cell : window.counts.cells) {
    window.counts.decode.ip += {cell.counters.frames, cell.counters.bytes};
  }
  window.counts.decode.captured = window.counts.decode.ip;
  window.counts.decode.first_time_ns = window.begin * 1'000'000'000;
  window.counts.decode.last_time_ns = (window.begin + 59) * 1'000'000'000;
  return window;
}

class BenchFile {
 public:
  BenchFile(const std::string& folder, const char* name) : path_(fs::path(folder) / name) {
    Remove();
  }
  ~BenchFile() { Remove(); }
  const std::string& path() const { return path_; }
  // With what waits in the log.
  uint64_t size() const {
    std::error_code error;
    uint64_t sum = 0;
    for (const char* companion : {"", "-wal"}) {
      const uintmax_t bytes = fs::file_size(path_ + companion, error);
      if (!error) sum += bytes;
    }
    return sum;
  }

 private:
  void Remove() const {
    std::error_code error;
    for (const char* companion : {"", "-wal", "-shm"}) fs::remove(path_ + companion, error);
  }
  std::string path_;
};

struct StoreFigures {
  double merge_ms = 0;        // of a big window's cells from two workers
  double store_new_ms = 0;    // of a big window, every key new
  double store_known_ms = 0;  // every key known
  double append_ms = 0;       // of an ordinary window, on average
  double roll_up_ms = 0;      // of all hours together
  double query_ms = 0;        // a report over everything, windows rolled up
  double open_query_ms = 0;   // the same with its last hour in windows
  uint64_t windows_bytes = 0;
  uint64_t all_bytes = 0;
};

absl::Status MeasureBig(const StoreBenchFlags& flags, StoreFigures* figures) {
  std::mt19937_64 random(1);
  std::vector<Cell> cells;
  for (size_t n = 0; n < flags.big; ++n) cells.push_back(NthCell(n, &random));
  std::shuffle(cells.begin(), cells.end(), random);
  Snapshot parts[2];
  for (size_t i = 0; i < cells.size(); ++i) parts[i % 2].cells.push_back(cells[i]);
  for (Snapshot& part : parts) SortAndFold(&part.cells);
  Snapshot merged;
  figures->merge_ms = Milliseconds([&parts, &merged] {
    for (Snapshot& part : parts) Merge(std::move(part), &merged);
  });
  const BenchFile file(flags.folder, "bench-big.sqlite");
  const auto store = Store::Open(file.path(), Store::Mode::kCreate);
  if (!store.ok()) return store.status();
  absl::Status status;
  uint64_t sequence = 0;
  for (double* const figure : {&figures->store_new_ms, &figures->store_known_ms}) {
    const Window window = MakeBenchWindow(sequence++, merged.cells);
    *figure = Milliseconds([&] { status.Update((*store)->Append(window, "{}").status()); });
  }
  return status;
}

absl::Status MeasureDay(const StoreBenchFlags& flags, StoreFigures* figures) {
  const BenchFile file(flags.folder, "bench-day.sqlite");
  auto store = Store::Open(file.path(), Store::Mode::kCreate);
  if (!store.ok()) return store.status();
  const std::string statement = ToStatementJson(Report{});
  std::mt19937_64 random(2);
  absl::Status status;
  double appending = 0;
  for (uint64_t sequence = 0; sequence < flags.windows && status.ok(); ++sequence) {
    const Window window = MakeBenchWindow(sequence, CellsOfWindow(flags.cells, &random));
    appending += Milliseconds([&] { status.Update((*store)->Append(window, statement).status()); });
  }
  figures->append_ms = appending / static_cast<double>(flags.windows);
  figures->windows_bytes = file.size();
  const uint64_t end = kBegin + flags.windows * 60;
  const auto query = [&file, &status] {
    const auto opened = Store::Open(file.path(), Store::Mode::kRead);
    status.Update(opened.status());
    if (!opened.ok()) return;
    const auto found = (*opened)->Read({});
    status.Update(found.status());
    if (found.ok()) SumUp(found->parts.at(0).counts.snapshot.cells, {});
  };
  // As in a run: an hour rolls up when a window of the next one comes.
  figures->roll_up_ms = Milliseconds([&] { status.Update((*store)->RollUp(end - 60)); });
  figures->open_query_ms = Milliseconds(query);
  status.Update((*store)->RollUp(end));
  figures->query_ms = Milliseconds(query);
  figures->all_bytes = file.size();
  return status;
}

int Run(const StoreBenchFlags& flags) {
  StoreFigures figures;
  if (absl::Status s = MeasureBig(flags, &figures); !s.ok()) return Fail(s);
  if (absl::Status s = MeasureDay(flags, &figures); !s.ok()) return Fail(s);
  const double hours = static_cast<double>(flags.windows) / 60;
  const double window_bytes =
      static_cast<double>(figures.windows_bytes) / static_cast<double>(flags.windows);
  const double hour_bytes =
      static_cast<double>(figures.all_bytes - figures.windows_bytes) / std::max(hours, 1.0);
  // Two days of windows, 35 of hours, 400 of days, as kept by default. A day is not smaller than an
  // hour and, of 20,000 cells, at most 20,000 / (cells of an hour) times as large; here: twice.
  const double thirteen_months = 2880 * window_bytes + 35 * 24 * hour_bytes + 400 * 2 * hour_bytes;
  if (!flags.json.empty()) {
    const nlohmann::ordered_json json = {{"windows", flags.windows},
                                         {"cells", flags.cells},
                                         {"big_cells", flags.big},
                                         {"merge_ms", figures.merge_ms},
                                         {"store_new_ms", figures.store_new_ms},
                                         {"store_known_ms", figures.store_known_ms},
                                         {"append_ms", figures.append_ms},
                                         {"roll_up_ms", figures.roll_up_ms},
                                         {"query_ms", figures.query_ms},
                                         {"query_with_open_hour_ms", figures.open_query_ms},
                                         {"windows_bytes", figures.windows_bytes},
                                         {"all_bytes", figures.all_bytes},
                                         {"thirteen_months_bytes", thirteen_months}};
    const absl::Status written = WriteOutput(flags.json, json.dump(2) + "\n");
    if (!written.ok()) return Fail(written);
    if (flags.json == "-") return kExitDone;
  }
  absl::PrintF(
      "a window of %s cells: merged in %.1f ms, stored in %.1f ms (keys new) and %.1f ms\n",
      Grouped(flags.big), figures.merge_ms, figures.store_new_ms, figures.store_known_ms);
  absl::PrintF("%s windows of %s cells: %.1f ms each, %.1f MB; with their hours %.1f MB\n",
               Grouped(flags.windows), Grouped(flags.cells), figures.append_ms,
               static_cast<double>(figures.windows_bytes) / kMillion,
               static_cast<double>(figures.all_bytes) / kMillion);
  absl::PrintF(
      "hours rolled up in %.1f ms; a report over all in %.1f ms, %.1f ms with an open hour\n",
      figures.roll_up_ms, figures.query_ms, figures.open_query_ms);
  absl::PrintF("thirteen months, kept by default: about %.1f GB\n", thirteen_months / 1e9);
  return kExitDone;
}

}  // namespace

void AddBenchStore(CLI::App& bench, int* exit_code) {
  CLI::App* command = bench.add_subcommand("store", "windows in the embedded store");
  const auto flags = std::make_shared<StoreBenchFlags>();
  command->add_option("--windows", flags->windows, "of a minute each")
      ->check(CLI::Range(1, 100'000))
      ->capture_default_str();
  command->add_option("--cells", flags->cells, "of each window, at most 20000")
      ->check(CLI::Range(1, 20'000))
      ->capture_default_str();
  command->add_option("--big", flags->big, "cells of the one big window")
      ->check(CLI::Range(1, 250'000))
      ->capture_default_str();
  command->add_option("--folder", flags->folder, "where to make the files; they are removed")
      ->capture_default_str();
  command->add_option("--json", flags->json, "write the figures to FILE (- for standard output)");
  command->callback([flags, exit_code] { *exit_code = Run(*flags); });
}

}  // namespace borderflow
