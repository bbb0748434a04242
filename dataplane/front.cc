#include "dataplane/front.h"

#include <algorithm>
#include <array>
#include <random>
#include <utility>

#include "dataplane/packet/ip_addresses.h"

namespace borderflow {

Front::Front(const PrefixMap* map, const FrontOptions& options)
    : map_(map), decoder_(options.tunnel) {
  if (options.remove_copies) copies_.emplace(std::random_device{}());
}

bool Front::Take(const Frame& frame, Packet* packet) {
  const FrameTotals one = {1, frame.bytes};
  const Tick tick = clock_.Advance(frame.time_ns);
  DecodeTotals& totals = totals_[window_];
  if (totals.captured.frames == 0) totals.first_time_ns = frame.time_ns;
  totals.first_time_ns = std::min(totals.first_time_ns, frame.time_ns);
  totals.last_time_ns = std::max(totals.last_time_ns, frame.time_ns);
  totals.captured += one;
  totals.length_forged += frame.length_forged ? 1 : 0;
  if (copies_.has_value() && copies_->IsCopy(frame)) {
    totals.duplicates += one;
    return false;
  }
  const Decoded decoded = decoder_.Decode(frame, packet);
  if (decoded.frame_class == FrameClass::kNonIp) {
    totals.non_ip += one;
    if (frame.link_type != link_type_) EnterLink(frame.link_type);
    if (unknown_link_ != nullptr) ++*unknown_link_;
    return false;
  }
  if (decoded.frame_class == FrameClass::kMalformed) {
    totals.malformed += one;
    ++totals.malformed_reasons[static_cast<size_t>(decoded.reason)];
    return false;
  }
  totals.ip += one;
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
  unknown_link_ = IsKnownLinkType(link_type) ? nullptr : &totals().unknown_links[link_type];
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
  snapshot.decode = totals_[0];
  snapshot.decode_counters = decoder_.counters();
  snapshot.artefacts = artefacts_;
  if (totals_[1].captured.frames > 0) {
    Snapshot other;
    other.decode = totals_[1];
    Merge(std::move(other), &snapshot);
  }
  return snapshot;
}

void Front::Use(int window) {
  window_ = window;
  link_type_ = -1;  // what is unknown is counted by window
  unknown_link_ = nullptr;
}

DecodeTotals Front::TakeWindow(int window) {
  link_type_ = -1;
  unknown_link_ = nullptr;
  return std::exchange(totals_[window], DecodeTotals{});
}

}  // namespace borderflow
