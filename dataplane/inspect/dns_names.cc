#include "dataplane/inspect/dns_names.h"

#include <algorithm>
#include <array>
#include <bit>

namespace borderflow {
namespace {

constexpr size_t kWays = 4;  // entries among which a new one finds its place
constexpr size_t kNameBytes = 95;
constexpr uint64_t kMinTtl = 30;
constexpr uint64_t kMaxTtl = 24 * 60 * 60;
constexpr uint64_t kSecond = 1'000'000'000;

// A fixed mixing (the finaliser of SplitMix64): every worker and every run must place alike. Who
// can choose addresses to collide gains no more than to be forgotten.
uint64_t Mix(uint64_t x) {
  x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9;
  x = (x ^ (x >> 27)) * 0x94d049bb133111eb;
  return x ^ (x >> 31);
}

size_t Hash(const IpAddress& client, const IpAddress& server) {
  uint64_t hash = Mix(client.high + 0x9e3779b97f4a7c15);
  hash = Mix(hash ^ client.low);
  hash = Mix(hash ^ server.high);
  return Mix(hash ^ server.low);
}

// Bits of the hash that do not choose the set; never 0, which marks an entry that was never used.
uint32_t TagOf(size_t hash) { return static_cast<uint32_t>(hash >> 32) | 1; }

// The part of a name that is kept: all of it, or its last whole labels.
std::string_view Tail(std::string_view name) {
  if (name.size() <= kNameBytes) return name;
  name.remove_prefix(name.size() - kNameBytes);
  const size_t dot = name.find('.');
  return dot == std::string_view::npos ? name : name.substr(dot + 1);
}

}  // namespace

struct DnsNames::Entry {
  IpAddress client;
  IpAddress server;
  uint64_t expires_ns = 0;  // 0: never used
  uint8_t size = 0;
  std::array<char, kNameBytes> name;

  bool Is(const IpAddress& other_client, const IpAddress& other_server) const {
    return client == other_client && server == other_server;
  }
};

DnsNames::DnsNames(size_t capacity)
    : tags_(std::bit_ceil(std::max(capacity, kWays))),
      entries_(std::make_unique<Entry[]>(std::bit_ceil(std::max(capacity, kWays)))),
      mask_(std::bit_ceil(std::max(capacity, kWays)) - 1) {}

DnsNames::~DnsNames() = default;

void DnsNames::Add(const IpAddress& client, const IpAddress& server, std::string_view name,
                   uint64_t now_ns, uint32_t ttl_seconds) {
  name = Tail(name);
  if (name.empty()) return;
  const size_t hash = Hash(client, server);
  Entry* const set = &entries_[hash & mask_ & ~(kWays - 1)];
  // The pair's own entry, else the one that ends (or has ended) first.
  Entry* chosen = set;
  for (Entry* entry = set; entry < set + kWays; ++entry) {
    if (entry->Is(client, server)) {
      chosen = entry;
      break;
    }
    if (entry->expires_ns < chosen->expires_ns) chosen = entry;
  }
  ++counters_.learned;
  if (chosen->expires_ns > now_ns && !chosen->Is(client, server)) ++counters_.replaced_unexpired;
  tags_[static_cast<size_t>(chosen - entries_.get())] = TagOf(hash);
  chosen->client = client;
  chosen->server = server;
  chosen->expires_ns = now_ns + std::clamp<uint64_t>(ttl_seconds, kMinTtl, kMaxTtl) * kSecond;
  chosen->size = static_cast<uint8_t>(name.size());
  std::copy(name.begin(), name.end(), chosen->name.begin());
}

std::string_view DnsNames::Find(const IpAddress& client, const IpAddress& server,
                                uint64_t now_ns) const {
  const size_t hash = Hash(client, server);
  const size_t set = hash & mask_ & ~(kWays - 1);
  for (size_t way = set; way < set + kWays; ++way) {
    if (tags_[way] != TagOf(hash)) continue;
    const Entry& entry = entries_[way];
    if (entry.expires_ns > now_ns && entry.Is(client, server)) {
      return {entry.name.data(), entry.size};
    }
  }
  return {};
}

}  // namespace borderflow
