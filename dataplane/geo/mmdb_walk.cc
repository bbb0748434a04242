#include "dataplane/geo/mmdb_walk.h"

#include <utility>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/str_cat.h"

namespace borderflow {
namespace {

constexpr int kAddressBits = 128;
constexpr int kV4Depth = 96;  // bits before an IPv4 address
// Aliases are not entered, so an honest tree is visited once, or twice with a few shared subtrees.
constexpr uint64_t kVisitsPerNode = 8;
constexpr uint64_t kFreeVisits = 1024;  // for trees of a handful of nodes

void SetBit(IpAddress* address, int depth) {
  if (depth < 64) {
    address->high |= uint64_t{1} << (63 - depth);
  } else {
    address->low |= uint64_t{1} << (127 - depth);
  }
}

class Walker {
 public:
  explicit Walker(const MmdbFile& file)
      : file_(file),
        nodes_(file.metadata().node_count),
        visits_left_(kVisitsPerNode * nodes_ + kFreeVisits) {}

  absl::StatusOr<MmdbTree> Walk();

 private:
  struct Branch {
    uint32_t record;
    int depth;
    IpAddress address;
  };

  // Calls leaf(branch) for every leaf below `root`, ascending; alias(branch) for `alias_node`.
  template <typename Leaf, typename Alias>
  absl::Status Descend(Branch root, uint32_t alias_node, Leaf leaf, Alias alias);
  // Replaces the records of steps by their numbers. `leaves`: how many each step was made of.
  template <typename Steps>
  absl::Status Number(const HugeVector<uint32_t>& leaves, Steps* steps);
  // The record that IPv4 look-ups begin at.
  uint32_t V4Root() const;

  const MmdbFile& file_;
  const uint32_t nodes_;
  uint64_t visits_left_;
  MmdbTree tree_;
  absl::flat_hash_map<uint32_t, uint32_t> numbers_;  // record -> number
};

uint32_t Walker::V4Root() const {
  if (file_.metadata().ip_version == 4) return 0;
  uint32_t record = 0;
  for (int depth = 0; depth < kV4Depth && record < nodes_; ++depth) record = file_.Node(record)[0];
  return record;
}

template <typename Steps>
absl::Status Walker::Number(const HugeVector<uint32_t>& leaves, Steps* steps) {
  // The map is larger than a cache: it is asked for some steps ahead.
  constexpr size_t kAhead = 16;
  for (size_t i = 0; i < steps->size(); ++i) {
    if (i + kAhead < steps->size()) numbers_.prefetch((*steps)[i + kAhead].record);
    uint32_t& record = (*steps)[i].record;
    if (leaves[i] == 0) continue;  // an alias
    if (record == nodes_) {
      record = kSilent;
      continue;
    }
    const auto [place, added] =
        numbers_.try_emplace(record, static_cast<uint32_t>(tree_.offsets.size()) + 1);
    if (added) {
      uint32_t offset = 0;
      if (!file_.DataOffset(record, &offset)) {
        return file_.Damaged(absl::StrCat("search tree: record ", record,
                                          " leads neither to a node nor into the data section"));
      }
      tree_.offsets.push_back(offset);
      tree_.leaves.push_back(0);
    }
    record = place->second;
    tree_.leaves[record - 1] += leaves[i];
  }
  return absl::OkStatus();
}

template <typename Leaf, typename Alias>
absl::Status Walker::Descend(Branch root, uint32_t alias_node, Leaf leaf, Alias alias) {
  const bool v4 = root.depth == kV4Depth;
  Branch waiting[kAddressBits + 1];  // right branches of the nodes above the place at hand
  int count = 0;
  waiting[count++] = root;
  while (count > 0) {
    Branch at = waiting[--count];
    while (at.record < nodes_ && at.record != alias_node) {
      if (at.depth == kAddressBits) {
        const IpAddress shown = v4 ? IpAddress::FromV4(at.address.v4()) : at.address;
        return file_.Damaged(absl::StrCat("search tree: a branch goes on after the last bit of ",
                                          ToString(shown), " (node ", at.record,
                                          " may point back at itself)"));
      }
      if (visits_left_-- == 0) {
        return file_.Damaged("search tree: nodes share subtrees beyond any honest database");
      }
      const auto [left, right] = file_.Node(at.record);
      Branch other{right, at.depth + 1, at.address};
      SetBit(&other.address, at.depth);
      waiting[count++] = other;
      at = {left, at.depth + 1, at.address};
    }
    if (at.record >= nodes_) {
      leaf(at);
    } else if (absl::Status taken = alias(at); !taken.ok()) {
      return taken;
    }
  }
  return absl::OkStatus();
}

absl::StatusOr<MmdbTree> Walker::Walk() {
  // What an honest tree has at most; address space only until it is filled.
  HugeVector<uint32_t> v4_leaves;
  HugeVector<uint32_t> v6_leaves;
  v4_leaves.reserve(size_t{nodes_} + 1);
  v6_leaves.reserve(size_t{nodes_} + 1);
  tree_.v4.reserve(size_t{nodes_} + 1);
  tree_.v6.reserve(size_t{nodes_} + 1);

  const uint32_t none = nodes_;  // an alias node that is never met
  const uint32_t v4_root = V4Root();
  absl::Status walked = Descend(
      {v4_root, kV4Depth, IpAddress{}}, none,
      [&](const Branch& at) {
        if (!tree_.v4.empty() && tree_.v4.back().record == at.record) {
          ++v4_leaves.back();
        } else {
          tree_.v4.push_back({at.address.v4(), at.record});
          v4_leaves.push_back(1);
        }
      },
      [](const Branch&) { return absl::OkStatus(); });
  if (walked.ok()) walked = Number(v4_leaves, &tree_.v4);
  if (!walked.ok()) return walked;
  if (file_.metadata().ip_version == 4) {
    tree_.v6.push_back(V6Step{});
    return std::move(tree_);
  }

  walked = Descend(
      {0, 0, IpAddress{}}, v4_root,
      [&](const Branch& at) {
        if (!tree_.v6.empty() && v6_leaves.back() != 0 && tree_.v6.back().record == at.record) {
          ++v6_leaves.back();
        } else {
          tree_.v6.push_back({at.address, at.record});
          v6_leaves.push_back(1);
        }
      },
      [&](const Branch& at) {
        if (at.depth > kV4Depth) {
          return file_.Damaged("search tree: the IPv4 tree is attached too deep");
        }
        // ::ffff:0:0/96 is how an IPv4 address is written: the IPv4 steps answer for it.
        const bool mapped = at.address == IpAddress::FromV4(0) && at.depth == kV4Depth;
        tree_.v6.push_back({.first = at.address, .alias_depth = mapped ? -1 : at.depth});
        v6_leaves.push_back(0);
        return absl::OkStatus();
      });
  if (walked.ok()) walked = Number(v6_leaves, &tree_.v6);
  if (!walked.ok()) return walked;
  return std::move(tree_);
}

}  // namespace

absl::StatusOr<MmdbTree> WalkTree(const MmdbFile& file) { return Walker(file).Walk(); }

}  // namespace borderflow
