// CompiledPack::Decide: the tables of a pack asked for every cell.
#include <algorithm>
#include <array>
#include <optional>
#include <utility>

#include "absl/container/flat_hash_map.h"
#include "rules/policy/clause_bits.h"
#include "rules/policy/compile.h"
#include "rules/policy/threshold.h"

namespace borderflow {
namespace {

// The answers of one cell: `kWords` words of clauses that hold, then those that hold or cannot be
// told.
template <size_t kWords>
struct CellBits {
  std::array<uint64_t, 2 * kWords> words;

  void And(const uint64_t* row) {
    for (size_t w = 0; w < 2 * kWords; ++w) words[w] &= row[w];
  }
  // At least one of three lenses; a clause that asks none of them holds in every row.
  void AndEither(const uint64_t* a, const uint64_t* b, const uint64_t* c) {
    for (size_t w = 0; w < 2 * kWords; ++w) words[w] &= a[w] | b[w] | c[w];
  }
  // The category's answer counts only where both floors are met; below, it cannot be told.
  void AndCategory(const uint64_t* category, const uint64_t* evidence, const uint64_t* confidence) {
    for (size_t w = 0; w < kWords; ++w) {
      const uint64_t floors = evidence[w] & confidence[w];
      words[w] &= category[w] & floors;
      words[kWords + w] &= category[kWords + w] | ~floors;
    }
  }
  void Clear(size_t bit, Told told) {
    const uint64_t mask = ~(uint64_t{1} << (bit % 64));
    if (told != Told::kYes) words[bit / 64] &= mask;
    if (told == Told::kNo) words[kWords + bit / 64] &= mask;
  }
  const uint64_t* yes() const { return words.data(); }
  const uint64_t* can() const { return words.data() + kWords; }
};

// From answers to small numbers, in the order of their first appearance.
template <size_t kWords>
class Numbering {
 public:
  // `made` is called with the answers of a new number.
  template <typename Made>
  uint32_t Of(const CellBits<kWords>& bits, const Made& made) {
    // Neighbouring cells are often alike: most are found here.
    Recent& recent =
        recent_[(bits.words[0] * 0x9E3779B97F4A7C15u ^ bits.words[kWords] * 0xC2B2AE3D27D4EB4Fu) >>
                56];
    if (recent.used && recent.words == bits.words) return recent.number;
    const auto [at, is_new] = numbers_.try_emplace(bits.words, numbers_.size());
    if (is_new) made(bits);
    recent = {bits.words, at->second, true};
    return at->second;
  }

