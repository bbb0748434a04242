#include "tests/dataplane/packet/slow_decoder.h"

#include <algorithm>
#include <set>

namespace borderflow {
namespace {

// Bytes as sent; nullopt for one that was not captured.
using Sent = std::vector<std::optional<uint8_t>>;

Sent From(const Sent& bytes, size_t start) {
  if (start > bytes.size()) return {};
  return Sent(bytes.begin() + static_cast<std::ptrdiff_t>(start), bytes.end());
}
Sent First(const Sent& bytes, size_t count) {
  return Sent(bytes.begin(),
              bytes.begin() + static_cast<std::ptrdiff_t>(std::min(count, bytes.size())));
}
// A big-endian number; nullopt unless every byte is known.
std::optional<uint64_t> Number(const Sent& bytes, size_t at, size_t count) {
  uint64_t number = 0;
  for (size_t i = at; i < at + count; ++i) {
    if (i >= bytes.size() || !bytes[i]) return std::nullopt;
    number = number << 8 | *bytes[i];
  }
  return number;
}
bool Known(const Sent& bytes, size_t count) {
  return count == 0 || (count <= bytes.size() && bytes[count - 1].has_value());
}

void Inside(const Sent& bytes, SlowResult* result);

// An EtherType and what it announces. Returns false when there is no IP header there.
bool Announced(uint64_t ether_type, const Sent& bytes, SlowResult* result, bool* malformed) {
  static const std::set<uint64_t> kVlans = {0x8100, 0x88a8, 0x9100, 0x9200, 0x9300};
  if (kVlans.contains(ether_type)) {
    const auto next = Number(bytes, 2, 2);
    if (!next) {
      *malformed = true;
      return false;
    }
    return Announced(*next, From(bytes, 4), result, malformed);
  }
  if (ether_type == 0x0800 || ether_type == 0x86dd) {
    const size_t before = result->layers.size();
    Inside(bytes, result);
    *malformed = result->layers.size() == before;
    return !*malformed;
  }
  static const std::set<uint64_t> kNeverIp = {0x0806, 0x88cc};
  if (!kNeverIp.contains(ether_type)) result->outside_subset = true;
  return false;
}

bool Ethernet(const Sent& bytes, SlowResult* result, bool* malformed) {
  const auto ether_type = Number(bytes, 12, 2);
  if (!ether_type) {
    *malformed = true;
    return false;
  }
  return Announced(*ether_type, From(bytes, 14), result, malformed);
}

void Transport(const Sent& bytes, SlowLayer* layer) {
  Sent payload = bytes;
  switch (layer->protocol) {
    case 6: {
      layer->tcp_sequence = static_cast<uint32_t>(Number(bytes, 4, 4).value_or(0));
      layer->tcp_acknowledgement = static_cast<uint32_t>(Number(bytes, 8, 4).value_or(0));
      layer->tcp_flags = static_cast<int>(Number(bytes, 13, 1).value_or(0));
      const size_t words = Number(bytes, 12, 1).value_or(0) >> 4;
      payload = words < 5 ? Sent{} : From(bytes, words * 4);
      break;
    }
    case 17: {
      const size_t length = Number(bytes, 4, 2).value_or(0);
      payload = From(length >= 8 ? First(bytes, length) : bytes, 8);
      break;
    }
    case 33:
      payload = From(bytes, Number(bytes, 4, 1).value_or(0) * 4);
      break;
    case 132:
      payload = From(bytes, 12);
      break;
    case 136:
      payload = From(bytes, 8);
      break;
    default:
      break;
  }
  const auto first = static_cast<int>(Number(bytes, 0, 1).value_or(255));
  const std::set<int> icmp_errors = {3, 4, 5, 11, 12};
  layer->icmp_error = (layer->protocol == 1 && icmp_errors.contains(first)) ||
                      (layer->protocol == 58 && (first < 128 || first == 137));
  layer->payload_bytes = payload.size();
  for (const auto& byte : payload) {
    if (byte) layer->payload.push_back(*byte);
  }
}

// What an IP packet carries: ports and payload, and perhaps another IP packet.
void Carried(const Sent& bytes, SlowLayer layer, SlowResult* result) {
  const std::set<int> with_ports = {6, 17, 33, 132, 136};
  if (!layer.later_fragment && with_ports.contains(layer.protocol) && Number(bytes, 0, 4)) {
    layer.source_port = static_cast<int>(*Number(bytes, 0, 2));
    layer.destination_port = static_cast<int>(*Number(bytes, 2, 2));
  }
  if (layer.later_fragment) {
    layer.payload_bytes = bytes.size();
    for (const auto& byte : bytes) {
      if (byte) layer.payload.push_back(*byte);
    }
    result->layers.push_back(layer);
    return;
  }
  Transport(bytes, &layer);
  result->layers.push_back(layer);

  bool malformed = false;
  if (layer.protocol == 4 || layer.protocol == 41) {
    Inside(bytes, result);
  } else if (layer.protocol == 47) {
    const auto flags = Number(bytes, 0, 2);
    const auto ether_type = Number(bytes, 2, 2);
    if (flags && *flags != 0) result->outside_subset = true;
    if (flags && ether_type) Announced(*ether_type, From(bytes, 4), result, &malformed);
  } else if (layer.protocol == 17 && layer.destination_port == 4789) {
    const size_t length = Number(bytes, 4, 2).value_or(0);
    const Sent datagram = length >= 8 ? First(bytes, length) : bytes;
    if ((Number(datagram, 8, 1).value_or(0) & 8) != 0) {
      Ethernet(From(datagram, 16), result, &malformed);
    }
  } else if (layer.protocol == 17) {
    const std::set<int> tunnels = {1701, 2152, 3386, 3544, 4341, 4789,
                                   4790, 5247, 6081, 6635, 8472, 37008};
    result->outside_subset |=
        tunnels.contains(layer.destination_port) || tunnels.contains(layer.source_port);
  } else if (layer.protocol == 94 || layer.protocol == 97 || layer.protocol == 103 ||
             layer.protocol == 115 || layer.protocol == 137) {
    result->outside_subset = true;
  }
}

void Ipv4(const Sent& packet, SlowResult* result) {
  if (!Known(packet, 20)) return;
  const size_t header = (*packet[0] & 15) * size_t{4};
  if (header < 20) return;
  SlowLayer layer;
  layer.family = 4;
  layer.protocol = *packet[9];
  layer.ttl = *packet[8];
  layer.source = IpAddress::FromV4(static_cast<uint32_t>(*Number(packet, 12, 4)));
  layer.destination = IpAddress::FromV4(static_cast<uint32_t>(*Number(packet, 16, 4)));
  layer.later_fragment = (*Number(packet, 6, 2) & 0x1fff) != 0;
  const size_t length = *Number(packet, 2, 2);
  const Sent whole = length >= header ? First(packet, length) : packet;
  layer.truncated = whole.size() < length || !Known(whole, whole.size()) || whole.size() < header;
  Sent rest = Known(whole, header) ? From(whole, header) : Sent{};
  if (layer.protocol == 51 && !layer.later_fragment) {
    const auto next = Number(rest, 0, 1);
    const auto words = Number(rest, 1, 1);
    const size_t size = (words.value_or(0) + 2) * 4;
    if (next && words && Known(rest, size)) {
      layer.protocol = static_cast<int>(*next);
      rest = From(rest, size);
      if (layer.protocol == 51) result->outside_subset = true;
    } else {
      rest = {};
    }
  }
  Carried(rest, layer, result);
}

void Ipv6(const Sent& packet, SlowResult* result) {
  if (!Known(packet, 40)) return;
  SlowLayer layer;
  layer.family = 6;
  layer.protocol = *packet[6];
  layer.ttl = *packet[7];
  layer.source = {*Number(packet, 8, 8), *Number(packet, 16, 8)};
  layer.destination = {*Number(packet, 24, 8), *Number(packet, 32, 8)};
  const size_t length = *Number(packet, 4, 2);
  if (length == 0 && layer.protocol == 0) result->outside_subset = true;  // perhaps a jumbogram
  Sent rest = From(packet, 40);
  layer.truncated = rest.size() < length;
  if (length != 0) rest = First(rest, length);
  layer.truncated |= !Known(rest, rest.size());

  const std::set<int> options = {0, 43, 60, 135, 139, 140};
  while (options.contains(layer.protocol) || layer.protocol == 44 || layer.protocol == 51) {
    const auto next = Number(rest, 0, 1);
    const uint64_t units = Number(rest, 1, 1).value_or(0);
    const size_t size = layer.protocol == 44   ? 8
                        : layer.protocol == 51 ? (units + 2) * 4
                                               : 8 + units * 8;
    if (!next || !Known(rest, 2) || !Known(rest, size)) {
      rest = {};
      break;
    }
    if (layer.protocol == 44) layer.later_fragment = *Number(rest, 2, 2) >> 3 != 0;
    layer.protocol = static_cast<int>(*next);
    rest = From(rest, size);
    if (layer.later_fragment) break;
  }
  Carried(rest, layer, result);
}

void Inside(const Sent& bytes, SlowResult* result) {
  if (result->layers.size() > 8) result->outside_subset = true;
  const uint64_t version = Number(bytes, 0, 1).value_or(0) >> 4;
  if (version == 4) Ipv4(bytes, result);
  if (version == 6) Ipv6(bytes, result);
}

}  // namespace

SlowResult SlowDecode(const std::vector<uint8_t>& captured, size_t wire) {
  Sent bytes(captured.begin(), captured.end());
  bytes.resize(std::max(wire, captured.size()));
  SlowResult result;
  bool malformed = false;
  Ethernet(bytes, &result, &malformed);
  result.frame_class = !result.layers.empty() ? FrameClass::kIp
                       : malformed            ? FrameClass::kMalformed
                                              : FrameClass::kNonIp;
  return result;
}

}  // namespace borderflow
