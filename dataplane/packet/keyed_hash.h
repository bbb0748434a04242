// KeyedHash: a flow key, or any bytes, -> 64 bits that an attacker cannot steer.
//
// Multiply-fold: each pair of words is mixed with secret words and multiplied to 128 bits, whose
// halves are xored. Unlike a seeded CRC, which is linear, equal-length inputs that collide under
// one secret do not collide under all, so a flood cannot be prepared without the secret. Not a MAC.
//
// Thread safety: immutable after construction.
#ifndef BORDERFLOW_DATAPLANE_PACKET_KEYED_HASH_H_
#define BORDERFLOW_DATAPLANE_PACKET_KEYED_HASH_H_

#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>

#include "dataplane/packet/flow_key.h"

namespace borderflow {

class KeyedHash {
 public:
  // Expands `seed` to the secret words (splitmix64). Live use draws the seed from the system;
  // results never depend on it.
  explicit KeyedHash(uint64_t seed) {
    for (uint64_t& word : secret_) {
      seed += 0x9e3779b97f4a7c15ULL;
      uint64_t z = seed;
      z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9ULL;
      z = (z ^ (z >> 27)) * 0x94d049bb133111ebULL;
      word = (z ^ (z >> 31)) | 1;
    }
  }

  uint64_t operator()(const FlowKey& key) const {
    uint64_t tail = 0;
    std::memcpy(&tail, &key.port_lo, sizeof(tail));
    const uint64_t addresses =
        Fold(key.lo.high ^ secret_[0], key.lo.low ^ secret_[1]) ^
        std::rotl(Fold(key.hi.high ^ secret_[2], key.hi.low ^ secret_[3]), 29);
    return Finish(Fold(addresses ^ secret_[4], tail ^ secret_[5]));
  }

  uint64_t operator()(const uint8_t* bytes, size_t size) const {
    uint64_t state = secret_[0] ^ size;
    for (; size >= 16; bytes += 16, size -= 16) {
      state = Fold(Word(bytes) ^ state, Word(bytes + 8) ^ secret_[1]);
    }
    uint8_t tail[16] = {};
    if (size > 0) std::memcpy(tail, bytes, size);
    return Finish(Fold(Word(tail) ^ state, Word(tail + 8) ^ secret_[2]));
  }

 private:
  // One product leaves keys that count up (a scan of ports) on a lattice, which for some secrets
  // puts a hundred of them into one bucket of eight; a second one breaks it, as in wyhash.
  uint64_t Finish(uint64_t state) const { return Fold(state ^ secret_[3], 0xd6e8feb86659fd93ULL); }

  static uint64_t Word(const uint8_t* bytes) {
    uint64_t word = 0;
    std::memcpy(&word, bytes, sizeof(word));
    return word;
  }
  static uint64_t Fold(uint64_t a, uint64_t b) {
    __extension__ using Wide = unsigned __int128;
    const Wide product = static_cast<Wide>(a) * b;
    return static_cast<uint64_t>(product) ^ static_cast<uint64_t>(product >> 64);
  }

  uint64_t secret_[6];
};

}  // namespace borderflow

#endif  // BORDERFLOW_DATAPLANE_PACKET_KEYED_HASH_H_
