// Packs from YAML: see ParsePack in pack.h. This header holds what its tests and messages share.
#ifndef BORDERFLOW_RULES_POLICY_PARSE_H_
#define BORDERFLOW_RULES_POLICY_PARSE_H_

namespace borderflow {

// A pack is read by people; one with more rules or tiers than this is a mistake or an attack.
inline constexpr int kMaxRules = 1000;
inline constexpr int kMaxTiers = 32;

}  // namespace borderflow

#endif  // BORDERFLOW_RULES_POLICY_PARSE_H_
