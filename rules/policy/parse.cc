#include "rules/policy/parse.h"

#include <algorithm>
#include <array>
#include <set>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "rules/digest/sha256.h"
#include "rules/jurisdiction/jurisdiction_set.h"

namespace borderflow {
namespace {

constexpr std::array<std::string_view, 11> kSectionNames = {
    "pack",     "scope", "exempt",   "classes",    "facts", "parameters",
    "criteria", "tiers", "variants", "treatments", "rules"};

constexpr std::array<std::string_view, 15> kHeadKeys = {
    "id",      "title",  "authority", "version", "as_of",   "stale_after_days",
    "default", "burden", "purpose",   "vantage", "extends", "sources",
    "says",    "sees",   "cannot_see"};

constexpr std::array<std::string_view, 2> kBurdens = {"restrictor", "transferor"};

// A default is an answer for want of a rule: it cannot accuse.
constexpr std::array<std::string_view, 5> kDefaults = {"permitted", "out_of_scope", "conditional",
                                                       "review", "presumptively_prohibited"};

bool IsIdentifier(std::string_view id) {
  const auto is_word = [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'); };
  return !id.empty() && is_word(id[0]) && std::all_of(id.begin(), id.end(), [&](char c) {
    return is_word(c) || c == '_' || c == '-';
  });
}

// A value that was given for a parameter: the fault is the giver's and not the pack's.
absl::Status CheckEntity(const std::string& pack, const PackParameter& parameter,
                         const std::string& value, const Entities& entities) {
  if (entities.FindList(value) != nullptr || entities.FindOrganisation(value) != nullptr) {
    return absl::OkStatus();
  }
  std::vector<std::string_view> known;
  for (const auto& [name, unused] : entities.lists()) known.push_back(name);
  for (const Organisation& o : entities.organisations()) known.push_back(o.name);
  return absl::InvalidArgumentError(absl::StrCat(
      "pack ", pack, ": parameter ", parameter.id, ": ", Quoted(value),
      " is no entity list or organisation", DidYouMean(value, known), "; it is ", parameter.says));
}

}  // namespace

PackReader::PackReader(std::string_view file, const ListsView& lists,
                       const std::map<std::string, std::string>& bindings)
    : lists_(lists), bindings_(bindings), file_(file), yaml_(file), base_yaml_(file) {}

absl::StatusOr<Pack> PackReader::Read(std::string_view text) {
  if (absl::Status s = LoadDocuments(text); !s.ok()) return s;
  using Step = absl::Status (PackReader::*)();
  for (const Step step :
       {&PackReader::ReadHead, &PackReader::ReadSources, &PackReader::ReadClassesAndFacts,
        &PackReader::ReadParameters, &PackReader::ReadExempt, &PackReader::ReadCriteria,
        &PackReader::ReadTiers, &PackReader::ReadVariants, &PackReader::ReadTreatments,
        &PackReader::ReadScope, &PackReader::ReadRules}) {
    if (absl::Status s = (this->*step)(); !s.ok()) return s;
  }
  pack_.file = file_;
  return std::move(pack_);
}

absl::Status PackReader::LoadDocuments(std::string_view text) {
  if (text.size() > kMaxPackBytes) {
    return absl::InvalidArgumentError(absl::StrCat(file_, ":1:1: a pack has at most ",
                                                   kMaxPackBytes, " bytes, not ", text.size()));
  }
  absl::StatusOr<YAML::Node> document = yaml_.Load(text);
  if (!document.ok()) return document.status();
  document_.reset(*document);
  if (absl::Status s = yaml_.CheckKeys(document_, kSectionNames); !s.ok()) return s;
  const YAML::Node head = document_["pack"];
  if (!head) return yaml_.Error(document_, "no \"pack\" here: expected its id, title, sources ...");
  if (absl::Status s = yaml_.CheckKeys(head, kHeadKeys); !s.ok()) return s;
  if (!head["extends"]) return absl::OkStatus();

  if (absl::Status s = yaml_.Text(head, "extends", &pack_.extends); !s.ok()) return s;
  const std::string_view base = ShippedPackText(pack_.extends);
  if (base.empty()) {
    const std::vector<std::string> shipped = ShippedPacks();
    const std::vector<std::string_view> known(shipped.begin(), shipped.end());
    return yaml_.Error(head["extends"],
                       absl::StrCat("no shipped pack ", Quoted(pack_.extends), " to extend",
                                    DidYouMean(pack_.extends, known)));
  }
  base_yaml_ = StrictYaml(pack_.extends + ".yaml");
  absl::StatusOr<YAML::Node> base_document = base_yaml_.Load(base);
  if (!base_document.ok()) return base_document.status();
  base_.reset(*base_document);
  has_base_ = true;
  if (base_["pack"]["extends"]) {
    return yaml_.Error(head["extends"], absl::StrCat(Quoted(pack_.extends),
                                                     " itself extends another pack: only one "
                                                     "step is allowed, name that one"));
  }
  return absl::OkStatus();
}

absl::Status PackReader::ReadHead() {
  const YAML::Node head = document_["pack"];
  const PackNode at = {&yaml_, head};
  if (absl::Status s = ReadIdentifier(at, "id", &pack_.id); !s.ok()) return s;
  const std::pair<const char*, std::string*> texts[] = {
      {"title", &pack_.title}, {"authority", &pack_.authority}, {"version", &pack_.version}};
  for (const auto& [key, text] : texts) {
    if (absl::Status s = yaml_.Text(head, key, text); !s.ok()) return s;
  }
  if (absl::Status s = yaml_.Date(head, "as_of", &pack_.as_of); !s.ok()) return s;
  if (absl::Status s = yaml_.Number(head, "stale_after_days", 1, 3650, &pack_.stale_after_days);
      !s.ok()) {
    return s;
  }
  size_t word = 0;
  if (absl::Status s = ReadWord(at, "default", kDefaults, &word); !s.ok()) return s;
  pack_.default_verdict = *VerdictFromName(kDefaults[word]);
  if (absl::Status s = ReadWord(at, "burden", kBurdens, &word); !s.ok()) return s;
  pack_.burden = kBurdens[word];
  if (absl::Status s = ReadWord(at, "purpose", PurposeNames(), &word); !s.ok()) return s;
  pack_.purpose = PurposeNames()[word];
  std::vector<YamlWord> vantages;
  if (absl::Status s = yaml_.OptionalWords(head, "vantage", &vantages); !s.ok()) return s;
  for (const YamlWord& vantage : vantages) {
    const absl::Span<const std::string_view> known = VantageNames();
    if (std::find(known.begin(), known.end(), vantage.text) == known.end()) {
      return yaml_.Error(vantage.mark, absl::StrCat("unknown vantage ", Quoted(vantage.text),
                                                    DidYouMean(vantage.text, known)));
    }
    pack_.vantage.push_back(vantage.text);
  }
  const std::pair<const char*, std::vector<std::string>*> lists[] = {
      {"says", &pack_.says}, {"sees", &pack_.sees}, {"cannot_see", &pack_.cannot_see}};
  for (const auto& [key, list] : lists) {
    if (absl::Status s = yaml_.OptionalList(head, key, list); !s.ok()) return s;
    if (list->empty()) {
      return yaml_.Error(head, absl::StrCat("no \"", key,
                                            "\" here: expected sentences for a "
                                            "reader who is no lawyer"));
    }
  }
  return absl::OkStatus();
}

absl::Status PackReader::ReadSources() {
  absl::StatusOr<std::vector<PackNode>> items = Items("pack", "sources");
  if (!items.ok()) return items.status();
  if (items->empty()) {
    return yaml_.Error(document_["pack"], "no \"sources\" here: a pack says where it comes from");
  }
  static constexpr std::array<std::string_view, 5> kKeys = {"id", "title", "date", "unverified",
                                                            "note"};
  for (const PackNode& at : *items) {
    if (absl::Status s = at.yaml->CheckKeys(at.node, kKeys); !s.ok()) return s;
    PackSource source;
    if (absl::Status s = ReadIdentifier(at, "id", &source.id); !s.ok()) return s;
    if (absl::Status s = at.yaml->Text(at.node, "title", &source.title); !s.ok()) return s;
    if (!at.node["date"]) {
      return at.yaml->Error(at.node, absl::StrCat("source ", Quoted(source.id),
                                                  " has no \"date\": give that of the instrument, "
                                                  "or of the reading of a page"));
    }
    if (absl::Status s = at.yaml->Date(at.node, "date", &source.date); !s.ok()) return s;
    if (absl::Status s = ReadFlag(at, "unverified", &source.unverified); !s.ok()) return s;
    if (absl::Status s = at.yaml->OptionalText(at.node, "note", &source.note); !s.ok()) return s;
    pack_.sources.push_back(std::move(source));
  }
  return absl::OkStatus();
}

absl::Status PackReader::ReadClassesAndFacts() {
  absl::StatusOr<std::map<std::string, PackNode>> classes = Entries("classes");
  if (!classes.ok()) return classes.status();
  for (const auto& [name, at] : *classes) {
    if (!IsIdentifier(name)) {
      return at.yaml->Error(at.node,
                            absl::StrCat("a class is named in lower case, not ", Quoted(name)));
    }
    CategorySet categories = 0;
    if (absl::Status s = ReadCategories(at, name.c_str(), &categories); !s.ok()) return s;
    pack_.classes[name] = categories;
  }
  absl::StatusOr<std::map<std::string, PackNode>> facts = Entries("facts");
  if (!facts.ok()) return facts.status();
  for (const auto& [name, at] : *facts) {
    if (!IsIdentifier(name)) {
      return at.yaml->Error(at.node,
                            absl::StrCat("a fact is named in lower case, not ", Quoted(name)));
    }
    if (absl::Status s = at.yaml->Text(at.node, name.c_str(), &pack_.facts[name]); !s.ok()) {
      return s;
    }
  }
  return absl::OkStatus();
}

absl::Status PackReader::ReadParameters() {
  absl::StatusOr<std::vector<PackNode>> items = Items("parameters", nullptr);
  if (!items.ok()) return items.status();
  static constexpr std::array<std::string_view, 3> kKeys = {"id", "kind", "says"};
  static constexpr std::array<std::string_view, 2> kKinds = {"set", "entity"};
  for (const PackNode& at : *items) {
    if (absl::Status s = at.yaml->CheckKeys(at.node, kKeys); !s.ok()) return s;
    PackParameter parameter;
    if (absl::Status s = ReadIdentifier(at, "id", &parameter.id); !s.ok()) return s;
    if (parameter.id.find('-') != std::string::npos) {
      return at.yaml->Error(at.node["id"],
                            "a parameter's name has no '-', which in an expression "
                            "means except");
    }
    size_t kind = 0;
    if (absl::Status s = ReadWord(at, "kind", kKinds, &kind); !s.ok()) return s;
    parameter.is_entity = kind == 1;
    if (absl::Status s = at.yaml->Text(at.node, "says", &parameter.says); !s.ok()) return s;
    pack_.parameters.push_back(std::move(parameter));
  }
  for (const auto& [name, value] : bindings_) {
    const auto parameter =
        std::find_if(pack_.parameters.begin(), pack_.parameters.end(),
                     [&name = name](const PackParameter& p) { return p.id == name; });
    if (parameter == pack_.parameters.end()) {
      std::vector<std::string_view> known;
      for (const PackParameter& p : pack_.parameters) known.push_back(p.id);
      return absl::InvalidArgumentError(
          absl::StrCat("pack ", pack_.id, " has no parameter ", Quoted(name),
                       known.empty() ? ": it has none" : DidYouMean(name, known)));
    }
    if (parameter->is_entity) {
      if (absl::Status s = CheckEntity(pack_.id, *parameter, value, lists_.entities); !s.ok()) {
        return s;
      }
    } else {
      const std::string place = absl::StrCat(pack_.id, ":", name);
      const absl::StatusOr<JurisdictionSet> set = ParseSet(value, lists_.groups, {place, 1, 1});
      if (!set.ok()) return set.status();
    }
    pack_.bindings[name] = value;
  }
  return absl::OkStatus();
}

absl::Status PackReader::ReadExempt() {
  const std::optional<PackNode> at = Nearest("exempt");
  if (!at.has_value()) return absl::OkStatus();
  const YAML::Node exempt = at->node["exempt"];
  pack_.exempt = 0;
  if (exempt.IsSequence() && exempt.size() == 0) return absl::OkStatus();
  return ReadCategories(*at, "exempt", &pack_.exempt);
}

// A section's list of maps, each with an id: those of the extended pack, replaced where the file
// has one of the same id, then the file's others. `key` is the list within the section, or nullptr.
absl::StatusOr<std::vector<PackNode>> PackReader::Items(const char* section,
                                                        const char* key) const {
  // What a list holds, by id, in its order.
  using ById = std::vector<std::pair<std::string, PackNode>>;
  const auto read = [&](const StrictYaml& yaml, const YAML::Node& document,
                        ById* out) -> absl::Status {
    const YAML::Node whole = document[section];
    if (!whole) return absl::OkStatus();
    const YAML::Node list = key != nullptr ? whole[key] : whole;
    if (!list) return absl::OkStatus();
    const char* name = key != nullptr ? key : section;
    if (!list.IsSequence() || list.size() == 0 || list.size() > kMaxPackItems) {
      return yaml.Error(list,
                        absl::StrCat("\"", name, "\" must be a list of 1 to ", kMaxPackItems));
    }
    std::set<std::string> seen;
    for (const YAML::Node& item : list) {
      if (!item.IsMap()) return yaml.Error(item, absl::StrCat("expected a map in \"", name, "\""));
      std::string id;
      if (absl::Status s = yaml.Text(item, "id", &id); !s.ok()) return s;
      if (!seen.insert(id).second) {
        return yaml.Error(item["id"], absl::StrCat(Quoted(id), " stands twice in \"", name, "\""));
      }
      out->push_back({id, {&yaml, item}});
    }
    return absl::OkStatus();
  };
  ById own;
  ById base;
  if (absl::Status s = read(yaml_, document_, &own); !s.ok()) return s;
  if (has_base_) {
    if (absl::Status s = read(base_yaml_, base_, &base); !s.ok()) return s;
  }
  const auto find = [](const ById& list, const std::string& id) {
    return std::find_if(list.begin(), list.end(), [&id](const auto& e) { return e.first == id; });
  };
  std::vector<PackNode> merged;
  for (const auto& [id, at] : base) {
    const auto replaced = find(own, id);
    merged.push_back(replaced == own.end() ? at : replaced->second);
  }
  for (const auto& [id, at] : own) {
    if (find(base, id) == base.end()) merged.push_back(at);
  }
  return merged;
}

// A section that is a map from names: the map that holds each, the file's own before the base's.
absl::StatusOr<std::map<std::string, PackNode>> PackReader::Entries(const char* section) const {
  std::map<std::string, PackNode> entries;
  const auto add = [&](const StrictYaml& yaml, const YAML::Node& document) -> absl::Status {
    const YAML::Node map = document[section];
    if (!map) return absl::OkStatus();
    if (absl::Status s = yaml.CheckKeys(map, {}); !s.ok()) return s;
    for (const auto& entry : map) entries.insert({entry.first.Scalar(), {&yaml, map}});
    return absl::OkStatus();
  };
  if (absl::Status s = add(yaml_, document_); !s.ok()) return s;
  if (!has_base_) return entries;
  if (absl::Status s = add(base_yaml_, base_); !s.ok()) return s;
  return entries;
}

std::optional<PackNode> PackReader::Nearest(const char* section) const {
  if (document_[section]) return PackNode{&yaml_, document_};
  if (has_base_ && base_[section]) return PackNode{&base_yaml_, base_};
  return std::nullopt;
}

absl::Status PackReader::ReadWord(const PackNode& at, const char* key,
                                  absl::Span<const std::string_view> words, size_t* position) {
  std::string word;
  if (absl::Status s = at.yaml->Text(at.node, key, &word); !s.ok()) return s;
  const auto found = std::find(words.begin(), words.end(), word);
  if (found == words.end()) {
    const auto append = [](std::string* out, std::string_view w) { out->append(w); };
    const std::string near = DidYouMean(word, words);
    return at.yaml->Error(
        at.node[key], absl::StrCat("unknown ", key, " ", Quoted(word),
                                   near.empty() ? absl::StrCat(": expected one of ",
                                                               absl::StrJoin(words, ", ", append))
                                                : near));
  }
  *position = static_cast<size_t>(found - words.begin());
  return absl::OkStatus();
}

absl::Status PackReader::ReadFlag(const PackNode& at, const char* key, bool* flag) {
  return at.node[key] ? at.yaml->Flag(at.node, key, flag) : absl::OkStatus();
}

absl::Status PackReader::ReadIdentifier(const PackNode& at, const char* key, std::string* id) {
  if (absl::Status s = at.yaml->Text(at.node, key, id); !s.ok()) return s;
  if (IsIdentifier(*id)) return absl::OkStatus();
  return at.yaml->Error(at.node[key], absl::StrCat(Quoted(*id),
                                                   " is no identifier: lower-case "
                                                   "letters, digits, '-' and '_'"));
}

absl::StatusOr<Pack> ParsePack(std::string_view yaml, std::string_view file, const ListsView& lists,
                               const std::map<std::string, std::string>& bindings) {
  absl::StatusOr<Pack> pack;
  // Every node is asked for its kind first; should one be missed, its exception ends here.
  try {
    pack = PackReader(file, lists, bindings).Read(yaml);
  } catch (const YAML::Exception& error) {
    return absl::InvalidArgumentError(absl::StrCat(std::string(file), ":", error.mark.line + 1, ":",
                                                   error.mark.column + 1, ": ", error.msg));
  }
  if (!pack.ok()) return pack;
  // What a variant says is its own text and the one that it extends.
  pack->digest = Sha256Hex(std::string(yaml) + std::string(ShippedPackText(pack->extends)));
  return pack;
}

}  // namespace borderflow
