// `borderflow bench geo`: loading an address database, and looking addresses up in bulk.
#include <chrono>
#include <memory>
#include <random>

#include "absl/strings/str_format.h"
#include "collectors/report/text.h"
#include "dataplane/geo/geography.h"
#include "tools/command/bench.h"
#include "tools/account/default_database.h"
#include "tools/command/exit_codes.h"
#include "tools/command/measure.h"

namespace borderflow {
namespace {

constexpr size_t kAddresses = size_t{1} << 24;  // 64 MiB of them, more than any cache holds
constexpr uint64_t kSeed = 20261122;

int Fail(const absl::Status& status) {
  absl::FPrintF(stderr, "borderflow bench geo: %s\n", std::string(status.message()));
  return kExitRuntime;
}

// Millions of addresses a second; the same random addresses over the whole space each time.
template <typename Address, typename Draw, typename Find>
double Rate(Draw draw, Find find) {
  std::mt19937_64 random(kSeed);
  std::vector<Address> addresses(kAddresses);
  for (Address& address : addresses) address = draw(random);
  std::vector<Location> found(kAddresses);
  double best = 0;
  for (int run = 0; run < 3; ++run) {
    const auto start = std::chrono::steady_clock::now();
    find(absl::MakeConstSpan(addresses), absl::MakeSpan(found));
    const std::chrono::duration<double> taken = std::chrono::steady_clock::now() - start;
    best = std::max(best, static_cast<double>(kAddresses) / taken.count() / 1e6);
  }
  return best;
}

int Run(const std::vector<std::string>& named) {
  const absl::StatusOr<std::vector<std::string>> databases = DatabasesOrDefault(named);
  if (!databases.ok()) return Fail(databases.status());
  GeographyOptions options;
  options.databases = *databases;
  const absl::StatusOr<Cost> load = MeasureBest(3, [&options] {
    const absl::StatusOr<Geography> geography = Geography::Load(options);
    return geography.ok() ? uint64_t{geography->map().memory_bytes()} : uint64_t{0};
  });
  if (!load.ok()) return Fail(load.status());
  const absl::StatusOr<Geography> geography = Geography::Load(options);
  if (!geography.ok()) return Fail(geography.status());
  const PrefixMap& map = geography->map();
  for (const GeoFile& file : geography->files()) {
    absl::PrintF("%s: %s, %s ranges\n", file.path, file.type, Grouped(file.ranges));
  }
  absl::PrintF("load            %6.3f s of CPU, %s in memory\n", load->cpu_seconds,
               Bytes(load->result));
  const double v4 = Rate<uint32_t>([](auto& random) { return static_cast<uint32_t>(random()); },
                                   [&map](auto in, auto out) { map.FindV4(in, out); });
  absl::PrintF("IPv4 in bulk    %6.1f million addresses a second (%.1f ns each)\n", v4, 1e3 / v4);
  const double v6 = Rate<IpAddress>(
      [](auto& random) {
        // Global unicast, where the addresses are.
        return IpAddress{(random() >> 3) | 0x2000'0000'0000'0000ULL, random()};
      },
      [&map](auto in, auto out) { map.Find(in, out); });
  absl::PrintF("IPv6 in bulk    %6.1f million addresses a second (%.1f ns each)\n", v6, 1e3 / v6);
  return kExitDone;
}

}  // namespace

void AddBenchGeo(CLI::App& bench, int* exit_code) {
  CLI::App* command = bench.add_subcommand("geo", "loading a database and looking addresses up");
  const auto geo = std::make_shared<std::vector<std::string>>();
  command->add_option("--geo", *geo, "address database (MMDB)")->allow_extra_args(false);
  command->callback([geo, exit_code] { *exit_code = Run(*geo); });
}

}  // namespace borderflow
