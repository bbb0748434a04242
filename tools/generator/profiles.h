// Profiles: whole captures. Each starts at `start_ns`, opens flows until there are as many as asked
// for, and leaves every frame with the recorder or behind it.
//
// Thread safety: none.
#ifndef BORDERFLOW_TOOLS_GENERATOR_PROFILES_H_
#define BORDERFLOW_TOOLS_GENERATOR_PROFILES_H_

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "tools/generator/pcap_writer.h"
#include "tools/generator/population.h"
#include "tools/generator/sessions.h"

namespace borderflow::generator {

struct Scenario {
  Stage stage;
  Population* population;
  uint64_t start_ns = 0;
  uint64_t flows = 0;
  uint64_t bytes = 0;  // least sum of frame lengths; only the throughput profile fills up to it
};

// A small site for some minutes: a bit of everything that a mirror port shows, and of what spoils
// captures: tunnels, fragments, copies, cuts, one-way flows, frames that are not IP or broken.
void MakeDemo(const Scenario& scenario);

// Long flows, all open at once, interleaved at random; mean frame about 800 bytes.
void MakeThroughput(const Scenario& scenario);

// Short flows of about six frames, a third of them TLS or QUIC.
void MakeFlowHeavy(const Scenario& scenario);

// One frame of 60 bytes (64 on the wire) a flow, half TCP and half UDP, all IPv4: for a port that
// plays it over and over.
void MakeSmallFrames(const Scenario& scenario);

struct GenerateOptions {
  std::string profile = "demo";  // or "throughput", "flow-heavy", "small-frames"
  std::string out;
  std::string truth;      // JSON; empty for none
  std::string overrides;  // CSV; empty for none
  uint64_t flows = 0;     // 0 for the profile's own number
  uint64_t bytes = 0;     // likewise
  uint64_t seed = 1;
  uint64_t start_ns = 1'748'854'800'000'000'000;  // 2025-06-02T09:00:00Z
  std::vector<std::string> blocks;                // "CC=PREFIX"
  TimeUnit unit = TimeUnit::kNanoseconds;
};

struct Generated {
  uint64_t frames = 0;
  uint64_t bytes = 0;
  uint64_t flows = 0;
  uint64_t file_bytes = 0;
};

// Writes the capture and its companions. The same options give the same bytes.
// Errors: InvalidArgument for an unknown profile, bad blocks or more flows than clients have ports;
// the system's where a file cannot be written.
absl::StatusOr<Generated> Generate(const GenerateOptions& options);

}  // namespace borderflow::generator

#endif  // BORDERFLOW_TOOLS_GENERATOR_PROFILES_H_
