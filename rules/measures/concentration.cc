#include "rules/measures/concentration.h"

#include <algorithm>
#include <cmath>
#include <functional>
#include <numeric>
#include <string>

namespace borderflow {
namespace {

double Known(const Holdings& holdings) {
  return std::accumulate(holdings.weights.begin(), holdings.weights.end(), 0.0,
                         [](double sum, uint64_t w) { return sum + static_cast<double>(w); });
}

double SumOfSquares(const Holdings& holdings) {
  return std::accumulate(
      holdings.weights.begin(), holdings.weights.end(), 0.0,
      [](double sum, uint64_t w) { return sum + static_cast<double>(w) * static_cast<double>(w); });
}

// Empty when there is something to measure.
std::string WhyNot(const Holdings& holdings) {
  if (!holdings.weights.empty()) return "";
  return holdings.unknown > 0 ? "nobody is known who holds any of it" : "no traffic was seen";
}

}  // namespace

Measured Hhi(const Holdings& holdings) {
  if (std::string why = WhyNot(holdings); !why.empty()) return Measured::Not(std::move(why));
  const double known = Known(holdings);
  const auto unknown = static_cast<double>(holdings.unknown);
  const double all = known + unknown;
  const double squares = SumOfSquares(holdings);
  const auto largest =
      static_cast<double>(*std::max_element(holdings.weights.begin(), holdings.weights.end()));
  const double with_unknown =
      squares - largest * largest + (largest + unknown) * (largest + unknown);
  return Measured::Between(squares / (all * all), squares / (known * known),
                           with_unknown / (all * all));
}

Measured NormalizedHhi(const Holdings& holdings) {
  const Measured hhi = Hhi(holdings);
  if (!hhi.answered()) return hhi;
  const auto n = static_cast<double>(holdings.weights.size());
  if (holdings.weights.size() == 1) return Measured::Not("there is one holder only");
  return Measured::Exactly((hhi.value() - 1 / n) / (1 - 1 / n));
}

Measured EffectiveNumber(const Holdings& holdings) {
  const Measured hhi = Hhi(holdings);
  if (!hhi.answered()) return hhi;
  return Measured::Between(1 / hhi.high(), 1 / hhi.value(), 1 / hhi.low());
}

Measured ConcentrationRatio(const Holdings& holdings, int k) {
  if (std::string why = WhyNot(holdings); !why.empty()) return Measured::Not(std::move(why));
  std::vector<uint64_t> weights = holdings.weights;
  std::sort(weights.begin(), weights.end(), std::greater<>());
  weights.resize(std::min(weights.size(), static_cast<size_t>(k)));
  double largest = 0;
  for (const uint64_t weight : weights) largest += static_cast<double>(weight);
  const double known = Known(holdings);
  const auto unknown = static_cast<double>(holdings.unknown);
  return Measured::Between(largest / (known + unknown), largest / known,
                           (largest + unknown) / (known + unknown));
}

Measured Entropy(const Holdings& holdings) {
  if (std::string why = WhyNot(holdings); !why.empty()) return Measured::Not(std::move(why));
  const double known = Known(holdings);
  double entropy = 0;
  for (const uint64_t weight : holdings.weights) {
    const double share = static_cast<double>(weight) / known;
    entropy -= share * std::log(share);
  }
  return Measured::Exactly(std::max(entropy, 0.0));
}

Measured EntropyNumber(const Holdings& holdings) {
  const Measured entropy = Entropy(holdings);
  if (!entropy.answered()) return entropy;
  return Measured::Exactly(std::exp(entropy.value()));
}

Measured Gini(const Holdings& holdings) {
  if (std::string why = WhyNot(holdings); !why.empty()) return Measured::Not(std::move(why));
  if (holdings.weights.size() == 1) return Measured::Not("there is one holder only");
  std::vector<uint64_t> weights = holdings.weights;
  std::sort(weights.begin(), weights.end());
  const auto n = static_cast<double>(weights.size());
  double sum = 0;
  for (size_t i = 0; i < weights.size(); ++i) {
    sum += (2 * static_cast<double>(i + 1) - n - 1) * static_cast<double>(weights[i]);
  }
  return Measured::Exactly(sum / (n * Known(holdings)));
}

}  // namespace borderflow
