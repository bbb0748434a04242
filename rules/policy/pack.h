// Pack: a policy as data. Rules over cells, with citation, date, default and burden of proof.
//
// The format, and what every member means, is in SCHEMA.md. Every result of a pack is indicative,
// never a finding of law.
//
// Thread safety: immutable after ParsePack.
#ifndef BORDERFLOW_RULES_POLICY_PACK_H_
#define BORDERFLOW_RULES_POLICY_PACK_H_

#include <array>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "rules/category/category.h"
#include "rules/jurisdiction/groups.h"
#include "rules/policy/lists.h"

namespace borderflow {

// Loosest first, so that std::max picks the stricter; `undetermined` has no place in that order.
enum class Verdict : uint8_t {
  kOutOfScope,
  kPermitted,
  kConditional,
  kFileRequired,
  kReview,
  kPresumptivelyProhibited,
  kBreachIfConfirmed,
  kUndetermined,
};
inline constexpr int kVerdicts = 8;
std::string_view Name(Verdict verdict);   // "out_of_scope" ...
std::string_view Words(Verdict verdict);  // as a reader is told: "permitted under conditions" ...
std::optional<Verdict> VerdictFromName(std::string_view name);

// The two answers that ask for nothing: everything stricter is a finding.
constexpr bool IsFinding(Verdict verdict) {
  return verdict > Verdict::kPermitted && verdict != Verdict::kUndetermined;
}

// The words that a pack may use, in the order of SCHEMA.md.
absl::Span<const std::string_view> VantageNames();
absl::Span<const std::string_view> PurposeNames();
absl::Span<const std::string_view> ObservabilityNames();

struct PackSource {
  std::string id;
  std::string title;
  std::string date;
  bool unverified = false;
  std::string note;
};

struct Citation {
  std::string source;  // id
  std::string place;   // "Article 45(1)"
};

struct PackParameter {
  std::string id;
  bool is_entity = false;  // an entity list; otherwise a set of jurisdictions
  std::string says;
};

struct Criterion {
  std::string id;
  std::string title;
  std::string expression;
  JurisdictionSet members;
  bool unverified = false;
};

// A tier is computed from criteria, never typed in.
struct Tier {
  std::string id;
  std::vector<std::string> criteria;  // ids
  int meet = 1;                       // how many of them; all of them: criteria.size()
  bool rest = false;                  // takes what no earlier tier has
};

struct TierVariant {
  std::string id;
  std::string title;
  std::string tier;
  std::vector<std::string> criteria;
  int meet = 1;
};

enum class Treatment : uint8_t { kOpen, kByCategory, kReview, kClosed };
inline constexpr int kTreatments = 4;
std::string_view Name(Treatment treatment);  // "open", "by_category" ...
std::optional<Treatment> TreatmentFromName(std::string_view name);

struct Treatments {
  std::string tier;  // empty: the pack has none
  Treatment chosen = Treatment::kByCategory;
};

// The three questions that can be asked about where an end is.
enum class Lens : uint8_t { kLocation, kRegistered, kOperator };
inline constexpr int kLenses = 3;
std::string_view Name(Lens lens);  // "location" ...

// The lists that a predicate names, and the organisations on them.
struct EntityPredicate {
  std::vector<std::string> lists;  // empty: no predicate
  std::vector<uint16_t> ids;       // sorted
};

struct EndCondition {
  std::array<std::optional<JurisdictionSet>, kLenses> all;     // every one that is set must hold
  std::array<std::optional<JurisdictionSet>, kLenses> either;  // at least one of those set
  std::string tier;                                            // empty: none
  EntityPredicate entity;
  EntityPredicate not_entity;
  std::string text;  // as written: "location EEA, operator ANY - EEA"

