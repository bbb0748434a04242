#include "dataplane/geo/mmdb_walk.h"

#include <limits>
#include <optional>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "dataplane/geo/record_numbers.h"

namespace borderflow {
namespace {

constexpr int kAddressBits = 128;
constexpr int kV4Depth = 96;  // bits before an IPv4 address
// Aliases are not entered, so an honest tree is visited once, or twice with a few shared subtrees.
// A tree has one leaf more than nodes, so that leaves count visits.
constexpr uint64_t kLeavesPerNode = 8;
constexpr uint64_t kFreeLeaves = 1024;  // for trees of a handful of nodes

// Leaves of a step; 0 for an alias. A longer row of equal leaves becomes several steps.
using LeafCount = uint8_t;
constexpr LeafCount kMostLeaves = std::numeric_limits<LeafCount>::max();

// Goes on from the block of `depth` bits at `first` to the address behind it. Returns the depth of
// the branch that begins there, the right one of a node that was entered; 0 behind the last
// address.
int PassBlock(IpAddress* first, int depth) {
  if (depth > 64) {
    first->low += uint64_t{1} << (kAddressBits - depth);
    if (first->low != 0) return kAddressBits - __builtin_ctzll(first->low);
    ++first->high;
  } else if (depth > 0) {
    first->high += uint64_t{1} << (64 - depth);
  }
  return depth == 0 || first->high == 0 ? 0 : 64 - __builtin_ctzll(first->high);
}

// Gathers leaves into steps. Branches that depend on the data would be guessed wrongly every other
// leaf, so that a step is always written and only kept when it differs from the one before.
template <typename Step>
class StepBurst {
 public:
  explicit StepBurst(HugeVector<Step>* steps, HugeVector<LeafCount>* leaves)
      : all_steps_(steps), all_leaves_(leaves) {}

  void AddLeaf(const Step& step) {
    if (count_ == kBurst) Flush();
    const bool differs = (step.record != last_record_) | (leaves_[count_] == kMostLeaves);
    steps_[count_ + 1] = step;
    leaves_[count_ + 1] = 0;
    count_ += differs ? 1 : 0;
    ++leaves_[count_];
    last_record_ = step.record;
  }
  void AddAlias(const Step& step) {
    if (count_ == kBurst) Flush();
    ++count_;
    steps_[count_] = step;
    leaves_[count_] = 0;
    last_record_ = kNoRecord;
  }
  // The last step may then go on as another one with the same record.
  void Flush() {
    all_steps_->insert(all_steps_->end(), &steps_[1], &steps_[count_ + 1]);
    all_leaves_->insert(all_leaves_->end(), &leaves_[1], &leaves_[count_ + 1]);
    count_ = 0;
    leaves_[0] = 0;
    last_record_ = kNoRecord;
  }

 private:
  static constexpr size_t kBurst = 256;
  static constexpr uint32_t kNoRecord = 0;  // a node, so never a leaf's

  HugeVector<Step>* const all_steps_;
  HugeVector<LeafCount>* const all_leaves_;
  // The first stands for "none yet", the last is written but never kept.
  Step steps_[kBurst + 2];
  LeafCount leaves_[kBurst + 2] = {};
  size_t count_ = 0;
  uint32_t last_record_ = kNoRecord;
};

class Walker {
 public:
  explicit Walker(const MmdbFile& file)
      : file_(file),
        nodes_(file.metadata().node_count),
        leaves_left_(kLeavesPerNode * nodes_ + kFreeLeaves),
        numbers_(file.data_bytes()) {}

  absl::StatusOr<MmdbTree> Walk();

 private:
  // Calls leaf(first address, record) for every leaf below `root`, which stands behind `root_depth`
  // zero bits, ascending; alias(first address, depth) for `alias_node`.
  template <typename Leaf, typename Alias>
  absl::Status Descend(uint32_t root, int root_depth, uint32_t alias_node, Leaf leaf, Alias alias);
  absl::Status WalkV4(uint32_t root);
  absl::Status WalkV6(uint32_t v4_root);
  // Notes which records there are, for them to get numbers.
  template <typename Steps>
  void Mark(const Steps& steps);
  // Replaces the records of steps by their numbers.
  template <typename Steps>
  void Number(const HugeVector<LeafCount>& leaves, Steps* steps);
  // The record that IPv4 look-ups begin at.
  uint32_t V4Root() const;

