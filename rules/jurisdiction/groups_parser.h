// GroupsParser: files on their way from text to groups, for Groups only.
//
// Thread safety: a value; one thread.
#ifndef BORDERFLOW_RULES_JURISDICTION_GROUPS_PARSER_H_
#define BORDERFLOW_RULES_JURISDICTION_GROUPS_PARSER_H_

#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "rules/jurisdiction/groups.h"
#include "rules/yaml/strict_yaml.h"

namespace borderflow {

class GroupsParser {
 public:
  using Map = std::map<std::string, Group, std::less<>>;

  // `known` are groups that are complete already.
  explicit GroupsParser(Map known);

  // Any number of files, then Resolve, then TakeGroups. Errors: see Groups::Parse.
  absl::Status Read(const GroupsFile& file);
  absl::Status Resolve();
  Map TakeGroups() { return std::move(groups_); }

 private:
  enum class State { kWaiting, kOpen, kDone };
  // What a group's file says of its members, before names are looked up.
  struct Draft {
    std::shared_ptr<const StrictYaml> yaml;  // of the group's file
    std::string file;
    std::vector<YamlWord> members;
    std::string set;  // the expression, instead of members
    int set_line = 0;
    int set_column = 0;
    State state = State::kWaiting;
  };

  absl::Status ReadGroup(const YAML::Node& id, const YAML::Node& body, Draft draft);
  absl::Status CheckName(const StrictYaml& yaml, const YAML::Node& id) const;
  absl::Status ReadMembers(const YAML::Node& list, Draft* draft, Group* group) const;
  absl::Status ReadMember(const YAML::Node& map, Draft* draft, Group* group) const;
  absl::Status ReadTerritories(const YAML::Node& body, Draft* draft) const;
  absl::Status ReadSet(const YAML::Node& body, Draft* draft) const;

  absl::StatusOr<const JurisdictionSet*> Lookup(std::string_view name, const StrictYaml& yaml,
                                                const YAML::Mark& mark);
  absl::Status ResolveGroup(const std::string& id);
  absl::StatusOr<JurisdictionSet> ResolveMembers(const Draft& draft);
  std::vector<std::string_view> Names() const;

  Map groups_;
  std::map<std::string, Draft, std::less<>> drafts_;
  std::vector<std::string> open_;  // the path of the walk, for naming a cycle
};

}  // namespace borderflow

#endif  // BORDERFLOW_RULES_JURISDICTION_GROUPS_PARSER_H_
