// MmdbBytes: MMDB files written byte by byte, so that tests can write what no honest writer would.
#ifndef BORDERFLOW_TESTS_DATAPLANE_GEO_MMDB_BYTES_H_
#define BORDERFLOW_TESTS_DATAPLANE_GEO_MMDB_BYTES_H_

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "dataplane/geo/huge_pages.h"

namespace borderflow {

// Values of the data section (sizes below 29 only).
inline std::string MmdbString(std::string_view text) {
  return static_cast<char>(0x40 | text.size()) + std::string(text);
}
inline std::string MmdbMap(int members) { return {static_cast<char>(0xe0 | members)}; }
inline std::string MmdbUint32(uint32_t value) {
  std::string bytes = {static_cast<char>(0xc4)};
  for (int shift = 24; shift >= 0; shift -= 8) bytes += static_cast<char>(value >> shift);
  return bytes;
}
inline std::string MmdbUint64(uint64_t value) {
  std::string bytes = {0x08, 0x02};
  for (int shift = 56; shift >= 0; shift -= 8) bytes += static_cast<char>(value >> shift);
  return bytes;
}
inline std::string MmdbTrue() { return {0x01, 0x07}; }
inline std::string MmdbPointer(uint16_t target) {  // below 2048
  return {static_cast<char>(0x20 | target >> 8), static_cast<char>(target & 0xff)};
}
inline std::string MmdbCountry(std::string_view code) {
  return MmdbMap(1) + MmdbString("country") + MmdbMap(1) + MmdbString("iso_code") +
         MmdbString(code);
}

struct MmdbBytes {
  static constexpr uint32_t kNone = 0xffff'ffff;  // a record that leads nowhere
  // A record that leads to an offset of the data section.
  static constexpr uint32_t Data(uint32_t offset) { return 0x8000'0000 | offset; }

  std::vector<std::array<uint32_t, 2>> nodes;
  std::string data;
  uint32_t ip_version = 4;
  uint32_t record_size = 24;  // as the metadata say; nodes are written so too
  uint32_t stated_nodes = kNone;
  uint64_t build_epoch = 1'700'000'000;
  std::string type = "Test-Country";
  std::string more_metadata;  // one further member

  std::string Metadata() const {
    const uint32_t count =
        stated_nodes == kNone ? static_cast<uint32_t>(nodes.size()) : stated_nodes;
    return MmdbMap(more_metadata.empty() ? 7 : 8) + MmdbString("node_count") + MmdbUint32(count) +
           MmdbString("record_size") + MmdbUint32(record_size) + MmdbString("ip_version") +
           MmdbUint32(ip_version) + MmdbString("binary_format_major_version") + MmdbUint32(2) +
           MmdbString("build_epoch") + MmdbUint64(build_epoch) + MmdbString("database_type") +
           MmdbString(type) + MmdbString("description") + MmdbMap(1) + MmdbString("en") +
           MmdbString("for tests") + more_metadata;
  }

  std::string Text() const {
    std::string bytes;
    const auto count = static_cast<uint32_t>(nodes.size());
    for (const std::array<uint32_t, 2>& node : nodes) {
      for (uint32_t record : node) {
        if (record == kNone) {
          record = count;
        } else if (record >= 0x8000'0000) {
          record = count + 16 + (record & 0x7fff'ffff);
        }
        for (int shift = 16; shift >= 0; shift -= 8) bytes += static_cast<char>(record >> shift);
      }
    }
    return bytes + std::string(16, '\0') + data + "\xab\xcd\xefMaxMind.com" + Metadata();
  }

  HugeVector<uint8_t> Bytes() const {
    const std::string text = Text();
    return HugeVector<uint8_t>(text.begin(), text.end());
  }
};

}  // namespace borderflow

#endif  // BORDERFLOW_TESTS_DATAPLANE_GEO_MMDB_BYTES_H_
