// Any bytes as a capture: classic pcap, pcapng, or either compressed, as their first bytes say.
#include "tests/fuzz/capture/drain.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  borderflow::CheckCapture(data, size);
  return 0;
}
