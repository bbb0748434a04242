// Packs from YAML: see ParsePack in pack.h. This header holds what its files and tests share.
#ifndef BORDERFLOW_RULES_POLICY_PARSE_H_
#define BORDERFLOW_RULES_POLICY_PARSE_H_

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "rules/policy/pack.h"
#include "rules/yaml/strict_yaml.h"

namespace borderflow {

// A pack is read by people; one with more rules, tiers or sources than this is a mistake or an
// attack.
inline constexpr size_t kMaxRules = 120;
inline constexpr size_t kMaxPackItems = 120;
inline constexpr int kMaxTiers = 32;
inline constexpr size_t kMaxPackBytes = size_t{1} << 20;

// The names that say why no rule decided; no rule may bear one.
absl::Span<const std::string_view> ReservedRuleIds();

// A node, and the file that its place refers to: a variant's own or that of the pack it extends.
struct PackNode {
  const StrictYaml* yaml;
  YAML::Node node;
};

// One file (and the one that it extends) on its way from text to a pack. Each step returns the
// first error that it meets.
class PackReader {
 public:
  PackReader(std::string_view file, const ListsView& lists,
             const std::map<std::string, std::string>& bindings);

  absl::StatusOr<Pack> Read(std::string_view text);

 private:
  // parse.cc: the document, its head and its vocabularies.
  absl::Status LoadDocuments(std::string_view text);
  absl::Status ReadHead();
  absl::Status ReadSources();
  absl::Status ReadClassesAndFacts();
  absl::Status ReadParameters();
  absl::Status ReadExempt();
  absl::StatusOr<std::vector<PackNode>> Items(const char* section, const char* key) const;
  absl::StatusOr<std::map<std::string, PackNode>> Entries(const char* section) const;
  // The section of the file itself, or else of the pack that it extends.
  std::optional<PackNode> Nearest(const char* section) const;

  // parse_tiers.cc
  absl::Status ReadCriteria();
  absl::Status ReadTiers();
  absl::Status ReadVariants();
  absl::Status ReadTreatments();
  absl::Status ReadMeet(const PackNode& at, std::vector<std::string>* criteria, int* meet);

  // parse_rules.cc
  absl::Status ReadScope();
  absl::Status ReadRules();
  absl::Status ReadRule(const PackNode& at);
  absl::Status ReadVerdicts(const PackNode& at, Rule* rule);
  absl::Status CheckRule(const PackNode& at, const Rule& rule);
  absl::Status CheckAbove(absl::Span<const PackNode> nodes);
  absl::Status ReadThreshold(const PackNode& at, Threshold* threshold);
  absl::Status ReadCitations(const PackNode& at, const char* key, std::vector<Citation>* cite);
  absl::Status ReadCitation(const PackNode& at, Citation* cite);

  // parse_condition.cc
  absl::Status ReadCondition(const PackNode& at, Condition* condition);
  absl::Status ReadEnd(const PackNode& at, const char* key, EndCondition* end);
  absl::Status ReadLenses(const PackNode& at,
                          std::array<std::optional<JurisdictionSet>, kLenses>* sets,
                          std::string* text);
  absl::Status ReadEntities(const PackNode& at, const char* key, EntityPredicate* predicate,
                            std::string* text);
  absl::Status ReadCategories(const PackNode& at, const char* key, CategorySet* categories);
  absl::Status ReadSet(const PackNode& at, const char* key, JurisdictionSet* set,
                       std::string* expression);

  // A word of a vocabulary, by its position.
  absl::Status ReadWord(const PackNode& at, const char* key,
                        absl::Span<const std::string_view> words, size_t* position);
  // A missing key leaves `flag` as it is.
  absl::Status ReadFlag(const PackNode& at, const char* key, bool* flag);
  absl::Status ReadIdentifier(const PackNode& at, const char* key, std::string* id);

  const ListsView lists_;
  const std::map<std::string, std::string>& bindings_;
  std::string file_;
  StrictYaml yaml_;
  StrictYaml base_yaml_;
  YAML::Node document_;
  YAML::Node base_;  // undefined unless the pack extends another
  bool has_base_ = false;
  Pack pack_;
};

}  // namespace borderflow

#endif  // BORDERFLOW_RULES_POLICY_PARSE_H_
