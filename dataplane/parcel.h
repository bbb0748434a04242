// Parcels: blocks of frames on their way from the reader of a replay to its workers.
//
// A parcel owns a block and, for each worker, the packets of the block that this worker is to see.
// The reader is worker 0 itself. A fixed number of parcels circulates: the reader waits for a free
// one, so memory is bounded, and a parcel is free again when the last worker is done with it.
//
// Thread safety: one reader thread, one thread a worker.
#ifndef BORDERFLOW_DATAPLANE_PARCEL_H_
#define BORDERFLOW_DATAPLANE_PARCEL_H_

#include <cstddef>
#include <deque>
#include <memory>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "dataplane/capture/frame.h"
#include "dataplane/packet/packet.h"

namespace borderflow {

// A point among a parcel's packets at which every worker closes windows or turns to another.
struct WindowStep {
  std::vector<size_t> at;        // by worker: so many of its packets come before
  std::vector<uint64_t> closes;  // indices, in this order (event_windows.h)
  uint64_t first_number = 0;     // of the first of these among all windows of the replay
  uint64_t index = 0;            // the window of the packets that follow
  uint32_t tick = 0;             // the time for flows' ends
};

struct Parcel {
  FrameBlock block;
  std::vector<std::vector<Packet>> packets;   // by worker
  std::deque<std::vector<uint8_t>> payloads;  // of reassembled datagrams, which no frame holds
  std::vector<WindowStep> steps;
  int unfinished = 0;  // workers that have not returned it; under the mutex
};

class ParcelExchange {
 public:
  ParcelExchange(int workers, int parcels);

  // Reader: waits for a free parcel, with empty packet lists.
  Parcel* Acquire();
  // Reader: gives a filled parcel to every other worker. It must return it, too.
  void Publish(Parcel* parcel);
  // Reader: no more parcels; workers drain what is queued.
  void Close();

  // Worker, from 1 on: the next parcel in order, or nullptr after Close.
  Parcel* Next(int worker);
  // Reader and workers: done with a parcel.
  void Return(Parcel* parcel);

 private:
  std::vector<std::unique_ptr<Parcel>> parcels_;
  absl::Mutex mutex_;
  std::vector<Parcel*> free_ ABSL_GUARDED_BY(mutex_);
  std::vector<std::deque<Parcel*>> queues_ ABSL_GUARDED_BY(mutex_);
  bool closed_ ABSL_GUARDED_BY(mutex_) = false;
};

}  // namespace borderflow

#endif  // BORDERFLOW_DATAPLANE_PARCEL_H_
