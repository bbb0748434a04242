// `borderflow bench store`: what windows cost in the embedded store, in time and on the disk.
//
// The traffic is made up: of 20,000 cells, 3,000 are in every window and the rest are drawn; half
// of them answer and have no clients, the others from one client to 3,000, by Zipf's law.
#include <CLI/CLI.hpp>
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <ctime>
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

// What a piece of work takes: by the clock, and of the processor, which others' work does not
// change.
struct Taken {
  double elapsed_ms = 0;
  double cpu_ms = 0;
};

std::string ToText(const Taken& taken) {
  return absl::StrFormat("%.0f ms (CPU %.0f)", taken.elapsed_ms, taken.cpu_ms);
}

nlohmann::ordered_json ToJson(const Taken& taken) {
  return {{"elapsed_ms", taken.elapsed_ms}, {"cpu_ms", taken.cpu_ms}};
}

double CpuMilliseconds() {
  timespec time = {};
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time);
  return static_cast<double>(time.tv_sec) * 1e3 + static_cast<double>(time.tv_nsec) / 1e6;
}

template <typename Work>
Taken Measured(const Work& work) {
  const auto start = std::chrono::steady_clock::now();
  const double cpu_start = CpuMilliseconds();
  work();
  const double cpu = CpuMilliseconds() - cpu_start;
  return {
      std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - start).count(),
      cpu};
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
    for (const char* companion : {"", "-wal", "-shm", ".key"}) fs::remove(path_ + companion, error);
  }
  std::string path_;
};

struct StoreFigures {
  Taken merge;        // of a big window's cells from two workers
  Taken store_new;    // of a big window, every key new
  Taken store_known;  // every key known
  Taken append;       // of an ordinary window, on average
  Taken roll_up;      // of all hours together
  Taken query;        // a report over everything, windows rolled up
  Taken open_query;   // the same with its last hour in windows
  // On the disk, with the store closed.
  uint64_t windows_bytes = 0;  // windows alone
  uint64_t hours_bytes = 0;    // with their hours
  uint64_t day_bytes = 0;      // with their day and the total over all time, too
};

// What a store of the default retention comes to after thirteen months, from the sizes measured:
// an estimate, since nothing ran for so long and the traffic is made up.
double ThirteenMonths(const StoreBenchFlags& flags, const StoreFigures& figures) {
  const Retention keep;
  constexpr double kWidth = 60, kHour = 3600, kDay = 86'400;
  const auto windows = static_cast<double>(flags.windows);
  const double hours = std::max(1.0, windows * kWidth / kHour);
  const double window = static_cast<double>(figures.windows_bytes) / windows;
  const double hour = static_cast<double>(figures.hours_bytes - figures.windows_bytes) / hours;
  // A day and the total have the same cells here.
  const double day = static_cast<double>(figures.day_bytes - figures.hours_bytes) / 2;
  return static_cast<double>(keep.windows) / kWidth * window +
         static_cast<double>(keep.hours) / kHour * hour +
         (static_cast<double>(keep.days) / kDay + 1) * day;
}

