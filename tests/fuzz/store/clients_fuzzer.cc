// Client sets as a store keeps them: what can be read is written back the same, and can be merged.
#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <string>

#include "dataplane/count/client_set.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using borderflow::ClientSet;
  const absl::Span<const uint8_t> bytes(data, size);
  const std::optional<ClientSet> set = ClientSet::FromBytes(bytes);
  if (!set.has_value()) return 0;
  const std::string written = set->ToBytes();
  if (written.size() != size || !std::equal(bytes.begin(), bytes.end(), written.begin(),
                                            [](uint8_t a, char b) { return a == uint8_t(b); })) {
    std::abort();
  }
  ClientSet merged;
  merged.AddHash(size);
  merged.Merge(*set);
  ClientSet other = *set;
  other.AddHash(size);
  if (merged.Estimate() != other.Estimate()) std::abort();
  return 0;
}
