#include "dataplane/replay.h"

#include <algorithm>
#include <memory>
#include <optional>
#include <random>
#include <thread>
#include <vector>

#include "dataplane/parcel.h"
#include "dataplane/pipeline.h"
#include "dataplane/replay_windows.h"

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
  for (size_t at = 0; at < packets.size(); at += Worker::kMaxBurst) {
    worker->Process(packets.subspan(at, Worker::kMaxBurst));
  }
}

// `windows` is null when all is one window, here and below.
absl::Status ReplayAlone(FrameSource* source, Pipeline* pipeline, ReplayWindows* windows,
                         const ReplayProgress& progress, Snapshot* total) {
  FrameBlock block;
  uint64_t frames = 0;
  while (true) {
    const absl::StatusOr<bool> more = source->Read(&block);
    if (!more.ok()) return more.status();
    if (!*more) return absl::OkStatus();
    if (windows == nullptr) {
      pipeline->Process(block.frames);
    } else {
      for (absl::Span<const Frame> rest = block.frames; !rest.empty();) {
        WindowStep step;
        const size_t run = windows->Turn(rest, &step);
        windows->Take(0, step);
        pipeline->Process(rest.first(run));
        rest.remove_prefix(run);
      }
      windows->Emit(total);
    }
    frames += block.frames.size();
    if (progress) progress(*source, frames);
  }
}

// Which worker a flow belongs to. The reader is worker 0; reading and decoding are some three
// tenths of all work, and it gets so much less of the rest that all threads end together (two
// workers on the flow-heavy mix, with start and database: 0.46 s with 0.26 to 0.3, 0.49 with 0.22,
// 0.50 with 0.35, 0.55 with 0.4).
class Owners {
 public:
  explicit Owners(size_t workers) : others_(workers - 1) {
    constexpr double kReading = 0.28;
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
void Distribute(absl::Span<const Frame> frames, const KeyedHash& hash, const Owners& owner_of,
                Front* front, Parcel* parcel) {
  const size_t workers = parcel->packets.size();
  Packet packet;  // Take fills all of it: clearing one for each frame would cost more than decoding
  for (const Frame& frame : frames) {
    PrefetchAhead(parcel->block, &frame);
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

void ProcessParcel(const Parcel& parcel, size_t w, Worker* worker, ReplayWindows* windows) {
  absl::Span<const Packet> packets = parcel.packets[w];
  size_t done = 0;
  for (const WindowStep& step : parcel.steps) {
    ProcessInBursts(packets.subspan(done, step.at[w] - done), worker);
    done = step.at[w];
    windows->Take(w, step);
  }
  ProcessInBursts(packets.subspan(done), worker);
}

absl::Status ReplayTogether(FrameSource* source, const KeyedHash& hash, Front* front,
                            absl::Span<Worker* const> workers, ReplayWindows* windows,
                            const ReplayProgress& progress, Snapshot* total) {
  const int count = static_cast<int>(workers.size());
  ParcelExchange exchange(count, count * kParcelsPerWorker + kParcelsOfReader);
  std::vector<std::thread> threads;
  threads.reserve(workers.size());
  const Owners owner_of(workers.size());
  for (int w = 1; w < count; ++w) {
    threads.emplace_back([&exchange, w, windows, worker = workers[static_cast<size_t>(w)]] {
      while (Parcel* parcel = exchange.Next(w)) {
        ProcessParcel(*parcel, static_cast<size_t>(w), worker, windows);
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
    for (absl::Span<const Frame> rest = parcel->block.frames; !rest.empty();) {
      size_t run = rest.size();
      if (windows != nullptr) {
        WindowStep step;
        run = windows->Turn(rest, &step);
        for (const auto& packets : parcel->packets) step.at.push_back(packets.size());
        parcel->steps.push_back(std::move(step));
      }
      Distribute(rest.first(run), hash, owner_of, front, parcel);
      rest.remove_prefix(run);
    }
    frames += parcel->block.frames.size();
    exchange.Publish(parcel);
    ProcessParcel(*parcel, 0, workers[0], windows);
    exchange.Return(parcel);
    if (windows != nullptr) windows->Emit(total);
    if (progress) progress(*source, frames);
  }
  exchange.Close();
  workers[0]->Finish();
  for (std::thread& thread : threads) thread.join();
  return status;
}

// Names belong to no window.
void MergeNames(Worker* worker, Snapshot* total) {
  Snapshot names;
  names.names = worker->Take().names;
  Merge(std::move(names), total);
}

}  // namespace

absl::Status Replay(FrameSource* source, const PrefixMap& map, const NameRules& rules,
                    const ReplayOptions& options, const ReplayProgress& progress,
                    Snapshot* snapshot) {
  const KeyedHash hash(RandomSeed());
  const bool in_windows = options.window_ns > 0;
  WorkerOptions worker_options = options.worker;
  worker_options.windows = in_windows;
  std::optional<ReplayWindows> windows;
  if (options.workers == 1) {
    Pipeline pipeline(&map, &rules, hash, options.front, worker_options);
    Worker* const worker = &pipeline.worker();
    if (in_windows) {
      windows.emplace(options.window_ns, options.on_window, &pipeline.front(),
                      absl::MakeConstSpan(&worker, 1));
    }
    absl::Status status =
        ReplayAlone(source, &pipeline, in_windows ? &*windows : nullptr, progress, snapshot);
    pipeline.Finish();
    if (in_windows) {
      windows->Finish(snapshot);
      MergeNames(worker, snapshot);
    } else {
      Merge(pipeline.Take(), snapshot);
    }
    return status;
  }
  Front front(&map, options.front);
  std::vector<std::unique_ptr<Worker>> owned;
  std::vector<Worker*> workers;
  for (int w = 0; w < options.workers; ++w) {
    owned.push_back(std::make_unique<Worker>(&map, &rules, hash, worker_options));
    workers.push_back(owned.back().get());
  }
  if (in_windows) windows.emplace(options.window_ns, options.on_window, &front, workers);
  absl::Status status = ReplayTogether(source, hash, &front, workers,
                                       in_windows ? &*windows : nullptr, progress, snapshot);
  if (in_windows) {
    windows->Finish(snapshot);
    for (Worker* worker : workers) MergeNames(worker, snapshot);
    return status;
  }
  Merge(front.Totals(), snapshot);
  for (Worker* worker : workers) Merge(worker->Take(), snapshot);
  return status;
}

}  // namespace borderflow
