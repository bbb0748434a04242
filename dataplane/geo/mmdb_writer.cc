#include "dataplane/geo/mmdb_writer.h"

#include <algorithm>
#include <string_view>

#include "absl/container/flat_hash_map.h"
#include "absl/status/status.h"
#include "absl/strings/str_cat.h"

namespace borderflow {
namespace {

// Types of the data section.
enum Type : uint8_t {
  kPointer = 1,
  kString = 2,
  kUint16 = 5,
  kUint32 = 6,
  kMap = 7,
  kUint64 = 9,
  kArray = 11,
  kBool = 14,
};
constexpr int kLastInlineType = 7;  // the others stand in a second byte

constexpr std::string_view kMetadataMarker = "\xab\xcd\xefMaxMind.com";
constexpr size_t kSeparatorBytes = 16;
constexpr int kIpv4Depth = 96;

std::string BigEndian(uint64_t value, size_t width) {
  std::string bytes;
  for (size_t i = width; i-- > 0;) bytes += static_cast<char>(value >> (8 * i));
  return bytes;
}

// Control byte(s): type and size.
std::string Control(Type type, size_t size) {
  std::string extended;
  const int top = type <= kLastInlineType ? type : 0;
  if (top == 0) extended = static_cast<char>(type - kLastInlineType);
  const auto with = [&](size_t five_bits) {
    return std::string(1, static_cast<char>(top << 5 | static_cast<int>(five_bits))) + extended;
  };
  if (size < 29) return with(size);
  if (size < 285) return with(29) + BigEndian(size - 29, 1);
  if (size < 65821) return with(30) + BigEndian(size - 285, 2);
  return with(31) + BigEndian(size - 65821, 3);
}

// Unsigned numbers carry no leading zero bytes.
std::string Unsigned(Type type, uint64_t value) {
  size_t width = 0;
  while (width < 8 && value >> (8 * width) != 0) ++width;
  return Control(type, width) + BigEndian(value, width);
}

std::string Pointer(uint64_t target) {
  const auto control = [](int width_code, uint64_t top_bits) {
    return std::string(
        1, static_cast<char>(kPointer << 5 | width_code << 3 | static_cast<int>(top_bits)));
  };
  // Each width begins where the one before ends.
  constexpr uint64_t kOneByte = uint64_t{1} << 11;
  constexpr uint64_t kTwoBytes = kOneByte + (uint64_t{1} << 19);
  constexpr uint64_t kThreeBytes = kTwoBytes + (uint64_t{1} << 27);
  if (target < kOneByte) return control(0, target >> 8) + BigEndian(target, 1);
  if (target < kTwoBytes) {
    const uint64_t rest = target - kOneByte;
    return control(1, rest >> 16) + BigEndian(rest, 2);
  }
  if (target < kThreeBytes) {
    const uint64_t rest = target - kTwoBytes;
    return control(2, rest >> 24) + BigEndian(rest, 3);
  }
  return control(3, 0) + BigEndian(target, 4);
}

// A value without pointers: the identity under which repetitions are found.
std::string Plain(const RecordValue& value) {
  struct {
    std::string operator()(const std::string& text) const {
      return Control(kString, text.size()) + text;
    }
    std::string operator()(bool truth) const { return Control(kBool, truth ? 1 : 0); }
    std::string operator()(uint16_t number) const { return Unsigned(kUint16, number); }
    std::string operator()(uint32_t number) const { return Unsigned(kUint32, number); }
    std::string operator()(uint64_t number) const { return Unsigned(kUint64, number); }
    std::string operator()(const std::shared_ptr<const RecordValue::Map>& map) const {
      std::string bytes = Control(kMap, map->size());
      for (const auto& [key, member] : *map) bytes += (*this)(key) + Plain(member);
      return bytes;
    }
    std::string operator()(const std::shared_ptr<const RecordValue::Array>& array) const {
      std::string bytes = Control(kArray, array->size());
      for (const RecordValue& member : *array) bytes += Plain(member);
      return bytes;
    }
  } constexpr write;
  return std::visit(write, value.value);
}

class DataSection {
 public:
  // Appends the value, or nothing when it stands there already. Returns where it stands.
  uint64_t Add(const RecordValue& value) {
    const auto [found, is_new] = offsets_.try_emplace(Plain(value), bytes_.size());
    const uint64_t offset = found->second;
    if (is_new) AppendWhole(value);
    return offset;
  }

  const std::string& bytes() const { return bytes_; }

