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

  // What a record above node_count leads to: an offset in data(). False when it leads outside.
  bool DataOffset(uint32_t record, uint32_t* offset) const;
  MmdbData data() const { return MmdbData(data_section()); }
  MmdbData::Budget NewBudget() const { return MmdbData::Budget(data_section().size()); }

  // An InvalidArgument that names this file and what to do about it.
  absl::Status Damaged(std::string_view problem) const;

 private:
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
  const auto number = [](const uint8_t* at, int count) {
    uint32_t value = 0;
    for (int i = 0; i < count; ++i) value = (value << 8) | at[i];
    return value;
  };
  const uint8_t* at = bytes_.data() + uint64_t{node} * (metadata_.record_size / 4);
  switch (metadata_.record_size) {
    case 24:
      return {number(at, 3), number(at + 3, 3)};
    case 28:  // the middle byte holds the top four bits of both
      return {(at[3] & 0xf0u) << 20 | number(at, 3), (at[3] & 0x0fu) << 24 | number(at + 4, 3)};
    default:
      return {number(at, 4), number(at + 4, 4)};
  }
}

}  // namespace borderflow

#endif  // BORDERFLOW_DATAPLANE_GEO_MMDB_H_
