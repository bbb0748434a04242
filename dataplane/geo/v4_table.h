// V4Table: the IPv4 half of PrefixMap. Private to the room.
//
//   words[address >> 14]      64 bits, one for each /24 below; set where a run of equal /24s begins
//   values[base + popcount]   the run's location, or the mark "divided, group g"
//   host_words[4 g + ...]     the same again with one bit for each address of a divided /24
//
// Thread safety: const members from any number of threads.
#ifndef BORDERFLOW_DATAPLANE_GEO_V4_TABLE_H_
#define BORDERFLOW_DATAPLANE_GEO_V4_TABLE_H_

#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

#include "dataplane/geo/huge_pages.h"
#include "dataplane/geo/location.h"

namespace borderflow {

// Marks a value that is not a location but leads to a group, whose number stands in `asn`.
inline constexpr GeoSource kDivided = static_cast<GeoSource>(0xff);
constexpr Location DividedMark(uint32_t group) { return {.source = kDivided, .asn = group}; }
// Marks an IPv6 value that says: as the IPv4 address behind the number of bits that stands in
// `asn`.
inline constexpr GeoSource kEmbedded = static_cast<GeoSource>(0xfe);
constexpr Location EmbeddedMark(int depth) {
  return {.source = kEmbedded, .asn = static_cast<uint32_t>(depth)};
}

class V4Table {
 public:
  static constexpr size_t kBurst = 64;  // addresses whose loads are in flight at once

  V4Table();

  // For `blocks` calls of Append; best before the first. Address space only.
  void Reserve(size_t blocks);
  // Building: consecutive blocks from address 0 until all 2^32 are covered, then Seal.
  // REQUIRES: first == end of the block before; end <= 2^32.
  void Append(uint64_t first, uint64_t end, const Location& location);
  void Seal();

  // REQUIRES: sealed.
  Location Find(uint32_t address) const;
  // `count` <= kBurst.
  void FindBurst(const uint32_t* addresses, size_t count, Location* out) const;

  size_t memory_bytes() const;

 private:
  struct Word {
    uint64_t starts = 0;
    uint32_t base = 0;  // values before this word, minus one
    uint32_t unused = 0;
  };
  static_assert(sizeof(Word) == 16);

  static uint32_t Position(const Word& word, uint32_t bit) {
    return word.base +
           static_cast<uint32_t>(__builtin_popcountll(word.starts & (~uint64_t{0} >> (63 - bit))));
  }
  Location FindHost(uint32_t group, uint32_t address) const;
  void BeginRun(uint32_t block, const Location& location);
  void CloseDividedBlock(uint32_t block);

  HugeVector<Word> words_;
  HugeVector<Location> values_;
  HugeVector<Word> host_words_;
  HugeVector<Location> host_values_;
  std::vector<std::pair<uint8_t, Location>> open_;  // building: the runs of a /24 not yet complete
};

}  // namespace borderflow

#endif  // BORDERFLOW_DATAPLANE_GEO_V4_TABLE_H_
