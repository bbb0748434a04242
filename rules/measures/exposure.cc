#include "rules/measures/exposure.h"

#include <algorithm>
#include <iterator>

#include "rules/measures/sensitivity.h"

namespace borderflow {

Reply IsCleartext(const PolicyCell& cell) {
  if (cell.protection == Protection::kUnknown) return Reply::kUndetermined;
  return cell.protection == Protection::kCleartext ? Reply::kYes : Reply::kNo;
}

Exposure ExposureOf(absl::Span<const PolicyCell> cells, Weight weight) {
  Share sensitive;
  Share cleartext;
  Share both;
  Share control;
  double expected = 0;
  for (const PolicyCell& cell : cells) {
    const uint64_t w = WeightOf(cell, weight);
    const Reply is_sensitive = IsSensitive(cell.category);
    sensitive.Add(is_sensitive, w);
    cleartext.Add(IsCleartext(cell), w);
    both.Add(And(is_sensitive, IsCleartext(cell)), w);
    control.Add(IsControl(cell.category), w);
    if (is_sensitive == Reply::kYes) expected += static_cast<double>(w) * cell.confidence / 100;
  }
  Exposure exposure;
  exposure.sensitive = sensitive.measured("traffic");
  exposure.cleartext = cleartext.measured("traffic");
  exposure.sensitive_cleartext = both.measured("traffic");
  exposure.control = control.measured("traffic");
  exposure.expected_sensitive =
      exposure.sensitive.answered()
          ? Measured::Exactly(expected / static_cast<double>(sensitive.total))
          : exposure.sensitive;
  return exposure;
}

std::vector<PolicyCell> CellsThatMayCross(absl::Span<const PolicyCell> cells) {
  std::vector<PolicyCell> crossing;
  std::copy_if(cells.begin(), cells.end(), std::back_inserter(crossing),
               [](const PolicyCell& cell) { return Crosses(cell) != Reply::kNo; });
  return crossing;
}

}  // namespace borderflow
