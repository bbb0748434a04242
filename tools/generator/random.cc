#include "tools/generator/random.h"

#include <bit>
#include <cstring>

namespace borderflow::generator {
namespace {

// Large enough that a look-alike payload repeats rarely, small enough for the L2 cache.
constexpr size_t kPoolBytes = Random::kOpaqueMax * 4;

uint64_t SplitMix64(uint64_t& state) {
  uint64_t z = (state += 0x9e3779b97f4a7c15);
  z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
  z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
  return z ^ (z >> 31);
}

}  // namespace

Random::Random(uint64_t seed) {
  for (uint64_t& word : state_) word = SplitMix64(seed);
  pool_ = Bytes(kPoolBytes);
}

uint64_t Random::Next() {
  const uint64_t result = std::rotl(state_[0] + state_[3], 23) + state_[0];
  const uint64_t t = state_[1] << 17;
  state_[2] ^= state_[0];
  state_[3] ^= state_[1];
  state_[1] ^= state_[2];
  state_[0] ^= state_[3];
  state_[2] ^= t;
  state_[3] = std::rotl(state_[3], 45);
  return result;
}

std::string Random::Bytes(size_t size) {
  std::string bytes(size, '\0');
  for (size_t i = 0; i < size; i += 8) {
    uint64_t word = Next();
    // Byte by byte, so that the machine's byte order does not show.
    for (size_t j = i; j < size && j < i + 8; ++j, word >>= 8) {
      bytes[j] = static_cast<char>(word & 0xff);
    }
  }
  return bytes;
}

std::string_view Random::Opaque(size_t size) {
  if (size > kOpaqueMax) size = kOpaqueMax;
  const size_t start = Below(static_cast<uint32_t>(kPoolBytes - size));
  return std::string_view(pool_).substr(start, size);
}

}  // namespace borderflow::generator
