// Random: a small generator whose numbers are the same on every machine and with every library.
//
// xoshiro256++ (Blackman, Vigna, 2019), seeded through SplitMix64. The standard library's
// distributions are left alone because each implementation may draw other numbers.
//
// Thread safety: none.
#ifndef BORDERFLOW_TOOLS_GENERATOR_RANDOM_H_
#define BORDERFLOW_TOOLS_GENERATOR_RANDOM_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace borderflow::generator {

class Random {
 public:
  explicit Random(uint64_t seed);

  uint64_t Next();

  // 0 .. bound-1; 0 when bound is 0. The bias is below bound / 2^32.
  uint32_t Below(uint32_t bound) { return static_cast<uint32_t>(((Next() >> 32) * bound) >> 32); }
  // low .. high, both included; REQUIRES low <= high.
  uint32_t Between(uint32_t low, uint32_t high) { return low + Below(high - low + 1); }
  bool Percent(uint32_t percent) { return Below(100) < percent; }

  // `size` fresh bytes, for what must not repeat (nonces, connection ids).
  std::string Bytes(size_t size);

  // `size` bytes that look encrypted, out of a pool drawn once; valid for the life of the object.
  // At most kOpaqueMax. About as fast as a copy.
  std::string_view Opaque(size_t size);
  static constexpr size_t kOpaqueMax = size_t{1} << 16;

 private:
  std::array<uint64_t, 4> state_{};
  std::string pool_;
};

}  // namespace borderflow::generator

#endif  // BORDERFLOW_TOOLS_GENERATOR_RANDOM_H_
