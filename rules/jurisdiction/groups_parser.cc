#include "rules/jurisdiction/groups_parser.h"

#include <algorithm>
#include <optional>
#include <set>
#include <tuple>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "rules/jurisdiction/territory.h"

namespace borderflow {
namespace {

constexpr std::string_view kTopKeys[] = {"groups"};
constexpr std::string_view kGroupKeys[] = {"as_of",  "members",     "note",  "set",
                                           "source", "territories", "title", "verified"};
constexpr std::string_view kMemberKeys[] = {"as_of", "code",  "entities", "note",
                                            "scope", "since", "source",   "verified"};

}  // namespace

GroupsParser::GroupsParser(Map known) : groups_(std::move(known)) {}

absl::Status GroupsParser::Read(const GroupsFile& file) {
  if (file.yaml.size() > kMaxGroupsBytes) {
    return absl::InvalidArgumentError(absl::StrCat(std::string(file.name), ": ", file.yaml.size(),
                                                   " bytes; groups are read up to ",
                                                   kMaxGroupsBytes));
  }
  Draft draft;
  draft.yaml = std::make_shared<const StrictYaml>(file.name);
  draft.file = std::string(file.name);
  const StrictYaml& yaml = *draft.yaml;
  const absl::StatusOr<YAML::Node> document = yaml.Load(file.yaml);
  if (!document.ok()) return document.status();
  if (!document->IsMap()) {
    return yaml.Error(*document, "expected a map with the key \"groups\"");
  }
  if (absl::Status status = yaml.CheckKeys(*document, kTopKeys); !status.ok()) return status;
  const YAML::Node groups = (*document)["groups"];
  if (!groups || !groups.IsMap()) {
    return yaml.Error(groups ? groups : *document,
                      "\"groups\" must be a map from a group's name to its members");
  }
  if (groups.size() + groups_.size() > kMaxGroups) {
    return yaml.Error(
        groups, absl::StrCat(groups.size() + groups_.size(), " groups; at most ", kMaxGroups));
  }
  if (absl::Status status = yaml.CheckKeys(groups, {}); !status.ok()) return status;
  for (const auto& entry : groups) {
    if (absl::Status status = ReadGroup(entry.first, entry.second, draft); !status.ok()) {
      return status;
    }
  }
  return absl::OkStatus();
}

absl::Status GroupsParser::CheckName(const StrictYaml& yaml, const YAML::Node& id) const {
  const std::string& name = id.Scalar();
  const std::string cannot = absl::StrCat("a group cannot be named ", Quoted(name));
  std::string text;
  if (!yaml.Scalar(id, name, &text).ok()) return yaml.Error(id, cannot);
  if (FromCode(name)) {
    return yaml.Error(id, absl::StrCat(cannot, ": that is the code of a jurisdiction"));
  }
  const auto is_upper = [](unsigned char c) {
    return absl::ascii_isupper(c) || absl::ascii_isdigit(c) || c == '_';
  };
  if (name == "ANY" || !absl::ascii_isupper(static_cast<unsigned char>(name[0])) ||
      !std::all_of(name.begin(), name.end(), is_upper)) {
    return yaml.Error(id, absl::StrCat(cannot,
                                       ": expected upper-case letters, digits and _, "
                                       "and not ANY, which is every jurisdiction"));
  }
  if (groups_.find(name) != groups_.end()) {
    const auto draft = drafts_.find(name);
    return yaml.Error(id, absl::StrCat("group ", Quoted(name), " stands already in ",
                                       draft == drafts_.end() ? "the groups that this file adds to"
                                                              : draft->second.file,
                                       ": choose another name"));
  }
  return absl::OkStatus();
}

absl::Status GroupsParser::ReadGroup(const YAML::Node& id, const YAML::Node& body, Draft draft) {
  const StrictYaml& yaml = *draft.yaml;
  if (absl::Status status = CheckName(yaml, id); !status.ok()) return status;
  Group group;
  group.id = id.Scalar();
  if (!body.IsMap()) {
    return yaml.Error(id, absl::StrCat("group ", Quoted(group.id), " must be a map"));
  }
  if (absl::Status status = yaml.CheckKeys(body, kGroupKeys); !status.ok()) return status;
  for (const char* required : {"title", "as_of", "source", "verified"}) {
    if (!body[required]) {
      return yaml.Error(id, absl::StrCat("group ", Quoted(group.id), " has no ", Quoted(required)));
    }
  }
  if (body["members"].IsDefined() == body["set"].IsDefined()) {
    return yaml.Error(
        id, absl::StrCat("group ", Quoted(group.id), " must have either \"members\" or \"set\""));
  }
  for (const absl::Status& status :
       {yaml.Date(body, "as_of", &group.as_of), yaml.Text(body, "title", &group.title),
        yaml.Text(body, "source", &group.source), yaml.OptionalText(body, "note", &group.note),
        yaml.Flag(body, "verified", &group.verified)}) {
    if (!status.ok()) return status;
  }
  absl::Status status =
      body["members"] ? ReadMembers(body["members"], &draft, &group) : ReadSet(body, &draft);
  if (status.ok()) status = ReadTerritories(body, &draft);
  if (!status.ok()) return status;
  drafts_.emplace(group.id, std::move(draft));
  groups_.emplace(group.id, std::move(group));
  return absl::OkStatus();
}

absl::Status GroupsParser::ReadMembers(const YAML::Node& list, Draft* draft, Group* group) const {
  const StrictYaml& yaml = *draft->yaml;
  if (!list.IsSequence() || list.size() == 0) {
    return yaml.Error(list, "\"members\" must be a list of quoted codes");
  }
  std::set<std::string> seen;
  for (const YAML::Node& item : list) {
    if (item.IsMap()) {
      if (absl::Status status = ReadMember(item, draft, group); !status.ok()) return status;
    } else if (!item.IsScalar()) {
      return yaml.Error(item, "expected a quoted code, the name of a group, or a map with a code");
    } else {
      YamlWord word{"", item.Mark()};
      // An empty name is an unknown one.
      if (!item.Scalar().empty()) {
        if (absl::Status s = yaml.Scalar(item, "members", &word.text); !s.ok()) return s;
      }
      draft->members.push_back(std::move(word));
    }
    const YamlWord& last = draft->members.back();
    if (!seen.insert(last.text).second) {
      return yaml.Error(last.mark, absl::StrCat(Quoted(last.text), " stands twice in this list"));
    }
  }
  return absl::OkStatus();
}

absl::Status GroupsParser::ReadMember(const YAML::Node& map, Draft* draft, Group* group) const {
  const StrictYaml& yaml = *draft->yaml;
  if (absl::Status status = yaml.CheckKeys(map, kMemberKeys); !status.ok()) return status;
  GroupMember member;
  member.as_of = group->as_of;
  member.source = group->source;
  member.verified = group->verified;
  std::string code;
  for (const absl::Status& status :
       {yaml.Text(map, "code", &code), yaml.OptionalDate(map, "as_of", &member.as_of),
        yaml.OptionalText(map, "entities", &member.entities),
        yaml.OptionalText(map, "note", &member.note),
        yaml.OptionalText(map, "scope", &member.scope),
        yaml.OptionalDate(map, "since", &member.since),
        yaml.OptionalText(map, "source", &member.source),
        map["verified"] ? yaml.Flag(map, "verified", &member.verified) : absl::OkStatus()}) {
    if (!status.ok()) return status;
  }
  const std::optional<Jurisdiction> jurisdiction = FromCode(code);
  if (!jurisdiction) return yaml.Error(map["code"], UnknownJurisdiction(code, {}));
  if (member.scope.empty() && !member.entities.empty()) {
    return yaml.Error(map["entities"],
                      "a member with \"entities\" needs a \"scope\" that says what is covered");
  }
  if (member.verified && !group->verified) {
    return yaml.Error(map["verified"], absl::StrCat("group ", Quoted(group->id),
                                                    " is not verified: its members cannot be"));
  }
  group->verified = group->verified && member.verified;
  member.jurisdiction = *jurisdiction;
  if (!member.scope.empty()) group->limited.set(static_cast<size_t>(*jurisdiction));
  draft->members.push_back({std::move(code), map["code"].Mark()});
  group->details.push_back(std::move(member));
  return absl::OkStatus();
}

// A territory counts because its state is a member of this very list.
absl::Status GroupsParser::ReadTerritories(const YAML::Node& body, Draft* draft) const {
  const StrictYaml& yaml = *draft->yaml;
  std::vector<YamlWord> territories;
  if (absl::Status s = yaml.OptionalWords(body, "territories", &territories); !s.ok()) return s;
  const std::vector<YamlWord> members = draft->members;
  for (YamlWord& territory : territories) {
    const std::optional<Jurisdiction> code = FromCode(territory.text);
    if (!code) return yaml.Error(territory.mark, UnknownJurisdiction(territory.text, {}));
    const Jurisdiction state = StateOf(*code);
    if (state == *code) {
      return yaml.Error(territory.mark,
                        absl::StrCat(Quoted(territory.text),
                                     " is not a territory of another state: list it in "
                                     "\"members\""));
    }
    const auto is_state = [state](const YamlWord& member) { return member.text == Code(state); };
    if (std::none_of(members.begin(), members.end(), is_state)) {
      return yaml.Error(territory.mark,
                        absl::StrCat(Quoted(territory.text), " is a territory of ",
                                     Quoted(Code(state)), ", which is not in \"members\""));
    }
    draft->members.push_back(std::move(territory));
  }
  return absl::OkStatus();
}

absl::Status GroupsParser::ReadSet(const YAML::Node& body, Draft* draft) const {
  if (absl::Status s = draft->yaml->Text(body, "set", &draft->set); !s.ok()) return s;
  std::tie(draft->set_line, draft->set_column) = StrictYaml::TextPlace(body["set"]);
  return absl::OkStatus();
}

absl::Status GroupsParser::Resolve() {
  for (const auto& [id, draft] : drafts_) {
    if (absl::Status status = ResolveGroup(id); !status.ok()) return status;
  }
  return absl::OkStatus();
}

// Depth first; at most kMaxGroups deep.
absl::Status GroupsParser::ResolveGroup(const std::string& id) {
  Draft& draft = drafts_.find(id)->second;
  if (draft.state == State::kDone) return absl::OkStatus();
  draft.state = State::kOpen;
  open_.push_back(id);
  absl::StatusOr<JurisdictionSet> members;
  if (draft.set.empty()) {
    members = ResolveMembers(draft);
  } else {
    // Errors of a lookup name the whole expression; those of the expression itself, the word.
    const SetPlace place{draft.file, draft.set_line, draft.set_column};
    YAML::Mark at;
    at.line = draft.set_line - 1;
    at.column = draft.set_column - 1;
    const auto lookup = [&](std::string_view name) { return Lookup(name, *draft.yaml, at); };
    members = ParseSetExpression(draft.set, place, lookup, Names());
  }
  if (!members.ok()) return members.status();
  groups_.find(id)->second.members = *members;
  draft.state = State::kDone;
  open_.pop_back();
  return absl::OkStatus();
}

absl::StatusOr<JurisdictionSet> GroupsParser::ResolveMembers(const Draft& draft) {
  JurisdictionSet members;
  for (const YamlWord& member : draft.members) {
    if (const std::optional<Jurisdiction> code = FromCode(member.text)) {
      if (IsSpecial(*code)) {
        return draft.yaml->Error(member.mark,
                                 absl::StrCat(Quoted(member.text), " is not a country"));
      }
      members.set(static_cast<size_t>(*code));
      continue;
    }
    const absl::StatusOr<const JurisdictionSet*> group =
        Lookup(member.text, *draft.yaml, member.mark);
    if (!group.ok()) return group.status();
    if (*group == nullptr) {
      return draft.yaml->Error(member.mark, UnknownJurisdiction(member.text, Names()));
    }
    members |= **group;
  }
  return members;
}

absl::StatusOr<const JurisdictionSet*> GroupsParser::Lookup(std::string_view name,
                                                            const StrictYaml& yaml,
                                                            const YAML::Mark& mark) {
  const auto group = groups_.find(name);
  if (group == groups_.end()) return nullptr;
  const auto draft = drafts_.find(name);
  if (draft != drafts_.end()) {
    if (draft->second.state == State::kOpen) {
      const auto first = std::find(open_.begin(), open_.end(), name);
      return yaml.Error(
          mark, absl::StrCat("groups contain one another: ",
                             absl::StrJoin(first, open_.end(), " -> "), " -> ", std::string(name)));
    }
    if (absl::Status status = ResolveGroup(draft->first); !status.ok()) return status;
  }
  return &group->second.members;
}

std::vector<std::string_view> GroupsParser::Names() const {
  std::vector<std::string_view> names;
  for (const auto& [id, group] : groups_) names.push_back(id);
  return names;
}

}  // namespace borderflow
