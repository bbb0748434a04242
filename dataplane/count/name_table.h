// NameTable: for --names, which names were seen and what their flows carried.
//
// Allocates as names arrive, which is why --names is off by default; bounded by `capacity`.
//
// Thread safety: none; one a worker.
#ifndef BORDERFLOW_DATAPLANE_COUNT_NAME_TABLE_H_
#define BORDERFLOW_DATAPLANE_COUNT_NAME_TABLE_H_

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "dataplane/count/snapshot.h"

namespace borderflow {

class NameTable {
 public:
  static constexpr uint32_t kNone = 0;

  explicit NameTable(size_t capacity) : capacity_(capacity), counters_(1), names_(1) {}

  // The name's index, made on first use; kNone, counted, when there is no room.
  uint32_t Intern(std::string_view name, const NameCounters& kind);

  // Adds flows and bytes to a name; nothing for kNone.
  void Add(uint32_t name, uint64_t flows, uint64_t bytes);

  std::map<std::string, NameCounters> Names() const;
  uint64_t unlisted() const { return unlisted_; }

 private:
  size_t capacity_;
  absl::flat_hash_map<std::string, uint32_t> indices_;
  std::vector<NameCounters> counters_;
  std::vector<std::string> names_;
  uint64_t unlisted_ = 0;
};

}  // namespace borderflow

#endif  // BORDERFLOW_DATAPLANE_COUNT_NAME_TABLE_H_
