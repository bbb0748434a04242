#include "rules/measures/commitments.h"

#include <algorithm>
#include <array>
#include <map>
#include <optional>
#include <tuple>

#include "rules/jurisdiction/territory.h"

namespace borderflow {
namespace {

// RCEP's two articles and their footnotes were read; the others were recalled and carry the mark.
constexpr std::array<Commitment, 5> kCommitments = {{
    {"CPTPP", "CPTPP", "", "Article 14.11", "Article 14.13",
     "legitimate public policy objective, without arbitrary discrimination or more restriction "
     "than "
     "it takes (14.11(3), 14.13(3))",
     false},
    {"USMCA", "USMCA", "", "Article 19.11", "Article 19.12",
     "legitimate public policy objective for transfers (19.11(2)); none for location (19.12)",
     false},
    {"RCEP", "RCEP", "", "Article 12.15", "Article 12.14",
     "public policy objective whose necessity the party itself decides; essential security "
     "interests, which other parties may not dispute; delayed for KH, LA, MM and VN (footnote 11)",
     true},
    {"DEPA", "DEPA", "", "Article 4.3", "Article 4.4", "legitimate public policy objective", false},
    {"EU-Japan EPA", "EU", "JP", "protocol on cross-border data flows (2024-07-01)", "the same",
     "legitimate public policy objective; protection of personal data", false},
}};

Reply IsParty(std::string_view parties, const Groups& groups, Jurisdiction jurisdiction) {
  const Jurisdiction state = StateOf(jurisdiction);
  if (const std::optional<Jurisdiction> one = FromCode(parties)) return Same(state, *one);
  const Group* group = groups.Find(parties);
  if (group == nullptr || IsSpecial(jurisdiction)) return Reply::kUndetermined;
  return group->members[static_cast<size_t>(jurisdiction)] ||
                 group->members[static_cast<size_t>(state)]
             ? Reply::kYes
             : Reply::kNo;
}

}  // namespace

absl::Span<const Commitment> Commitments() { return kCommitments; }

bool Binds(const Commitment& commitment, const Groups& groups, Jurisdiction a, Jurisdiction b) {
  if (IsSpecial(a) || IsSpecial(b) || StateOf(a) == StateOf(b)) return false;
  const auto both = [&](Jurisdiction x, Jurisdiction y) {
    const std::string_view others =
        commitment.other_parties.empty() ? commitment.parties : commitment.other_parties;
    return IsParty(commitment.parties, groups, x) == Reply::kYes &&
           IsParty(others, groups, y) == Reply::kYes;
  };
  return both(a, b) || both(b, a);
}

std::vector<Conflict> Conflicts(absl::Span<const PolicyCell> cells, CellVerdicts verdicts,
                                const Groups& groups) {
  struct OfPair {
    PolicySum forbidden;
    PolicySum conditioned;
  };
  std::map<std::pair<Jurisdiction, Jurisdiction>, OfPair> restricted;
  for (size_t c = 0; c < cells.size(); ++c) {
    const PolicyCell& cell = cells[c];
    const Verdict v = verdicts[c];
    if (IsRestricted(v) != Reply::kYes || Crosses(cell) != Reply::kYes) continue;
    OfPair& sums = restricted[{cell.source.location, cell.destination.location}];
    const bool forbids = v == Verdict::kPresumptivelyProhibited || v == Verdict::kBreachIfConfirmed;
    PolicySum& sum = forbids ? sums.forbidden : sums.conditioned;
    sum.frames += cell.frames;
    sum.bytes += cell.bytes;
    sum.flows += cell.flows;
  }
  std::vector<Conflict> conflicts;
  for (const Commitment& commitment : kCommitments) {
    for (const auto& [pair, sums] : restricted) {
      if (!Binds(commitment, groups, pair.first, pair.second)) continue;
      conflicts.push_back({&commitment, pair.first, pair.second, sums.forbidden, sums.conditioned});
    }
  }
  std::stable_sort(conflicts.begin(), conflicts.end(), [](const Conflict& a, const Conflict& b) {
    return std::tie(b.forbidden.bytes, b.conditioned.bytes) <
           std::tie(a.forbidden.bytes, a.conditioned.bytes);
  });
  return conflicts;
}

}  // namespace borderflow