 private:
  void AppendWhole(const RecordValue& value) {
    if (const auto* map = std::get_if<std::shared_ptr<const RecordValue::Map>>(&value.value)) {
      bytes_ += Control(kMap, (*map)->size());
      for (const auto& [key, member] : **map) {
        AppendOrPoint(RecordValue(key));
        AppendOrPoint(member);
      }
    } else if (const auto* array =
                   std::get_if<std::shared_ptr<const RecordValue::Array>>(&value.value)) {
      bytes_ += Control(kArray, (*array)->size());
      for (const RecordValue& member : **array) AppendOrPoint(member);
    } else {
      bytes_ += Plain(value);
    }
  }

  void AppendOrPoint(const RecordValue& value) {
    std::string plain = Plain(value);
    const auto found = offsets_.find(plain);
    if (found != offsets_.end()) {
      const std::string pointer = Pointer(found->second);
      if (pointer.size() < plain.size()) {
        bytes_ += pointer;
        return;
      }
    } else {
      offsets_.emplace(std::move(plain), bytes_.size());
    }
    AppendWhole(value);
  }

  std::string bytes_;
  absl::flat_hash_map<std::string, uint64_t> offsets_;  // Plain -> offset of its first copy
};

// What a record of the tree holds until the node count is known.
constexpr uint32_t kEmpty = 0xffffffff;
constexpr uint32_t kDataBit = 0x80000000;  // with an index into the offsets of the data used

struct Node {
  uint32_t child[2] = {kEmpty, kEmpty};
};

// Where an address stands in the tree: IPv4 at ::/96.
IpAddress TreeAddress(const IpAddress& address) {
  return address.IsV4Mapped() ? IpAddress{0, address.v4()} : address;
}

class Tree {
 public:
  // `ranges` in tree addresses, sorted and disjoint.
  explicit Tree(absl::Span<const RecordRange> ranges) : ranges_(ranges) {
    const uint32_t root = Build(IpAddress{}, 0);
    if (nodes_.empty()) nodes_.push_back({{root, root}});
    LinkMapped();
  }

  const std::vector<Node>& nodes() const { return nodes_; }

 private:
  // The record for the prefix of `depth` bits at `first`; ranges before it are already behind.
  uint32_t Build(IpAddress first, int depth) {
    const IpAddress last = Prefix{first, depth}.last();
    while (next_ < ranges_.size() && ranges_[next_].last < first) ++next_;
    if (next_ == ranges_.size() || ranges_[next_].first > last) return kEmpty;
    if (ranges_[next_].first <= first && ranges_[next_].last >= last) {
      return kDataBit | ranges_[next_].record;
    }
    const auto index = static_cast<uint32_t>(nodes_.size());
    nodes_.emplace_back();
    const uint32_t zero = Build(first, depth + 1);
    const uint32_t one = Build(WithBit(first, depth), depth + 1);
    nodes_[index] = {{zero, one}};
    return index;
  }

  static IpAddress WithBit(IpAddress address, int bit) {
    if (bit < 64) {
      address.high |= uint64_t{1} << (63 - bit);
    } else {
      address.low |= uint64_t{1} << (127 - bit);
    }
    return address;
  }

  // Points ::ffff:0:0/96 at whatever ::/96 holds, dividing records on the way there.
  void LinkMapped() {
    uint32_t ipv4 = 0;
    for (int depth = 0; depth < kIpv4Depth && ipv4 < kDataBit; ++depth)
      ipv4 = nodes_[ipv4].child[0];
    if (ipv4 == kEmpty) return;
    uint32_t at = 0;
    for (int depth = 0; depth < kIpv4Depth - 1; ++depth) {
      const int bit = depth < kIpv4Depth - 16 ? 0 : 1;
      uint32_t next = nodes_[at].child[bit];
      if (next >= kDataBit) {
        const uint32_t whole = next;
        next = static_cast<uint32_t>(nodes_.size());
        nodes_.push_back({{whole, whole}});
        nodes_[at].child[bit] = next;
      }
      at = next;
    }
    nodes_[at].child[1] = ipv4;
  }

