// ParseAddress and ParsePrefix on any text: what they accept survives being written and parsed
// again.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "dataplane/packet/address.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace borderflow;  // NOLINT(google-build-using-namespace): an entry point in C
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  if (const auto address = ParseAddress(text)) {
    if (ParseAddress(ToString(*address)) != address) std::abort();
  }
  if (const auto prefix = ParsePrefix(text)) {
    if (prefix->last() < prefix->address) std::abort();
    if (prefix->length < 0 || prefix->length > 128) std::abort();
  }
  return 0;
}
