// CellKeys: the store's dictionary of cell keys. A key is written once and then known by a number;
// keys are never removed, since the totals over all time refer to each.
//
// Values are stored by their public names (codes, protocol names), so that a store outlives the
// numbering of a build; a name that this build does not know reads as unknown.
//
// Thread safety: none.
#ifndef BORDERFLOW_COLLECTORS_STORE_CELL_KEYS_H_
#define BORDERFLOW_COLLECTORS_STORE_CELL_KEYS_H_

#include <cstdint>
#include <map>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/status/statusor.h"
#include "collectors/store/sqlite.h"
#include "dataplane/count/cell.h"

namespace borderflow {

class CellKeys {
 public:
  // Learns the keys that were added since the last call, by whomever.
  absl::Status Refresh(SqliteFile* file);

  // The numbers of `keys`, added where they are new. REQUIRES: a write transaction, and Refresh
  // since it began; and to tell how it ended.
  absl::StatusOr<std::vector<int64_t>> Intern(SqliteFile* file, const std::vector<CellKey>& keys);

  // Whether what Intern added since Refresh is in the file for good, or was rolled back.
  void Committed() { committed_ = highest(); }
  void RolledBack();

  // nullptr for a number that no key has.
  const CellKey* Find(int64_t id) const;
  int64_t highest() const { return static_cast<int64_t>(keys_.size()); }

 private:
  struct Hash {
    size_t operator()(const CellKey& key) const;
  };

  void Add(int64_t id, const CellKey& key);

  std::vector<CellKey> keys_;  // by id - 1
  absl::flat_hash_map<CellKey, int64_t, Hash> ids_;
  int64_t committed_ = 0;  // ids up to here are in the file for sure
};

}  // namespace borderflow

#endif  // BORDERFLOW_COLLECTORS_STORE_CELL_KEYS_H_