  bool asks_place() const;  // a lens or a tier
  bool asks_anything() const { return asks_place() || asks_entity(); }
  bool asks_entity() const { return !entity.lists.empty() || !not_entity.lists.empty(); }
};

// Of the frames that a rule is about, seen from its source.
enum class Direction : uint8_t { kOut, kIn, kAny };

using CategorySet = uint32_t;  // bit i: Category i
static_assert(kCategories <= 32);
constexpr CategorySet Bit(Category category) { return 1u << static_cast<int>(category); }

// Every member that is set must hold.
struct Condition {
  EndCondition source;
  EndCondition destination;
  std::optional<bool> crosses;  // by location: true between jurisdictions, false within one
  CategorySet categories = 0;   // 0: any
  Evidence minimum_evidence = Evidence::kNone;
  int minimum_confidence = 0;  // percent
  std::optional<Protection> protection;
  std::optional<bool> from_initiator;
  Direction direction = Direction::kOut;
};

enum class Unit : uint8_t {
  kBytes,
  kUploadBytes,
  kFlows,
  kFrames,
  kClients,
  kPersons,
  kRecords,
};
inline constexpr int kUnits = 7;
std::string_view Name(Unit unit);  // "bytes" ...

enum class Proxy : uint8_t { kNone, kWeak, kFair };

// What one sum of a threshold is kept for. Bits of Threshold::aggregate_by.
enum class Aggregate : uint8_t {
  kSource,
  kDestination,
  kSourceOperator,
  kDestinationOperator,
  kCategory,
};
inline constexpr int kAggregates = 5;

struct Threshold {
  Unit unit = Unit::kBytes;
  uint64_t least = 1;          // met from here on: `at_least`, or `more_than` plus one
  uint64_t hours = 0;          // the period; 0: what the data cover
  std::string period;          // as written
  bool calendar_year = false;  // its periods begin on 1 January; else anywhere
  Proxy proxy = Proxy::kNone;
  uint32_t aggregate_by = 0;
  Citation provenance;
  bool unverified = false;
};

// Where something stands in its file, from 1.
struct FilePlace {
  int line = 0;
  int column = 0;
  bool extended = false;  // in the pack that this one extends
};

struct Rule {
  std::string id;
  std::string says;
  std::vector<Citation> cite;
  std::string purpose;
  bool obligation = false;  // a commitment to let data through
  Condition when;
  std::optional<Threshold> threshold;
  Verdict verdict = Verdict::kUndetermined;
  std::vector<std::string> needs;        // ids of facts
  Verdict met = Verdict::kUndetermined;  // once every need is confirmed
  std::string observability;
  bool country_only = false;       // no predicate but places
  std::vector<std::string> above;  // ids of rules
  bool unverified = false;
  std::string note;
  FilePlace place;
};

struct Pack {
  std::string id;
  std::string title;
  std::string authority;
  std::string version;
  std::string as_of;
  int stale_after_days = 0;
  Verdict default_verdict = Verdict::kPermitted;
  std::string burden;  // "restrictor" or "transferor"
  std::string purpose;
  std::vector<std::string> vantage;  // empty: anywhere
  std::string extends;               // id of a shipped pack; empty: none
  std::vector<PackSource> sources;
  std::vector<std::string> says;
  std::vector<std::string> sees;
  std::vector<std::string> cannot_see;
  Condition scope;
  CategorySet exempt = Bit(Category::kInf);
  std::map<std::string, CategorySet> classes;
  std::map<std::string, std::string> facts;
  std::vector<PackParameter> parameters;
  std::map<std::string, std::string> bindings;  // of parameters
  std::vector<Criterion> criteria;
  std::vector<Tier> tiers;
  std::vector<TierVariant> variants;
  Treatments treatments;
  std::vector<Rule> rules;
  std::string file;    // for messages
  std::string digest;  // SHA-256 of the YAML text, in hex

  // nullptr when there is none of that name.
  const Tier* FindTier(std::string_view tier_id) const;
  const Criterion* FindCriterion(std::string_view criterion_id) const;
  const PackSource* FindSource(std::string_view source_id) const;
  const Rule* FindRule(std::string_view rule_id) const;

  // The first parameter that was not given; nullptr when the pack can be evaluated.
  const PackParameter* Missing() const;
};

// "Article 45(1), Regulation (EU) 2016/679 (2016-04-27)"; several are joined by "; ".
std::string CitationText(const Pack& pack, absl::Span<const Citation> cite);

// The members of each tier, in the pack's order, under "" (as written), "any", "all" or a variant's
// id. A jurisdiction is in the first tier that fits; specials are in none.
std::vector<JurisdictionSet> TierMembers(const Pack& pack, std::string_view choice);

// Reads a pack from YAML text; `file` is only for messages. `bindings` are the values of its
// parameters.
// Errors: InvalidArgument with file:line:column, what was found, what was expected, and the nearest
// valid word, for everything that SCHEMA.md does not allow.
absl::StatusOr<Pack> ParsePack(std::string_view yaml, std::string_view file, const ListsView& lists,
                               const std::map<std::string, std::string>& bindings = {});

// A shipped pack by id, or the pack in a file when `name` has a '/' or ends in ".yaml"; behind it
// may stand its parameters: "entity-localisation:home=US,entity=LIST". A pack with a mistake that
// Lint calls an error is refused.
// Errors: NotFound naming the shipped packs; those of ParsePack and Lint.
absl::StatusOr<Pack> LoadPack(const std::string& name, const ListsView& lists);

// The ids of the shipped packs, and the text of one; empty when there is none of that id.
std::vector<std::string> ShippedPacks();
std::string_view ShippedPackText(std::string_view id);

}  // namespace borderflow

#endif  // BORDERFLOW_RULES_POLICY_PACK_H_
