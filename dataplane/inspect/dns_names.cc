#include "dataplane/inspect/dns_names.h"

#include <algorithm>
#include <array>
#include <bit>

namespace borderflow {
namespace {

constexpr uint64_t kMinTtl = 30;
constexpr uint64_t kMaxTtl = 24 * 60 * 60;
constexpr uint64_t kSecond = 1'000'000'000;

// Bits of the hash that do not choose the set; never 0, which marks an entry that was never used.
uint32_t TagOf(uint64_t hash) { return static_cast<uint32_t>(hash >> 32) | 1; }

}  // namespace

// A fixed mixing: every worker and every run must place alike. Who can choose addresses to collide
// gains no more than to be forgotten.
uint64_t DnsNames::Hash(const IpAddress& client, const IpAddress& server) {
  uint64_t hash = client.high * 0x9e3779b97f4a7c15 + client.low * 0xbf58476d1ce4e5b9 +
                  server.high * 0x94d049bb133111eb + server.low * 0xd6e8feb86659fd93;
  hash = (hash ^ hash >> 32) * 0xff51afd7ed558ccd;  // MurmurHash3's finaliser
  hash = (hash ^ hash >> 33) * 0xc4ceb9fe1a85ec53;
  return hash ^ hash >> 33;
}

DnsNames::DnsNames(size_t capacity)
    : set_mask_(std::bit_ceil(std::max(capacity, kWays)) / kWays - 1),
      sets_(set_mask_ + 1, PageSize::kLarge),
      entries_((set_mask_ + 1) * kWays, PageSize::kLarge) {}

size_t DnsNames::WayOf(size_t set, uint32_t tag, const IpAddress& client,
                       const IpAddress& server) const {
  for (size_t way = 0; way < kWays; ++way) {
    if (sets_[set].tags[way] != tag) continue;
    const Entry& entry = entries_[set * kWays + way];
    if (entry.client == client && entry.server == server) return way;
  }
  return kWays;
}

void DnsNames::Add(const IpAddress& client, const IpAddress& server, std::string_view name,
                   uint64_t now_ns, uint32_t ttl_seconds) {
  name = LessonName(name);
  if (name.empty()) return;
  const uint64_t hash = Hash(client, server);
  const size_t at = hash & set_mask_;
  Set& set = sets_[at];
  // The pair's own entry, else the one that ends (or has ended) first.
  size_t way = WayOf(at, TagOf(hash), client, server);
  if (way == kWays) {
    way = static_cast<size_t>(std::min_element(set.expires_ns, set.expires_ns + kWays) -
                              set.expires_ns);
    if (set.expires_ns[way] > now_ns) ++counters_.replaced_unexpired;
  }
  ++counters_.learned;
  set.tags[way] = TagOf(hash);
  set.expires_ns[way] = now_ns + std::clamp<uint64_t>(ttl_seconds, kMinTtl, kMaxTtl) * kSecond;
  Entry& entry = entries_[at * kWays + way];
  entry.client = client;
  entry.server = server;
  entry.size = static_cast<uint8_t>(name.size());
  std::copy(name.begin(), name.end(), entry.name.begin());
}

std::string_view DnsNames::Find(const IpAddress& client, const IpAddress& server,
                                uint64_t now_ns) const {
  const uint64_t hash = Hash(client, server);
  const size_t at = hash & set_mask_;
  const size_t way = WayOf(at, TagOf(hash), client, server);
  if (way == kWays || sets_[at].expires_ns[way] <= now_ns) return {};
  const Entry& entry = entries_[at * kWays + way];
  return {entry.name.data(), entry.size};
}

}  // namespace borderflow
