// Entities: organisations as traffic shows them, and dated lists of them.
//
// An organisation is recognised by AS number, prefix or name suffix. A list (a vendor list, a
// restricted-party list, certified recipients, a sector, large providers) names organisations, with
// its authority, its status and the dates of each member. An organisation may be on many lists; a
// flow carries one organisation. Lists are never merged into groups of jurisdictions: where an
// organisation has its home says nothing about which list it is on.
//
// lists/*.yaml hold them (format: lists/FORMAT.md); they are compiled into the program.
//
// Thread safety: const members may be called by any number of threads.
#ifndef BORDERFLOW_RULES_ENTITY_ENTITIES_H_
#define BORDERFLOW_RULES_ENTITY_ENTITIES_H_

#include <cstddef>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/numeric/int128.h"
#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "rules/entity/entity_index.h"
#include "rules/jurisdiction/jurisdiction.h"

namespace borderflow {

inline constexpr size_t kMaxEntityLists = 1000;
inline constexpr size_t kMaxEntitiesBytes = size_t{16} << 20;  // of one file

struct Organisation {
  EntityId id = kNoEntity;
  std::string name;                            // "example-org", as lists and packs name it
  std::string title;                           // "Example Organisation"
  Jurisdiction home = Jurisdiction::kUnknown;  // of its ultimate parent
  std::string as_of;  // the day up to which its AS, prefixes and suffixes were checked
  std::string source;
  std::string note;  // may be empty
  bool verified = false;
};

enum class ListStatus : uint8_t { kInForce, kEnded, kCurated, kTemplate };
std::string_view Name(ListStatus status);  // "in_force" "ended" "curated" "template"

struct ListedOrganisation {
  EntityId id = kNoEntity;
  std::string since;  // date of listing, or empty where it was not found
  std::string until;  // date of delisting, or empty
  std::string note;   // may be empty
  bool verified = false;
};

struct EntityList {
  std::string id;  // "US_FCC_COVERED"
  std::string title;
  std::string authority;
  ListStatus status = ListStatus::kCurated;
  std::string as_of;
  std::string source;
  std::string note;                         // may be empty
  bool verified = false;                    // every member was read in the source
  std::vector<ListedOrganisation> members;  // in the order of the file
  std::vector<std::string> not_recognised;  // on the list, but nothing in traffic tells them

  // Listed, and not delisted by the list's as-of date. Nobody is on a list that has ended.
  bool Contains(EntityId organisation) const {
    return organisation < contained.size() && contained[organisation];
  }
  std::vector<bool> contained;  // by id: what Contains answers
};

// A file's text; the name is only for messages.
struct EntitiesFile {
  std::string_view yaml;
  std::string_view name;
};

class Entities {
 public:
  // Reads organisations and lists. Ids are given in the order of the files.
  // Errors: InvalidArgument with file:line:column, what was found and what to write: malformed AS
  // numbers, prefixes and suffixes, one that two organisations claim, unknown organisations (with a
  // suggestion), a list without authority, source or date, duplicate and unknown keys, and more
  // than kMaxEntities organisations, kMaxEntityLists lists or kMaxEntitiesBytes bytes.
  static absl::StatusOr<Entities> Parse(absl::Span<const EntitiesFile> files);

  // These and those of one more file, which may name these. Ids of these stay as they are.
  absl::StatusOr<Entities> With(std::string_view yaml, std::string_view file) const;

  // What ships with the program.
  static const Entities& BuiltIn();
  static absl::Span<const EntitiesFile> BuiltInFiles();

  // kNoEntity where nothing matches: see EntityIndex.
  EntityId ByAs(uint32_t asn) const { return index_.ByAs(asn); }
  EntityId ByName(std::string_view name) const { return index_.ByName(name); }
  EntityId ByName(const NameTails& name) const { return index_.ByName(name); }
  EntityId ByAddress(absl::uint128 address) const { return index_.ByAddress(address); }
  std::optional<AddressPrefix> PrefixOf(absl::uint128 address) const {
    return index_.PrefixOf(address);
  }

  // nullptr when there is none.
  const Organisation* Find(EntityId id) const;
  const Organisation* FindOrganisation(std::string_view name) const;
  const EntityList* FindList(std::string_view id) const;

  const std::vector<Organisation>& organisations() const { return organisations_; }
  const std::map<std::string, EntityList, std::less<>>& lists() const { return lists_; }

  // SHA-256 of the YAML texts one after the other, in hex.
  const std::string& digest() const { return digest_; }

 private:
  friend class EntitiesParser;
  struct OwnedFile {
    std::string yaml;
    std::string name;
  };

  std::vector<std::shared_ptr<const OwnedFile>> files_;
  std::vector<Organisation> organisations_;  // id n at n - 1
  std::map<std::string, EntityId, std::less<>> by_name_;
  std::map<std::string, EntityList, std::less<>> lists_;
  EntityIndex index_;
  std::string digest_;
};

}  // namespace borderflow

#endif  // BORDERFLOW_RULES_ENTITY_ENTITIES_H_
