#include "tests/dataplane/inspect/samples.h"

namespace borderflow {

Buffer Zeros(size_t count) { return Buffer(count, 0); }

Buffer SizedBig(Buffer buffer, size_t at, int width, size_t less) {
  size_t number = buffer.size() - less;
  for (int i = width; i-- > 0; number >>= 8) {
    buffer[at + static_cast<size_t>(i)] = static_cast<uint8_t>(number);
  }
  return buffer;
}

Buffer SizedLittle(Buffer buffer, size_t at, int width, size_t less) {
  size_t number = buffer.size() - less;
  for (int i = 0; i < width; ++i, number >>= 8) {
    buffer[at + static_cast<size_t>(i)] = static_cast<uint8_t>(number);
  }
  return buffer;
}

std::vector<Sample> AllSamples() {
  std::vector<Sample> all;
  for (auto samples : {HealthSamples(), FinanceSamples(), TelecomSamples(), PeopleSamples(),
                       IndustrySamples(), StorageSamples(), LocationSamples(), NetworkSamples()}) {
    all.insert(all.end(), samples.begin(), samples.end());
  }
  return all;
}

}  // namespace borderflow
