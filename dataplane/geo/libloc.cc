#include "dataplane/geo/libloc.h"

#include <algorithm>
#include <optional>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "dataplane/geo/location.h"

namespace borderflow {
namespace {

constexpr std::string_view kMagic = "LOCDBXX";
constexpr uint8_t kVersion = 1;
constexpr size_t kCreatedAt = 8;
constexpr size_t kStrings = 16;      // vendor, description, licence
constexpr size_t kSections = 28;     // ASes, networks, tree, countries, pool
constexpr size_t kHeaderBytes = 68;  // as far as it is read
constexpr size_t kAsBytes = 8;
constexpr size_t kNetworkBytes = 12;
constexpr size_t kNodeBytes = 12;
constexpr uint32_t kNoNetwork = 0xffffffff;
constexpr int kAddressBits = 128;
constexpr size_t kLongestString = 1024;  // the longest AS name of 2022 has 203 characters

// The file's flag bits.
constexpr uint16_t kFileProxy = 1;
constexpr uint16_t kFileSatellite = 2;
constexpr uint16_t kFileAnycast = 4;

uint64_t Number(std::string_view bytes, size_t offset, size_t width) {
  uint64_t value = 0;
  for (size_t i = 0; i < width; ++i) value = value << 8 | static_cast<uint8_t>(bytes[offset + i]);
  return value;
}

uint32_t U32(std::string_view bytes, size_t offset) {
  return static_cast<uint32_t>(Number(bytes, offset, 4));
}

struct Section {
  size_t offset = 0;  // in the file, for messages
  std::string_view bytes;
};

IpAddress WithBit(IpAddress address, int bit) {  // bit 0 is the highest
  if (bit < 64) {
    address.high |= uint64_t{1} << (63 - bit);
  } else {
    address.low |= uint64_t{1} << (127 - bit);
  }
  return address;
}

class Parser {
 public:
  Parser(std::string_view bytes, std::string_view file) : bytes_(bytes), file_(file) {}

  absl::StatusOr<Libloc> Parse() {
    if (absl::Status status = ReadHeader(); !status.ok()) return status;
    if (absl::Status status = ReadAsNames(); !status.ok()) return status;
    reached_.resize(tree_.bytes.size() / kNodeBytes);
    if (absl::Status status = Walk(0, IpAddress{}, 0, kNoNetwork); !status.ok()) return status;
    return std::move(result_);
  }

 private:
  absl::Status Damaged(size_t offset, absl::string_view what) const {
    return absl::InvalidArgumentError(
        absl::StrCat(absl::string_view(file_.data(), file_.size()), ": at byte ", offset, ": ",
                     what, " (take the file again with tools/setup/geo_data.sh --refresh)"));
  }

  absl::Status ReadHeader() {
    if (!bytes_.starts_with(kMagic)) {
      return Damaged(0, "not a libloc database: it does not begin with \"LOCDBXX\"");
    }
    if (bytes_.size() < kHeaderBytes) return Damaged(bytes_.size(), "the header is truncated");
    const uint8_t version = static_cast<uint8_t>(bytes_[kMagic.size()]);
    if (version != kVersion) {
      return Damaged(kMagic.size(), absl::StrCat("libloc database version ", version,
                                                 " where only version 1 is known"));
    }
    struct {
      Section* section;
      const char* name;
      size_t record_bytes;
    } const sections[] = {{&ases_, "AS", kAsBytes},
                          {&networks_, "network", kNetworkBytes},
                          {&tree_, "tree", kNodeBytes},
                          {nullptr, "country", 1},
                          {&pool_, "string", 1}};
    size_t at = kSections;
    for (const auto& [section, name, record_bytes] : sections) {
      const size_t offset = U32(bytes_, at);
      const size_t length = U32(bytes_, at + 4);
      if (offset > bytes_.size() || length > bytes_.size() - offset) {
        return Damaged(at, absl::StrCat("the ", name, " section, ", length, " bytes at ", offset,
                                        ", does not fit into the file's ", bytes_.size()));
      }
      if (length % record_bytes != 0) {
        return Damaged(at + 4, absl::StrCat("the ", name, " section's ", length,
                                            " bytes are not a multiple of ", record_bytes));
      }
      if (section != nullptr) *section = {offset, bytes_.substr(offset, length)};
      at += 8;
    }
    if (tree_.bytes.empty()) return Damaged(kSections, "the tree is empty");

    result_.build_time = static_cast<int64_t>(Number(bytes_, kCreatedAt, 8));
    std::string* const strings[] = {&result_.vendor, &result_.description, &result_.licence};
    at = kStrings;
    for (std::string* string : strings) {
      const std::optional<std::string_view> text = PoolString(U32(bytes_, at));
      if (!text) return Damaged(at, "a string lies outside the pool");
      *string = std::string(*text);
      at += 4;
    }
    return absl::OkStatus();
  }

