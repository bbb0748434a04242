#include "rules/entity/entities_parser.h"

#include <algorithm>
#include <array>
#include <optional>
#include <set>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "rules/category/rule_line.h"
#include "rules/jurisdiction/jurisdiction_set.h"

namespace borderflow {
namespace {

constexpr std::string_view kTopKeys[] = {"lists", "organisations"};
constexpr std::string_view kOrganisationKeys[] = {
    "as", "as_of", "home", "note", "prefixes", "source", "suffixes", "title", "verified"};
constexpr std::string_view kListKeys[] = {"as_of",          "authority", "members",
                                          "not_recognised", "note",      "source",
                                          "status",         "title",     "verified"};
constexpr std::string_view kMemberKeys[] = {"note", "organisation", "since", "until", "verified"};
constexpr std::array<ListStatus, 4> kStatuses = {ListStatus::kInForce, ListStatus::kEnded,
                                                 ListStatus::kCurated, ListStatus::kTemplate};

bool IsName(std::string_view text, bool upper) {
  return !text.empty() && std::all_of(text.begin(), text.end(), [upper](char character) {
    const auto c = static_cast<unsigned char>(character);
    return absl::ascii_isdigit(c) ||
           (upper ? absl::ascii_isupper(c) || c == '_' : absl::ascii_islower(c) || c == '-');
  });
}

}  // namespace

absl::Status EntitiesParser::Read(const EntitiesFile& file) {
  if (file.yaml.size() > kMaxEntitiesBytes) {
    return absl::InvalidArgumentError(absl::StrCat(std::string(file.name), ": ", file.yaml.size(),
                                                   " bytes; entity lists are read up to ",
                                                   kMaxEntitiesBytes));
  }
  yaml_ = std::make_shared<const StrictYaml>(file.name);
  const absl::StatusOr<YAML::Node> document = yaml_->Load(file.yaml);
  if (!document.ok()) return document.status();
  if (absl::Status s = yaml_->CheckKeys(*document, kTopKeys); !s.ok()) return s;
  for (const char* section : {"organisations", "lists"}) {
    const YAML::Node entries = (*document)[section];
    if (!entries) continue;
    if (absl::Status s = yaml_->CheckKeys(entries, {}); !s.ok()) return s;
    const bool is_lists = section == std::string_view("lists");
    for (const auto& entry : entries) {
      absl::Status status = is_lists ? ReadList(entry.first, entry.second)
                                     : ReadOrganisation(entry.first, entry.second);
      if (!status.ok()) return status;
    }
  }
  return absl::OkStatus();
}

absl::Status EntitiesParser::ReadOrganisation(const YAML::Node& name, const YAML::Node& body) {
  Organisation organisation;
  organisation.name = name.Scalar();
  if (!IsName(organisation.name, false)) {
    return yaml_->Error(name,
                        absl::StrCat("an organisation cannot be named ", Quoted(organisation.name),
                                     ": expected lower-case letters, digits and -"));
  }
  if (entities_.by_name_.contains(organisation.name)) {
    return yaml_->Error(name, absl::StrCat("organisation ", Quoted(organisation.name),
                                           " stands already in an earlier file: choose another "
                                           "name"));
  }
  if (entities_.organisations_.size() == kMaxEntities) {
    return yaml_->Error(name, absl::StrCat("more than ", kMaxEntities, " organisations"));
  }
  if (absl::Status s = yaml_->CheckKeys(body, kOrganisationKeys); !s.ok()) return s;
  std::string home;
  for (const absl::Status& status :
       {yaml_->Text(body, "title", &organisation.title), yaml_->Text(body, "home", &home),
        yaml_->Date(body, "as_of", &organisation.as_of),
        yaml_->Text(body, "source", &organisation.source),
        yaml_->OptionalText(body, "note", &organisation.note),
        yaml_->Flag(body, "verified", &organisation.verified)}) {
    if (!status.ok()) return status;
  }
  const std::optional<Jurisdiction> code = FromCode(home);
  if (!code || (IsSpecial(*code) && *code != Jurisdiction::kUnknown)) {
    return yaml_->Error(body["home"], code ? absl::StrCat(Quoted(home), " is not a country")
                                           : UnknownJurisdiction(home, {}));
  }
  if (!body["as"] && !body["prefixes"] && !body["suffixes"]) {
    return yaml_->Error(name,
                        absl::StrCat("nothing tells ", Quoted(organisation.name),
                                     " in traffic: give \"as\", \"prefixes\" or \"suffixes\", "
                                     "or name it under \"not_recognised\" of its list"));
  }
  organisation.home = *code;
  organisation.id = static_cast<EntityId>(entities_.organisations_.size() + 1);
  const EntityId id = organisation.id;
  entities_.by_name_.emplace(organisation.name, id);
  entities_.organisations_.push_back(std::move(organisation));
  if (absl::Status s = ReadItems(body, "as", id, &EntitiesParser::AddAs); !s.ok()) return s;
  if (absl::Status s = ReadItems(body, "prefixes", id, &EntitiesParser::AddPrefix); !s.ok()) {
    return s;
  }
  return ReadItems(body, "suffixes", id, &EntitiesParser::AddSuffix);
}

absl::Status EntitiesParser::ReadItems(const YAML::Node& body, const char* key, EntityId id,
                                       AddItem add) {
  std::vector<YamlWord> words;
  if (absl::Status s = yaml_->OptionalWords(body, key, &words); !s.ok()) return s;
  for (const YamlWord& word : words) {
    if (absl::Status s = (this->*add)(word, id); !s.ok()) return s;
  }
  return absl::OkStatus();
}

absl::Status EntitiesParser::AddAs(const YamlWord& word, EntityId id) {
  uint32_t asn = 0;
  if (!IsName(word.text, true) || !absl::SimpleAtoi(word.text, &asn) || asn == 0) {
    return yaml_->Error(word.mark, absl::StrCat(Quoted(word.text),
                                                " is not an AS number: expected a number from 1 to "
                                                "4294967295, without \"AS\""));
  }
  return Claimed(word, entities_.index_.AddAs(asn, id));
}

absl::Status EntitiesParser::AddPrefix(const YamlWord& word, EntityId id) {
  const absl::StatusOr<AddressPrefix> prefix = ParseAddressPrefix(word.text);
  if (!prefix.ok()) return yaml_->Error(word.mark, std::string(prefix.status().message()));
  return Claimed(word, entities_.index_.AddPrefix(*prefix, id));
}

absl::Status EntitiesParser::AddSuffix(const YamlWord& word, EntityId id) {
  if (const std::optional<std::string> fault = SuffixFault(word.text)) {
    return yaml_->Error(word.mark, absl::StrCat("suffix ", Quoted(word.text), ": ", *fault));
  }
  return Claimed(word, entities_.index_.AddSuffix(word.text, id));
}

absl::Status EntitiesParser::Claimed(const YamlWord& word, EntityId owner) const {
  if (owner == kNoEntity) return absl::OkStatus();
  return yaml_->Error(
      word.mark,
      absl::StrCat(Quoted(word.text), " belongs to ", Quoted(entities_.Find(owner)->name),
                   " already: an organisation's traffic has one owner; put that "
                   "organisation on the list instead"));
}

absl::Status EntitiesParser::ReadList(const YAML::Node& id, const YAML::Node& body) {
  EntityList list;
  list.id = id.Scalar();
  if (!IsName(list.id, true)) {
    return yaml_->Error(id, absl::StrCat("a list cannot be named ", Quoted(list.id),
                                         ": expected upper-case letters, digits and _"));
  }
  if (entities_.lists_.contains(list.id)) {
    return yaml_->Error(id, absl::StrCat("list ", Quoted(list.id),
                                         " stands already in an earlier file: choose another "
                                         "name"));
  }
  if (entities_.lists_.size() == kMaxEntityLists) {
    return yaml_->Error(id, absl::StrCat("more than ", kMaxEntityLists, " lists"));
  }
  if (absl::Status s = yaml_->CheckKeys(body, kListKeys); !s.ok()) return s;
  std::string word;
  for (const absl::Status& status :
       {yaml_->Text(body, "title", &list.title), yaml_->Text(body, "authority", &list.authority),
        yaml_->Text(body, "status", &word), yaml_->Date(body, "as_of", &list.as_of),
        yaml_->Text(body, "source", &list.source), yaml_->OptionalText(body, "note", &list.note),
        yaml_->Flag(body, "verified", &list.verified),
        yaml_->OptionalList(body, "not_recognised", &list.not_recognised)}) {
    if (!status.ok()) return status;
  }
  const auto named = std::find_if(kStatuses.begin(), kStatuses.end(),
                                  [&](ListStatus status) { return Name(status) == word; });
  if (named == kStatuses.end()) {
    std::vector<std::string_view> names;
    for (const ListStatus status : kStatuses) names.push_back(Name(status));
    return yaml_->Error(body["status"], absl::StrCat("unknown status ", Quoted(word),
                                                     ": expected in_force, ended, curated or "
                                                     "template",
                                                     DidYouMean(word, names)));
  }
  list.status = *named;
  const YAML::Node members = body["members"];
  if (!members.IsDefined() && list.not_recognised.empty()) {
    return yaml_->Error(id, absl::StrCat("list ", Quoted(list.id), " has no \"members\""));
  }
  if (members && !members.IsSequence()) {
    return yaml_->Error(members, "\"members\" must be a list of organisations");
  }
  if (members) {
    for (const YAML::Node& member : members) {
      if (absl::Status s = ReadMember(member, list); !s.ok()) return s;
    }
  }
  entities_.lists_.emplace(list.id, std::move(list));
  return absl::OkStatus();
}

absl::Status EntitiesParser::ReadMember(const YAML::Node& node, const EntityList& list) {
  Draft draft;
  draft.list = list.id;
  draft.yaml = yaml_;
  draft.listed.verified = list.verified;
  draft.organisation.mark = node.Mark();
  if (!node.IsMap()) {
    if (absl::Status s = yaml_->Scalar(node, "members", &draft.organisation.text); !s.ok())
      return s;
    drafts_.push_back(std::move(draft));
    return absl::OkStatus();
  }
  if (absl::Status s = yaml_->CheckKeys(node, kMemberKeys); !s.ok()) return s;
  for (const absl::Status& status :
       {yaml_->Text(node, "organisation", &draft.organisation.text),
        yaml_->OptionalDate(node, "since", &draft.listed.since),
        yaml_->OptionalDate(node, "until", &draft.listed.until),
        yaml_->OptionalText(node, "note", &draft.listed.note),
        node["verified"] ? yaml_->Flag(node, "verified", &draft.listed.verified)
                         : absl::OkStatus()}) {
    if (!status.ok()) return status;
  }
  if (!draft.listed.until.empty() && draft.listed.until < draft.listed.since) {
    return yaml_->Error(node["until"], "\"until\" lies before \"since\"");
  }
  draft.organisation.mark = node["organisation"].Mark();
  drafts_.push_back(std::move(draft));
  return absl::OkStatus();
}

absl::Status EntitiesParser::Resolve() {
  std::set<std::pair<std::string, EntityId>> seen;
  for (Draft& draft : drafts_) {
    const Organisation* organisation = entities_.FindOrganisation(draft.organisation.text);
    if (organisation == nullptr) {
      std::vector<std::string_view> names;
      for (const auto& [name, id] : entities_.by_name_) names.push_back(name);
      return draft.yaml->Error(
          draft.organisation.mark,
          absl::StrCat("unknown organisation ", Quoted(draft.organisation.text),
                       DidYouMean(draft.organisation.text, names)));
    }
    EntityList& list = entities_.lists_.find(draft.list)->second;
    draft.listed.id = organisation->id;
    if (!seen.insert({draft.list, organisation->id}).second) {
      return draft.yaml->Error(draft.organisation.mark, absl::StrCat(Quoted(organisation->name),
                                                                     " stands twice in this list"));
    }
    list.verified = list.verified && draft.listed.verified;
    const bool delisted = !draft.listed.until.empty() && draft.listed.until <= list.as_of;
    if (list.status != ListStatus::kEnded && !delisted) {
      list.contained.resize(std::max(list.contained.size(), size_t{draft.listed.id} + 1));
      list.contained[draft.listed.id] = true;
    }
    list.members.push_back(std::move(draft.listed));
  }
  entities_.index_.Finish();
  return absl::OkStatus();
}

}  // namespace borderflow
