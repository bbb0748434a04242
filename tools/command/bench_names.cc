// `borderflow bench names`: what a big list of name rules takes in memory, and a look-up in time.
//
// A look-up is a worker's: of category and organisation, through what its judge remembers; alone,
// or with others of a burst that were read ahead.
#include <algorithm>
#include <array>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <filesystem>
#include <memory>
#include <numeric>
#include <random>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "collectors/report/text.h"
#include "dataplane/flow/arena.h"
#include "dataplane/inspect/dns_names.h"
#include "dataplane/inspect/judge.h"
#include "rules/category/line_reader.h"
#include "rules/category/names.h"
#include "rules/category/rule_line.h"
#include "rules/entity/entities.h"
#include "tools/command/bench.h"
#include "tools/command/exit_codes.h"
#include "tools/command/geo_text.h"
#include "tools/command/measure.h"

namespace borderflow {
namespace {

constexpr uint64_t kSeed = 20261122;
constexpr size_t kAsked = size_t{1} << 20;  // names of each kind
constexpr size_t kTogether = 8;             // of a burst in a storm of connections

struct NamesOptions {
  std::vector<std::string> rules;
  uint64_t suffixes = 3'000'000;
  std::string json;
};

// Made-up suffixes with the shape of a big block list: one to three labels below a top-level
// domain, 18 bytes on average; the number makes each unique.
class MadeUp {
 public:
  explicit MadeUp(uint64_t suffixes) : suffixes_(suffixes) {}

  std::string Suffix(uint64_t number) const {
    std::mt19937_64 random(kSeed + number);
    constexpr std::string_view kTops[] = {"com", "net", "org", "ru",     "de", "com.br",
                                          "io",  "cn",  "xyz", "online", "fr", "co.uk"};
    std::string label;
    constexpr uint64_t kBase = 36;
    for (uint64_t rest = number; rest > 0; rest /= kBase) {
      label += "0123456789abcdefghijklmnopqrstuvwxyz"[rest % kBase];
    }
    label += 'x';
    if (random() % 2 == 0) {
      label += '-';
      for (uint64_t letters = random() % 10; letters > 0; --letters) {
        label += static_cast<char>('a' + random() % 26);
      }
      label += 's';
    }
    std::string suffix = absl::StrCat(label, ".", std::string(kTops[random() % std::size(kTops)]));
    return random() % 3 == 0 ? absl::StrCat("ads.", suffix) : suffix;
  }

  bool Write(const std::string& path) const {
    std::FILE* file = std::fopen(path.c_str(), "wb");
    if (file == nullptr) return false;
    constexpr const char* kCodes[] = {"ADV", "MED", "FIN", "COM"};
    for (uint64_t i = 0; i < suffixes_; ++i) {
      absl::FPrintF(file, "%s,%s,50,made-up list %d\n", Suffix(i), kCodes[i % std::size(kCodes)],
                    i % std::size(kCodes));
    }
    return std::fclose(file) == 0;
  }

