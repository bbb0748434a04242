#include "dataplane/packet/defragmenter.h"

#include <algorithm>
#include <array>
#include <bitset>

namespace borderflow {
namespace {

constexpr size_t kUnit = 8;  // fragments begin at multiples of 8 bytes (RFC 791, RFC 8200)

uint32_t TagOf(const IpHeader& header) {
  const uint64_t mixed = (header.source.low + 31 * header.destination.low + header.identification) *
                         0x9e3779b97f4a7c15ULL;
  return static_cast<uint32_t>(mixed >> 32);
}

}  // namespace

struct Defragmenter::Place {
  IpAddress source;
  IpAddress destination;
  uint64_t time_ns = 0;
  uint32_t identification = 0;
  uint32_t header_bytes = 0;  // of the transport, known with the first fragment
  uint32_t total = 0;         // bytes after IP, known with the last fragment
  uint32_t tcp_sequence = 0;
  uint8_t family = 0;  // 0: empty
  uint8_t fragment_protocol = 0;
  bool has_first = false;
  std::bitset<kMaxDatagram / kUnit> units;  // which eighths are there
  std::array<uint8_t, kMaxDatagram> bytes;

  // Whether the first `count` eighths are there: what was sent beyond the end does not make up for
  // what is missing before it.
  bool HasAll(size_t count) const {
    if (units.count() < count) return false;
    for (size_t unit = 0; unit < count; ++unit) {
      if (!units[unit]) return false;
    }
    return true;
  }
};

Defragmenter::Defragmenter() : places_(new Place[kPlaces]) {}
Defragmenter::~Defragmenter() = default;

Defragmenter::Place* Defragmenter::FindOrTake(const IpHeader& header, uint64_t time_ns) {
  const uint32_t tag = TagOf(header);
  for (int i = 0; i < kPlaces; ++i) {
    if (tags_[i] != tag) continue;
    Place& place = places_[i];
    if (place.family == header.family && place.identification == header.identification &&
        place.fragment_protocol == header.fragment_protocol && place.source == header.source &&
        place.destination == header.destination && time_ns - place.time_ns <= kMaxAgeNs) {
      return &place;
    }
  }
  tags_[next_] = tag;
  Place& place = places_[next_];
  next_ = (next_ + 1) % kPlaces;
  place.source = header.source;
  place.destination = header.destination;
  place.time_ns = time_ns;
  place.identification = header.identification;
  place.header_bytes = place.total = place.tcp_sequence = 0;
  place.family = header.family;
  place.fragment_protocol = header.fragment_protocol;
  place.has_first = false;
  place.units.reset();
  return &place;
}

void Defragmenter::Add(const IpHeader& header, Packet* packet) {
  const size_t begin = size_t{header.fragment_offset} * kUnit;
  const size_t size = header.payload.captured();
  const bool whole = size == header.payload.wire();
  if (!whole || size == 0 || begin + size > kMaxDatagram ||
      (header.more_fragments && size % kUnit != 0)) {
    return;
  }
  Place* place = FindOrTake(header, packet->time_ns);
  // Once the end is known, what goes beyond it or says another one is no part of the datagram: it
  // would stand for bytes that never came.
  const bool ends_elsewhere =
      header.more_fragments ? begin + size > place->total : begin + size != place->total;
  if (place->total != 0 && ends_elsewhere) return;
  const size_t last_unit = (begin + size - 1) / kUnit;
  for (size_t unit = begin / kUnit; unit <= last_unit; ++unit) {
    if (place->units[unit]) continue;
    place->units.set(unit);
    const size_t at = unit * kUnit;
    std::copy_n(header.payload.data() + (at - begin), std::min(kUnit, begin + size - at),
                place->bytes.data() + at);
  }
  if (header.first_fragment) {
    place->has_first = true;
    place->header_bytes = static_cast<uint32_t>(header.payload.wire() - packet->payload_bytes);
    place->tcp_sequence = packet->tcp_sequence;
  }
  if (!header.more_fragments && place->total == 0) {
    place->total = static_cast<uint32_t>(begin + size);
  }
  const size_t units = (size_t{place->total} + kUnit - 1) / kUnit;
  if (!place->has_first || place->total <= place->header_bytes || !place->HasAll(units)) return;
  packet->payload = place->bytes.data() + place->header_bytes;
  packet->payload_captured = place->total - place->header_bytes;
  packet->tcp_sequence = place->tcp_sequence;
  packet->reassembled = true;
  place->family = 0;
}

}  // namespace borderflow
