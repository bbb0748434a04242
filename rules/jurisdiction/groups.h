// Groups: named sets of jurisdictions (EEA, OECD members ...), as data with source and date.
//
// groups.yaml holds them; it is compiled into the program, and its digest is part of every report.
// A group says what an instrument says about membership at its as-of date, nothing more.
//
// Thread safety: const members may be called by any number of threads.
#ifndef BORDERFLOW_RULES_JURISDICTION_GROUPS_H_
#define BORDERFLOW_RULES_JURISDICTION_GROUPS_H_

#include <bitset>
#include <cstddef>
#include <map>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "rules/jurisdiction/jurisdiction.h"

namespace borderflow {

inline constexpr size_t kMaxGroups = 1000;
inline constexpr size_t kMaxGroupsBytes = size_t{1} << 20;

using JurisdictionSet = std::bitset<kJurisdictions>;

struct Group {
  std::string id;         // "EEA"
  std::string title;      // "European Economic Area"
  std::string as_of;      // "2026-11-21"
  std::string source;     // the instrument or page
  std::string note;       // what the list leaves out or cannot say; may be empty
  bool verified = false;  // every member was read in the source, not recalled
  JurisdictionSet members;
};

class Groups {
 public:
  // Reads groups from YAML text; `file` is only for messages. Group names inside a member list mean
  // union. `territories` lists the codes that belong to the group because their state does (see
  // territory.h); they are members like any other.
  // Errors: InvalidArgument with file:line:column for duplicate keys, unquoted booleans meant as
  // codes, unknown codes or groups (with a suggestion), cycles, a missing source or date, and more
  // than kMaxGroups groups or kMaxGroupsBytes bytes.
  static absl::StatusOr<Groups> Parse(std::string_view yaml, std::string_view file);

  // The groups that ship with the program.
  static const Groups& BuiltIn();

  // nullptr when there is no such group.
  const Group* Find(std::string_view id) const;

  const std::map<std::string, Group, std::less<>>& all() const { return groups_; }

  // SHA-256 of the YAML text, in hex.
  const std::string& digest() const { return digest_; }

 private:
  std::map<std::string, Group, std::less<>> groups_;
  std::string digest_;
};

}  // namespace borderflow

#endif  // BORDERFLOW_RULES_JURISDICTION_GROUPS_H_
