// Groups: named sets of jurisdictions (EEA, OECD members ...), as data with source and date.
//
// groups/*.yaml hold them; they are compiled into the program, and their digest is part of every
// report. A group says what an instrument says about membership at its as-of date, nothing more.
// Where a member differs from the rest in kind (a decision that covers only some recipients, a
// later date, a fact that was not verified) the file says so, and Group::details keeps it.
//
// Thread safety: const members may be called by any number of threads.
#ifndef BORDERFLOW_RULES_JURISDICTION_GROUPS_H_
#define BORDERFLOW_RULES_JURISDICTION_GROUPS_H_

#include <cstddef>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "rules/jurisdiction/jurisdiction.h"
#include "rules/jurisdiction/jurisdiction_set.h"

namespace borderflow {

inline constexpr size_t kMaxGroups = 1000;
inline constexpr size_t kMaxGroupsBytes = size_t{1} << 20;  // of one file

// What the file says of one member apart from the group.
struct GroupMember {
  Jurisdiction jurisdiction = Jurisdiction::kUnknown;
  std::string scope;     // what of the jurisdiction is covered; empty: all of it
  std::string entities;  // the entity list that names the covered recipients; may be empty
  std::string since;     // in force since, or empty
  std::string as_of;     // the group's, unless the member has its own
  std::string source;    // as `as_of`
  std::string note;      // may be empty
  bool verified = false;
};

struct Group {
  std::string id;         // "EEA"
  std::string title;      // "European Economic Area"
  std::string as_of;      // "2026-11-21"
  std::string source;     // the instrument or page
  std::string note;       // what the list leaves out or cannot say; may be empty
  bool verified = false;  // every member was read in the source, not recalled
  JurisdictionSet members;
  JurisdictionSet limited;           // the members that are covered in part: those with a scope
  std::vector<GroupMember> details;  // in the order of the file; of this group's own list only
};

// A file's text; the name is only for messages.
struct GroupsFile {
  std::string_view yaml;
  std::string_view name;
};

class Groups {
 public:
  // Reads groups from YAML text; `file` is only for messages. Each is a list of members (a code, a
  // group for its union, or a map of what GroupMember holds) or an expression (jurisdiction_set.h)
  // under "set". `territories` lists the codes that belong to the group because their state does
  // (see territory.h); they are members like any other.
  // Errors: InvalidArgument with file:line:column for duplicate keys, unquoted booleans meant as
  // codes, unknown codes or groups (with a suggestion), cycles, a missing source or date, and more
  // than kMaxGroups groups or kMaxGroupsBytes bytes.
  static absl::StatusOr<Groups> Parse(std::string_view yaml, std::string_view file);
  // As if they were one file; each name stands in one of them only.
  static absl::StatusOr<Groups> Parse(absl::Span<const GroupsFile> files);

  // These groups and those of one more file, which may name these but not define them anew.
  absl::StatusOr<Groups> With(std::string_view yaml, std::string_view file) const;

  // The groups that ship with the program, and their files.
  static const Groups& BuiltIn();
  static absl::Span<const GroupsFile> BuiltInFiles();
  // digest() of BuiltIn, without reading the groups, for who only states it.
  static const std::string& BuiltInDigest();

  // nullptr when there is no such group.
  const Group* Find(std::string_view id) const;

  const std::map<std::string, Group, std::less<>>& all() const { return groups_; }
  std::vector<std::string_view> Names() const;  // sorted

  // SHA-256 of the YAML texts one after the other, in hex.
  const std::string& digest() const { return digest_; }

 private:
  std::map<std::string, Group, std::less<>> groups_;
  std::string texts_;
  std::string digest_;
};

// The set that `expression` names: codes, groups and set operators ("EEA + GB - LI").
// Errors: those of ParseSetExpression.
absl::StatusOr<JurisdictionSet> ParseSet(std::string_view expression, const Groups& groups,
                                         const SetPlace& place);

}  // namespace borderflow

#endif  // BORDERFLOW_RULES_JURISDICTION_GROUPS_H_