 private:
  uint64_t suffixes_;
};

using Names = std::vector<std::string>;

// Names as clients ask for them, below a suffix.
std::string Below(const std::string& suffix, uint64_t random) {
  constexpr const char* kHosts[] = {"www.", "", "api.", "cdn.static.", "m.", "eu-west-1.log."};
  return absl::StrCat(kHosts[random % std::size(kHosts)], suffix);
}

// The name is in the cache when it is asked for, as it is when a packet has just been read: batches
// are fetched before they are timed. Of each batch the best of several rounds over all names
// counts: on a shared machine, noise only ever adds. What is remembered at the start of a round is
// of the round before, as in a worker that has run for long.
//
// `together` of them are read ahead before they are asked for; none if it is 1.
double NanosecondsEach(const NameRules& rules, const Names& names, size_t together,
                       uint64_t* found) {
  constexpr size_t kBatch = 256;
  constexpr int kRounds = 5;
  const DnsNames no_answers(/*capacity=*/1);
  Judge judge(&rules, &no_answers, &Entities::BuiltIn());
  std::vector<double> best(names.size() / kBatch + 1, 1e9);
  for (int round = 0; round < kRounds; ++round) {
    *found = 0;
    for (size_t from = 0; from < names.size(); from += kBatch) {
      const absl::Span<const std::string> batch = absl::MakeConstSpan(names).subspan(from, kBatch);
      unsigned touched = 0;
      for (const std::string& name : batch) touched += static_cast<unsigned char>(name.back());
      if (touched == 0) return 0;  // keeps the touching: no name is all zeros
      const auto start = std::chrono::steady_clock::now();
      for (size_t at = 0; at < batch.size(); at += together) {
        const absl::Span<const std::string> burst = batch.subspan(at, together);
        std::array<std::string_view, kTogether> views;
        std::copy(burst.begin(), burst.end(), views.begin());
        if (together > 1) judge.Foresee(absl::MakeConstSpan(views).first(burst.size()));
        for (const std::string& name : burst) {
          *found += judge.FactsOf(name).rule != nullptr ? 1 : 0;
        }
      }
      const std::chrono::duration<double, std::nano> taken =
          std::chrono::steady_clock::now() - start;
      best[from / kBatch] = std::min(best[from / kBatch], taken.count());
    }
  }
  best.resize((names.size() + kBatch - 1) / kBatch);
  return std::accumulate(best.begin(), best.end(), 0.0) / static_cast<double>(names.size());
}

// What a lone access to `bytes` of memory costs where each waits for the one before: the least that
// a look-up can cost which finds nothing of its own in the cache.
double ColdNanoseconds(uint64_t bytes) {
  constexpr size_t kSteps = 4096;
  constexpr int kRounds = 64;
  struct alignas(64) Line {
    size_t next;
  };
  Arena<Line> lines(bytes / sizeof(Line) + 2, PageSize::kLarge);
  // One cycle through all of them in random order (Sattolo's shuffle).
  for (size_t i = 0; i < lines.size(); ++i) lines[i].next = i;
  std::mt19937_64 random(kSeed);
  for (size_t i = lines.size() - 1; i > 0; --i) std::swap(lines[i].next, lines[random() % i].next);
  double best = 1e9;
  size_t at = 0;
  for (int round = 0; round < kRounds; ++round) {
    const auto start = std::chrono::steady_clock::now();
    for (size_t step = 0; step < kSteps; ++step) at = lines[at].next;
    const std::chrono::duration<double, std::nano> taken = std::chrono::steady_clock::now() - start;
    best = std::min(best, taken.count() / kSteps);
  }
  return at < lines.size() ? best : 0;  // keeps the walk
}

// The suffixes of the shipped list: names of real services.
Names Services() {
  Names services;
  LineReader lines(NameRules::ShippedText());
  for (std::string_view line; lines.Next(&line);) {
    if (HoldsRule(line)) services.emplace_back(line.substr(0, line.find(',')));
  }
  return services;
}

// What a look-up costs for names of each kind.
nlohmann::ordered_json Ask(const NameRules& rules, const MadeUp& made_up, uint64_t suffixes) {
  std::mt19937_64 random(kSeed);
  const auto some = [&random](uint64_t below) { return random() % below; };
  // Popularity falls with rank (Zipf's law, exponent 1): rank = N^u for u uniform in [0, 1).
  const auto popular = [&random](uint64_t below) {
    const double u = static_cast<double>(random() >> 11) * 0x1p-53;
    return static_cast<uint64_t>(std::pow(static_cast<double>(below), u)) - 1;
  };
  const Names services = Services();
  Names real, hits, cold, misses, mixed;
  for (size_t i = 0; i < kAsked; ++i) {
    // Every other one as if somebody else had registered it, which no list knows.
    const std::string& service = services[some(services.size())];
    real.push_back(Below(i % 2 == 0 ? service : absl::StrCat("not-", service), random()));
    hits.push_back(Below(made_up.Suffix(popular(suffixes)), random()));
    cold.push_back(Below(made_up.Suffix(some(suffixes)), random()));
    // Popular names that no list knows: numbers beyond those of the list.
    misses.push_back(Below(made_up.Suffix(suffixes + popular(suffixes)), random()));
    mixed.push_back(i % 2 == 0 ? hits.back() : misses.back());
  }
  nlohmann::ordered_json json;
  const auto ask = [&](const char* kind, const char* text, const Names& names) {
    uint64_t found = 0;
    const double alone = NanosecondsEach(rules, names, 1, &found);
    const double together = NanosecondsEach(rules, names, kTogether, &found);
    json[kind] = {
        {"ns", alone}, {"together_ns", together}, {"names", names.size()}, {"found", found}};
    absl::FPrintF(stderr, "%-36s %6.1f %10.1f   %s of %s found\n", text, alone, together,
                  Grouped(found), Grouped(names.size()));
  };
  absl::FPrintF(stderr, "ns a name %33s %10s\n", "alone", absl::StrCat(kTogether, " a burst"));
  ask("services", "real services, every other unknown", real);
  ask("popular", "made up, half known, by popularity", mixed);
  ask("known", "made up, known, by popularity", hits);
  ask("unknown", "made up, unknown, by popularity", misses);
  ask("uniform", "made up, known, each equally often", cold);
  return json;
}

int Fail(const absl::Status& status) {
  absl::FPrintF(stderr, "borderflow bench names: %s\n", std::string(status.message()));
  return kExitRuntime;
}

int Run(const NamesOptions& options) {
  const MadeUp made_up(options.suffixes);
  std::vector<std::string> lists = options.rules;
  const std::string path =
      (std::filesystem::temp_directory_path() / absl::StrCat("borderflow_names_", getpid()))
          .string();
  if (!made_up.Write(path)) {
    return Fail(absl::UnavailableError(absl::StrCat(path, ": cannot be written")));
  }
  lists.push_back(path);
  const absl::StatusOr<Cost> nothing = Measure([] { return uint64_t{0}; });
  const absl::StatusOr<Cost> load = Measure([&lists] {
    const absl::StatusOr<NameRules> rules = NameRules::Load(lists);
    return rules.ok() ? uint64_t{rules->memory_bytes()} : uint64_t{0};
  });
  const absl::StatusOr<NameRules> rules = NameRules::Load(lists);
  std::filesystem::remove(path);
  for (const absl::Status& status : {nothing.status(), load.status(), rules.status()}) {
    if (!status.ok()) return Fail(status);
  }
  const uint64_t resident = load->peak_bytes - std::min(load->peak_bytes, nothing->peak_bytes);
  absl::FPrintF(stderr, "%s suffixes: %s in memory, %s at the most while loading, %.2f s of CPU\n",
                Grouped(rules->size()), Bytes(load->result), Bytes(resident), load->cpu_seconds);
  const nlohmann::ordered_json look_ups = Ask(*rules, made_up, options.suffixes);
  const double cold = ColdNanoseconds(rules->memory_bytes());
  absl::FPrintF(
      stderr,
      "One access to that much memory, waited for, takes %.0f ns here. Alone, names that are each "
      "asked for equally often wait for one each: nothing remembers %s names.\n",
      cold, Grouped(rules->size()));
  if (options.json.empty()) return kExitDone;
  const absl::Status written = WriteJson({{"suffixes", rules->size()},
                                          {"memory_bytes", load->result},
                                          {"peak_bytes", resident},
                                          {"load_cpu_seconds", load->cpu_seconds},
                                          {"look_ups", look_ups},
                                          {"cold_access_ns", cold}},
                                         options.json);
  return written.ok() ? kExitDone : Fail(written);
}

}  // namespace

void AddBenchNames(CLI::App& bench, int* exit_code) {
  CLI::App* command = bench.add_subcommand("names", "holding name rules and asking for names");
  const auto options = std::make_shared<NamesOptions>();
  command->add_option("--rules", options->rules, "a list of name rules above the made-up ones")
      ->allow_extra_args(false);
  command->add_option("--suffixes", options->suffixes, "how many to make up")
      ->check(CLI::Range(uint64_t{1}, uint64_t{15'000'000}))
      ->capture_default_str();
  command->add_option("--json", options->json, "write the figures to FILE (- for standard output)");
  command->callback([options, exit_code] { *exit_code = Run(*options); });
}

}  // namespace borderflow
