#include "dataplane/packet/echoes.h"

namespace borderflow {
namespace {

constexpr uint8_t kTcp = 6;

uint32_t Mix(uint64_t value) {
  value *= 0x9e3779b97f4a7c15ULL;
  return static_cast<uint32_t>(value >> 32);
}

uint32_t Mix(const IpAddress& address) { return Mix(address.high * 31 + address.low); }

}  // namespace

Echoes::Echoes() : seen_(std::make_unique<std::array<Seen, kSeen>>()) {}

Echo Echoes::See(const Packet& packet) {
  const bool tcp = packet.key.protocol == kTcp && !packet.later_fragment;
  // A NAT keeps sequence numbers and length; without them there is nothing to tell an echo by.
  const uint32_t segment =
      tcp ? Mix((uint64_t{packet.tcp_sequence} << 32 | packet.tcp_acknowledgement) +
                packet.payload_bytes * 0x1000193ULL + packet.tcp_flags)
          : packet.fingerprint;
  const uint32_t source = Mix(packet.source());
  const uint32_t destination = Mix(packet.destination());
  const uint32_t ports = uint32_t{packet.source_port()} << 16 | packet.destination_port();
  const uint32_t flow =
      Mix((uint64_t{source} << 32 | destination) ^ Mix(ports)) + packet.key.protocol;
  const Seen now = {segment, flow ^ Mix(packet.fingerprint),
                    static_cast<uint32_t>(packet.time_ns / kTimeStepNs),
                    static_cast<uint16_t>(source), static_cast<uint16_t>(destination)};
  Seen& place = (*seen_)[segment % kSeen];
  const Seen before = place;
  place = now;
  constexpr uint32_t kWindow = kWindowNs / kTimeStepNs;
  if (before.segment != segment || now.time - before.time > kWindow) return Echo::kNone;
  if (before.identity == now.identity) return Echo::kDuplicate;
  const bool one_address_changed =
      (before.source == now.source) != (before.destination == now.destination);
  // Segments without data are alike in many flows (SYN retries, keep-alives); data is not.
  return tcp && packet.payload_bytes > 0 && one_address_changed ? Echo::kTranslated : Echo::kNone;
}

}  // namespace borderflow
