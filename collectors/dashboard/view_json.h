// What every part of the picture model (view.h) writes the same way.
//
// Thread safety: pure functions.
#ifndef BORDERFLOW_COLLECTORS_DASHBOARD_VIEW_JSON_H_
#define BORDERFLOW_COLLECTORS_DASHBOARD_VIEW_JSON_H_

#include <cmath>
#include <cstdint>
#include <nlohmann/json.hpp>
#include <string>

#include "dataplane/count/cell.h"
#include "rules/policy/evaluate.h"

namespace borderflow {

using ViewJson = nlohmann::ordered_json;

// {"frames", "bytes", "flows"}
inline ViewJson ViewCounts(const PolicySum& sum) {
  return {{"frames", sum.frames}, {"bytes", sum.bytes}, {"flows", sum.flows}};
}

inline PolicySum ToSum(const CellCounters& counters) {
  return {counters.frames, counters.bytes, counters.flows};
}
inline PolicySum ToSum(const PolicyCell& cell) { return {cell.frames, cell.bytes, cell.flows}; }

// Shares with as many digits as anybody can defend.
inline double ViewRounded(double value) { return std::round(value * 1e6) / 1e6; }
inline double ViewShare(uint64_t part, uint64_t whole) {
  return whole == 0 ? 0 : ViewRounded(static_cast<double>(part) / static_cast<double>(whole));
}

// null where nothing was stated.
inline ViewJson ViewStated(const std::string& text) {
  return text.empty() ? ViewJson(nullptr) : ViewJson(text);
}

}  // namespace borderflow

#endif  // BORDERFLOW_COLLECTORS_DASHBOARD_VIEW_JSON_H_
