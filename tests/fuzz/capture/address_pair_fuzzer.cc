// Any bytes as a frame's beginning: the choice of its worker reads no further than they reach, and
// the answer to it, with source and destination changed about, goes to the same one.
#include <algorithm>
#include <cstdlib>
#include <optional>
#include <vector>

#include "dataplane/capture/dpdk/distributor.h"

namespace borderflow {
namespace {

struct Addresses {
  size_t at = 0;    // of the source
  size_t size = 0;  // of each
};

// Where they stand, read another way: tags are cut out until an IP header follows.
std::optional<Addresses> Find(const std::vector<uint8_t>& frame) {
  size_t type = 12;
  for (int tags = 0; type + 2 <= frame.size() && tags <= 2; ++tags, type += 4) {
    switch (frame[type] * 256 + frame[type + 1]) {
      case 0x8100:
      case 0x88a8:
        continue;
      case 0x0800:
        if (type + 22 > frame.size()) return std::nullopt;
        return Addresses{type + 14, 4};
      case 0x86dd:
        if (type + 42 > frame.size()) return std::nullopt;
        return Addresses{type + 10, 16};
      default:
        return std::nullopt;
    }
  }
  return std::nullopt;
}

void Check(std::vector<uint8_t> frame) {
  const auto size = static_cast<uint32_t>(frame.size());
  const uint32_t hash = AddressPairHash(frame.data(), size);
  const std::optional<Addresses> found = Find(frame);
  if (!found.has_value()) {
    if (hash != 0) std::abort();
    return;
  }
  const auto source = frame.begin() + static_cast<std::ptrdiff_t>(found->at);
  const auto destination = source + static_cast<std::ptrdiff_t>(found->size);
  std::swap_ranges(source, destination, destination);
  if (AddressPairHash(frame.data(), size) != hash) std::abort();
}

}  // namespace
}  // namespace borderflow

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  std::vector<uint8_t> exact(data, data + size);
  exact.shrink_to_fit();  // so that the sanitizer sees a read beyond the end
  borderflow::Check(std::move(exact));
  return 0;
}
