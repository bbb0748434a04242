#include "dataplane/count/client_set.h"

#include <algorithm>

#include "dataplane/count/hyperloglog.h"

namespace borderflow {

uint64_t ClientSet::Hash(const IpAddress& client) {
  // Two rounds of the splitmix64 finaliser: every input bit reaches every output bit.
  const auto mix = [](uint64_t z) {
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9ULL;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebULL;
    return z ^ (z >> 31);
  };
  return mix(mix(client.high + 0x9e3779b97f4a7c15ULL) ^ client.low);
}

void ClientSet::AddHash(uint64_t hash) {
  if (!exact()) {
    hyperloglog::Add(hash, registers_.data());
    return;
  }
  const auto at = std::lower_bound(hashes_.begin(), hashes_.end(), hash);
  if (at != hashes_.end() && *at == hash) return;
  if (hashes_.empty()) {
    hashes_.reserve(4);  // most have few; one allocation for these
    hashes_.push_back(hash);
    return;
  }
  hashes_.insert(at, hash);
  if (hashes_.size() > kExact) TurnToEstimate();
}

void ClientSet::TurnToEstimate() {
  registers_.resize(hyperloglog::kRegisters);
  for (const uint64_t hash : hashes_) hyperloglog::Add(hash, registers_.data());
  hashes_.clear();
}

void ClientSet::Merge(const ClientSet& other) {
  if (!other.exact()) {
    MergeRegisters(other.registers_);
    return;
  }
  for (const uint64_t hash : other.hashes_) AddHash(hash);
}

void ClientSet::MergeRegisters(absl::Span<const uint8_t> registers) {
  if (exact()) TurnToEstimate();
  std::transform(registers_.begin(), registers_.end(), registers.begin(), registers_.begin(),
                 [](uint8_t a, uint8_t b) { return std::max(a, b); });
}

uint64_t ClientSet::Estimate() const {
  return exact() ? hashes_.size() : hyperloglog::Estimate(registers_.data());
}

}  // namespace borderflow
