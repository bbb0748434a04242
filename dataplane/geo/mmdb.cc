#include "dataplane/geo/mmdb.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "absl/strings/str_cat.h"
#include "dataplane/geo/read_file.h"
#include "rules/digest/sha256.h"

namespace borderflow {
namespace {

constexpr std::string_view kMarker = "\xab\xcd\xefMaxMind.com";
constexpr size_t kMarkerReach = 128 << 10;  // the marker stands within the last 128 KiB
constexpr uint64_t kLargestFile = uint64_t{2}
                                  << 30;         // offsets have 32 bits; City files have 0.1 GB
constexpr uint64_t kLatestBuild = 253402300800;  // the year 10000
constexpr int kMetadataLevels = 8;               // real metadata have 2: a map of maps of strings
constexpr uint32_t kMetadataValues = 10000;      // real metadata have about 40
constexpr size_t kLongestText = 1000;            // of a type or description kept

constexpr absl::string_view kRemedy =
    "fetch the file again, or build one with `borderflow geo build`";

// Where the last metadata marker ends; nullopt when there is none.
std::optional<size_t> FindMetadata(absl::Span<const uint8_t> bytes) {
  const size_t skipped = bytes.size() > kMarkerReach ? bytes.size() - kMarkerReach : 0;
  const std::string_view tail(reinterpret_cast<const char*>(bytes.data()) + skipped,
                              bytes.size() - skipped);
  const size_t at = tail.rfind(kMarker);
  if (at == std::string_view::npos) return std::nullopt;
  return skipped + at + kMarker.size();
}

// Text for messages and reports: bounded, without control bytes.
std::string Printable(std::string_view text) {
  std::string kept(text.substr(0, kLongestText));
  for (char& c : kept) {
    if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f) c = ' ';
  }
  return kept;
}

}  // namespace

absl::StatusOr<MmdbFile> MmdbFile::Open(const std::string& path) {
  absl::StatusOr<HugeVector<uint8_t>> bytes = ReadWholeFile(path, kLargestFile);
  if (!bytes.ok()) return bytes.status();
  return Parse(*std::move(bytes), path);
}

absl::StatusOr<MmdbFile> MmdbFile::Parse(HugeVector<uint8_t> bytes, std::string name) {
  MmdbFile file;
  file.bytes_ = std::move(bytes);
  file.name_ = std::move(name);
  if (absl::Status read = file.ReadMetadata(); !read.ok()) return read;
  return file;
}

absl::Status MmdbFile::Damaged(std::string_view problem) const {
  return absl::InvalidArgumentError(absl::StrCat(
      name_, ": damaged: ", absl::string_view(problem.data(), problem.size()), "; ", kRemedy));
}

absl::Status MmdbFile::ReadMetadata() {
  const absl::Span<const uint8_t> bytes(bytes_);
  if (bytes.empty()) return absl::InvalidArgumentError(absl::StrCat(name_, ": empty; ", kRemedy));
  const std::optional<size_t> begin = FindMetadata(bytes);
  if (!begin.has_value()) {
    if (bytes.size() > 2 && bytes[0] == 0x1f && bytes[1] == 0x8b) {
      return absl::InvalidArgumentError(
          absl::StrCat(name_, ": compressed; unpack it first (gunzip, or tar -xzf)"));
    }
    return absl::InvalidArgumentError(absl::StrCat(
        name_, ": not an MMDB, or its end is missing (no metadata in the last 128 KiB); ",
        kRemedy));
  }
  const MmdbData metadata(bytes.subspan(*begin));
  MmdbData::Budget budget(bytes.size() - *begin);
  const auto in_metadata = [this](const absl::Status& status) {
    return Damaged(absl::StrCat("metadata, ", status.message()));
  };
  absl::StatusOr<MmdbValue> root = metadata.At(0, budget);
  if (!root.ok()) return in_metadata(root.status());
  if (root->type != MmdbType::kMap) return Damaged("the metadata is not a map");
  absl::Status extent = metadata.CheckExtent(0, kMetadataLevels, kMetadataValues, budget);
  if (!extent.ok()) return in_metadata(extent);

  std::optional<uint64_t> node_count, record_size, ip_version, major, build;
  MmdbData::Members members(metadata, *root);
  while (true) {
    absl::StatusOr<bool> more = members.Next(budget);
    if (!more.ok()) return in_metadata(more.status());
    if (!*more) break;
    absl::StatusOr<MmdbValue> value = metadata.At(members.value(), budget);
    if (!value.ok()) return in_metadata(value.status());
    const std::string_view key = members.key();
    if (key == "node_count") node_count = metadata.Unsigned(*value);
    if (key == "record_size") record_size = metadata.Unsigned(*value);
    if (key == "ip_version") ip_version = metadata.Unsigned(*value);
    if (key == "binary_format_major_version") major = metadata.Unsigned(*value);
    if (key == "build_epoch") build = metadata.Unsigned(*value);
    if (key == "database_type") {
      metadata_.database_type = Printable(metadata.String(*value).value_or(""));
    }
    if (key == "description") {
      MmdbData::Members languages(metadata, *value);
      while (true) {
        more = languages.Next(budget);
        if (!more.ok()) return in_metadata(more.status());
        if (!*more) break;
        if (!metadata_.description.empty() && languages.key() != "en") continue;
        absl::StatusOr<MmdbValue> text = metadata.At(languages.value(), budget);
        if (!text.ok()) return in_metadata(text.status());
        metadata_.description = Printable(metadata.String(*text).value_or(""));
      }
    }
  }

  if (major != 2) {
    return Damaged(absl::StrCat("metadata: format version ", major.value_or(0),
                                ", this program reads version 2"));
  }
  if (ip_version != 4 && ip_version != 6) {
    return Damaged(absl::StrCat("metadata: ip_version ", ip_version.value_or(0), ", not 4 or 6"));
  }
  if (record_size != 24 && record_size != 28 && record_size != 32) {
    return Damaged(
        absl::StrCat("metadata: record_size ", record_size.value_or(0), ", not 24, 28 or 32"));
  }
  if (node_count.value_or(0) == 0 || *node_count > UINT32_MAX) {
    return Damaged(absl::StrCat("metadata: node_count ", node_count.value_or(0),
                                ", not between 1 and 4294967295"));
  }
  if (build.value_or(0) >= kLatestBuild) {
    return Damaged(absl::StrCat("metadata: build_epoch ", *build, " lies beyond the year 9999"));
  }
  const uint64_t tree = *node_count * (*record_size / 4);
  data_end_ = *begin - kMarker.size();
  if (tree + kSeparator > data_end_) {
    return Damaged(absl::StrCat("truncated, or node_count is wrong: ", *node_count, " nodes need ",
                                tree, " bytes and a separator, but ", data_end_,
                                " bytes stand before the metadata"));
  }
  data_begin_ = tree + kSeparator;
  metadata_.node_count = static_cast<uint32_t>(*node_count);
  metadata_.record_size = static_cast<uint32_t>(*record_size);
  metadata_.ip_version = static_cast<uint32_t>(*ip_version);
  metadata_.build_epoch = build.value_or(0);
  return absl::OkStatus();
}

std::string MmdbFile::Sha256() const { return Sha256Hex(bytes_); }

}  // namespace borderflow
