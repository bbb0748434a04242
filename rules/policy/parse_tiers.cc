#include <algorithm>
#include <array>
#include <utility>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "rules/policy/parse.h"

namespace borderflow {

absl::Status PackReader::ReadCriteria() {
  absl::StatusOr<std::vector<PackNode>> items = Items("criteria", nullptr);
  if (!items.ok()) return items.status();
  static constexpr std::array<std::string_view, 4> kKeys = {"id", "title", "members", "unverified"};
  for (const PackNode& at : *items) {
    if (absl::Status s = at.yaml->CheckKeys(at.node, kKeys); !s.ok()) return s;
    Criterion criterion;
    if (absl::Status s = ReadIdentifier(at, "id", &criterion.id); !s.ok()) return s;
    if (absl::Status s = at.yaml->Text(at.node, "title", &criterion.title); !s.ok()) return s;
    if (absl::Status s = ReadSet(at, "members", &criterion.members, &criterion.expression);
        !s.ok()) {
      return s;
    }
    if (absl::Status s = ReadFlag(at, "unverified", &criterion.unverified); !s.ok()) return s;
    pack_.criteria.push_back(std::move(criterion));
  }
  return absl::OkStatus();
}

// `criteria` and `meet` of a tier or a variant.
absl::Status PackReader::ReadMeet(const PackNode& at, std::vector<std::string>* criteria,
                                  int* meet) {
  std::vector<YamlWord> words;
  if (absl::Status s = at.yaml->OptionalWords(at.node, "criteria", &words); !s.ok()) return s;
  for (const YamlWord& word : words) {
    if (pack_.FindCriterion(word.text) == nullptr) {
      std::vector<std::string_view> known;
      for (const Criterion& c : pack_.criteria) known.push_back(c.id);
      return at.yaml->Error(word.mark, absl::StrCat("unknown criterion ", Quoted(word.text),
                                                    DidYouMean(word.text, known)));
    }
    criteria->push_back(word.text);
  }
  if (criteria->empty()) return at.yaml->Error(at.node, "no \"criteria\" here");
  std::string text;
  if (absl::Status s = at.yaml->Text(at.node, "meet", &text); !s.ok()) return s;
  const int all = static_cast<int>(criteria->size());
  if (text == "any") {
    *meet = 1;
  } else if (text == "all") {
    *meet = all;
  } else if (!absl::SimpleAtoi(text, meet) || *meet < 1 || *meet > all) {
    return at.yaml->Error(at.node["meet"],
                          absl::StrCat("\"meet\" must be any, all or a number from 1 to ", all,
                                       ", not ", Quoted(text)));
  }
  return absl::OkStatus();
}

absl::Status PackReader::ReadTiers() {
  absl::StatusOr<std::vector<PackNode>> items = Items("tiers", nullptr);
  if (!items.ok()) return items.status();
  if (items->size() > kMaxTiers) {
    return items->front().yaml->Error(items->front().node,
                                      absl::StrCat("a pack has at most ", kMaxTiers, " tiers"));
  }
  static constexpr std::array<std::string_view, 4> kKeys = {"id", "criteria", "meet", "rest"};
  for (size_t i = 0; i < items->size(); ++i) {
    const PackNode& at = (*items)[i];
    if (absl::Status s = at.yaml->CheckKeys(at.node, kKeys); !s.ok()) return s;
    Tier tier;
    if (absl::Status s = ReadIdentifier(at, "id", &tier.id); !s.ok()) return s;
    if (absl::Status s = ReadFlag(at, "rest", &tier.rest); !s.ok()) return s;
    if (tier.rest && (at.node["criteria"] || at.node["meet"] || i + 1 != items->size())) {
      return at.yaml->Error(at.node,
                            "the tier that takes the rest has no criteria and stands last");
    }
    if (!tier.rest) {
      if (absl::Status s = ReadMeet(at, &tier.criteria, &tier.meet); !s.ok()) return s;
    }
    pack_.tiers.push_back(std::move(tier));
  }
  return absl::OkStatus();
}

absl::Status PackReader::ReadVariants() {
  absl::StatusOr<std::vector<PackNode>> items = Items("variants", nullptr);
  if (!items.ok()) return items.status();
  static constexpr std::array<std::string_view, 5> kKeys = {"id", "title", "tier", "criteria",
                                                            "meet"};
  for (const PackNode& at : *items) {
    if (absl::Status s = at.yaml->CheckKeys(at.node, kKeys); !s.ok()) return s;
    TierVariant variant;
    if (absl::Status s = ReadIdentifier(at, "id", &variant.id); !s.ok()) return s;
    if (variant.id == "any" || variant.id == "all") {
      return at.yaml->Error(at.node["id"], "any and all are always there: use another name");
    }
    if (absl::Status s = at.yaml->Text(at.node, "title", &variant.title); !s.ok()) return s;
    std::vector<std::string_view> known;
    for (const Tier& tier : pack_.tiers) {
      if (!tier.rest) known.push_back(tier.id);
    }
    size_t tier = 0;
    if (absl::Status s = ReadWord(at, "tier", known, &tier); !s.ok()) return s;
    variant.tier = known[tier];
    if (absl::Status s = ReadMeet(at, &variant.criteria, &variant.meet); !s.ok()) return s;
    pack_.variants.push_back(std::move(variant));
  }
  return absl::OkStatus();
}

absl::Status PackReader::ReadTreatments() {
  const std::optional<PackNode> section = Nearest("treatments");
  if (!section.has_value()) return absl::OkStatus();
  const PackNode at = {section->yaml, section->node["treatments"]};
  static constexpr std::array<std::string_view, 2> kKeys = {"tier", "chosen"};
  if (absl::Status s = at.yaml->CheckKeys(at.node, kKeys); !s.ok()) return s;
  std::vector<std::string_view> tiers;
  for (const Tier& tier : pack_.tiers) tiers.push_back(tier.id);
  size_t word = 0;
  if (absl::Status s = ReadWord(at, "tier", tiers, &word); !s.ok()) return s;
  pack_.treatments.tier = tiers[word];
  std::array<std::string_view, kTreatments> names;
  for (size_t i = 0; i < names.size(); ++i) names[i] = Name(static_cast<Treatment>(i));
  if (absl::Status s = ReadWord(at, "chosen", names, &word); !s.ok()) return s;
  pack_.treatments.chosen = static_cast<Treatment>(word);
  return absl::OkStatus();
}

}  // namespace borderflow
