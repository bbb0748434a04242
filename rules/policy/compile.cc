#include "rules/policy/compile.h"

#include <algorithm>
#include <utility>

#include "rules/policy/clause_bits.h"

namespace borderflow {
namespace {

Told FromBool(bool value) { return value ? Told::kYes : Told::kNo; }

// What a place answers to a set: a special answers nothing.
Told In(const JurisdictionSet& set, size_t place) {
  if (place < kSpecialJurisdictions) return Told::kCannotTell;
  return FromBool(set[place]);
}

// The scope, then every rule's clauses. A rule that asked for places only has nothing left without
// them, and none of its clauses is here.
std::vector<Clause> Clauses(const Pack& pack, absl::Span<const JurisdictionSet> tiers,
                            bool ablate_origin) {
  std::vector<Clause> clauses = ClausesOf(pack, pack.scope, tiers);
  for (size_t r = 0; r < pack.rules.size(); ++r) {
    const Rule& rule = pack.rules[r];
    if (ablate_origin && Specificity(rule, false) == 0) continue;
    for (Clause& clause : ClausesOf(pack, rule.when, tiers, !ablate_origin)) {
      clause.rule = static_cast<int>(r);
      clause.threshold = rule.threshold.has_value() ? &*rule.threshold : nullptr;
      clauses.push_back(std::move(clause));
    }
  }
  return clauses;
}

size_t WordsFor(size_t clauses) {
  const size_t bits = kFirstClause + clauses;
  return bits <= 64 ? 1 : bits <= 128 ? 2 : 4;
}

}  // namespace

void PredicateTable::Set(size_t entry, size_t bit, Told told) {
  uint64_t* row = rows_.data() + entry * words_ * 2;
  const uint64_t mask = uint64_t{1} << (bit % 64);
  uint64_t& yes = row[bit / 64];
  uint64_t& can = row[words_ + bit / 64];
  yes = told == Told::kYes ? yes | mask : yes & ~mask;
  can = told == Told::kNo ? can & ~mask : can | mask;
}

CompiledPack::CompiledPack(const Pack& pack, const EvaluateOptions& options)
    : pack_(pack),
      options_(options),
      tiers_(TierMembers(pack, options.tiers)),
      scopes_(ClausesOf(pack, pack.scope, tiers_).size()),
      clauses_(Clauses(pack, tiers_, options.ablate_origin)),
      order_(pack, absl::MakeConstSpan(clauses_).subspan(scopes_), !options.ablate_origin),
      maker_(pack, options, order_),
      words_(WordsFor(clauses_.size())),
      crossing_(3, words_),
      category_(kCategories, words_),
      evidence_(kEvidences, words_),
      confidence_(kConfidences, words_),
      protection_(3, words_),
      role_(2, words_) {
  BuildEnd(true);
  BuildEnd(false);
  BuildRest();
}

void CompiledPack::BuildEnd(bool sender) {
  EndTables& tables = sender ? sender_ : receiver_;
  tables.lenses.assign(kLenses, PredicateTable(kJurisdictions, words_));
  const auto end_of = [sender](const Clause& c) -> const ClauseEnd& {
    return sender ? c.sender : c.receiver;
  };
  bool asks_either = false;
  bool asks_entity = false;
  for (const Clause& clause : clauses_) {
    const ClauseEnd& end = end_of(clause);
    asks_either = asks_either || end.asks_either();
    asks_entity = asks_entity || end.asks_entity || end.asks_not_entity;
    for (const auto& ids : {end.entities, end.not_entities}) {
      if (!ids.empty()) tables.most_entity = std::max(tables.most_entity, ids.back());
    }
  }
  const size_t others = tables.most_entity + size_t{1};
  if (asks_either) tables.either.assign(kLenses, PredicateTable(kJurisdictions, words_));
  if (asks_entity) tables.entity.assign(1, PredicateTable(others + 2, words_));

  for (size_t i = 0; i < clauses_.size(); ++i) {
    const ClauseEnd& end = end_of(clauses_[i]);
    const size_t bit = BitOf(i);
    for (size_t place = 0; place < kJurisdictions; ++place) {
      for (size_t l = 0; l < kLenses; ++l) {
        if (end.all[l].has_value()) tables.lenses[l].Set(place, bit, In(*end.all[l], place));
        if (!end.asks_either()) continue;
        tables.either[l].Set(place, bit,
                             end.either[l].has_value() ? In(*end.either[l], place) : Told::kNo);
      }
    }
    if (!end.asks_entity && !end.asks_not_entity) continue;
    for (size_t id = 0; id <= others; ++id) {
      const auto listed = [&](absl::Span<const uint16_t> ids) {
        return id < others && std::binary_search(ids.begin(), ids.end(), static_cast<uint16_t>(id));
      };
      tables.entity[0].Set(id, bit,
                           FromBool((!end.asks_entity || listed(end.entities)) &&
                                    (!end.asks_not_entity || !listed(end.not_entities))));
    }
    tables.entity[0].Set(others + 1, bit, Told::kCannotTell);
  }
  // The tier of the non-aligned is by the rule's destination, the receiver of what goes out.
  if (sender) return;
  const bool treated = !pack_.treatments.tier.empty();
  for (size_t place = 0; place < kJurisdictions; ++place) {
    Told told = Told::kNo;
    for (size_t t = 0; treated && t < tiers_.size(); ++t) {
      if (pack_.tiers[t].id == pack_.treatments.tier) told = In(tiers_[t], place);
    }
    tables.lenses[static_cast<size_t>(Lens::kLocation)].Set(place, kTierBit, told);
  }
}

void CompiledPack::BuildRest() {
  for (size_t c = 0; c < kCategories; ++c) {
    const auto category = static_cast<Category>(c);
    const bool known = IsClassified(category);
    const bool exempt = (pack_.exempt & Bit(category)) != 0;
    const bool any = pack_.exempt != 0;
    category_.Set(c, kExemptBit, known || !any ? FromBool(exempt) : Told::kCannotTell);
  }
  for (size_t i = 0; i < clauses_.size(); ++i) {
    const Clause& clause = clauses_[i];
    const size_t bit = BitOf(i);
    if (clause.crosses.has_value()) {
      crossing_.Set(0, bit, Told::kCannotTell);
      crossing_.Set(1, bit, FromBool(*clause.crosses));
      crossing_.Set(2, bit, FromBool(!*clause.crosses));
    }
    if (clause.categories != 0) {
      for (size_t c = 0; c < kCategories; ++c) {
        const auto category = static_cast<Category>(c);
        category_.Set(c, bit,
                      IsClassified(category) ? FromBool((clause.categories & Bit(category)) != 0)
                                             : Told::kCannotTell);
      }
      for (size_t e = 0; e < kEvidences; ++e) {
        if (static_cast<Evidence>(e) < clause.minimum_evidence) {
          evidence_.Set(e, bit, Told::kCannotTell);
        }
      }
      for (size_t c = 0; c < kConfidences; ++c) {
        if (static_cast<int>(c) < clause.minimum_confidence) {
          confidence_.Set(c, bit, Told::kCannotTell);
        }
      }
    }
    if (clause.protection.has_value()) {
      for (const Protection p : {Protection::kCleartext, Protection::kEncrypted}) {
        protection_.Set(static_cast<size_t>(p), bit, FromBool(*clause.protection == p));
      }
      protection_.Set(static_cast<size_t>(Protection::kUnknown), bit, Told::kCannotTell);
    }
    if (clause.from_initiator.has_value()) {
      role_.Set(0, bit, FromBool(!*clause.from_initiator));
      role_.Set(1, bit, FromBool(*clause.from_initiator));
    }
  }
}

size_t CompiledPack::BitOf(size_t clause) const {
  return clause < scopes_ ? clause : kFirstClause + clause - scopes_;
}

Told CompiledPack::ScopeOf(const uint64_t* yes, const uint64_t* can) const {
  Told told = Told::kNo;
  for (size_t s = 0; s < scopes_; ++s) told = std::max(told, ToldOf(yes, can, BitOf(s)));
  return told;
}

CellAnswers CompiledPack::AnswersOf(const uint64_t* yes, const uint64_t* can) const {
  CellAnswers answers;
  answers.in_scope = ScopeOf(yes, can);
  answers.exempt = ToldOf(yes, can, kExemptBit);
  answers.in_treated_tier = ToldOf(yes, can, kTierBit);
  for (size_t r = 0, i = scopes_; r < pack_.rules.size(); ++r) {
    Told told = Told::kNo;
    for (; i < clauses_.size() && clauses_[i].rule == static_cast<int>(r); ++i) {
      told = std::max(told, ToldOf(yes, can, BitOf(i)));
    }
    if (told == Told::kYes) answers.holds.push_back(r);
    if (told == Told::kCannotTell) answers.cannot_tell.push_back(r);
  }
  return answers;
}

}  // namespace borderflow
