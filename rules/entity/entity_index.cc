#include "rules/entity/entity_index.h"

#include <utility>
#include <vector>

namespace borderflow {
namespace {

// IPv4 stands in ::ffff:0:0/96.
bool IsV4(absl::uint128 address) { return (address >> 32) == 0xffff; }

uint32_t V4(absl::uint128 address) { return static_cast<uint32_t>(absl::Uint128Low64(address)); }

}  // namespace

EntityId EntityIndex::AddAs(uint32_t asn, EntityId id) {
  const auto [at, is_new] = by_as_.try_emplace(asn, id);
  return is_new ? kNoEntity : at->second;
}

EntityId EntityIndex::AddPrefix(const AddressPrefix& prefix, EntityId id) {
  const auto [at, is_new] = by_prefix_.try_emplace({prefix.first, prefix.length}, id);
  return is_new ? kNoEntity : at->second;
}

EntityId EntityIndex::AddSuffix(std::string_view suffix, EntityId id) {
  const auto [at, is_new] = by_suffix_.try_emplace(std::string(suffix), id);
  return is_new ? kNoEntity : at->second;
}

void EntityIndex::Finish() {
  std::vector<IntervalTable<uint32_t, 32>::Block> v4;
  std::vector<IntervalTable<absl::uint128, 128>::Block> v6;
  for (const auto& [key, id] : by_prefix_) {
    const AddressPrefix prefix{key.first, key.second};
    if (IsV4(prefix.first) && prefix.length >= 96) {
      v4.push_back({V4(prefix.first), V4(prefix.last()), id});
    } else {
      v6.push_back({prefix.first, prefix.last(), id});
    }
  }
  v4_.Build(std::move(v4));
  v6_.Build(std::move(v6));

  for (const auto& [suffix, id] : by_suffix_) suffixes_.Add(suffix, id, /*line=*/0);
  by_suffix_.clear();
  suffixes_.Build([](const SuffixTable::Entry&, const SuffixTable::Entry&) { return true; });
}

EntityId EntityIndex::ByAs(uint32_t asn) const {
  const auto found = by_as_.find(asn);
  return found == by_as_.end() ? kNoEntity : found->second;
}

EntityId EntityIndex::ByAddress(absl::uint128 address) const {
  return IsV4(address) ? v4_.Find(V4(address)) : v6_.Find(address);
}

std::optional<AddressPrefix> EntityIndex::PrefixOf(absl::uint128 address) const {
  // As in ByAddress: blocks of IPv6 that are so wide that they hold ::ffff:0:0/96 say nothing of
  // IPv4.
  const int widest = IsV4(address) ? 96 : 0;
  for (int length = 128; length >= widest; --length) {
    const absl::uint128 mask = length == 0 ? 0 : ~absl::uint128{0} << (128 - length);
    const AddressPrefix prefix{address & mask, length};
    if (by_prefix_.contains({prefix.first, prefix.length})) return prefix;
  }
  return std::nullopt;
}

EntityId EntityIndex::ByName(const NameTails& name) const {
  const uint32_t found = suffixes_.Find(name);
  return found == SuffixTable::kNone ? kNoEntity : static_cast<EntityId>(found);
}

}  // namespace borderflow
