// EntityIndex: AS number, address or name -> the organisation that it belongs to.
//
// AS numbers in a hash table; prefixes in one interval table a family; names by the suffix table of
// rules/category.
//
// Thread safety: const members may be called by any number of threads, after Finish.
// Slow twin in tests: a scan over everything that was added.
#ifndef BORDERFLOW_RULES_ENTITY_ENTITY_INDEX_H_
#define BORDERFLOW_RULES_ENTITY_ENTITY_INDEX_H_

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "absl/container/flat_hash_map.h"
#include "absl/numeric/int128.h"
#include "rules/category/name_tails.h"
#include "rules/category/suffix_table.h"
#include "rules/entity/address_prefix.h"
#include "rules/entity/interval_table.h"

namespace borderflow {

// The number of an organisation, from 1.
using EntityId = uint16_t;
inline constexpr EntityId kNoEntity = 0;
inline constexpr EntityId kMaxEntities = 65'534;  // 65,535 is "AS not known" in policies

class EntityIndex {
 public:
  EntityIndex() = default;
  EntityIndex(EntityIndex&&) = default;
  EntityIndex& operator=(EntityIndex&&) = default;

  // Each returns kNoEntity, or the organisation that has the very same AS, prefix or suffix already
  // (then nothing is added). Suffixes must have passed SuffixFault.
  EntityId AddAs(uint32_t asn, EntityId id);
  EntityId AddPrefix(const AddressPrefix& prefix, EntityId id);
  EntityId AddSuffix(std::string_view suffix, EntityId id);

  // Once, when all is added.
  void Finish();

  // kNoEntity where nothing matches. About 4 ns.
  EntityId ByAs(uint32_t asn) const;
  // Of the longest prefix that holds the address; IPv4 as ::ffff:a.b.c.d, which only prefixes of
  // IPv4 hold. About 6 ns with 10,000 prefixes.
  EntityId ByAddress(absl::uint128 address) const;
  // The prefix by which ByAddress answers; nullopt where it tells nobody. For explaining: it asks
  // for every length.
  std::optional<AddressPrefix> PrefixOf(absl::uint128 address) const;
  // Of the longest suffix that matches at label borders; any bytes are safe, upper case matches
  // lower, one trailing dot is ignored. No allocation.
  EntityId ByName(std::string_view name) const { return ByName(NameTails(name)); }
  EntityId ByName(const NameTails& name) const;

 private:
  absl::flat_hash_map<uint32_t, EntityId> by_as_;
  absl::flat_hash_map<std::pair<absl::uint128, int>, EntityId> by_prefix_;  // first, length
  IntervalTable<uint32_t, 32> v4_;
  IntervalTable<absl::uint128, 128> v6_;
  absl::flat_hash_map<std::string, EntityId> by_suffix_;  // while adding
  SuffixTable suffixes_;
};

}  // namespace borderflow

#endif  // BORDERFLOW_RULES_ENTITY_ENTITY_INDEX_H_
