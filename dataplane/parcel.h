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

struct Parcel {
  FrameBlock block;
  std::vector<std::vector<Packet>> packets;   // by worker
  std::deque<std::vector<uint8_t>> payloads;  // of reassembled datagrams, which no frame holds
  int unfinished = 0;                         // workers that have not returned it; under the mutex
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
