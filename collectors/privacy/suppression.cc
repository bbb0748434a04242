#include "collectors/privacy/suppression.h"

#include <algorithm>
#include <deque>

#include "absl/container/flat_hash_map.h"

namespace borderflow {
namespace {

constexpr double kTwoStandardErrors = 0.065;  // hyperloglog.h
constexpr uint64_t kClientStep = 8;

// The lines of a period's table, with how much of each is hidden.
class Lines {
 public:
  Lines(absl::Span<const Candidate> candidates, std::vector<Fate>* fates)
      : candidates_(candidates), fates_(*fates), lines_of_(candidates.size()) {
    absl::flat_hash_map<uint64_t, size_t> index;
    for (size_t i = 0; i < candidates.size(); ++i) {
      if (!Active(i)) continue;
      for (const uint64_t line : candidates[i].lines) {
        const size_t at = index.try_emplace(line, members_.size()).first->second;
        if (at == members_.size()) members_.emplace_back();
        members_[at].push_back(i);
        lines_of_[i].push_back(at);
      }
    }
    hidden_.assign(members_.size(), 0);
    for (size_t i = 0; i < candidates.size(); ++i) {
      if (Active(i) && Hidden(i)) Count(i);
    }
  }

  // Until no line has a single hidden member beside told ones.
  void Complement() {
    while (!lone_.empty()) {
      const size_t line = lone_.front();
      lone_.pop_front();
      if (hidden_[line] != 1) continue;
      if (const size_t i = SmallestTold(members_[line]); i < candidates_.size()) Hold(i);
    }
  }

  // Until those who share the common sum are enough, or nobody else is left.
  void FillUp(uint64_t min_cell) {
    ClientSet sharing;
    std::vector<size_t> active;
    bool any = false;
    for (size_t i = 0; i < candidates_.size(); ++i) {
      if (!Active(i)) continue;
      active.push_back(i);
      if (!Hidden(i)) continue;
      sharing.Merge(candidates_[i].clients);
      any = true;
    }
    while (any && AtLeast(sharing) < min_cell) {
      const size_t i = SmallestTold(active);
      if (i >= candidates_.size()) return;
      sharing.Merge(candidates_[i].clients);
      Hold(i);
      Complement();
    }
  }

 private:
  bool Active(size_t i) const { return candidates_[i].added != CellCounters{}; }
  bool Hidden(size_t i) const { return fates_[i] != Fate::kTold; }

  void Count(size_t i) {
    for (const size_t line : lines_of_[i]) {
      if (++hidden_[line] == 1) lone_.push_back(line);
    }
  }

  void Hold(size_t i) {
    fates_[i] = Fate::kHeld;
    Count(i);
  }

  // The told one that costs least to hold back; candidates_.size() when all are hidden.
  size_t SmallestTold(const std::vector<size_t>& members) const {
    size_t smallest = candidates_.size();
    for (const size_t i : members) {
      if (Hidden(i)) continue;
      if (smallest == candidates_.size() ||
          candidates_[i].added.bytes < candidates_[smallest].added.bytes) {
        smallest = i;
      }
    }
    return smallest;
  }

  absl::Span<const Candidate> candidates_;
  std::vector<Fate>& fates_;
  std::vector<std::vector<size_t>> members_;   // by line, those that counted something
  std::vector<std::vector<size_t>> lines_of_;  // by candidate
  std::vector<size_t> hidden_;                 // by line
  std::deque<size_t> lone_;                    // lines to look at
};

}  // namespace

std::vector<Fate> Decide(absl::Span<const Candidate> candidates, uint64_t min_cell) {
  std::vector<Fate> fates(candidates.size(), Fate::kTold);
  if (min_cell <= 1) return fates;
  for (size_t i = 0; i < candidates.size(); ++i) {
    const Candidate& c = candidates[i];
    if (!c.released && (c.flows < min_cell || AtLeast(c.clients) < min_cell)) {
      fates[i] = Fate::kSmall;
    } else if (c.withheld) {
      fates[i] = Fate::kHeld;
    }
  }
  Lines lines(candidates, &fates);
  lines.Complement();
  lines.FillUp(min_cell);
  return fates;
}

uint64_t AtLeast(const ClientSet& clients) {
  const uint64_t estimate = clients.Estimate();
  if (clients.exact()) return estimate;
  return static_cast<uint64_t>(static_cast<double>(estimate) * (1 - kTwoStandardErrors));
}

uint64_t RoundedClients(uint64_t clients) {
  if (clients == 0) return 0;
  return std::max(kClientStep, (clients + kClientStep / 2) / kClientStep * kClientStep);
}

}  // namespace borderflow
