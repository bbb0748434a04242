#include "rules/jurisdiction/groups.h"

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "embedded/GroupFiles.h"
#include "rules/digest/sha256.h"
#include "rules/jurisdiction/groups_parser.h"

namespace borderflow {

absl::StatusOr<Groups> Groups::Parse(std::string_view yaml, std::string_view file) {
  return Groups().With(yaml, file);
}

absl::StatusOr<Groups> Groups::Parse(absl::Span<const GroupsFile> files) {
  GroupsParser parser({});
  Groups groups;
  for (const GroupsFile& file : files) {
    if (absl::Status status = parser.Read(file); !status.ok()) return status;
    absl::StrAppend(&groups.texts_, std::string(file.yaml));
  }
  if (absl::Status status = parser.Resolve(); !status.ok()) return status;
  groups.groups_ = parser.TakeGroups();
  groups.digest_ = Sha256Hex(groups.texts_);
  return groups;
}

absl::StatusOr<Groups> Groups::With(std::string_view yaml, std::string_view file) const {
  GroupsParser parser(groups_);
  if (absl::Status status = parser.Read({yaml, file}); !status.ok()) return status;
  if (absl::Status status = parser.Resolve(); !status.ok()) return status;
  Groups groups;
  groups.groups_ = parser.TakeGroups();
  groups.texts_ = absl::StrCat(texts_, std::string(yaml));
  groups.digest_ = Sha256Hex(groups.texts_);
  return groups;
}

absl::Span<const GroupsFile> Groups::BuiltInFiles() {
  static const auto* const files = [] {
    auto* all = new std::vector<GroupsFile>;
    for (const auto& [name, yaml] : GroupFiles()) all->push_back({yaml, name});
    return all;
  }();
  return *files;
}

const Groups& Groups::BuiltIn() {
  // Tests prove that the built-in texts parse; value() ends the program if they ever do not.
  static const Groups* const groups = new Groups(Parse(BuiltInFiles()).value());
  return *groups;
}

const std::string& Groups::BuiltInDigest() {
  static const auto* const digest = [] {
    std::string texts;
    for (const GroupsFile& file : BuiltInFiles()) absl::StrAppend(&texts, std::string(file.yaml));
    return new std::string(Sha256Hex(texts));
  }();
  return *digest;
}

const Group* Groups::Find(std::string_view id) const {
  const auto found = groups_.find(id);
  return found == groups_.end() ? nullptr : &found->second;
}

std::vector<std::string_view> Groups::Names() const {
  std::vector<std::string_view> names;
  for (const auto& [id, group] : groups_) names.push_back(id);
  return names;
}

absl::StatusOr<JurisdictionSet> ParseSet(std::string_view expression, const Groups& groups,
                                         const SetPlace& place) {
  const auto lookup = [&groups](std::string_view id) -> absl::StatusOr<const JurisdictionSet*> {
    const Group* group = groups.Find(id);
    return group == nullptr ? nullptr : &group->members;
  };
  return ParseSetExpression(expression, place, lookup, groups.Names());
}

}  // namespace borderflow
