// From options to files.
#include <algorithm>
#include <cstdio>
#include <map>

#include "absl/strings/str_cat.h"
#include "tools/generator/profiles.h"

namespace borderflow::generator {
namespace {

struct Profile {
  std::string_view name;
  void (*make)(const Scenario&);
  uint64_t flows;
  uint64_t bytes;
};

constexpr Profile kProfiles[] = {
    {"demo", MakeDemo, 2200, 0},
    {"throughput", MakeThroughput, 100'000, 2'200'000'000},
    {"flow-heavy", MakeFlowHeavy, 500'000, 0},
    {"small-frames", MakeSmallFrames, 20'000, 0},
};

absl::StatusOr<Profile> FindProfile(std::string_view name) {
  for (const Profile& profile : kProfiles) {
    if (profile.name == name) return profile;
  }
  return absl::InvalidArgumentError(
      absl::StrCat("--profile ", std::string(name),
                   ": unknown; expected demo, throughput, flow-heavy or small-frames"));
}

absl::Status WriteFile(const std::string& path, const std::string& text) {
  std::FILE* file = std::fopen(path.c_str(), "wb");
  if (file == nullptr) {
    return absl::UnavailableError(
        absl::StrCat(path, ": cannot be written; name a file in a folder that exists"));
  }
  const bool written = std::fwrite(text.data(), 1, text.size(), file) == text.size();
  if (std::fclose(file) != 0 || !written) {
    return absl::ResourceExhaustedError(absl::StrCat(path, ": writing failed; is the disk full?"));
  }
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<Generated> Generate(const GenerateOptions& options) {
  absl::StatusOr<Profile> profile = FindProfile(options.profile);
  if (!profile.ok()) return profile.status();
  absl::StatusOr<Blocks> blocks = Blocks::Make(options.blocks);
  if (!blocks.ok()) return blocks.status();
  const uint64_t flows = options.flows != 0 ? options.flows : profile->flows;
  const uint64_t bytes = options.bytes != 0 ? options.bytes : profile->bytes;

  PcapWriter writer;
  Recorder recorder(&writer, options.seed);
  // Enough clients that each opens some hundreds of flows.
  const uint32_t clients =
      static_cast<uint32_t>(std::clamp<uint64_t>(flows / 400, 60, uint64_t{1} << 20));
  absl::StatusOr<Population> population = Population::Make(&*blocks, &recorder.random(), clients);
  if (!population.ok()) return population.status();
  if (flows > population->capacity()) {
    return absl::InvalidArgumentError(
        absl::StrCat("--flows ", flows, ": the client blocks have ports for ",
                     population->capacity(), "; ask for fewer, or give DE and AT larger blocks"));
  }
  if (absl::Status status = writer.Open(options.out, options.unit); !status.ok()) return status;
  profile->make({.stage = {.recorder = &recorder, .rules = &NameRules::BuiltIn()},
                 .population = &*population,
                 .start_ns = options.start_ns,
                 .flows = flows,
                 .bytes = bytes});
  recorder.FlushAll();
  if (absl::Status status = writer.Close(); !status.ok()) return status;

  const std::map<std::string, std::string> parameters = {
      {"profile", options.profile},
      {"flows", absl::StrCat(flows)},
      {"size", absl::StrCat(bytes)},
      {"seed", absl::StrCat(options.seed)},
      {"start_ns", absl::StrCat(options.start_ns)},
      {"rules", NameRules::BuiltIn().digest()}};
  if (!options.truth.empty()) {
    absl::Status status = WriteFile(options.truth, recorder.truth().ToJson(parameters, *blocks));
    if (!status.ok()) return status;
  }
  if (!options.overrides.empty()) {
    absl::Status status = WriteFile(options.overrides, OverridesCsv(*blocks));
    if (!status.ok()) return status;
  }
  return Generated{.frames = recorder.truth().frames(),
                   .bytes = recorder.truth().bytes(),
                   .flows = recorder.truth().flows(),
                   .file_bytes = writer.file_bytes()};
}

}  // namespace borderflow::generator
