// One message for each signature, with the bytes that the protocol's specification prescribes, and
// for each what makes it another's: the near miss.
#ifndef BORDERFLOW_TESTS_DATAPLANE_INSPECT_SAMPLES_H_
#define BORDERFLOW_TESTS_DATAPLANE_INSPECT_SAMPLES_H_

#include <string>
#include <vector>

#include "rules/category/protocol.h"
#include "tests/dataplane/inspect/wire.h"

namespace borderflow {

struct Sample {
  Protocol protocol;
  const char* what;
  bool datagram;
  Buffer bytes;
  // The same message with one byte changed is not the protocol's: where, and into what.
  size_t wrong_at;
  uint8_t wrong;

  Buffer NearMiss() const {
    Buffer near = bytes;
    near[wrong_at] = wrong;
    return near;
  }
};

constexpr bool kStreamSample = false;
constexpr bool kDatagramSample = true;

std::vector<Sample> HealthSamples();
std::vector<Sample> FinanceSamples();
std::vector<Sample> TelecomSamples();
std::vector<Sample> PeopleSamples();  // communications, directory, remote access
std::vector<Sample> IndustrySamples();
std::vector<Sample> StorageSamples();   // databases, files
std::vector<Sample> LocationSamples();  // positions, surveillance video
std::vector<Sample> NetworkSamples();   // infrastructure, tunnels, peers
std::vector<Sample> AllSamples();

}  // namespace borderflow

#endif  // BORDERFLOW_TESTS_DATAPLANE_INSPECT_SAMPLES_H_
