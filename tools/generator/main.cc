// borderflow_generate: writes a capture with its truth.
#include <CLI/CLI.hpp>
#include <cstdio>
#include <string>

#include "absl/strings/numbers.h"
#include "absl/time/time.h"
#include "tools/generator/profiles.h"

namespace {

constexpr int kUsage = 2;
constexpr int kFailure = 3;

// Seconds since 1970 or RFC 3339; "now" is the wall clock.
bool ParseStart(const std::string& text, uint64_t* start_ns) {
  absl::Time time;
  std::string error;
  int64_t seconds = 0;
  if (text == "now") {
    time = absl::FromUnixSeconds(absl::ToUnixSeconds(absl::Now()));
  } else if (absl::SimpleAtoi(text, &seconds)) {
    time = absl::FromUnixSeconds(seconds);
  } else if (!absl::ParseTime(absl::RFC3339_full, text, &time, &error)) {
    return false;
  }
  if (time < absl::UnixEpoch()) return false;
  *start_ns = static_cast<uint64_t>(absl::ToUnixNanos(time));
  return true;
}

}  // namespace

int main(int argc, char** argv) {
  borderflow::generator::GenerateOptions options;
  std::string start;
  bool microseconds = false;
  CLI::App app{
      "Writes a capture (classic pcap) with real protocol bytes between address blocks, and what a "
      "right reader must find in it. The same options give the same bytes."};
  app.add_option("--profile", options.profile, "demo, throughput, flow-heavy or small-frames")
      ->capture_default_str();
  app.add_option("--out", options.out, "the capture to write")->required();
  app.add_option("--truth", options.truth, "JSON of expected cells, pairs and names");
  app.add_option("--overrides", options.overrides,
                 "CSV that puts every block where the generator intends it");
  app.add_option("--flows", options.flows,
                 "how many flows [demo 2200, throughput 100000, "
                 "flow-heavy 500000, small-frames 20000]");
  app.add_option("--size", options.bytes, "throughput: least sum of frame lengths [2200000000]");
  app.add_option("--seed", options.seed, "of all that is random")->capture_default_str();
  app.add_option("--start", start,
                 "time of the first frame: RFC 3339, seconds since 1970, or now "
                 "[2025-06-02T09:00:00Z]");
  app.add_option("--block", options.blocks,
                 "CC=PREFIX: where a jurisdiction's addresses are taken "
                 "from, instead of the built-in block; repeatable");
  app.add_flag("--microseconds", microseconds, "time stamps in microseconds, not nanoseconds");
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? 0 : kUsage;
  }
  if (!start.empty() && !ParseStart(start, &options.start_ns)) {
    std::fprintf(stderr,
                 "borderflow_generate: --start %s: not a time; expected for example "
                 "2025-06-02T09:00:00Z\n",
                 start.c_str());
    return kUsage;
  }
  if (microseconds) options.unit = borderflow::generator::TimeUnit::kMicroseconds;

  const auto generated = borderflow::generator::Generate(options);
  if (!generated.ok()) {
    std::fprintf(stderr, "borderflow_generate: %s\n",
                 std::string(generated.status().message()).c_str());
    return generated.status().code() == absl::StatusCode::kInvalidArgument ? kUsage : kFailure;
  }
  std::fprintf(stderr, "%s: %llu frames, %llu bytes in frames, %llu flows, %llu bytes\n",
               options.out.c_str(), static_cast<unsigned long long>(generated->frames),
               static_cast<unsigned long long>(generated->bytes),
               static_cast<unsigned long long>(generated->flows),
               static_cast<unsigned long long>(generated->file_bytes));
  return 0;
}
