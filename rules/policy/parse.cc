#include "rules/policy/parse.h"

#include <array>
#include <set>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/time/civil_time.h"
#include "rules/digest/sha256.h"
#include "rules/policy/pack.h"
#include "rules/yaml/strict_yaml.h"

namespace borderflow {
namespace {

std::vector<std::string_view> VerdictNames() {
  std::vector<std::string_view> names;
  for (int i = 0; i < kVerdicts; ++i) names.push_back(Name(static_cast<Verdict>(i)));
  return names;
}

std::vector<std::string_view> CategoryCodes() {
  std::vector<std::string_view> codes;
  for (int i = 0; i < kCategories; ++i) codes.push_back(Code(static_cast<Category>(i)));
  return codes;
}

// One file on its way from text to a pack. Each step returns the first error that it meets.
class Parser {
 public:
  Parser(std::string_view file, const Groups& groups) : yaml_(file), groups_(groups) {}

  absl::StatusOr<Pack> Parse(std::string_view text) {
    absl::StatusOr<YAML::Node> document = yaml_.Load(text);
    if (!document.ok()) return document.status();
    static constexpr std::array<std::string_view, 3> kKeys = {"pack", "rules", "tiers"};
    if (absl::Status s = yaml_.CheckKeys(*document, kKeys); !s.ok()) return s;
    if (absl::Status s = ReadHead(*document); !s.ok()) return s;
    if (absl::Status s = ReadTiers(*document); !s.ok()) return s;
    if (absl::Status s = ReadRules(*document); !s.ok()) return s;
    return std::move(pack_);
  }

 private:
  absl::Status ReadHead(const YAML::Node& document);
  absl::Status ReadTiers(const YAML::Node& document);
  absl::Status ReadTier(const YAML::Node& node);
  absl::Status ReadRules(const YAML::Node& document);
  absl::Status ReadRule(const YAML::Node& node);
  absl::Status ReadCondition(const YAML::Node& node, Condition* condition);
  absl::Status ReadVerdict(const YAML::Node& map, const char* key, Verdict* verdict);
  absl::Status ReadTierName(const YAML::Node& map, const char* key,
                            std::optional<std::string>* tier);

