#include "dataplane/packet/exact_copies.h"

namespace borderflow {

ExactCopies::ExactCopies(uint64_t seed) : hash_(seed), seen_(kSeen) {}

bool ExactCopies::IsCopy(const Frame& frame) {
  // Equal bytes give equal hashes, so these two must not make up for each other.
  const uint64_t beside = uint64_t{frame.bytes} << 16 | frame.link_type;
  const uint64_t hash = hash_(frame.data, frame.captured) + beside;
  Seen& place = seen_[hash % kSeen];
  const bool copy = place.hash == hash && frame.time_ns - place.time_ns <= kWindowNs;
  // A copy does not renew the window: only what is counted can make the next one a copy.
  if (!copy) place = {hash, frame.time_ns};
  return copy;
}

}  // namespace borderflow
