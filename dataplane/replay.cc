#include "dataplane/replay.h"

#include <algorithm>
#include <memory>
#include <random>
#include <thread>
#include <vector>

#include "dataplane/parcel.h"
#include "dataplane/pipeline.h"

namespace borderflow {
namespace {

// Enough that a worker that falls behind for a few milliseconds stops nobody: about 7 MiB for two.
constexpr int kParcelsPerWorker = 8;
constexpr int kParcelsOfReader = 4;

uint64_t RandomSeed() {
  std::random_device device;
  return uint64_t{device()} << 32 | device();
}

// Headers a few frames ahead: far enough to arrive in time, near enough to stay.
void PrefetchAhead(const FrameBlock& block, const Frame* frame) {
  constexpr std::ptrdiff_t kAhead = 8;
  if (block.frames.data() + block.frames.size() - frame <= kAhead) return;
  __builtin_prefetch(frame[kAhead].data);
}

void ProcessInBursts(absl::Span<const Packet> packets, Worker* worker) {
  for (size_t at = 0; at < packets.size(); at += kBurst) {
    worker->Process(packets.subspan(at, kBurst));
  }
}

absl::Status ReplayAlone(FrameSource* source, Pipeline* pipeline, const ReplayProgress& progress) {
  FrameBlock block;
  uint64_t frames = 0;
  while (true) {
    const absl::StatusOr<bool> more = source->Read(&block);
    if (!more.ok()) return more.status();
    if (!*more) return absl::OkStatus();
    pipeline->Process(block.frames);
    frames += block.frames.size();
    if (progress) progress(*source, frames);
  }
}

// Which worker a flow belongs to. The reader is worker 0; reading and decoding are about three
// tenths of all work, and it gets so much less of the rest that all threads end together.
class Owners {
 public:
  explicit Owners(size_t workers) : others_(workers - 1) {
    constexpr double kReading = 0.3;
    const double share = (1.0 / static_cast<double>(workers) - kReading) / (1 - kReading);
    reader_below_ = static_cast<uint32_t>(std::max(share, 0.0) * kRange);
  }

  size_t operator()(uint64_t hash) const {
    // The middle bits: the flow table uses the low ones for its buckets, the top for signatures.
    const auto middle = static_cast<uint32_t>(hash >> 24) & (kRange - 1);
    return middle < reader_below_ ? 0 : 1 + middle % others_;
  }

 private:
  static constexpr uint32_t kRange = 1 << 24;
  size_t others_;
  uint32_t reader_below_;
};

// Gives each packet of the parcel's block to its worker, and to all what all must learn from.
void Distribute(const KeyedHash& hash, const Owners& owner_of, Front* front, Parcel* parcel) {
  const size_t workers = parcel->packets.size();
  for (const Frame& frame : parcel->block.frames) {
    PrefetchAhead(parcel->block, &frame);
    Packet packet;
    if (!front->Take(frame, &packet)) continue;
    packet.hash = hash(packet.key);
    if (packet.reassembled) {
      // The decoder's own copy lasts for a burst only; this one as long as the parcel.
      parcel->payloads.emplace_back(packet.payload, packet.payload + packet.payload_captured);
      packet.payload = parcel->payloads.back().data();
    }
    const size_t owner = owner_of(packet.hash);
    if (Inspector::CanTeach(packet)) {
      packet.teach_only = true;
      for (size_t w = 0; w < workers; ++w) {
        if (w != owner) parcel->packets[w].push_back(packet);
      }
      packet.teach_only = false;
    }
    parcel->packets[owner].push_back(packet);
  }
}

absl::Status ReplayTogether(FrameSource* source, const KeyedHash& hash, Front* front,
                            std::vector<std::unique_ptr<Worker>>* workers,
                            const ReplayProgress& progress) {
  const int count = static_cast<int>(workers->size());
  ParcelExchange exchange(count, count * kParcelsPerWorker + kParcelsOfReader);
  std::vector<std::thread> threads;
  threads.reserve(workers->size());
  const Owners owner_of(workers->size());
  for (int w = 1; w < count; ++w) {
    threads.emplace_back([&exchange, w, worker = (*workers)[static_cast<size_t>(w)].get()] {
      while (Parcel* parcel = exchange.Next(w)) {
        ProcessInBursts(parcel->packets[static_cast<size_t>(w)], worker);
        exchange.Return(parcel);
      }
      worker->Finish();
    });
  }
  absl::Status status;
  uint64_t frames = 0;
  while (true) {
    Parcel* parcel = exchange.Acquire();
    const absl::StatusOr<bool> more = source->Read(&parcel->block);
    if (!more.ok() || !*more) {
      status = more.status();
      break;
    }
    Distribute(hash, owner_of, front, parcel);
    frames += parcel->block.frames.size();
    exchange.Publish(parcel);
    ProcessInBursts(parcel->packets[0], workers->front().get());
    exchange.Return(parcel);
    if (progress) progress(*source, frames);
  }
  exchange.Close();
  workers->front()->Finish();
  for (std::thread& thread : threads) thread.join();
  return status;
}

}  // namespace

absl::Status Replay(FrameSource* source, const PrefixMap& map, const NameRules& rules,
                    const ReplayOptions& options, const ReplayProgress& progress,
                    Snapshot* snapshot) {
  const KeyedHash hash(RandomSeed());
  if (options.workers == 1) {
    Pipeline pipeline(&map, &rules, hash, options.front, options.worker);
    const absl::Status status = ReplayAlone(source, &pipeline, progress);
    pipeline.Finish();
    Merge(pipeline.Take(), snapshot);
    return status;
  }
  Front front(&map, options.front);
  std::vector<std::unique_ptr<Worker>> workers;
  for (int w = 0; w < options.workers; ++w) {
    workers.push_back(std::make_unique<Worker>(&map, &rules, hash, options.worker));
  }
  const absl::Status status = ReplayTogether(source, hash, &front, &workers, progress);
  Merge(front.Totals(), snapshot);
  for (const auto& worker : workers) Merge(worker->Take(), snapshot);
  return status;
}

}  // namespace borderflow
