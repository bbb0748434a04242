// Drives a libFuzzer entry point without libFuzzer: every seed as it is, then a fixed number of
// mutations of each, so that the ordinary test run exercises every parser with hostile bytes.
#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <random>
#include <string>
#include <vector>

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size);

namespace {

constexpr int kMutationsPerSeed = 2000;  // about a second for each fuzzer, sanitized
constexpr uint32_t kGeneratorSeed = 20261122;

using Bytes = std::vector<uint8_t>;

std::vector<Bytes> ReadSeeds(const char* folder) {
  std::vector<Bytes> seeds;
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    if (!entry.is_regular_file()) continue;
    std::ifstream file(entry.path(), std::ios::binary);
    seeds.emplace_back(std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>());
  }
  return seeds;
}

// A few small edits, as libFuzzer's: flips, interesting bytes, cuts, repeats.
void Mutate(std::mt19937& random, Bytes* bytes) {
  const auto below = [&random](size_t bound) { return bound == 0 ? 0 : random() % bound; };
  const size_t edits = 1 + below(6);
  for (size_t i = 0; i < edits; ++i) {
    const size_t at = below(bytes->size());
    switch (below(5)) {
      case 0:
        if (!bytes->empty()) (*bytes)[at] ^= static_cast<uint8_t>(1u << below(8));
        break;
      case 1:
        if (!bytes->empty()) (*bytes)[at] = static_cast<uint8_t>(random());
        break;
      case 2: {
        static constexpr uint8_t kInteresting[] = {0x00, 0x01, 0x7f, 0x80, 0xff};
        if (!bytes->empty()) (*bytes)[at] = kInteresting[below(std::size(kInteresting))];
        break;
      }
      case 3:
        bytes->resize(at);
        break;
      default:
        bytes->insert(bytes->begin() + static_cast<std::ptrdiff_t>(at), 1 + below(8),
                      static_cast<uint8_t>(random()));
        break;
    }
  }
}

}  // namespace

int main(int argc, char** argv) {
  std::vector<Bytes> seeds = {Bytes{}, Bytes(64, 0), Bytes(64, 0xff)};
  if (argc > 1) {
    for (Bytes& seed : ReadSeeds(argv[1])) seeds.push_back(std::move(seed));
  }
  std::mt19937 random(kGeneratorSeed);
  size_t executions = 0;
  for (const Bytes& seed : seeds) {
    LLVMFuzzerTestOneInput(seed.data(), seed.size());
    ++executions;
    for (int i = 0; i < kMutationsPerSeed; ++i, ++executions) {
      Bytes mutated = seed;
      Mutate(random, &mutated);
      LLVMFuzzerTestOneInput(mutated.data(), mutated.size());
    }
  }
  std::printf("%zu seeds, %zu executions, no finding\n", seeds.size(), executions);
  return 0;
}
