#include "dataplane/flow/round_trips.h"

namespace borderflow {

RoundTrips::RoundTrips(const std::optional<Place>& sensor, size_t flows)
    : opened_(sensor.has_value() ? flows + 1 : 0) {
  if (!sensor.has_value()) return;
  constexpr double kNanoseconds = 1e6;
  for (int id = 0; id < kJurisdictions; ++id) {
    const double km = NearestKilometres(*sensor, static_cast<Jurisdiction>(id));
    least_ns_[static_cast<size_t>(id)] =
        static_cast<uint64_t>(km / kKilometresPerMillisecond * kNanoseconds);
  }
}

void RoundTrips::Open(uint32_t flow, const Packet& packet) {
  const bool syn = (packet.tcp_flags & (kTcpSyn | kTcpAck)) == kTcpSyn;
  opened_[flow] = {syn ? packet.time_ns : 0, packet.tcp_sequence};
}

void RoundTrips::Answer(uint32_t flow, const Packet& packet, Jurisdiction server) {
  Opened& opened = opened_[flow];
  // Data on the SYN may be acknowledged with it (RFC 7413); other numbers answer something else.
  constexpr uint32_t kMostDataOnSyn = 1460;
  const uint32_t beyond = packet.tcp_acknowledgement - opened.sequence - 1;
  if (opened.time_ns == 0 || packet.time_ns < opened.time_ns || beyond > kMostDataOnSyn) return;
  const uint64_t took_ns = packet.time_ns - opened.time_ns;
  opened.time_ns = 0;
  if (IsSpecial(server)) return;
  const auto id = static_cast<size_t>(server);
  ++totals_.timed[id];
  if (took_ns < least_ns_[id]) ++totals_.contradicted[id];
}

}  // namespace borderflow
