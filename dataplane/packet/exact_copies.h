// ExactCopies: for --dedup, frames that are equal to the byte within a short time.
//
// Thread safety: none; one for each thread that sees frames in order.
#ifndef BORDERFLOW_DATAPLANE_PACKET_EXACT_COPIES_H_
#define BORDERFLOW_DATAPLANE_PACKET_EXACT_COPIES_H_

#include <cstdint>
#include <vector>

#include "dataplane/capture/frame.h"
#include "dataplane/packet/keyed_hash.h"

namespace borderflow {

class ExactCopies {
 public:
  // As Echoes::kWindowNs, for the same reason.
  static constexpr uint64_t kWindowNs = 10'000'000;

  // `seed` keeps an attacker from preparing frames that hash alike.
  explicit ExactCopies(uint64_t seed);

  // True if an equal frame (captured bytes, original length, link type) came within the window.
  bool IsCopy(const Frame& frame);

 private:
  struct Seen {
    uint64_t hash = 0;
    uint64_t time_ns = 0;
  };
  static constexpr size_t kSeen = size_t{1} << 16;

  KeyedHash hash_;
  std::vector<Seen> seen_;
};

}  // namespace borderflow

#endif  // BORDERFLOW_DATAPLANE_PACKET_EXACT_COPIES_H_
