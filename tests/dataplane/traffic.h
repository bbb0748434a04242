// Traffic: packets for the tests of the worker, few enough addresses and ports that flows repeat.
#ifndef BORDERFLOW_TESTS_DATAPLANE_TRAFFIC_H_
#define BORDERFLOW_TESTS_DATAPLANE_TRAFFIC_H_

#include <cstdint>
#include <random>
#include <vector>

#include "dataplane/flow/event_clock.h"
#include "dataplane/geo/prefix_map.h"
#include "dataplane/packet/keyed_hash.h"
#include "dataplane/packet/packet.h"
#include "tests/dataplane/inspect/wire.h"

namespace borderflow {

// Sixteen places, by the first four bits of an IPv4 address, and one in IPv6.
PrefixMap SixteenPlaces();

struct TrafficOptions {
  uint32_t clients = 6;
  uint32_t ports = 3;          // of a client
  bool backwards = true;       // some time stamps run back
  bool teach_only = true;      // some packets are another worker's
  bool dns = true;             // names by DNS, and flows whose messages all name something
  uint64_t seconds_max = 400;  // the longest silence
};

class Traffic {
 public:
  Traffic(uint64_t seed, const TrafficOptions& options);

  // The next packet; its payload lives as long as this object.
  Packet Next();
  std::vector<Packet> Take(size_t count);

  const KeyedHash& hash() const { return hash_; }

 private:
  uint64_t Below(uint64_t bound) { return random_() % bound; }
  void FillTcp(Packet* packet);
  void FillUdp(Packet* packet);
  void SetPayload(const Buffer& buffer, Packet* packet);

  std::mt19937_64 random_;
  TrafficOptions options_;
  KeyedHash hash_;
  EventClock clock_;
  uint64_t time_ns_ = 1'700'000'000'000'000'000;
  std::vector<Buffer> hellos_;  // for TCP: pieces that join at sequence numbers
  std::vector<uint32_t> offsets_;
  std::vector<Buffer> messages_;   // for TCP at any place
  std::vector<Buffer> datagrams_;  // for UDP
  std::vector<Buffer> answers_;    // of DNS
};

}  // namespace borderflow

#endif  // BORDERFLOW_TESTS_DATAPLANE_TRAFFIC_H_