  std::optional<std::string_view> PoolString(size_t offset) const {
    if (offset >= pool_.bytes.size()) return std::nullopt;
    const std::string_view rest = pool_.bytes.substr(offset, kLongestString);
    const size_t end = rest.find('\0');
    if (end == std::string_view::npos) return std::nullopt;
    return rest.substr(0, end);
  }

  absl::Status ReadAsNames() {
    for (size_t at = 0; at < ases_.bytes.size(); at += kAsBytes) {
      const uint32_t asn = U32(ases_.bytes, at);
      const std::optional<std::string_view> name = PoolString(U32(ases_.bytes, at + 4));
      if (!name) return Damaged(ases_.offset + at + 4, "an AS name lies outside the pool");
      result_.as_names.emplace_hint(result_.as_names.end(), asn, *name);
    }
    return absl::OkStatus();
  }

  // The subtree of `node`, whose prefix is the first `depth` bits of `address`; `covering` is the
  // longest network above it. Depth is bounded by the address, time by `reached_`.
  absl::Status Walk(uint32_t node, IpAddress address, int depth, uint32_t covering) {
    const size_t at = size_t{node} * kNodeBytes;
    if (node >= reached_.size()) {
      return Damaged(tree_.offset,
                     absl::StrCat("the tree points at node ", node, " of ", reached_.size()));
    }
    if (reached_[node]) {
      return Damaged(tree_.offset + at, absl::StrCat("the tree reaches node ", node, " twice"));
    }
    reached_[node] = true;
    const uint32_t network = U32(tree_.bytes, at + 8);
    if (network != kNoNetwork) {
      if (network >= networks_.bytes.size() / kNetworkBytes) {
        return Damaged(tree_.offset + at + 8,
                       absl::StrCat("the tree points at network ", network, " of ",
                                    networks_.bytes.size() / kNetworkBytes));
      }
      covering = network;
    }
    const uint32_t children[] = {U32(tree_.bytes, at), U32(tree_.bytes, at + 4)};
    if (children[0] == 0 && children[1] == 0) {
      Emit({address, depth}, covering);
      return absl::OkStatus();
    }
    if (depth == kAddressBits) {
      return Damaged(tree_.offset + at, "the tree is deeper than an address is long");
    }
    for (int bit = 0; bit < 2; ++bit) {
      const IpAddress half = bit == 0 ? address : WithBit(address, depth);
      if (children[bit] == 0) {
        Emit({half, depth + 1}, covering);
        continue;
      }
      absl::Status status = Walk(children[bit], half, depth + 1, covering);
      if (!status.ok()) return status;
    }
    return absl::OkStatus();
  }

  void Emit(const Prefix& prefix, uint32_t network) {
    if (network == kNoNetwork) return;
    const size_t at = size_t{network} * kNetworkBytes;
    NetworkRange range;
    range.first = prefix.address;
    range.last = prefix.last();
    range.code = {networks_.bytes[at], networks_.bytes[at + 1]};
    range.asn = U32(networks_.bytes, at + 4);
    const auto flags = static_cast<uint16_t>(Number(networks_.bytes, at + 8, 2));
    if (flags & kFileAnycast) range.flags |= kFlagAnycast;
    if (flags & kFileSatellite) range.flags |= kFlagSatellite;
    if (flags & kFileProxy) range.flags |= kFlagProxy;

    if (!result_.ranges.empty()) {
      NetworkRange& before = result_.ranges.back();
      if (before.SameAnswer(range) && Follows(before.last, range.first)) {
        before.last = range.last;
        return;
      }
    }
    result_.ranges.push_back(range);
  }

  static bool Follows(const IpAddress& before, const IpAddress& after) {
    const IpAddress next{before.high + (before.low == UINT64_MAX ? 1 : 0), before.low + 1};
    return next == after;
  }

  std::string_view bytes_;
  std::string_view file_;
  Section ases_, networks_, tree_, pool_;
  std::vector<bool> reached_;
  Libloc result_;
};

}  // namespace

absl::StatusOr<Libloc> ParseLibloc(std::string_view bytes, std::string_view file) {
  return Parser(bytes, file).Parse();
}

}  // namespace borderflow
