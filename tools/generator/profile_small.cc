// The profile of the shortest frames: what a network card's packet rate is stated for.
#include "tools/generator/profiles.h"

namespace borderflow::generator {

void MakeSmallFrames(const Scenario& scenario) {
  constexpr uint64_t kBetweenFrames = 67;  // ns: 64-byte frames at 10 Gbit/s, rounded down
  constexpr uint16_t kUnregistered = 47000;
  constexpr uint32_t kPorts = 500;
  // Ethernet, IPv4, UDP and this many bytes fill the shortest frame; TCP's header alone is padded.
  constexpr size_t kUdpPayload = kEthernetMinimum - 14 - 20 - 8;
  Recorder& recorder = *scenario.stage.recorder;
  Random& random = recorder.random();
  Population& population = *scenario.population;
  uint64_t now_ns = scenario.start_ns;
  while (recorder.truth().flows() < scenario.flows) {
    recorder.FlushBefore(now_ns);
    bool v4 = true;  // an IPv6 header leaves no room for a transport's in 60 bytes
    const Peer client = population.Client(random.Percent(80) ? Site::kHome : Site::kBranch, &v4);
    const uint16_t port = static_cast<uint16_t>(kUnregistered + random.Below(kPorts));
    const Peer server = population.OtherServer(population.Choose("", v4), v4, port);
    const bool tcp = random.Percent(50);
    Conversation talk(&recorder, population.Join(client, server, v4, tcp ? kIpTcp : kIpUdp),
                      {client.jurisdiction, server.jurisdiction, {}, "small"}, now_ns);
    if (tcp) {
      talk.Acknowledge(Side::kClient);
    } else {
      talk.Say(Side::kClient, random.Opaque(kUdpPayload));
    }
    now_ns += kBetweenFrames;
  }
}

}  // namespace borderflow::generator
