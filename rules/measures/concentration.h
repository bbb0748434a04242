// Concentration: how a weight is spread over those who hold it.
//
// Input is one weight a holder (an organisation, an operator's jurisdiction, a location); holders
// without weight do not count. Shares are s_i = w_i / sum of w, n is the number of holders.
//
// Thread safety: pure functions.
#ifndef BORDERFLOW_RULES_MEASURES_CONCENTRATION_H_
#define BORDERFLOW_RULES_MEASURES_CONCENTRATION_H_

#include <cstdint>
#include <vector>

#include "absl/types/span.h"
#include "rules/measures/measured.h"

namespace borderflow {

// Weight by holder, and the weight whose holder is not known.
struct Holdings {
  std::vector<uint64_t> weights;  // none of them 0
  uint64_t unknown = 0;
};

// Herfindahl-Hirschman index: sum of s_i^2, 1/n .. 1. Bounds: the unknown weight spread over
// endlessly many holders, or all of it at the largest.
// Source: Hirschman, The Paternity of an Index, American Economic Review 54(5), 1964. For scale:
// US Merger Guidelines 2023, section 2.1, call a market above 0.18 highly concentrated; that is
// said of markets, not of traffic.
Measured Hhi(const Holdings& holdings);

// (HHI - 1/n) / (1 - 1/n), 0 .. 1: concentration beyond what n equal holders have. Not measurable
// for a single holder. Over the known weight.
Measured NormalizedHhi(const Holdings& holdings);

// 1 / HHI: how many equal holders would be as concentrated, 1 .. n.
// Source: Laakso and Taagepera, "Effective" Number of Parties, Comparative Political Studies 12(1),
// 1979; Hill number of order 2.
Measured EffectiveNumber(const Holdings& holdings);

// CR_k: the sum of the k largest shares. Bounds as for Hhi, with the unknown weight outside or
// inside the k largest.
Measured ConcentrationRatio(const Holdings& holdings, int k);

// Shannon entropy: - sum of s_i ln s_i, in nats, 0 .. ln n. Over the known weight.
// Source: Shannon, A Mathematical Theory of Communication, 1948, section 6.
Measured Entropy(const Holdings& holdings);

// exp(entropy): Hill number of order 1. Over the known weight.
// Source: Hill, Diversity and Evenness, Ecology 54(2), 1973.
Measured EntropyNumber(const Holdings& holdings);

// Gini coefficient: sum over i of (2i - n - 1) x_i / (n sum of x), x ascending, i from 1; 0 when
// all are equal. It ignores n, so it stands beside HHI, never alone; not measurable for a single
// holder. Over the known weight.
Measured Gini(const Holdings& holdings);

}  // namespace borderflow

#endif  // BORDERFLOW_RULES_MEASURES_CONCENTRATION_H_
