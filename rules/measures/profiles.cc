#include "rules/measures/profiles.h"

#include <algorithm>
#include <string>

#include "rules/measures/exposure.h"
#include "rules/measures/sensitivity.h"

namespace borderflow {
namespace {

struct Profile {
  std::string_view name;
  std::vector<Aspect> looks_at;
};

const std::array<Profile, kProfiles>& Profiles() {
  static const auto* const profiles = new std::array<Profile, kProfiles>{{
      {"security",
       {Aspect::kSensitive, Aspect::kReadable, Aspect::kControl, Aspect::kConcentration,
        Aspect::kServices, Aspect::kTwoWay}},
      {"privacy", {Aspect::kSensitive, Aspect::kReadable, Aspect::kEncrypted}},
      {"trade",
       {Aspect::kConcentration, Aspect::kTraffic, Aspect::kCounterparties, Aspect::kPlaces}},
      {"access",
       {Aspect::kReadable, Aspect::kConcentration, Aspect::kFlows, Aspect::kServices,
        Aspect::kPlaces, Aspect::kTwoWay}},
      {"users", {Aspect::kSensitive, Aspect::kReadable, Aspect::kFlows, Aspect::kServices}},
  }};
  return *profiles;
}

// What is taken of a kind of traffic whose cells may not say whether they are of it.
struct Taken {
  uint64_t all = 0;
  uint64_t cut = 0;
  uint64_t maybe_kept = 0;
  uint64_t maybe_cut = 0;

  void Add(Reply reply, uint64_t bytes, bool is_cut) {
    if (reply == Reply::kYes) {
      all += bytes;
      if (is_cut) cut += bytes;
    } else if (reply == Reply::kUndetermined) {
      (is_cut ? maybe_cut : maybe_kept) += bytes;
    }
  }

  // cut / all; the bounds place what is undetermined against and for the cut.
  Measured measured(const std::string& of) const {
    if (all == 0 && maybe_kept + maybe_cut > 0)
      return Measured::Not("all " + of + " is undetermined");
    if (all == 0) return Measured::Exactly(0);
    const auto d = [](uint64_t n) { return static_cast<double>(n); };
    return Measured::Between(d(cut) / d(all + maybe_kept), d(cut) / d(all),
                             d(cut + maybe_cut) / d(all + maybe_cut));
  }
};

Measured HhiDrop(const CutCost& cost) {
  if (!cost.hhi_before.answered()) return cost.hhi_before;
  // Nothing left is not concentrated at anybody.
  if (!cost.hhi_after.answered()) return Measured::Exactly(cost.hhi_before.value());
  return Measured::Exactly(cost.hhi_before.value() - cost.hhi_after.value());
}

// The mean over those that are answered; bounds are the means of the bounds.
Measured Mean(const Aspects& aspects, const std::vector<Aspect>& looks_at, bool spared) {
  double low = 0;
  double value = 0;
  double high = 0;
  int answered = 0;
  for (const Aspect aspect : looks_at) {
    const auto index = static_cast<size_t>(aspect);
    if ((index < kSparedAspects) != spared || !aspects[index].answered()) continue;
    low += aspects[index].low();
    value += aspects[index].value();
    high += aspects[index].high();
    ++answered;
  }
  if (answered == 0) return Measured::Not("nothing that this stance looks at is measurable");
  return Measured::Between(low / answered, value / answered, high / answered);
}

}  // namespace

std::string_view Name(Aspect aspect) {
  static constexpr std::array<std::string_view, kAspects> kNames = {
      "sensitive", "readable", "control",        "concentration", "traffic", "flows",
      "encrypted", "services", "counterparties", "jurisdictions", "two_way"};
  return kNames[static_cast<size_t>(aspect)];
}

Aspects AspectsOf(absl::Span<const PolicyCell> cells, const CutCost& cost,
                  absl::FunctionRef<bool(size_t cell)> is_lost) {
  Taken sensitive;
  Taken readable;
  Taken control;
  for (size_t c = 0; c < cells.size(); ++c) {
    const Reply crosses = Crosses(cells[c]);
    if (crosses == Reply::kNo) continue;
    const bool lost = is_lost(c);
    sensitive.Add(And(crosses, IsSensitive(cells[c].category)), cells[c].bytes, lost);
    readable.Add(And(crosses, IsCleartext(cells[c])), cells[c].bytes, lost);
    control.Add(And(crosses, IsControl(cells[c].category)), cells[c].bytes, lost);
  }
  return {sensitive.measured("sensitive traffic"),
          readable.measured("readable traffic"),
          control.measured("control traffic"),
          HhiDrop(cost),
          cost.bytes_share,
          cost.flows_share,
          cost.encrypted_share,
          cost.services.share,
          cost.counterparties.share,
          cost.jurisdictions.share,
          cost.two_way_pairs.share};
}

ProfileScores Weigh(const Aspects& aspects) {
  ProfileScores result;
  double least = 2;
  double most = -2;
  bool all = true;
  for (size_t p = 0; p < kProfiles; ++p) {
    const Profile& profile = Profiles()[p];
    ProfileScore& score = result.scores[p];
    score.profile = profile.name;
    score.spared = Mean(aspects, profile.looks_at, true);
    score.lost = Mean(aspects, profile.looks_at, false);
    for (const Aspect aspect : profile.looks_at) {
      if (!aspects[static_cast<size_t>(aspect)].answered()) score.left_out.push_back(aspect);
    }
    if (!score.spared.answered() || !score.lost.answered()) {
      score.balance = score.spared.answered() ? score.lost : score.spared;
      all = false;
      continue;
    }
    score.balance = Measured::Between(score.spared.low() - score.lost.high(),
                                      score.spared.value() - score.lost.value(),
                                      score.spared.high() - score.lost.low());
    least = std::min(least, score.balance.value());
    most = std::max(most, score.balance.value());
  }
  result.opposed = least <= -kEven && most >= kEven;
  result.disagreement = all ? Measured::Exactly(most - least)
                            : Measured::Not("a stance has nothing measurable to look at");
  return result;
}

}  // namespace borderflow
