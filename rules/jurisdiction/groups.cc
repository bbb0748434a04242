#include "rules/jurisdiction/groups.h"

#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/yaml.h>

#include <algorithm>
#include <array>
#include <iterator>
#include <set>
#include <sstream>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/ascii.h"
#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/time/civil_time.h"
#include "embedded/kGroupsYaml.h"
#include "rules/digest/sha256.h"
#include "rules/jurisdiction/suggest.h"
#include "rules/jurisdiction/territory.h"

namespace borderflow {
namespace {

constexpr std::string_view kTopKeys[] = {"groups"};
constexpr std::string_view kGroupKeys[] = {"as_of",       "members", "note",    "source",
                                           "territories", "title",   "verified"};

absl::string_view View(std::string_view text) { return {text.data(), text.size()}; }

std::string Quoted(std::string_view text) {
  return absl::StrCat("\"", absl::Utf8SafeCEscape(View(text.substr(0, kLongestSuggestion))),
                      text.size() > kLongestSuggestion ? "...\"" : "\"");
}

std::string DidYouMean(std::string_view suggestion) {
  if (suggestion.empty()) return "";
  return absl::StrCat(" (did you mean ", Quoted(suggestion), "?)");
}

// A plain scalar that YAML 1.1 reads as true or false.
bool IsUnquotedBoolean(const YAML::Node& node) {
  if (node.Tag() != "?") return false;  // yaml-cpp tags plain scalars "?", quoted ones "!"
  const std::string lower = absl::AsciiStrToLower(node.Scalar());
  constexpr std::string_view kBooleans[] = {"y", "n", "yes", "no", "true", "false", "on", "off"};
  return std::find(std::begin(kBooleans), std::end(kBooleans), lower) != std::end(kBooleans);
}

// One file on its way from text to groups. Each step returns the first error that it meets.
class Parser {
 public:
  explicit Parser(std::string_view file) : file_(file) {}

  absl::Status ReadDocument(const YAML::Node& document);
  absl::Status ResolveAll();

  std::map<std::string, Group, std::less<>> TakeGroups() { return std::move(groups_); }

 private:
  struct Member {
    std::string name;
    YAML::Mark mark;
  };
  enum class State { kWaiting, kOpen, kDone };
  struct Draft {
    std::vector<Member> members;  // codes and group names, in the order of the file
    State state = State::kWaiting;
  };

  absl::Status ReadGroup(const YAML::Node& id, const YAML::Node& body);
  absl::Status ReadText(const YAML::Node& value, std::string_view key, std::string* text) const;
  absl::Status ReadMembers(const YAML::Node& list, std::string_view key,
                           std::vector<Member>* members) const;
  absl::Status CheckTerritories(const std::vector<Member>& territories, const Draft& draft) const;
  absl::Status CheckKeys(const YAML::Node& map, absl::Span<const std::string_view> known) const;
  absl::Status Resolve(const std::string& id);
  absl::Status UnknownMember(const Member& member) const;
  absl::Status Error(const YAML::Mark& mark, std::string_view what) const {
    return absl::InvalidArgumentError(absl::StrCat(std::string(file_), ":", mark.line + 1, ":",
                                                   mark.column + 1, ": ", View(what)));
  }

