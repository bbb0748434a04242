// Configuration files: any text gives the flags values or an error that names the file, and what
// was taken is printed as a file that has the same effect.
#include <sys/mman.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "tools/account/config_file.h"

namespace borderflow {
namespace {

void Require(bool condition) {
  if (!condition) std::abort();
}

bool IsPrintable(const std::string& text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return c >= ' ' && c <= '~'; });
}

// Flags of every kind that commands have.
struct FuzzedCommand {
  FuzzedCommand() {
    app.add_option("--geo", geo)->allow_extra_args(false);
    app.add_option("--home", home);
    app.add_option("--workers", workers)->check(CLI::Range(1, 64));
    app.add_option("--every", every)->check(CLI::Range(0.1, 86400.0))->capture_default_str();
    app.add_option("--cores", cores)->delimiter(',')->allow_extra_args(false);
    app.add_option("--duration", duration)
        ->transform(CLI::AsNumberWithUnit(std::map<std::string, double>{{"s", 1}, {"m", 60}},
                                          CLI::AsNumberWithUnit::CASE_SENSITIVE, "TIME"))
        ->capture_default_str();
    app.add_flag("--dedup", dedup);
    app.parse("");
  }

  CLI::App app{"a command", "command"};
  std::vector<std::string> geo;
  std::string home;
  int workers = 1;
  double every = 1;
  double duration = 0;
  std::vector<int> cores;
  bool dedup = false;
};

// A file in memory that is written anew each time.
class MemoryFile {
 public:
  MemoryFile() : descriptor_(memfd_create("config", 0)) { Require(descriptor_ >= 0); }

  const std::string& Write(std::string_view text) {
    Require(ftruncate(descriptor_, 0) == 0);
    Require(pwrite(descriptor_, text.data(), text.size(), 0) == static_cast<ssize_t>(text.size()));
    return path_;
  }

 private:
  const int descriptor_;
  const std::string path_ = "/proc/self/fd/" + std::to_string(descriptor_);
};

}  // namespace
}  // namespace borderflow

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace borderflow;  // NOLINT(google-build-using-namespace): an entry point in C
  static MemoryFile file;
  const std::string& path = file.Write({reinterpret_cast<const char*>(data), size});
  FuzzedCommand command;
  ConfigPlaces places;
  const absl::Status status = ApplyConfig(path, &command.app, &places);
  if (!status.ok()) {
    Require(status.code() == absl::StatusCode::kInvalidArgument);
    Require(status.message().substr(0, path.size()) == path);
    return 0;
  }
  for (const auto& [key, place] : places) {
    Require(place.compare(0, path.size(), path) == 0);
    const absl::Status located = Located(absl::InvalidArgumentError("--" + key + ": no"), places);
    Require(located.message().substr(0, place.size()) == place);
  }
  // Bytes that YAML does not have are taken as they come, but cannot be printed.
  if (!IsPrintable(command.home) ||
      !std::all_of(command.geo.begin(), command.geo.end(), IsPrintable)) {
    return 0;
  }
  FuzzedCommand again;
  const absl::Status taken = ApplyConfig(file.Write(DumpConfig(command.app)), &again.app);
  Require(taken.ok());
  Require(again.geo == command.geo && again.home == command.home && again.cores == command.cores);
  Require(again.workers == command.workers && again.dedup == command.dedup);
  return 0;
}
