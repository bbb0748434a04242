#include "dataplane/geo/special_purpose.h"

#include <vector>

namespace borderflow {
namespace {

// IPv4-mapped addresses (::ffff:0:0/96) are missing: they are held as IPv4. Site-local space is not
// in the registry; RFC 3879 deprecates it in favour of unique-local, whose nature it shares.
constexpr SpecialBlock kBlocks[] = {
    {"0.0.0.0/8", "This network", "RFC 791", Reach::kReserved},
    {"10.0.0.0/8", "Private-Use", "RFC 1918", Reach::kPrivate},
    {"100.64.0.0/10", "Shared Address Space", "RFC 6598", Reach::kPrivate},
    {"127.0.0.0/8", "Loopback", "RFC 1122", Reach::kReserved},
    {"169.254.0.0/16", "Link Local", "RFC 3927", Reach::kPrivate},
    {"172.16.0.0/12", "Private-Use", "RFC 1918", Reach::kPrivate},
    {"192.0.0.0/24", "IETF Protocol Assignments", "RFC 6890", Reach::kReserved},
    {"192.0.0.0/29", "IPv4 Service Continuity Prefix", "RFC 7335", Reach::kReserved},
    {"192.0.0.8/32", "IPv4 dummy address", "RFC 7600", Reach::kReserved},
    {"192.0.0.9/32", "Port Control Protocol Anycast", "RFC 7723", Reach::kGlobal},
    {"192.0.0.10/32", "TURN Anycast", "RFC 8155", Reach::kGlobal},
    {"192.0.0.170/31", "NAT64/DNS64 Discovery", "RFC 8880", Reach::kReserved},
    {"192.0.2.0/24", "Documentation (TEST-NET-1)", "RFC 5737", Reach::kReserved},
    {"192.31.196.0/24", "AS112-v4", "RFC 7535", Reach::kGlobal},
    {"192.52.193.0/24", "AMT", "RFC 7450", Reach::kGlobal},
    {"192.88.99.0/24", "Deprecated (6to4 Relay Anycast)", "RFC 7526", Reach::kGlobal},
    {"192.88.99.2/32", "6a44-relay anycast address", "RFC 6751", Reach::kReserved},
    {"192.168.0.0/16", "Private-Use", "RFC 1918", Reach::kPrivate},
    {"192.175.48.0/24", "Direct Delegation AS112 Service", "RFC 7534", Reach::kGlobal},
    {"198.18.0.0/15", "Benchmarking", "RFC 2544", Reach::kReserved},
    {"198.51.100.0/24", "Documentation (TEST-NET-2)", "RFC 5737", Reach::kReserved},
    {"203.0.113.0/24", "Documentation (TEST-NET-3)", "RFC 5737", Reach::kReserved},
    {"224.0.0.0/4", "Multicast", "RFC 5771", Reach::kMulticast},
    {"240.0.0.0/4", "Reserved", "RFC 1112", Reach::kReserved},
    {"255.255.255.255/32", "Limited Broadcast", "RFC 919", Reach::kReserved},

    {"::/128", "Unspecified Address", "RFC 4291", Reach::kReserved},
    {"::1/128", "Loopback Address", "RFC 4291", Reach::kReserved},
    {"64:ff9b::/96", "IPv4-IPv6 Translation", "RFC 6052", Reach::kGlobal},
    {"64:ff9b:1::/48", "IPv4-IPv6 Translation, local", "RFC 8215", Reach::kReserved},
    {"100::/64", "Discard-Only Address Block", "RFC 6666", Reach::kReserved},
    {"100:0:0:1::/64", "Dummy IPv6 Prefix", "RFC 9780", Reach::kReserved},
    {"2001::/23", "IETF Protocol Assignments", "RFC 2928", Reach::kReserved},
    {"2001::/32", "Teredo", "RFC 4380", Reach::kGlobal},
    {"2001:1::1/128", "Port Control Protocol Anycast", "RFC 7723", Reach::kGlobal},
    {"2001:1::2/128", "TURN Anycast", "RFC 8155", Reach::kGlobal},
    {"2001:1::3/128", "DNS-SD SRP Anycast", "RFC 9665", Reach::kGlobal},
    {"2001:2::/48", "Benchmarking", "RFC 5180", Reach::kReserved},
    {"2001:3::/32", "AMT", "RFC 7450", Reach::kGlobal},
    {"2001:4:112::/48", "AS112-v6", "RFC 7535", Reach::kGlobal},
    {"2001:10::/28", "Deprecated (ORCHID)", "RFC 4843", Reach::kReserved},
    {"2001:20::/28", "ORCHIDv2", "RFC 7343", Reach::kGlobal},
    {"2001:30::/28", "Drone Remote ID Entity Tags", "RFC 9374", Reach::kGlobal},
    {"2001:db8::/32", "Documentation", "RFC 3849", Reach::kReserved},
    {"2002::/16", "6to4", "RFC 3056", Reach::kGlobal},
    {"2620:4f:8000::/48", "Direct Delegation AS112 Service", "RFC 7534", Reach::kGlobal},
    {"3fff::/20", "Documentation", "RFC 9637", Reach::kReserved},
    {"5f00::/16", "Segment Routing (SRv6) SIDs", "RFC 9602", Reach::kReserved},
    {"fc00::/7", "Unique-Local", "RFC 4193", Reach::kPrivate},
    {"fe80::/10", "Link-Local Unicast", "RFC 4291", Reach::kPrivate},
    {"fec0::/10", "Site-Local (deprecated)", "RFC 3879", Reach::kPrivate},
    {"ff00::/8", "Multicast", "RFC 4291", Reach::kMulticast},
};

}  // namespace

absl::Span<const SpecialBlock> SpecialBlocks() { return kBlocks; }

const SpecialBlock* FindSpecialBlock(const IpAddress& address) {
  const SpecialBlock* longest = nullptr;
  int length = -1;
  for (const SpecialBlock& block : kBlocks) {
    const std::optional<Prefix> prefix = ParsePrefix(block.prefix);
    if (!prefix.has_value() || prefix->length <= length) continue;
    if (prefix->address <= address && address <= prefix->last()) {
      longest = &block;
      length = prefix->length;
    }
  }
  return longest;
}

Location SpecialLocation(const SpecialBlock& block, std::optional<Jurisdiction> home) {
  switch (block.reach) {
    case Reach::kPrivate:
      if (home.has_value()) return {.location = *home, .source = GeoSource::kHome};
      return {.location = Jurisdiction::kPrivate, .source = GeoSource::kSpecial};
    case Reach::kReserved:
      return {.location = Jurisdiction::kReserved, .source = GeoSource::kSpecial};
    case Reach::kMulticast:
      return {.location = Jurisdiction::kMulticast, .source = GeoSource::kSpecial};
    case Reach::kGlobal:
      return Location{};
  }
  return Location{};
}

GeoLayer SpecialPurposeLayer(std::optional<Jurisdiction> home) {
  std::vector<LocatedPrefix> prefixes;
  for (const SpecialBlock& block : kBlocks) {
    const std::optional<Prefix> prefix = ParsePrefix(block.prefix);
    if (prefix.has_value()) prefixes.push_back({*prefix, SpecialLocation(block, home)});
  }
  return FlattenPrefixes(prefixes);
}

}  // namespace borderflow
