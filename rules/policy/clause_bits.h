// Which bit of a row stands for what, and how rows are read: what the two halves of CompiledPack
// (compile.cc, which makes the tables, and decide.cc, which asks them) share.
#ifndef BORDERFLOW_RULES_POLICY_CLAUSE_BITS_H_
#define BORDERFLOW_RULES_POLICY_CLAUSE_BITS_H_

#include <cstddef>
#include <cstdint>

#include "rules/policy/outcome.h"

namespace borderflow {

inline constexpr size_t kMostScopes = 2;  // bits 0 and 1
inline constexpr size_t kExemptBit = 2;
inline constexpr size_t kTierBit = 3;
inline constexpr size_t kFirstClause = 4;
inline constexpr size_t kConfidences = 101;  // 0 to 100 percent

// `yes`: the clauses that hold; `can`: those that hold or cannot be told.
inline Told ToldOf(const uint64_t* yes, const uint64_t* can, size_t bit) {
  const auto has = [bit](const uint64_t* words) {
    return (words[bit / 64] >> (bit % 64) & 1u) != 0;
  };
  if (has(yes)) return Told::kYes;
  return has(can) ? Told::kCannotTell : Told::kNo;
}

}  // namespace borderflow

#endif  // BORDERFLOW_RULES_POLICY_CLAUSE_BITS_H_
