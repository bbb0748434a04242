#include "rules/category/belief.h"

#include <algorithm>

namespace borderflow {
namespace {

constexpr int kAbove = 4;  // what the others may add to the best piece's cap
constexpr int kWithoutStructure = 85;
constexpr int kMost = 99;

// A class has pieces of two kinds, and the lesser may claim less: weak structure, a host of many
// tenants, a port that much else uses.
int CapOfPiece(Evidence evidence, int confidence) {
  const auto capped = [&](int lesser) {
    return confidence <= lesser ? lesser : ConfidenceCap(evidence);
  };
  switch (evidence) {
    case Evidence::kProtocol:
      return capped(70);
    case Evidence::kName:
      return capped(50);
    case Evidence::kPort:
      return capped(10);
    default:
      return ConfidenceCap(evidence);
  }
}

}  // namespace

int CombinedCap(Evidence best) {
  if (best == Evidence::kNone) return 0;
  const int most = best >= Evidence::kProtocol ? kMost : kWithoutStructure;
  return std::min(ConfidenceCap(best) + kAbove, most);
}

void Belief::Add(Evidence evidence, int confidence) {
  const auto bit = static_cast<uint8_t>(1 << static_cast<int>(evidence));
  if (evidence == Evidence::kNone || confidence <= 0 || (classes_ & bit) != 0) return;
  classes_ |= bit;
  ++pieces_;
  const int cap = CapOfPiece(evidence, confidence);
  doubt_ *= static_cast<uint64_t>(100 - std::min(confidence, cap));
  scale_ *= 100;
  cap_ = std::max(cap_, cap);
  best_ = std::max(best_, evidence);
}

uint8_t Belief::confidence() const {
  if (pieces_ == 0) return 0;
  // Rounded down: a sum is not believed more than it is worth.
  const uint64_t left = (doubt_ * 100 + scale_ - 1) / scale_;
  const int together = 100 - static_cast<int>(left);
  const int cap = pieces_ == 1 ? cap_ : std::min(cap_ + kAbove, CombinedCap(best_));
  return static_cast<uint8_t>(std::min(together, cap));
}

}  // namespace borderflow
