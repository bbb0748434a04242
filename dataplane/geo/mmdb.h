// MmdbFile: an MMDB in memory, its metadata checked (MaxMind DB File Format Specification 2.0).
//
// The file is read whole, not mapped: a file that shrinks under a mapping ends the program.
//
// Thread safety: immutable; const members from any number of threads.
// Slow twin in tests: libmaxminddb.
#ifndef BORDERFLOW_DATAPLANE_GEO_MMDB_H_
#define BORDERFLOW_DATAPLANE_GEO_MMDB_H_

#include <array>
#include <cstdint>
#include <cstring>
#include <optional>
#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "dataplane/geo/huge_pages.h"
#include "dataplane/geo/mmdb_data.h"

namespace borderflow {

struct MmdbMetadata {
  uint32_t node_count = 0;
  uint32_t record_size = 0;  // bits: 24, 28 or 32; a node has two records
  uint32_t ip_version = 0;   // 4 or 6
  uint64_t build_epoch = 0;  // seconds since 1970
  std::string database_type;
  std::string description;  // the English one, else the first
};

class MmdbFile {
 public:
  // Errors: NotFound, PermissionDenied, or InvalidArgument for what is not a whole MMDB; each names
  // the file and the remedy.
  static absl::StatusOr<MmdbFile> Open(const std::string& path);
  // `name` stands for the file in messages.
  static absl::StatusOr<MmdbFile> Parse(HugeVector<uint8_t> bytes, std::string name);

  const std::string& name() const { return name_; }
  const MmdbMetadata& metadata() const { return metadata_; }
  std::string Sha256() const;  // of the whole file, lower-case hex

  // The left and right record of `node`. REQUIRES: node < node_count.
  // A record below node_count is a node, node_count itself says "nothing", anything above leads to
  // data.
  std::array<uint32_t, 2> Node(uint32_t node) const;

  // What a record above node_count leads to: an offset in data(). nullopt when it leads outside.
  std::optional<uint32_t> DataOffset(uint32_t record) const {
    // Offsets count from the separator, so that its length tells nodes from data.
    const uint64_t offset = uint64_t{record} - metadata_.node_count - kSeparator;
    if (offset >= data_bytes()) return std::nullopt;
    return static_cast<uint32_t>(offset);
  }
  MmdbData data() const { return MmdbData(data_section()); }
  size_t data_bytes() const { return data_end_ - data_begin_; }
  MmdbData::Budget NewBudget() const { return MmdbData::Budget(data_section().size()); }

  // An InvalidArgument that names this file and what to do about it.
  absl::Status Damaged(std::string_view problem) const;

 private:
  static constexpr size_t kSeparator = 16;  // zero bytes between search tree and data

  absl::Status ReadMetadata();
  absl::Span<const uint8_t> data_section() const {
    return absl::MakeConstSpan(bytes_).subspan(data_begin_, data_end_ - data_begin_);
  }

  HugeVector<uint8_t> bytes_;
  std::string name_;
  MmdbMetadata metadata_;
  size_t data_begin_ = 0;
  size_t data_end_ = 0;
};

inline std::array<uint32_t, 2> MmdbFile::Node(uint32_t node) const {
  // Eight bytes at once: the separator behind the tree has room for what reads past the last node.
  uint64_t bytes;
  std::memcpy(&bytes, bytes_.data() + uint64_t{node} * (metadata_.record_size / 4), sizeof(bytes));
  bytes = __builtin_bswap64(bytes);
  const auto bits = [bytes](int first, int count) {
    return static_cast<uint32_t>(bytes << first >> (64 - count));
  };
  switch (metadata_.record_size) {
    case 24:
      return {bits(0, 24), bits(24, 24)};
    case 28:  // the middle byte holds the top four bits of both
      return {bits(24, 4) << 24 | bits(0, 24), bits(28, 28)};
    default:
      return {bits(0, 32), bits(32, 32)};
  }
}

}  // namespace borderflow

#endif  // BORDERFLOW_DATAPLANE_GEO_MMDB_H_
