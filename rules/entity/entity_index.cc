#include "rules/entity/entity_index.h"

#include <algorithm>
#include <iterator>

namespace borderflow {
namespace {

struct OwnedPrefix {
  AddressPrefix prefix;
  EntityId id;
};

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
  // Outer prefixes before inner ones, which then cut into them.
  std::vector<OwnedPrefix> prefixes;
  for (const auto& [prefix, id] : by_prefix_)
    prefixes.push_back({{prefix.first, prefix.second}, id});
  by_prefix_.clear();
  std::sort(prefixes.begin(), prefixes.end(), [](const OwnedPrefix& a, const OwnedPrefix& b) {
    return a.prefix.first != b.prefix.first ? a.prefix.first < b.prefix.first
                                            : a.prefix.length < b.prefix.length;
  });
  const auto begin_interval = [this](absl::uint128 first, EntityId id) {
    if (!intervals_.empty() && intervals_.back().first == first) {
      intervals_.back().id = id;
    } else {
      intervals_.push_back({first, id});
    }
  };
  std::vector<const OwnedPrefix*> open;  // outermost first
  // Ends what ends before `next`: behind a prefix the one around it goes on.
  const auto close_before = [&](absl::uint128 next, bool all) {
    while (!open.empty() && (all || open.back()->prefix.last() < next)) {
      const absl::uint128 last = open.back()->prefix.last();
      open.pop_back();
      if (last == ~absl::uint128(0)) continue;  // nothing comes behind
      begin_interval(last + 1, open.empty() ? kNoEntity : open.back()->id);
    }
  };
  for (const OwnedPrefix& owned : prefixes) {
    close_before(owned.prefix.first, false);
    begin_interval(owned.prefix.first, owned.id);
    open.push_back(&owned);
  }
  close_before(0, true);

  for (const auto& [suffix, id] : by_suffix_) {
    texts_.push_back(suffix);
    NameRule rule;
    rule.suffix = texts_.back();
    suffixes_.push_back(rule);
    suffix_ids_.push_back(id);
  }
  by_suffix_.clear();
  suffix_index_.Build(suffixes_);
}

EntityId EntityIndex::ByAs(uint32_t asn) const {
  const auto found = by_as_.find(asn);
  return found == by_as_.end() ? kNoEntity : found->second;
}

EntityId EntityIndex::ByAddress(absl::uint128 address) const {
  const auto behind = std::upper_bound(
      intervals_.begin(), intervals_.end(), address,
      [](absl::uint128 wanted, const Interval& interval) { return wanted < interval.first; });
  return behind == intervals_.begin() ? kNoEntity : std::prev(behind)->id;
}

EntityId EntityIndex::ByName(std::string_view name) const {
  const NameRule* rule = suffix_index_.Find(suffixes_, name);
  return rule == nullptr ? kNoEntity : suffix_ids_[static_cast<size_t>(rule - suffixes_.data())];
}

}  // namespace borderflow