  absl::Span<const RecordRange> ranges_;
  size_t next_ = 0;
  std::vector<Node> nodes_;
};

absl::Status RangeError(const RecordRange& range, absl::string_view what) {
  return absl::InvalidArgumentError(
      absl::StrCat("range ", ToString(range.first), " to ", ToString(range.last), " ", what));
}

// Checks the ranges and puts them into tree order.
absl::StatusOr<std::vector<RecordRange>> TreeRanges(absl::Span<const RecordRange> ranges,
                                                    size_t records) {
  std::vector<RecordRange> result;
  result.reserve(ranges.size());
  for (size_t i = 0; i < ranges.size(); ++i) {
    const RecordRange& range = ranges[i];
    if (range.last < range.first) return RangeError(range, "ends before it begins");
    if (i > 0 && range.first <= ranges[i - 1].last) {
      return RangeError(range, "begins before the one ahead of it, which ends at " +
                                   ToString(ranges[i - 1].last));
    }
    if (range.record >= records || range.record >= (kEmpty & ~kDataBit)) {
      return RangeError(range, absl::StrCat("has record ", range.record, " of ", records));
    }
    const IpAddress mapped_first = IpAddress::FromV4(0);
    const IpAddress mapped_last = IpAddress::FromV4(UINT32_MAX);
    if (range.first.IsV4Mapped() != range.last.IsV4Mapped() ||
        (range.first < mapped_first && range.last > mapped_last)) {
      return RangeError(range, "holds IPv4 and IPv6");
    }
    if (range.first.high == 0 && range.first.low >> 32 == 0) {
      return RangeError(range, "lies in ::/96, where IPv4 stands");
    }
    result.push_back({TreeAddress(range.first), TreeAddress(range.last), range.record});
  }
  std::sort(result.begin(), result.end(),
            [](const RecordRange& a, const RecordRange& b) { return a.first < b.first; });
  return result;
}

void AppendNode(uint64_t left, uint64_t right, int record_bits, std::string* bytes) {
  switch (record_bits) {
    case 24:
      *bytes += BigEndian(left, 3) + BigEndian(right, 3);
      break;
    case 28:
      *bytes += BigEndian(left & 0xffffff, 3) + BigEndian((left >> 24) << 4 | right >> 24, 1) +
                BigEndian(right & 0xffffff, 3);
      break;
    default:
      *bytes += BigEndian(left, 4) + BigEndian(right, 4);
      break;
  }
}

std::string MetadataSection(const BuildMetadata& metadata, uint64_t node_count, int record_bits) {
  const RecordValue::Map map = {
      {"binary_format_major_version", {uint16_t{2}}},
      {"binary_format_minor_version", {uint16_t{0}}},
      {"build_epoch", {std::max<uint64_t>(metadata.build_epoch, 1)}},
      {"database_type", {metadata.database_type}},
      {"description", {RecordValue::Map{{"en", {metadata.description}}}}},
      {"ip_version", {uint16_t{6}}},
      {"languages", {RecordValue::Array{{std::string("en")}}}},
      {"node_count", {static_cast<uint32_t>(node_count)}},
      {"record_size", {static_cast<uint16_t>(record_bits)}},
  };
  return std::string(kMetadataMarker) + Plain(RecordValue{map});
}

}  // namespace

absl::StatusOr<std::string> WriteMmdb(absl::Span<const RecordRange> ranges,
                                      absl::Span<const RecordValue> records,
                                      const BuildMetadata& metadata) {
  absl::StatusOr<std::vector<RecordRange>> tree_ranges = TreeRanges(ranges, records.size());
  if (!tree_ranges.ok()) return tree_ranges.status();
  const Tree tree(*tree_ranges);

  // Data in the order of the ranges, so that neighbours in the tree are neighbours on disk.
  DataSection data;
  std::vector<uint64_t> offsets(records.size(), UINT64_MAX);
  for (const RecordRange& range : *tree_ranges) {
    if (offsets[range.record] == UINT64_MAX)
      offsets[range.record] = data.Add(records[range.record]);
  }

  const uint64_t node_count = tree.nodes().size();
  const uint64_t largest = node_count + kSeparatorBytes + data.bytes().size();
  if (largest >> 32 != 0) {
    return absl::ResourceExhaustedError(
        absl::StrCat("the database would need ", largest, " record values, more than 32 bits"));
  }
  const int needed_bits = largest >> 24 == 0 ? 24 : largest >> 28 == 0 ? 28 : 32;
  const int record_bits = std::max(needed_bits, metadata.smallest_record_bits);
  const auto record_value = [&](uint32_t child) -> uint64_t {
    if (child == kEmpty) return node_count;
    if (child & kDataBit) return node_count + kSeparatorBytes + offsets[child & ~kDataBit];
    return child;
  };

  std::string bytes;
  bytes.reserve(node_count * static_cast<size_t>(record_bits) / 4 + data.bytes().size() + 1024);
  for (const Node& node : tree.nodes()) {
    AppendNode(record_value(node.child[0]), record_value(node.child[1]), record_bits, &bytes);
  }
  bytes.append(kSeparatorBytes, '\0');
  bytes += data.bytes();
  bytes += MetadataSection(metadata, node_count, record_bits);
  return bytes;
}

}  // namespace borderflow