  std::string_view file_;
  std::map<std::string, Group, std::less<>> groups_;
  std::map<std::string, Draft, std::less<>> drafts_;
  std::vector<std::string> open_;  // the path of the walk, for naming a cycle
};

// Every key is a known scalar and stands once.
absl::Status Parser::CheckKeys(const YAML::Node& map,
                               absl::Span<const std::string_view> known) const {
  std::set<std::string> seen;
  for (const auto& entry : map) {
    const YAML::Node& key = entry.first;
    if (!key.IsScalar()) return Error(key.Mark(), "a key must be a word");
    const std::string& name = key.Scalar();
    if (!seen.insert(name).second) {
      return Error(key.Mark(), absl::StrCat("duplicate key ", Quoted(name), ": keep one of them"));
    }
    if (!known.empty() && std::find(known.begin(), known.end(), name) == known.end()) {
      return Error(key.Mark(),
                   absl::StrCat("unknown key ", Quoted(name), ": expected ",
                                absl::StrJoin(known, ", ",
                                              [](std::string* out, std::string_view word) {
                                                absl::StrAppend(out, View(word));
                                              }),
                                DidYouMean(Nearest(name, known))));
    }
  }
  return absl::OkStatus();
}

absl::Status Parser::ReadDocument(const YAML::Node& document) {
  if (!document.IsMap()) return Error(document.Mark(), "expected a map with the key \"groups\"");
  if (absl::Status status = CheckKeys(document, kTopKeys); !status.ok()) return status;
  const YAML::Node groups = document["groups"];
  if (!groups || !groups.IsMap()) {
    return Error(groups ? groups.Mark() : document.Mark(),
                 "\"groups\" must be a map from a group's name to its members");
  }
  if (groups.size() > kMaxGroups) {
    return Error(groups.Mark(), absl::StrCat(groups.size(), " groups; at most ", kMaxGroups));
  }
  if (absl::Status status = CheckKeys(groups, {}); !status.ok()) return status;
  for (const auto& entry : groups) {
    if (absl::Status status = ReadGroup(entry.first, entry.second); !status.ok()) return status;
  }
  return absl::OkStatus();
}

absl::Status Parser::ReadGroup(const YAML::Node& id, const YAML::Node& body) {
  const std::string& name = id.Scalar();
  if (IsUnquotedBoolean(id) || name.empty()) {
    return Error(id.Mark(), absl::StrCat("a group cannot be named ", Quoted(name)));
  }
  if (FromCode(name)) {
    return Error(id.Mark(), absl::StrCat("a group cannot be named ", Quoted(name),
                                         ": that is the code of a jurisdiction"));
  }
  if (!body.IsMap()) {
    return Error(id.Mark(), absl::StrCat("group ", Quoted(name), " must be a map"));
  }
  if (absl::Status status = CheckKeys(body, kGroupKeys); !status.ok()) return status;
  for (const std::string_view required : {"title", "as_of", "source", "verified", "members"}) {
    if (!body[std::string(required)]) {
      return Error(id.Mark(), absl::StrCat("group ", Quoted(name), " has no ", Quoted(required)));
    }
  }

  Group group;
  Draft draft;
  std::vector<Member> territories;
  group.id = name;
  for (const auto& entry : body) {
    const std::string& key = entry.first.Scalar();
    const YAML::Node& value = entry.second;
    absl::Status status;
    if (key == "title") {
      status = ReadText(value, key, &group.title);
    } else if (key == "source") {
      status = ReadText(value, key, &group.source);
    } else if (key == "note") {
      status = ReadText(value, key, &group.note);
    } else if (key == "as_of") {
      status = ReadText(value, key, &group.as_of);
      absl::CivilDay day;
      if (status.ok() && (group.as_of.size() != 10 || !absl::ParseCivilTime(group.as_of, &day) ||
                          absl::FormatCivilTime(day) != group.as_of)) {
        status = Error(value.Mark(), absl::StrCat("\"as_of\" is ", Quoted(group.as_of),
                                                  ": expected a date such as \"2026-11-21\""));
      }
    } else if (key == "verified") {
      if (!value.IsScalar() || (value.Scalar() != "true" && value.Scalar() != "false")) {
        status = Error(value.Mark(), "\"verified\" must be true or false");
      } else {
        group.verified = value.Scalar() == "true";
      }
    } else if (key == "members") {
      status = ReadMembers(value, key, &draft.members);
    } else {
      status = ReadMembers(value, key, &territories);
    }
    if (!status.ok()) return status;
  }
  if (absl::Status status = CheckTerritories(territories, draft); !status.ok()) return status;
  std::move(territories.begin(), territories.end(), std::back_inserter(draft.members));
  groups_.emplace(name, std::move(group));
  drafts_.emplace(name, std::move(draft));
  return absl::OkStatus();
}

absl::Status Parser::ReadText(const YAML::Node& value, std::string_view key,
                              std::string* text) const {
  if (!value.IsScalar() || value.Scalar().empty()) {
    return Error(value.Mark(), absl::StrCat(Quoted(key), " must be a text that is not empty"));
  }
  *text = value.Scalar();
  return absl::OkStatus();
}

absl::Status Parser::ReadMembers(const YAML::Node& list, std::string_view key,
                                 std::vector<Member>* members) const {
  if (!list.IsSequence() || list.size() == 0) {
    return Error(list.Mark(), absl::StrCat(Quoted(key), " must be a list of quoted codes"));
  }
  std::set<std::string> seen;
  for (const YAML::Node& item : list) {
    if (!item.IsScalar())
      return Error(item.Mark(), "expected a quoted code or the name of a group");
    const std::string& name = item.Scalar();
    if (IsUnquotedBoolean(item)) {
      return Error(item.Mark(),
                   absl::StrCat("unquoted ", View(name), " is a boolean in YAML 1.1: write \"",
                                absl::AsciiStrToUpper(name), "\" in quotes"));
    }
    if (!seen.insert(name).second) {
      return Error(item.Mark(), absl::StrCat(Quoted(name), " stands twice in this list"));
    }
    members->push_back({name, item.Mark()});
  }
  return absl::OkStatus();
}

// A territory counts because its state is a member of this very list.
absl::Status Parser::CheckTerritories(const std::vector<Member>& territories,
                                      const Draft& draft) const {
  for (const Member& territory : territories) {
    const std::optional<Jurisdiction> code = FromCode(territory.name);
    if (!code) return UnknownMember(territory);
    const Jurisdiction state = StateOf(*code);
    if (state == *code) {
      return Error(territory.mark,
                   absl::StrCat(Quoted(territory.name),
                                " is not a territory of another state: list it in \"members\""));
    }
    const auto is_state = [state](const Member& member) { return member.name == Code(state); };
    if (std::none_of(draft.members.begin(), draft.members.end(), is_state)) {
      return Error(territory.mark,
                   absl::StrCat(Quoted(territory.name), " is a territory of ", Quoted(Code(state)),
                                ", which is not in \"members\""));
    }
  }
  return absl::OkStatus();
}

absl::Status Parser::ResolveAll() {
  for (const auto& [id, draft] : drafts_) {
    if (absl::Status status = Resolve(id); !status.ok()) return status;
  }
  return absl::OkStatus();
}

// Depth first; at most kMaxGroups deep.
absl::Status Parser::Resolve(const std::string& id) {
  Draft& draft = drafts_.find(id)->second;
  if (draft.state == State::kDone) return absl::OkStatus();
  draft.state = State::kOpen;
  open_.push_back(id);
  JurisdictionSet members;
  for (const Member& member : draft.members) {
    if (const std::optional<Jurisdiction> code = FromCode(member.name)) {
      if (IsSpecial(*code)) {
        return Error(member.mark, absl::StrCat(Quoted(member.name), " is not a country"));
      }
      members.set(static_cast<size_t>(*code));
      continue;
    }
    const auto other = drafts_.find(member.name);
    if (other == drafts_.end()) return UnknownMember(member);
    if (other->second.state == State::kOpen) {
      const auto first = std::find(open_.begin(), open_.end(), member.name);
      return Error(member.mark,
                   absl::StrCat("groups contain one another: ",
                                absl::StrJoin(first, open_.end(), " -> "), " -> ", member.name));
    }
    if (absl::Status status = Resolve(member.name); !status.ok()) return status;
    members |= groups_.find(member.name)->second.members;
  }
  groups_.find(id)->second.members = members;
  draft.state = State::kDone;
  open_.pop_back();
  return absl::OkStatus();
}

absl::Status Parser::UnknownMember(const Member& member) const {
  std::string why;
  switch (NormalizeCode(member.name).kind) {
    case CodeKind::kAlias:
      why =
          absl::StrCat(": ISO 3166-1 says ", Quoted(Code(NormalizeCode(member.name).jurisdiction)));
      break;
    case CodeKind::kWithdrawn:
      why = ": withdrawn by ISO 3166-3";
      break;
    case CodeKind::kPseudo:
      why = ": not a country in ISO 3166-1";
      break;
    case CodeKind::kExact:
    case CodeKind::kInvalid:
      break;
  }
  std::string_view suggestion = SuggestCode(member.name);
  if (suggestion.empty()) {
    std::vector<std::string_view> names;
    for (const auto& [id, draft] : drafts_) names.push_back(id);
    suggestion = Nearest(member.name, names);
  }
  return Error(member.mark, absl::StrCat("unknown jurisdiction or group ", Quoted(member.name), why,
                                         DidYouMean(suggestion)));
}

// Looks at the first two documents only: YAML::LoadAll never ends on a text such as ",".
bool HoldsOneDocument(std::string_view yaml) {
  class Ignore : public YAML::EventHandler {
   public:
    void OnDocumentStart(const YAML::Mark&) override {}
    void OnDocumentEnd() override {}
    void OnNull(const YAML::Mark&, YAML::anchor_t) override {}
    void OnAlias(const YAML::Mark&, YAML::anchor_t) override {}
    void OnScalar(const YAML::Mark&, const std::string&, YAML::anchor_t,
                  const std::string&) override {}
    void OnSequenceStart(const YAML::Mark&, const std::string&, YAML::anchor_t,
                         YAML::EmitterStyle::value) override {}
    void OnSequenceEnd() override {}
    void OnMapStart(const YAML::Mark&, const std::string&, YAML::anchor_t,
                    YAML::EmitterStyle::value) override {}
    void OnMapEnd() override {}
  };
  std::istringstream stream{std::string(yaml)};
  YAML::Parser parser(stream);
  Ignore ignore;
  return parser.HandleNextDocument(ignore) && !parser.HandleNextDocument(ignore);
}

}  // namespace

absl::StatusOr<Groups> Groups::Parse(std::string_view yaml, std::string_view file) {
  if (yaml.size() > kMaxGroupsBytes) {
    return absl::InvalidArgumentError(absl::StrCat(
        View(file), ": ", yaml.size(), " bytes; groups are read up to ", kMaxGroupsBytes));
  }
  Parser parser(file);
  // yaml-cpp reports errors by exception; none leaves this block.
  try {
    if (!HoldsOneDocument(yaml)) {
      return absl::InvalidArgumentError(
          absl::StrCat(View(file), ":1:1: expected exactly one YAML document"));
    }
    const YAML::Node document = YAML::Load(std::string(yaml));
    if (absl::Status status = parser.ReadDocument(document); !status.ok()) return status;
  } catch (const YAML::Exception& error) {
    return absl::InvalidArgumentError(absl::StrCat(View(file), ":", error.mark.line + 1, ":",
                                                   error.mark.column + 1, ": ", error.msg));
  }
  if (absl::Status status = parser.ResolveAll(); !status.ok()) return status;
  Groups groups;
  groups.groups_ = parser.TakeGroups();
  groups.digest_ = Sha256Hex(yaml);
  return groups;
}

const Groups& Groups::BuiltIn() {
  // Tests prove that the built-in text parses; value() ends the program if it ever does not.
  static const Groups* const groups = new Groups(Parse(kGroupsYaml, "groups.yaml").value());
  return *groups;
}

const Group* Groups::Find(std::string_view id) const {
  const auto found = groups_.find(id);
  return found == groups_.end() ? nullptr : &found->second;
}

}  // namespace borderflow
