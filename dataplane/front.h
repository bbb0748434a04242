// Front: frames in file order -> packets for workers. What must be seen in order, and by one
// thread, happens here: decoding with its memory of fragments, copies, echoes.
//
// In a live run each worker has a Front of its own; in a replay the reader has the only one.
//
// Thread safety: none.
#ifndef BORDERFLOW_DATAPLANE_FRONT_H_
#define BORDERFLOW_DATAPLANE_FRONT_H_

#include <optional>

#include "dataplane/count/snapshot.h"
#include "dataplane/flow/event_clock.h"
#include "dataplane/geo/prefix_map.h"
#include "dataplane/packet/decode.h"
#include "dataplane/packet/echoes.h"
#include "dataplane/packet/exact_copies.h"

namespace borderflow {

struct FrontOptions {
  TunnelMode tunnel = TunnelMode::kInner;
  bool remove_copies = false;  // --dedup
};

class Front {
 public:
  // `map` must outlive the front.
  Front(const PrefixMap* map, const FrontOptions& options);

  // Counts the frame as captured and in exactly one class. True if it is ip and not a removed copy:
  // `packet` is then to be counted by a worker.
  bool Take(const Frame& frame, Packet* packet);

  // Locates tunnels' ends by another map from the next frame on.
  void Use(const PrefixMap* map) { map_ = map; }

  // Counts in this window, 0 or 1, from the next frame on.
  void Use(int window);
  // Notes that frames which were just taken belong to a window that was closed, or not yet open.
  void NoteLate(const FrameTotals& frames) { totals().late += frames; }
  void NoteAhead(const FrameTotals& frames) { totals().ahead += frames; }

  // What was counted so far: decode totals and artefacts, no cells.
  Snapshot Totals() const;

  // The decode totals of a window, which begin anew.
  DecodeTotals TakeWindow(int window);

  // Time for flows' ends, as of the last frame (event_clock.h).
  Tick now() const { return clock_.now(); }

 private:
  DecodeTotals& totals() { return totals_[window_]; }
  void CountTunnel(const Packet& packet);
  void EnterLink(uint16_t link_type);

  const PrefixMap* map_;
  EventClock clock_;
  Decoder decoder_;
  Echoes echoes_;
  std::optional<ExactCopies> copies_;
  DecodeTotals totals_[2];  // by window
  int window_ = 0;
  Artefacts artefacts_;
  // The link type of the last frame, and where its frames are counted if nobody knows it.
  int link_type_ = -1;
  uint64_t* unknown_link_ = nullptr;
};

}  // namespace borderflow

#endif  // BORDERFLOW_DATAPLANE_FRONT_H_