  const MmdbFile& file_;
  const uint32_t nodes_;
  uint64_t leaves_left_;
  MmdbTree tree_;
  HugeVector<LeafCount> v4_leaves_;
  HugeVector<LeafCount> v6_leaves_;
  RecordNumbers numbers_;
  uint32_t outside_ = 0;  // the first record that leads outside the file; 0: none
};

uint32_t Walker::V4Root() const {
  if (file_.metadata().ip_version == 4) return 0;
  uint32_t record = 0;
  for (int depth = 0; depth < kV4Depth && record < nodes_; ++depth) record = file_.Node(record)[0];
  return record;
}

template <typename Leaf, typename Alias>
absl::Status Walker::Descend(uint32_t root, int root_depth, uint32_t alias_node, Leaf leaf,
                             Alias alias) {
  uint32_t
      right[kAddressBits + 1];  // by depth: right branches of the nodes above the place at hand
  IpAddress first;
  uint32_t record = root;
  int depth = root_depth;
  while (true) {
    while (record < nodes_ && record != alias_node) {
      if (depth == kAddressBits) {
        const IpAddress shown = root_depth == kV4Depth ? IpAddress::FromV4(first.v4()) : first;
        return file_.Damaged(absl::StrCat("search tree: a branch goes on after the last bit of ",
                                          ToString(shown), " (node ", record,
                                          " may point back at itself)"));
      }
      const auto [zero, one] = file_.Node(record);
      right[++depth] = one;
      record = zero;
    }
    if (leaves_left_-- == 0) {
      return file_.Damaged("search tree: nodes share subtrees beyond any honest database");
    }
    if (record >= nodes_) {
      leaf(first, record);
    } else if (absl::Status taken = alias(first, depth); !taken.ok()) {
      return taken;
    }
    depth = PassBlock(&first, depth);
    if (depth <= root_depth) return absl::OkStatus();
    record = right[depth];
  }
}

absl::Status Walker::WalkV4(uint32_t root) {
  StepBurst<V4Step> steps(&tree_.v4, &v4_leaves_);
  const absl::Status walked = Descend(
      root, kV4Depth, /*alias_node=*/nodes_,
      [&](const IpAddress& first, uint32_t record) {
        steps.AddLeaf({first.v4(), record});
      },
      [](const IpAddress&, int) { return absl::OkStatus(); });
  steps.Flush();
  return walked;
}

absl::Status Walker::WalkV6(uint32_t v4_root) {
  StepBurst<V6Step> steps(&tree_.v6, &v6_leaves_);
  const absl::Status walked = Descend(
      0, 0, v4_root,
      [&](const IpAddress& first, uint32_t record) {
        steps.AddLeaf({.first = first, .record = record});
      },
      [&](const IpAddress& first, int depth) {
        if (depth > kV4Depth) {
          return file_.Damaged("search tree: the IPv4 tree is attached too deep");
        }
        // ::ffff:0:0/96 is how an IPv4 address is written: the IPv4 steps answer for it.
        const bool mapped = first == IpAddress::FromV4(0) && depth == kV4Depth;
        steps.AddAlias({.first = first, .record = nodes_, .alias_depth = mapped ? -1 : depth});
        return absl::OkStatus();
      });
  steps.Flush();
  return walked;
}

template <typename Steps>
void Walker::Mark(const Steps& steps) {
  for (const auto& step : steps) {
    const std::optional<uint32_t> offset = file_.DataOffset(step.record);
    numbers_.Mark(offset.value_or(numbers_.nothing()));
    if (!offset.has_value() && step.record != nodes_ && outside_ == 0) outside_ = step.record;
  }
}

template <typename Steps>
void Walker::Number(const HugeVector<LeafCount>& leaves, Steps* steps) {
  for (size_t i = 0; i < steps->size(); ++i) {
    uint32_t& record = (*steps)[i].record;
    const std::optional<uint32_t> offset = file_.DataOffset(record);
    const uint32_t number = numbers_.Of(offset.value_or(numbers_.nothing()));
    tree_.leaves[number] += leaves[i];
    record = offset.has_value() ? number + 1 : kSilent;
  }
}

absl::StatusOr<MmdbTree> Walker::Walk() {
  // What an honest tree has at most; address space only until it is filled.
  v4_leaves_.reserve(size_t{nodes_} + 1);
  v6_leaves_.reserve(size_t{nodes_} + 1);
  tree_.v4.reserve(size_t{nodes_} + 1);
  tree_.v6.reserve(size_t{nodes_} + 1);

  const uint32_t v4_root = V4Root();
  absl::Status walked = WalkV4(v4_root);
  if (!walked.ok()) return walked;
  if (file_.metadata().ip_version == 4) {
    tree_.v6.push_back({.first = {}, .record = nodes_});
    v6_leaves_.push_back(0);
  } else {
    walked = WalkV6(v4_root);
    if (!walked.ok()) return walked;
  }
  Mark(tree_.v4);
  Mark(tree_.v6);
  if (outside_ != 0) {
    return file_.Damaged(absl::StrCat("search tree: record ", outside_,
                                      " leads neither to a node nor into the data section"));
  }
  tree_.offsets = numbers_.Number();
  tree_.leaves.resize(tree_.offsets.size() + 1);  // one more for what leads to nothing
  Number(v4_leaves_, &tree_.v4);
  Number(v6_leaves_, &tree_.v6);
  tree_.leaves.pop_back();
  return std::move(tree_);
}

}  // namespace

absl::StatusOr<MmdbTree> WalkTree(const MmdbFile& file) { return Walker(file).Walk(); }

}  // namespace borderflow