 private:
  struct Recent {
    std::array<uint64_t, 2 * kWords> words;
    uint32_t number = 0;
    bool used = false;
  };
  std::array<Recent, 256> recent_{};
  absl::flat_hash_map<std::array<uint64_t, 2 * kWords>, uint32_t> numbers_;
};

size_t EntityRow(const EndTables& tables, uint16_t entity) {
  if (entity == kUnknownEntity) return tables.most_entity + size_t{2};
  return std::min<size_t>(entity, tables.most_entity + size_t{1});
}

template <size_t kWords>
void AndEnd(const EndTables& tables, const PolicyEnd& end, CellBits<kWords>* bits) {
  const std::array<size_t, kLenses> places = {static_cast<size_t>(end.location),
                                              static_cast<size_t>(end.registered),
                                              static_cast<size_t>(end.operator_home)};
  for (size_t l = 0; l < kLenses; ++l) bits->And(tables.lenses[l].Row(places[l]));
  if (!tables.either.empty()) {
    bits->AndEither(tables.either[0].Row(places[0]), tables.either[1].Row(places[1]),
                    tables.either[2].Row(places[2]));
  }
  if (!tables.entity.empty()) bits->And(tables.entity[0].Row(EntityRow(tables, end.entity)));
}

size_t CrossingRow(const PolicyCell& cell) {
  const Jurisdiction a = cell.source.location;
  const Jurisdiction b = cell.destination.location;
  if (IsSpecial(a) || IsSpecial(b)) return 0;
  return a != b ? 1 : 2;
}

PolicyCell Mirrored(PolicyCell cell) {
  std::swap(cell.source, cell.destination);
  return cell;
}

// A rule's threshold that cells of some answers belong to, by its first clause that may hold.
struct Belongs {
  size_t threshold;
  bool swapped;
  bool sure;
};

// Thresholds ask for one period; where the data cover more, for the fullest.
void DivideByPeriods(const EvaluateOptions& options,
                     std::vector<std::vector<CellsByTime::Part>> parts,
                     std::vector<ThresholdSums>* sums) {
  std::vector<CellsByTime::Asked> asked;
  std::vector<ThresholdSums*> asking;
  for (size_t t = 0; t < sums->size(); ++t) {
    ThresholdSums& of = (*sums)[t];
    if (!of.LongerThanAPeriod()) continue;
    if (options.by_time == nullptr) {
      of.Spread();
    } else if (of.size() > 0) {
      asked.push_back({&of.threshold(), of.size(), std::move(parts[t])});
      asking.push_back(&of);
    }
  }
  if (asked.empty()) return;
  std::vector<CellsByTime::Most> most = options.by_time->MostInAPeriod(asked);
  for (size_t i = 0; i < asking.size(); ++i) asking[i]->Slide(std::move(most[i]));
}

}  // namespace

std::vector<uint32_t> CompiledPack::Decide(absl::Span<const PolicyCell> cells) {
  if (pack_.Missing() != nullptr) {
    // A template that was not told what it needs speaks about nothing.
    PolicyOutcome outcome;
    outcome.possible = 1;
    outcome.verdict = Verdict::kOutOfScope;
    outcome.reason = Reason::kParameters;
    outcome.treated.fill(Verdict::kOutOfScope);
    outcomes_ = {outcome};
    return std::vector<uint32_t>(cells.size(), 0);
  }
  if (words_ == 1) return DecideWith<1>(cells);
  return words_ == 2 ? DecideWith<2>(cells) : DecideWith<4>(cells);
}

template <size_t kWords>
std::vector<uint32_t> CompiledPack::DecideWith(absl::Span<const PolicyCell> cells) {
  CellBits<kWords> all;
  all.words.fill(0);
  for (size_t bit = 0; bit < kFirstClause + clauses_.size() - scopes_; ++bit) {
    if (bit >= scopes_ && bit < kMostScopes) continue;
    all.words[bit / 64] |= uint64_t{1} << (bit % 64);
    all.words[kWords + bit / 64] |= uint64_t{1} << (bit % 64);
  }
  const auto answers_of = [&](const PolicyCell& cell) {
    const PolicyEnd& sender = options_.mirror ? cell.destination : cell.source;
    const PolicyEnd& receiver = options_.mirror ? cell.source : cell.destination;
    CellBits<kWords> bits = all;
    AndEnd(sender_, sender, &bits);
    AndEnd(receiver_, receiver, &bits);
    bits.And(crossing_.Row(CrossingRow(cell)));
    bits.AndCategory(category_.Row(static_cast<size_t>(cell.category)),
                     evidence_.Row(static_cast<size_t>(cell.evidence)),
                     confidence_.Row(std::min<size_t>(cell.confidence, kConfidences - 1)));
    bits.And(protection_.Row(static_cast<size_t>(cell.protection)));
    bits.And(role_.Row(cell.from_initiator ? 1 : 0));
    return bits;
  };
  Numbering<kWords> outcome_numbers;
  outcomes_.clear();
  const auto make_outcome = [this](const CellBits<kWords>& bits) {
    outcomes_.push_back(maker_.Make(AnswersOf(bits.yes(), bits.can())));
  };

  // Rules with thresholds, and which answers concern them.
  std::vector<ThresholdSums> sums;
  std::vector<std::optional<size_t>> of_rule(pack_.rules.size());
  for (size_t i = scopes_; i < clauses_.size(); ++i) {
    const auto rule = static_cast<size_t>(clauses_[i].rule);
    if (clauses_[i].threshold == nullptr || of_rule[rule].has_value()) continue;
    of_rule[rule] = sums.size();
    sums.emplace_back(*clauses_[i].threshold, options_);
  }
  std::vector<uint32_t> numbers(cells.size());
  if (sums.empty()) {
    for (size_t i = 0; i < cells.size(); ++i) {
      numbers[i] = outcome_numbers.Of(answers_of(cells[i]), make_outcome);
    }
    return numbers;
  }

  Numbering<kWords> base_numbers;
  std::vector<CellBits<kWords>> bases;
  std::vector<std::vector<Belongs>> belongs;
  const auto make_base = [&](const CellBits<kWords>& bits) {
    bases.push_back(bits);
    std::vector<Belongs>& of_base = belongs.emplace_back();
    const Told scope = ScopeOf(bits.yes(), bits.can());
    if (scope == Told::kNo) return;
    for (size_t r = 0; r < of_rule.size(); ++r) {
      if (!of_rule[r].has_value()) continue;
      // The first clause that holds, or else the first that cannot be told.
      std::optional<Belongs> found;
      Told best = Told::kNo;
      for (size_t i = scopes_; i < clauses_.size(); ++i) {
        if (clauses_[i].rule != static_cast<int>(r)) continue;
        const Told told = ToldOf(bits.yes(), bits.can(), BitOf(i));
        if (told <= best) continue;
        best = told;
        found =
            Belongs{*of_rule[r], clauses_[i].swapped, told == Told::kYes && scope == Told::kYes};
      }
      if (found.has_value()) of_base.push_back(*found);
    }
  };
  std::vector<std::vector<CellsByTime::Part>> parts(sums.size());
  for (size_t i = 0; i < cells.size(); ++i) {
    numbers[i] = base_numbers.Of(answers_of(cells[i]), make_base);
    for (const Belongs& b : belongs[numbers[i]]) {
      const uint32_t sum =
          sums[b.threshold].Add(options_.mirror ? Mirrored(cells[i]) : cells[i], b.swapped, b.sure);
      if (options_.by_time != nullptr && sums[b.threshold].LongerThanAPeriod()) {
        parts[b.threshold].push_back({static_cast<uint32_t>(i), sum, b.sure});
      }
    }
  }
  DivideByPeriods(options_, std::move(parts), &sums);
  for (size_t i = 0; i < cells.size(); ++i) {
    CellBits<kWords> bits = bases[numbers[i]];
    const PolicyCell* cell = &cells[i];
    std::optional<PolicyCell> mirrored;
    if (options_.mirror) cell = &mirrored.emplace(Mirrored(*cell));
    for (const Belongs& b : belongs[numbers[i]]) {
      const Told told = sums[b.threshold].Answer(*cell, b.swapped);
      for (size_t c = scopes_; c < clauses_.size(); ++c) {
        if (of_rule[static_cast<size_t>(clauses_[c].rule)] == b.threshold) {
          bits.Clear(BitOf(c), told);
        }
      }
    }
    numbers[i] = outcome_numbers.Of(bits, make_outcome);
  }
  thresholds_.clear();
  for (size_t r = 0; r < of_rule.size(); ++r) {
    if (of_rule[r].has_value()) {
      thresholds_.push_back(sums[*of_rule[r]].Result(pack_.rules[r].id));
    }
  }
  return numbers;
}

}  // namespace borderflow
