#include <algorithm>
#include <array>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "rules/entity/entities.h"
#include "rules/jurisdiction/jurisdiction_set.h"
#include "rules/policy/parse.h"

namespace borderflow {
namespace {

constexpr std::array<std::string_view, kLenses> kLensNames = {"location", "registered", "operator"};
constexpr std::array<std::string_view, 2> kCrossings = {"crosses", "stays"};
constexpr std::array<std::string_view, 2> kRoles = {"initiator", "responder"};
constexpr std::array<std::string_view, 2> kProtections = {"encrypted", "cleartext"};
constexpr std::array<std::string_view, 3> kDirections = {"out", "in", "any"};
constexpr std::array<std::string_view, 5> kEvidenceNames = {"port", "operator", "name", "protocol",
                                                            "content"};

std::vector<std::string_view> CategoryCodes() {
  std::vector<std::string_view> codes;
  for (int i = 0; i < kCategories; ++i) {
    const auto category = static_cast<Category>(i);
    if (IsClassified(category)) codes.push_back(Code(category));
  }
  return codes;
}

void AddText(std::string_view part, std::string* text) {
  if (!text->empty()) text->append(", ");
  text->append(part);
}

}  // namespace

absl::Status PackReader::ReadCondition(const PackNode& at, Condition* condition) {
  static constexpr std::array<std::string_view, 9> kKeys = {
      "source",         "destination", "crossing", "categories", "min_evidence",
      "min_confidence", "protection",  "role",     "direction"};
  if (absl::Status s = at.yaml->CheckKeys(at.node, kKeys); !s.ok()) return s;
  if (absl::Status s = ReadEnd(at, "source", &condition->source); !s.ok()) return s;
  if (absl::Status s = ReadEnd(at, "destination", &condition->destination); !s.ok()) return s;
  size_t word = 0;
  if (at.node["crossing"]) {
    if (absl::Status s = ReadWord(at, "crossing", kCrossings, &word); !s.ok()) return s;
    condition->crosses = word == 0;
  }
  if (at.node["categories"]) {
    if (absl::Status s = ReadCategories(at, "categories", &condition->categories); !s.ok()) {
      return s;
    }
  }
  for (const char* key : {"min_evidence", "min_confidence"}) {
    if (at.node[key] && condition->categories == 0) {
      return at.yaml->Error(at.node[key], absl::StrCat("\"", key,
                                                       "\" is about the category: it "
                                                       "needs \"categories\""));
    }
  }
  if (at.node["min_evidence"]) {
    if (absl::Status s = ReadWord(at, "min_evidence", kEvidenceNames, &word); !s.ok()) return s;
    condition->minimum_evidence = static_cast<Evidence>(word + 1);
  }
  if (at.node["min_confidence"]) {
    if (absl::Status s =
            at.yaml->Number(at.node, "min_confidence", 1, 99, &condition->minimum_confidence);
        !s.ok()) {
      return s;
    }
  }
  if (at.node["protection"]) {
    if (absl::Status s = ReadWord(at, "protection", kProtections, &word); !s.ok()) return s;
    condition->protection = word == 0 ? Protection::kEncrypted : Protection::kCleartext;
  }
  if (at.node["role"]) {
    if (absl::Status s = ReadWord(at, "role", kRoles, &word); !s.ok()) return s;
    condition->from_initiator = word == 0;
  }
  if (at.node["direction"]) {
    if (absl::Status s = ReadWord(at, "direction", kDirections, &word); !s.ok()) return s;
    condition->direction = static_cast<Direction>(word);
  }
  if (!condition->source.asks_anything() && !condition->destination.asks_anything() &&
      !condition->crosses.has_value() && condition->categories == 0 &&
      !condition->protection.has_value() && !condition->from_initiator.has_value()) {
    return at.yaml->Error(at.node, "this asks for nothing: it would hit everything");
  }
  return absl::OkStatus();
}

absl::Status PackReader::ReadEnd(const PackNode& at, const char* key, EndCondition* end) {
  if (!at.node[key]) return absl::OkStatus();
  const PackNode node = {at.yaml, at.node[key]};
  static constexpr std::array<std::string_view, 7> kKeys = {
      "location", "registered", "operator", "tier", "entity", "not_entity", "either"};
  if (absl::Status s = at.yaml->CheckKeys(node.node, kKeys); !s.ok()) return s;
  if (node.node.size() == 0) {
    return at.yaml->Error(node.node, absl::StrCat("\"", key, "\" is empty: it would mean any"));
  }
  if (absl::Status s = ReadLenses(node, &end->all, &end->text); !s.ok()) return s;
  if (node.node["either"]) {
    const PackNode either = {at.yaml, node.node["either"]};
    if (absl::Status s = at.yaml->CheckKeys(either.node, kLensNames); !s.ok()) return s;
    if (either.node.size() < 2) {
      return at.yaml->Error(either.node, "\"either\" needs two or three lenses");
    }
    std::string text;
    if (absl::Status s = ReadLenses(either, &end->either, &text); !s.ok()) return s;
    AddText("either of (" + text + ")", &end->text);
  }
  if (node.node["tier"]) {
    std::vector<std::string_view> known;
    for (const Tier& tier : pack_.tiers) known.push_back(tier.id);
    size_t word = 0;
    if (absl::Status s = ReadWord(node, "tier", known, &word); !s.ok()) return s;
    end->tier = known[word];
    AddText("tier " + end->tier, &end->text);
  }
  if (absl::Status s = ReadEntities(node, "entity", &end->entity, &end->text); !s.ok()) return s;
  return ReadEntities(node, "not_entity", &end->not_entity, &end->text);
}

absl::Status PackReader::ReadLenses(const PackNode& at,
                                    std::array<std::optional<JurisdictionSet>, kLenses>* sets,
                                    std::string* text) {
  for (size_t lens = 0; lens < kLenses; ++lens) {
    const std::string key(kLensNames[lens]);
    if (!at.node[key]) continue;
    (*sets)[lens].emplace();
    std::string expression;
    if (absl::Status s = ReadSet(at, key.c_str(), &*(*sets)[lens], &expression); !s.ok()) return s;
    AddText(absl::StrCat(key, " ", expression), text);
  }
  return absl::OkStatus();
}

// An expression, with the parameters' values in place of their names.
absl::Status PackReader::ReadSet(const PackNode& at, const char* key, JurisdictionSet* set,
                                 std::string* expression) {
  std::string text;
  if (absl::Status s = at.yaml->Text(at.node, key, &text); !s.ok()) return s;
  *expression = text;
  bool missing = false;
  for (size_t dollar = text.find('$'); dollar != std::string::npos;
       dollar = text.find('$', dollar)) {
    size_t end = dollar + 1;
    while (end < text.size() && (text[end] == '_' || (text[end] >= 'a' && text[end] <= 'z') ||
                                 (text[end] >= '0' && text[end] <= '9'))) {
      ++end;
    }
    const std::string name = text.substr(dollar + 1, end - dollar - 1);
    std::vector<std::string_view> known;
    for (const PackParameter& p : pack_.parameters) {
      if (!p.is_entity) known.push_back(p.id);
    }
    if (std::find(known.begin(), known.end(), name) == known.end()) {
      return at.yaml->Error(at.node[key], absl::StrCat("no parameter ", Quoted(name),
                                                       " of kind set", DidYouMean(name, known)));
    }
    const auto value = pack_.bindings.find(name);
    missing = missing || value == pack_.bindings.end();
    const std::string bound =
        value == pack_.bindings.end() ? "ANY" : absl::StrCat("(", value->second, ")");
    text.replace(dollar, end - dollar, bound);
    dollar += bound.size();
  }
  const auto [line, column] = StrictYaml::TextPlace(at.node[key]);
  const std::string file(at.yaml == &yaml_ ? file_ : pack_.extends + ".yaml");
  // Without its parameters the pack is not evaluated; the sets may then be empty.
  if (missing) return absl::OkStatus();
  absl::StatusOr<JurisdictionSet> parsed = ParseSet(text, lists_.groups, {file, line, column});
  if (!parsed.ok()) return parsed.status();
  *set = *parsed;
  return absl::OkStatus();
}

absl::Status PackReader::ReadEntities(const PackNode& at, const char* key,
                                      EntityPredicate* predicate, std::string* text) {
  std::vector<YamlWord> words;
  if (absl::Status s = at.yaml->OptionalWords(at.node, key, &words); !s.ok()) return s;
  if (words.empty()) return absl::OkStatus();
  const Entities& entities = lists_.entities;
  for (const YamlWord& word : words) {
    std::string list = word.text;
    predicate->lists.push_back(list);
    if (list[0] == '$') {
      const auto parameter = std::find_if(
          pack_.parameters.begin(), pack_.parameters.end(),
          [&list](const PackParameter& p) { return p.is_entity && "$" + p.id == list; });
      if (parameter == pack_.parameters.end()) {
        return at.yaml->Error(
            word.mark, absl::StrCat("no parameter ", Quoted(list.substr(1)), " of kind entity"));
      }
      const auto value = pack_.bindings.find(parameter->id);
      if (value == pack_.bindings.end()) continue;
      list = value->second;
    }
    const EntityList* found = entities.FindList(list);
    const Organisation* organisation = entities.FindOrganisation(list);
    if (organisation != nullptr) predicate->ids.push_back(organisation->id);
    if (found == nullptr && organisation == nullptr) {
      std::vector<std::string_view> known;
      for (const auto& [name, unused] : entities.lists()) known.push_back(name);
      for (const Organisation& o : entities.organisations()) known.push_back(o.name);
      return at.yaml->Error(word.mark, absl::StrCat("unknown entity list or organisation ",
                                                    Quoted(list), DidYouMean(list, known)));
    }
    for (size_t id = 0; found != nullptr && id < found->contained.size(); ++id) {
      if (found->contained[id]) predicate->ids.push_back(static_cast<uint16_t>(id));
    }
  }
  std::sort(predicate->ids.begin(), predicate->ids.end());
  predicate->ids.erase(std::unique(predicate->ids.begin(), predicate->ids.end()),
                       predicate->ids.end());
  AddText(absl::StrCat(key, " ", absl::StrJoin(predicate->lists, " or ")), text);
  return absl::OkStatus();
}

absl::Status PackReader::ReadCategories(const PackNode& at, const char* key,
                                        CategorySet* categories) {
  std::vector<YamlWord> words;
  if (absl::Status s = at.yaml->OptionalWords(at.node, key, &words); !s.ok()) return s;
  for (const YamlWord& word : words) {
    const auto known_class = pack_.classes.find(word.text);
    if (known_class != pack_.classes.end()) {
      *categories |= known_class->second;
      continue;
    }
    const std::optional<Category> category = CategoryFromCode(word.text);
    if (category.has_value() && !IsClassified(*category)) {
      return at.yaml->Error(word.mark, absl::StrCat(word.text,
                                                    " says that the category is not "
                                                    "known: no rule can ask for it"));
    }
    if (!category.has_value()) {
      std::vector<std::string_view> known = CategoryCodes();
      for (const auto& [name, unused] : pack_.classes) known.push_back(name);
      return at.yaml->Error(word.mark, absl::StrCat("unknown category ", Quoted(word.text),
                                                    DidYouMean(word.text, known)));
    }
    *categories |= Bit(*category);
  }
  return absl::OkStatus();
}

}  // namespace borderflow
