#include "dataplane/count/name_table.h"

#include <utility>

namespace borderflow {

uint32_t NameTable::Intern(std::string_view name, const NameCounters& kind) {
  const auto found = indices_.find(absl::string_view(name.data(), name.size()));
  if (found != indices_.end()) {
    NameCounters& known = counters_[found->second];
    // The same rule as when workers are merged, so that neither order nor worker matters.
    const auto rank = [](const NameCounters& n) {
      return std::pair(static_cast<int>(n.evidence), -static_cast<int>(n.protocol));
    };
    if (rank(kind) > rank(known)) {
      known.evidence = kind.evidence;
      known.category = kind.category;
      known.protocol = kind.protocol;
    }
    return found->second;
  }
  if (names_.size() > capacity_) {
    ++unlisted_;
    return kNone;
  }
  const auto index = static_cast<uint32_t>(names_.size());
  indices_.emplace(std::string(name), index);
  names_.emplace_back(name);
  counters_.push_back({kind.evidence, kind.category, kind.protocol, 0, 0});
  return index;
}

void NameTable::Add(uint32_t name, uint64_t flows, uint64_t bytes) {
  if (name == kNone) return;
  counters_[name].flows += flows;
  counters_[name].bytes += bytes;
}

std::map<std::string, NameCounters> NameTable::Names() const {
  std::map<std::string, NameCounters> names;
  for (size_t i = 1; i < names_.size(); ++i) names.emplace(names_[i], counters_[i]);
  return names;
}

}  // namespace borderflow
