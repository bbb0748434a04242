// CutView: a view small enough to be drawn at once.
#include <algorithm>
#include <array>
#include <utility>

#include "collectors/dashboard/view.h"

namespace borderflow {
namespace {

// Keeps the first `keep` rows (the largest); what the others counted goes to `other`.
void KeepRows(size_t keep, ViewJson* rows, ViewJson* other) {
  if (!rows->is_array() || rows->size() <= keep) return;
  for (size_t i = keep; i < rows->size(); ++i) {
    for (const char* count : {"frames", "bytes", "flows"}) {
      (*other)[count] = (*other)[count].get<uint64_t>() + (*rows)[i][count].get<uint64_t>();
    }
  }
  rows->erase(rows->begin() + static_cast<std::ptrdiff_t>(keep), rows->end());
}

// The tables that can be long, each with at most so many rows.
void KeepTables(const ViewLimits& limits, ViewJson* view) {
  for (ViewJson& lens : (*view)["lenses"]) {
    if (!lens.is_object()) continue;
    KeepRows(limits.pairs, &lens["pairs"], &lens["other"]);
    KeepRows(limits.pairs_by_category, &lens["by_category"], &lens["by_category_other"]);
  }
  ViewJson& streams = (*view)["streams"];
  KeepRows(limits.streams, &streams["rows"], &streams["other"]);
  for (const char* lens : {"registered", "operator"}) {
    if (!streams.contains(lens)) continue;
    KeepRows(limits.streams_by_lens, &streams[lens]["rows"], &streams[lens]["other"]);
  }
  ViewJson& cells = (*view)["cells"];
  KeepRows(limits.cells, &cells["rows"], &cells["other"]);
}

constexpr const char* kReason = "left out, for the whole would be too large to be drawn";

// Other readings of packs, those of the last pack first, as far as is needed.
void LeaveOutReadings(size_t bytes, ViewJson* view) {
  ViewJson& policies = (*view)["policies"];
  for (size_t i = policies.size(); i-- > 0 && ViewText(*view).size() > bytes;) {
    ViewJson& policy = policies[i];
    policy["variants"] = nullptr;
    policy["variants_reason"] = kReason;
    policy["cost"] = {{"reason", kReason}};
    policy.erase("treatment_bounds");
  }
}

// Details that no sum depends on, the least missed first.
void LeaveOut(int step, size_t bytes, ViewJson* view) {
  if (step == 0) {
    (*view)["comparisons"] = ViewJson::array();
    (*view)["comparisons_reason"] = kReason;
    return;
  }
  if (step == 1) {
    LeaveOutReadings(bytes, view);
    return;
  }
  if (step == 4) {
    if ((*view)["names"].is_array()) (*view)["names"] = ViewJson::array();
    return;
  }
  for (ViewJson& policy : (*view)["policies"]) {
    if (step == 2) {
      policy.erase("tier_choices");
      policy.erase("about");
    } else {
      // Rules that no cell touched.
      ViewJson rules = ViewJson::array();
      for (ViewJson& rule : policy["rules"]) {
        const bool silent = rule.is_object() && rule.contains("frames") && rule["frames"] == 0;
        if (!silent) rules.push_back(std::move(rule));
      }
      policy["rules"] = std::move(rules);
    }
  }
}

}  // namespace

void CutView(size_t bytes, ViewJson* view) {
  constexpr int kHalvings = 6;
  constexpr int kSteps = 5;
  ViewLimits limits;
  for (int i = 0; i < kHalvings; ++i) {
    if (ViewText(*view).size() <= bytes) return;
    limits.pairs /= 2;
    limits.pairs_by_category /= 2;
    limits.streams /= 2;
    limits.streams_by_lens /= 2;
    limits.cells /= 2;
    KeepTables(limits, view);
  }
  for (int step = 0; step < kSteps && ViewText(*view).size() > bytes; ++step) {
    LeaveOut(step, bytes, view);
  }
}

}  // namespace borderflow
