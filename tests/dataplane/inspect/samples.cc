#include "tests/dataplane/inspect/samples.h"

namespace borderflow {

std::vector<Sample> AllSamples() {
  std::vector<Sample> all;
  for (auto samples : {HealthSamples(), FinanceSamples(), TelecomSamples(), PeopleSamples(),
                       IndustrySamples(), StorageSamples(), LocationSamples(), NetworkSamples()}) {
    all.insert(all.end(), samples.begin(), samples.end());
  }
  return all;
}

}  // namespace borderflow
