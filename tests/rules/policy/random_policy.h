// Packs, cells and options at random, of few values each, so that they meet often.
#ifndef BORDERFLOW_TESTS_RULES_POLICY_RANDOM_POLICY_H_
#define BORDERFLOW_TESTS_RULES_POLICY_RANDOM_POLICY_H_

#include <random>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "rules/jurisdiction/jurisdiction_set.h"
#include "rules/policy/evaluate.h"
#include "rules/policy/pack.h"

namespace borderflow {

class RandomPolicy {
 public:
  explicit RandomPolicy(uint32_t seed) : random_(seed) {}

  // True once in `n` times.
  bool Once(uint32_t n) { return random_() % n == 0; }
  uint32_t Below(uint32_t n) { return static_cast<uint32_t>(random_() % n); }

  Jurisdiction Place() {
    static constexpr std::string_view kCodes[] = {"DE", "FR",      "US",     "CN",
                                                  "IN", "unknown", "private"};
    return *FromCode(kCodes[Below(std::size(kCodes))]);
  }

  JurisdictionSet Places() {
    JurisdictionSet set;
    for (const char* code : {"DE", "FR", "US", "CN", "IN"}) {
      set.set(static_cast<size_t>(*FromCode(code)), Once(2));
    }
    return Once(4) ? AnyJurisdiction() & ~set : set;
  }

  EndCondition End(const Pack& pack) {
    EndCondition end;
    for (auto& set : end.all) {
      if (Once(4)) set = Places();
    }
    if (Once(6)) {
      for (auto& set : end.either) {
        if (Once(2)) set = Places();
      }
    }
    if (Once(4) && !pack.tiers.empty()) end.tier = pack.tiers[Below(2)].id;
    if (Once(6)) end.entity = {{"a"}, {1, 2}};
    if (Once(6)) end.not_entity = {{"b"}, {2, 3}};
    return end;
  }

  CategorySet Categories() {
    CategorySet set = 0;
    for (const Category c : {Category::kHlt, Category::kFin, Category::kGeo, Category::kMed}) {
      if (Once(2)) set |= Bit(c);
    }
    return set;
  }

  Threshold Limit() {
    Threshold limit;
    limit.unit = static_cast<Unit>(Below(kUnits));
    limit.least = Below(4000);
    if (limit.unit == Unit::kClients || limit.unit == Unit::kPersons) limit.least = Below(40);
    limit.hours = Once(3) ? 24 : 0;
    limit.proxy = static_cast<Proxy>(Below(3));
    limit.aggregate_by = Below(1u << kAggregates);
    return limit;
  }

  Rule MakeRule(const Pack& pack, size_t number) {
    Rule rule;
    rule.id = absl::StrCat("r", number);
    rule.purpose = PurposeNames()[Below(8)];
    rule.when.source = End(pack);
    rule.when.destination = End(pack);
    if (Once(6)) rule.when.crosses = Once(2);
    rule.when.categories = Once(2) ? Categories() : 0;
    if (rule.when.categories != 0 && Once(2)) {
      rule.when.minimum_evidence = static_cast<Evidence>(Below(kEvidences));
      rule.when.minimum_confidence = static_cast<int>(Below(100));
    }
    if (Once(4)) rule.when.protection = Once(2) ? Protection::kCleartext : Protection::kEncrypted;
    if (Once(5)) rule.when.from_initiator = Once(2);
    rule.when.direction = static_cast<Direction>(Once(3) ? Below(3) : 0);
    if (Once(5)) rule.threshold = Limit();
    rule.verdict = static_cast<Verdict>(Below(kVerdicts - 1));
    rule.met = static_cast<Verdict>(Below(kVerdicts - 1));
    if (Once(3)) rule.needs = {"fact"};
    return rule;
  }

  Pack MakePack(size_t rules) {
    Pack pack;
    pack.id = "random";
    pack.burden = "restrictor";
    pack.default_verdict = Once(2) ? Verdict::kPermitted : Verdict::kReview;
    if (Once(4)) pack.vantage = {"testbed"};
    if (Once(3)) pack.exempt = 0;
    pack.facts["fact"] = "a fact";
    if (Once(2)) {
      pack.criteria = {{"x", "", "", Places(), false}, {"y", "", "", Places(), false}};
      pack.tiers = {{"ally", {"x", "y"}, 1 + static_cast<int>(Below(2)), false},
                    {"rest", {}, 1, true}};
      pack.variants = {{"only-y", "", "ally", {"y"}, 1}};
      if (Once(2)) pack.treatments = {"rest", static_cast<Treatment>(Below(kTreatments))};
    }
    if (Once(2)) {
      pack.scope.crosses = true;
    } else if (Once(2)) {
      pack.scope.source.all[0] = Places();
      pack.scope.direction = static_cast<Direction>(Below(3));
    }
    for (size_t r = 0; r < rules; ++r) {
      pack.rules.push_back(MakeRule(pack, r));
      // Only downwards, so that no circle arises among them.
      if (r > 0 && Once(6)) pack.rules[r].above = {pack.rules[Below(static_cast<uint32_t>(r))].id};
    }
    return pack;
  }

  PolicyEnd CellEnd() {
    static constexpr uint16_t kEntities[] = {0, 1, 2, 3, 9, kUnknownEntity};
    PolicyEnd end;
    end.location = Place();
    end.registered = Place();
    end.operator_home = Place();
    end.entity = kEntities[Below(std::size(kEntities))];
    return end;
  }

  PolicyCell MakeCell() {
    static constexpr Category kSome[] = {Category::kHlt, Category::kFin, Category::kGeo,
                                         Category::kMed, Category::kInf, Category::kUnk,
                                         Category::kEnc};
    PolicyCell cell;
    cell.source = CellEnd();
    cell.destination = CellEnd();
    cell.from_initiator = Once(2);
    cell.category = kSome[Below(std::size(kSome))];
    cell.evidence = static_cast<Evidence>(Below(kEvidences));
    cell.confidence = static_cast<uint8_t>(Below(101));
    cell.protection = static_cast<Protection>(Below(3));
    cell.frames = Below(10);
    cell.bytes = Below(1000);
    cell.payload_bytes = cell.bytes / 2;
    cell.flows = Below(5);
    cell.clients_low = Below(8);
    cell.clients_high = cell.clients_low + Below(4);
    return cell;
  }

  std::vector<PolicyCell> MakeCells(size_t count) {
    std::vector<PolicyCell> cells;
    for (size_t i = 0; i < count; ++i) cells.push_back(MakeCell());
    return cells;
  }

  EvaluateOptions MakeOptions(const Pack& pack) {
    EvaluateOptions options;
    options.flip_default = Once(3);
    options.ablate_origin = Once(3);
    options.mirror = Once(3);
    if (!pack.tiers.empty() && Once(2)) {
      static constexpr const char* kChoices[] = {"any", "all", "only-y"};
      options.tiers = kChoices[Below(3)];
    }
    if (Once(3)) options.treatment = static_cast<Treatment>(Below(kTreatments));
    if (Once(2)) options.vantage = "testbed";
    if (Once(2)) options.facts = {"fact"};
    options.covered_seconds = Once(2) ? 90'000 : 60;
    return options;
  }

 private:
  std::mt19937 random_;
};

}  // namespace borderflow

#endif  // BORDERFLOW_TESTS_RULES_POLICY_RANDOM_POLICY_H_
