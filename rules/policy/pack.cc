#include "rules/policy/pack.h"

#include <algorithm>
#include <array>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"

namespace borderflow {
namespace {

constexpr std::array<std::string_view, kVerdicts> kVerdictNames = {
    "out_of_scope",        "permitted",   "conditional",
    "file_required",       "review",      "presumptively_prohibited",
    "breach_if_confirmed", "undetermined"};

constexpr std::array<std::string_view, kVerdicts> kVerdictWords = {
    "outside what the pack speaks about", "permitted",          "permitted under conditions",
    "permitted once filed or notified",   "calls for a review", "presumed prohibited",
    "a breach only if confirmed",         "cannot be told"};

constexpr std::array<std::string_view, kTreatments> kTreatmentNames = {"open", "by_category",
                                                                       "review", "closed"};
constexpr std::array<std::string_view, kLenses> kLensNames = {"location", "registered", "operator"};
constexpr std::array<std::string_view, kUnits> kUnitNames = {
    "bytes", "upload_bytes", "flows", "frames", "clients", "persons", "records"};

template <typename T>
const T* FindById(const std::vector<T>& items, std::string_view id) {
  const auto at =
      std::find_if(items.begin(), items.end(), [id](const T& item) { return item.id == id; });
  return at == items.end() ? nullptr : &*at;
}

// The criteria and how many must be met, of a tier under a choice.
struct Meet {
  const std::vector<std::string>* criteria;
  int least;
};

Meet MeetOf(const Pack& pack, const Tier& tier, std::string_view choice) {
  if (choice == "any") return {&tier.criteria, 1};
  if (choice == "all") return {&tier.criteria, static_cast<int>(tier.criteria.size())};
  for (const TierVariant& variant : pack.variants) {
    if (variant.id == choice && variant.tier == tier.id) return {&variant.criteria, variant.meet};
  }
  return {&tier.criteria, tier.meet};
}

}  // namespace

std::string_view Name(Verdict verdict) { return kVerdictNames[static_cast<size_t>(verdict)]; }

std::string_view Words(Verdict verdict) { return kVerdictWords[static_cast<size_t>(verdict)]; }

std::optional<Verdict> VerdictFromName(std::string_view name) {
  const auto* at = std::find(kVerdictNames.begin(), kVerdictNames.end(), name);
  if (at == kVerdictNames.end()) return std::nullopt;
  return static_cast<Verdict>(at - kVerdictNames.begin());
}

std::string_view Name(Treatment treatment) {
  return kTreatmentNames[static_cast<size_t>(treatment)];
}

std::optional<Treatment> TreatmentFromName(std::string_view name) {
  const auto* at = std::find(kTreatmentNames.begin(), kTreatmentNames.end(), name);
  if (at == kTreatmentNames.end()) return std::nullopt;
  return static_cast<Treatment>(at - kTreatmentNames.begin());
}

std::string_view Name(Lens lens) { return kLensNames[static_cast<size_t>(lens)]; }

std::string_view Name(Unit unit) { return kUnitNames[static_cast<size_t>(unit)]; }

absl::Span<const std::string_view> VantageNames() {
  static constexpr std::array<std::string_view, 8> kNames = {
      "access_isp",  "enterprise_edge",  "datacentre", "ixp",
      "mobile_core", "national_gateway", "device",     "testbed"};
  return kNames;
}

absl::Span<const std::string_view> PurposeNames() {
  static constexpr std::array<std::string_view, 8> kNames = {
      "privacy", "security", "military",    "economic",
      "trade",   "access",   "supervision", "sovereignty"};
  return kNames;
}

absl::Span<const std::string_view> ObservabilityNames() {
  static constexpr std::array<std::string_view, 5> kNames = {"direct", "strong", "indirect", "weak",
                                                             "none"};
  return kNames;
}

bool EndCondition::asks_place() const {
  const auto set = [](const std::optional<JurisdictionSet>& s) { return s.has_value(); };
  return !tier.empty() || std::any_of(all.begin(), all.end(), set) ||
         std::any_of(either.begin(), either.end(), set);
}

const Tier* Pack::FindTier(std::string_view tier_id) const { return FindById(tiers, tier_id); }
const Criterion* Pack::FindCriterion(std::string_view criterion_id) const {
  return FindById(criteria, criterion_id);
}
const PackSource* Pack::FindSource(std::string_view source_id) const {
  return FindById(sources, source_id);
}
const Rule* Pack::FindRule(std::string_view rule_id) const { return FindById(rules, rule_id); }

const PackParameter* Pack::Missing() const {
  for (const PackParameter& parameter : parameters) {
    if (bindings.find(parameter.id) == bindings.end()) return &parameter;
  }
  return nullptr;
}

std::string CitationText(const Pack& pack, absl::Span<const Citation> cite) {
  return absl::StrJoin(cite, "; ", [&pack](std::string* out, const Citation& c) {
    const PackSource* source = pack.FindSource(c.source);
    absl::StrAppend(out, c.place);
    if (source == nullptr) return;
    absl::StrAppend(out, ", ", source->title, " (", source->date,
                    source->unverified ? ", not verified)" : ")");
  });
}

std::vector<JurisdictionSet> TierMembers(const Pack& pack, std::string_view choice) {
  std::vector<JurisdictionSet> tiers;
  JurisdictionSet left = AnyJurisdiction();
  for (const Tier& tier : pack.tiers) {
    JurisdictionSet members;
    if (tier.rest) members = left;
    const Meet meet = MeetOf(pack, tier, choice);
    for (size_t place = 0; !tier.rest && place < kJurisdictions; ++place) {
      const auto met =
          std::count_if(meet.criteria->begin(), meet.criteria->end(), [&](const std::string& id) {
            const Criterion* criterion = pack.FindCriterion(id);
            return criterion != nullptr && criterion->members[place];
          });
      members.set(place, met >= meet.least);
    }
    members &= left;
    left &= ~members;
    tiers.push_back(members);
  }
  return tiers;
}

}  // namespace borderflow
