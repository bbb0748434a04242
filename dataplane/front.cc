#include "dataplane/front.h"

#include <algorithm>
#include <array>
#include <random>

#include "dataplane/packet/ip_addresses.h"

namespace borderflow {

Front::Front(const PrefixMap* map, const FrontOptions& options)
    : map_(map), decoder_(options.tunnel) {
  if (options.remove_copies) copies_.emplace(std::random_device{}());
}

bool Front::Take(const Frame& frame, Packet* packet) {
  const FrameTotals one = {1, frame.bytes};
  const Tick tick = clock_.Advance(frame.time_ns);
  if (totals_.captured.frames == 0) totals_.first_time_ns = frame.time_ns;
  totals_.first_time_ns = std::min(totals_.first_time_ns, frame.time_ns);
  totals_.last_time_ns = std::max(totals_.last_time_ns, frame.time_ns);
  totals_.captured += one;
  totals_.length_forged += frame.length_forged ? 1 : 0;
  if (copies_.has_value() && copies_->IsCopy(frame)) {
    totals_.duplicates += one;
    return false;
  }
  const Decoded decoded = decoder_.Decode(frame, packet);
  if (decoded.frame_class == FrameClass::kNonIp) {
    totals_.non_ip += one;
    if (frame.link_type != link_type_) EnterLink(frame.link_type);
    if (unknown_link_ != nullptr) ++*unknown_link_;
    return false;
  }
  if (decoded.frame_class == FrameClass::kMalformed) {
    totals_.malformed += one;
    ++totals_.malformed_reasons[static_cast<size_t>(decoded.reason)];
    return false;
  }
  totals_.ip += one;
  packet->teach_only = false;
  packet->tick = tick;
  if (packet->outer_ip != nullptr || packet->inner_ip != nullptr) CountTunnel(*packet);
  switch (echoes_.See(*packet)) {
    case Echo::kNone:
      break;
    case Echo::kDuplicate:
      ++artefacts_.duplicate_frames;
      artefacts_.duplicate_bytes += frame.bytes;
      break;
    case Echo::kTranslated:
      ++artefacts_.nat_suspected;
      break;
  }
  return true;
}

void Front::EnterLink(uint16_t link_type) {
  link_type_ = link_type;
  unknown_link_ = IsKnownLinkType(link_type) ? nullptr : &totals_.unknown_links[link_type];
}

void Front::CountTunnel(const Packet& packet) {
  artefacts_.tunnelled_bytes += packet.bytes;
  const IpAddressPair other =
      ReadAddresses(packet.outer_ip != nullptr ? packet.outer_ip : packet.inner_ip);
  const std::array<IpAddress, 4> addresses = {packet.source(), packet.destination(), other.source,
                                              other.destination};
  std::array<Location, 4> found;
  map_->Find(addresses, absl::MakeSpan(found));
  if (found[0].location != found[2].location || found[1].location != found[3].location) {
    artefacts_.tunnel_differs_bytes += packet.bytes;
  }
}

Snapshot Front::Totals() const {
  Snapshot snapshot;
  snapshot.decode = totals_;
  snapshot.decode_counters = decoder_.counters();
  snapshot.artefacts = artefacts_;
  return snapshot;
}

}  // namespace borderflow
