// ClientSet: distinct client addresses of a cell; exact to 16, then HyperLogLog.
//
// Addresses are reduced to a 64-bit hash with a fixed, public key on arrival and are not kept, so
// that two sensors' sets can be merged.
//
// Thread safety: one writer; copies are independent.
// Slow twin in tests: std::set of addresses.
#ifndef BORDERFLOW_DATAPLANE_COUNT_CLIENT_SET_H_
#define BORDERFLOW_DATAPLANE_COUNT_CLIENT_SET_H_

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/types/span.h"
#include "dataplane/packet/address.h"

namespace borderflow {

class ClientSet {
 public:
  static constexpr int kExact = 16;

  void Add(const IpAddress& client) { AddHash(Hash(client)); }
  void AddHash(uint64_t hash);
  void Merge(const ClientSet& other);
  // Takes over HyperLogLog registers that were filled elsewhere.
  void MergeRegisters(absl::Span<const uint8_t> registers);

  // The same for every order of Add and Merge.
  uint64_t Estimate() const;
  bool exact() const { return registers_.empty(); }

  static uint64_t Hash(const IpAddress& client);

  // The set as bytes, for stores; the same for the same set. At most 769 bytes.
  //   n (0 .. 16), n hashes in rising order, 8 bytes each, little-endian
  //   0x80, registers that are not 0 in rising order, 2 bytes each: index << 6 | rank
  //   0xc0, all 1,024 registers, 6 bits each
  std::string ToBytes() const;
  // Errors: nullopt for anything that ToBytes does not write.
  static std::optional<ClientSet> FromBytes(absl::Span<const uint8_t> bytes);
  // Merges the set that the bytes are, without making it. Errors: false, and some of it may be
  // merged, for anything that ToBytes does not write.
  bool MergeBytes(absl::Span<const uint8_t> bytes);

  friend bool operator==(const ClientSet&, const ClientSet&) = default;

 private:
  void TurnToEstimate();

  std::vector<uint64_t> hashes_;    // sorted, at most kExact; empty once registers_ is in use
  std::vector<uint8_t> registers_;  // hyperloglog::kRegisters once in use
};

}  // namespace borderflow

#endif  // BORDERFLOW_DATAPLANE_COUNT_CLIENT_SET_H_