  StrictYaml yaml_;
  const Groups& groups_;
  Pack pack_;
};

absl::Status Parser::ReadHead(const YAML::Node& document) {
  const YAML::Node head = document["pack"];
  if (!head) return yaml_.Error(document, "no \"pack\" here: expected its id, title, sources ...");
  static constexpr std::array<std::string_view, 9> kKeys = {
      "as_of",   "authority",        "burden", "default", "id",
      "sources", "stale_after_days", "title",  "version"};
  if (absl::Status s = yaml_.CheckKeys(head, kKeys); !s.ok()) return s;
  const std::pair<const char*, std::string*> texts[] = {
      {"id", &pack_.id},           {"title", &pack_.title}, {"authority", &pack_.authority},
      {"version", &pack_.version}, {"as_of", &pack_.as_of}, {"burden", &pack_.burden}};
  for (const auto& [key, text] : texts) {
    if (absl::Status s = yaml_.Text(head, key, text); !s.ok()) return s;
  }
  absl::CivilDay day;
  if (!absl::ParseCivilTime(pack_.as_of, &day)) {
    return yaml_.Error(head["as_of"], absl::StrCat("\"as_of\" must be a date such as 2026-11-21, "
                                                   "not ",
                                                   Quoted(pack_.as_of)));
  }
  if (pack_.burden != "restrictor" && pack_.burden != "transferor") {
    return yaml_.Error(head["burden"], "\"burden\" must be restrictor or transferor");
  }
  if (absl::Status s = yaml_.Number(head, "stale_after_days", 1, 3650, &pack_.stale_after_days);
      !s.ok()) {
    return s;
  }
  if (absl::Status s = ReadVerdict(head, "default", &pack_.default_verdict); !s.ok()) return s;
  if (absl::Status s = yaml_.OptionalList(head, "sources", &pack_.sources); !s.ok()) return s;
  if (pack_.sources.empty()) return yaml_.Error(head, "no \"sources\" here: a pack must cite");
  return absl::OkStatus();
}

absl::Status Parser::ReadTiers(const YAML::Node& document) {
  const YAML::Node tiers = document["tiers"];
  if (!tiers) return absl::OkStatus();
  if (!tiers.IsSequence() || tiers.size() > kMaxTiers) {
    return yaml_.Error(tiers, absl::StrCat("\"tiers\" must be a list of at most ", kMaxTiers));
  }
  for (const YAML::Node& node : tiers) {
    if (absl::Status s = ReadTier(node); !s.ok()) return s;
  }
  return absl::OkStatus();
}

absl::Status Parser::ReadTier(const YAML::Node& node) {
  static constexpr std::array<std::string_view, 4> kKeys = {"all", "any", "id", "rest"};
  if (absl::Status s = yaml_.CheckKeys(node, kKeys); !s.ok()) return s;
  Tier tier;
  if (absl::Status s = yaml_.Text(node, "id", &tier.id); !s.ok()) return s;
  if (pack_.FindTier(tier.id) != nullptr) {
    return yaml_.Error(node["id"], absl::StrCat("tier ", Quoted(tier.id), " stands twice"));
  }
  tier.all = static_cast<bool>(node["all"]);
  if (int{node["all"].IsDefined()} + int{node["any"].IsDefined()} + int{node["rest"].IsDefined()} !=
      1) {
    return yaml_.Error(node, "a tier has exactly one of any, all and rest");
  }
  if (absl::Status s = yaml_.OptionalList(node, tier.all ? "all" : "any", &tier.criteria);
      !s.ok()) {
    return s;
  }
  JurisdictionSet taken;
  for (const Tier& earlier : pack_.tiers) taken |= earlier.members;
  if (tier.criteria.empty() || tier.all) tier.members.set();
  for (const std::string& id : tier.criteria) {
    const Group* group = groups_.Find(id);
    if (group == nullptr) {
      std::vector<std::string_view> known;
      for (const auto& [name, unused] : groups_.all()) known.push_back(name);
      return yaml_.Error(node, absl::StrCat("unknown group ", Quoted(id), DidYouMean(id, known)));
    }
    if (tier.all) {
      tier.members &= group->members;
    } else {
      tier.members |= group->members;
    }
  }
  // The first tier that fits holds a jurisdiction; specials are in none.
  tier.members &= ~taken;
  for (int i = 0; i < kSpecialJurisdictions; ++i) tier.members.reset(static_cast<size_t>(i));
  pack_.tiers.push_back(std::move(tier));
  return absl::OkStatus();
}

absl::Status Parser::ReadRules(const YAML::Node& document) {
  const YAML::Node rules = document["rules"];
  if (!rules || !rules.IsSequence() || rules.size() == 0 || rules.size() > kMaxRules) {
    return yaml_.Error(rules ? rules : document,
                       absl::StrCat("\"rules\" must be a list of 1 to ", kMaxRules));
  }
  for (const YAML::Node& node : rules) {
    if (absl::Status s = ReadRule(node); !s.ok()) return s;
  }
  return absl::OkStatus();
}

absl::Status Parser::ReadRule(const YAML::Node& node) {
  static constexpr std::array<std::string_view, 6> kKeys = {"cite",    "id",      "needs",
                                                            "purpose", "verdict", "when"};
  if (absl::Status s = yaml_.CheckKeys(node, kKeys); !s.ok()) return s;
  Rule rule;
  const std::pair<const char*, std::string*> texts[] = {
      {"id", &rule.id}, {"cite", &rule.cite}, {"purpose", &rule.purpose}};
  for (const auto& [key, text] : texts) {
    if (absl::Status s = yaml_.Text(node, key, text); !s.ok()) return s;
  }
  for (const Rule& earlier : pack_.rules) {
    if (earlier.id == rule.id) {
      return yaml_.Error(node["id"], absl::StrCat("rule ", Quoted(rule.id), " stands twice"));
    }
  }
  if (absl::Status s = ReadVerdict(node, "verdict", &rule.verdict); !s.ok()) return s;
  if (absl::Status s = yaml_.OptionalList(node, "needs", &rule.needs); !s.ok()) return s;
  if (!node["when"])
    return yaml_.Error(node, "no \"when\" here: a rule without it hits everything");
  if (absl::Status s = ReadCondition(node["when"], &rule.when); !s.ok()) return s;
  pack_.rules.push_back(std::move(rule));
  return absl::OkStatus();
}

absl::Status Parser::ReadCondition(const YAML::Node& node, Condition* condition) {
  static constexpr std::array<std::string_view, 5> kKeys = {
      "categories", "destination_tier", "minimum_confidence", "protection", "source_tier"};
  if (absl::Status s = yaml_.CheckKeys(node, kKeys); !s.ok()) return s;
  if (node.size() == 0) return yaml_.Error(node, "\"when\" is empty: it would hit everything");
  if (absl::Status s = ReadTierName(node, "source_tier", &condition->source_tier); !s.ok()) {
    return s;
  }
  if (absl::Status s = ReadTierName(node, "destination_tier", &condition->destination_tier);
      !s.ok()) {
    return s;
  }
  std::vector<std::string> codes;
  if (absl::Status s = yaml_.OptionalList(node, "categories", &codes); !s.ok()) return s;
  for (const std::string& code : codes) {
    const std::optional<Category> category = CategoryFromCode(code);
    if (!category.has_value()) {
      return yaml_.Error(node["categories"], absl::StrCat("unknown category ", Quoted(code),
                                                          DidYouMean(code, CategoryCodes())));
    }
    condition->categories.push_back(*category);
  }
  if (node["protection"]) {
    std::string word;
    if (absl::Status s = yaml_.Text(node, "protection", &word); !s.ok()) return s;
    if (word != "encrypted" && word != "cleartext") {
      return yaml_.Error(node["protection"], absl::StrCat("\"protection\" must be encrypted or "
                                                          "cleartext, not ",
                                                          Quoted(word)));
    }
    condition->protection = word == "encrypted" ? Protection::kEncrypted : Protection::kCleartext;
  }
  if (!node["minimum_confidence"]) return absl::OkStatus();
  return yaml_.Number(node, "minimum_confidence", 1, 99, &condition->minimum_confidence);
}

absl::Status Parser::ReadVerdict(const YAML::Node& map, const char* key, Verdict* verdict) {
  std::string word;
  if (absl::Status s = yaml_.Text(map, key, &word); !s.ok()) return s;
  const std::optional<Verdict> found = VerdictFromName(word);
  if (!found.has_value()) {
    return yaml_.Error(
        map[key], absl::StrCat("unknown verdict ", Quoted(word), DidYouMean(word, VerdictNames())));
  }
  *verdict = *found;
  return absl::OkStatus();
}

absl::Status Parser::ReadTierName(const YAML::Node& map, const char* key,
                                  std::optional<std::string>* tier) {
  if (!map[key]) return absl::OkStatus();
  std::string word;
  if (absl::Status s = yaml_.Text(map, key, &word); !s.ok()) return s;
  if (pack_.FindTier(word) == nullptr) {
    std::vector<std::string_view> known;
    for (const Tier& t : pack_.tiers) known.push_back(t.id);
    return yaml_.Error(map[key],
                       absl::StrCat("unknown tier ", Quoted(word), DidYouMean(word, known)));
  }
  *tier = word;
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<Pack> ParsePack(std::string_view yaml, std::string_view file, const Groups& groups) {
  absl::StatusOr<Pack> pack = Parser(file, groups).Parse(yaml);
  if (pack.ok()) pack->digest = Sha256Hex(yaml);
  return pack;
}

}  // namespace borderflow