absl::Status MeasureBig(const StoreBenchFlags& flags, StoreFigures* figures) {
  std::mt19937_64 random(1);
  std::vector<Cell> cells;
  for (size_t n = 0; n < flags.big; ++n) cells.push_back(NthCell(n, &random));
  std::shuffle(cells.begin(), cells.end(), random);
  Snapshot parts[2];
  for (size_t i = 0; i < cells.size(); ++i) parts[i % 2].cells.push_back(cells[i]);
  for (Snapshot& part : parts) SortAndFold(&part.cells);
  Snapshot merged;
  figures->merge = Measured([&parts, &merged] {
    for (Snapshot& part : parts) Merge(std::move(part), &merged);
  });
  const BenchFile file(flags.folder, "bench-big.sqlite");
  const auto store = Store::Open(file.path(), Store::Mode::kCreate);
  if (!store.ok()) return store.status();
  absl::Status status;
  uint64_t sequence = 0;
  for (Taken* const figure : {&figures->store_new, &figures->store_known}) {
    const Window window = MakeBenchWindow(sequence++, merged.cells);
    *figure = Measured([&] { status.Update((*store)->Append(window, "{}").status()); });
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
  Taken appending;
  for (uint64_t sequence = 0; sequence < flags.windows && status.ok(); ++sequence) {
    const Window window = MakeBenchWindow(sequence, CellsOfWindow(flags.cells, &random));
    const Taken taken =
        Measured([&] { status.Update((*store)->Append(window, statement).status()); });
    appending = {appending.elapsed_ms + taken.elapsed_ms, appending.cpu_ms + taken.cpu_ms};
  }
  const auto windows = static_cast<double>(flags.windows);
  figures->append = {appending.elapsed_ms / windows, appending.cpu_ms / windows};
  // A store that is closed has nothing in its log.
  const auto closed_size = [&store, &file, &status] {
    if (!status.ok()) return uint64_t{0};
    *store = nullptr;
    const uint64_t size = file.size();
    store = Store::Open(file.path(), Store::Mode::kWrite);
    status.Update(store.status());
    return size;
  };
  figures->windows_bytes = closed_size();
  if (!status.ok()) return status;
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
  figures->roll_up = Measured([&] { status.Update((*store)->RollUp(end - 60)); });
  figures->open_query = Measured(query);
  status.Update((*store)->RollUp(end));
  figures->query = Measured(query);
  figures->hours_bytes = closed_size();
  if (!status.ok()) return status;
  constexpr uint64_t kDay = 86'400;
  status.Update((*store)->RollUp(kBegin + (flags.windows * 60 + kDay - 1) / kDay * kDay));
  figures->day_bytes = closed_size();
  return status;
}

int Run(const StoreBenchFlags& flags) {
  StoreFigures figures;
  if (absl::Status s = MeasureBig(flags, &figures); !s.ok()) return Fail(s);
  if (absl::Status s = MeasureDay(flags, &figures); !s.ok()) return Fail(s);
  const double thirteen_months = ThirteenMonths(flags, figures);
  if (!flags.json.empty()) {
    const nlohmann::ordered_json json = {{"windows", flags.windows},
                                         {"cells", flags.cells},
                                         {"big_cells", flags.big},
                                         {"merge", ToJson(figures.merge)},
                                         {"store_new", ToJson(figures.store_new)},
                                         {"store_known", ToJson(figures.store_known)},
                                         {"append", ToJson(figures.append)},
                                         {"roll_up", ToJson(figures.roll_up)},
                                         {"query", ToJson(figures.query)},
                                         {"query_with_open_hour", ToJson(figures.open_query)},
                                         {"windows_bytes", figures.windows_bytes},
                                         {"hours_bytes", figures.hours_bytes},
                                         {"day_bytes", figures.day_bytes},
                                         {"thirteen_months_bytes_estimated", thirteen_months}};
    const absl::Status written = WriteOutput(flags.json, json.dump(2) + "\n");
    if (!written.ok()) return Fail(written);
    if (flags.json == "-") return kExitDone;
  }
  absl::PrintF("a window of %s cells: merged in %s, stored in %s with every key new, else %s\n",
               Grouped(flags.big), ToText(figures.merge), ToText(figures.store_new),
               ToText(figures.store_known));
  absl::PrintF("%s windows of %s cells: %s each, %.1f MB; with their hours %.1f MB\n",
               Grouped(flags.windows), Grouped(flags.cells), ToText(figures.append),
               static_cast<double>(figures.windows_bytes) / kMillion,
               static_cast<double>(figures.hours_bytes) / kMillion);
  absl::PrintF("hours rolled up in %s; a report over all in %s, with an open hour %s\n",
               ToText(figures.roll_up), ToText(figures.query), ToText(figures.open_query));
  absl::PrintF("their day and the total over all time: %.1f MB each\n",
               static_cast<double>(figures.day_bytes - figures.hours_bytes) / 2 / kMillion);
  absl::PrintF(
      "thirteen months, kept by default: about %.1f GB, an estimate from the sizes measured here\n",
      thirteen_months / 1e9);
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
