// Pack: a policy as data. Rules over cells, with citation, date, default and burden of proof.
//
// Every result of a pack is indicative, never a finding of law.
//
// Thread safety: immutable after Parse.
#ifndef BORDERFLOW_RULES_POLICY_PACK_H_
#define BORDERFLOW_RULES_POLICY_PACK_H_

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "rules/category/category.h"
#include "rules/jurisdiction/groups.h"

namespace borderflow {

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
std::string_view Name(Verdict verdict);  // "out_of_scope" ...
std::optional<Verdict> VerdictFromName(std::string_view name);

// A tier is computed from criteria, never typed in: the jurisdictions that meet `any` or `all` of
// the groups. A tier without criteria takes the rest.
struct Tier {
  std::string id;
  std::vector<std::string> criteria;  // group ids
  bool all = false;
  JurisdictionSet members;
};

// Every member that is set must hold.
struct Condition {
  std::optional<std::string> source_tier;
  std::optional<std::string> destination_tier;
  std::vector<Category> categories;  // empty: any
  std::optional<Protection> protection;
  int minimum_confidence = 0;  // percent
};

struct Rule {
  std::string id;
  std::string cite;
  std::string purpose;
  Condition when;
  Verdict verdict = Verdict::kUndetermined;
  std::vector<std::string> needs;  // facts that the network cannot supply
};

struct Pack {
  std::string id;
  std::string title;
  std::string authority;
  std::string version;
  std::string as_of;
  int stale_after_days = 0;
  Verdict default_verdict = Verdict::kPermitted;
  std::string burden;
  std::vector<std::string> sources;
  std::vector<Tier> tiers;
  std::vector<Rule> rules;
  std::string digest;  // SHA-256 of the YAML text, in hex

  // nullptr when there is no such tier.
  const Tier* FindTier(std::string_view tier_id) const;
};

// Reads a pack from YAML text; `file` is only for messages.
// Errors: InvalidArgument with file:line:column, what was found, what was expected, and the nearest
// valid word: unknown keys, groups, categories, verdicts and tiers, duplicate keys and ids, a
// missing citation, date or source.
absl::StatusOr<Pack> ParsePack(std::string_view yaml, std::string_view file, const Groups& groups);

// A shipped pack by id, or the pack in a file when `name` has a '/' or ends in ".yaml".
// Errors: NotFound naming the shipped packs; those of ParsePack.
absl::StatusOr<Pack> LoadPack(const std::string& name, const Groups& groups);

// The ids of the shipped packs.
std::vector<std::string> ShippedPacks();

}  // namespace borderflow

#endif  // BORDERFLOW_RULES_POLICY_PACK_H_
