#include "tools/plugin/lane.h"

#include <rte_mbuf.h>
#include <rte_pause.h>

#include <algorithm>
#include <random>
#include <thread>
#include <utility>

#include "dataplane/stage_probe.h"

namespace borderflow {
namespace {

// Longer than any hand-over, some 40 us: the other side has lost its core, perhaps to this thread.
constexpr int kTriesBeforeYield = 1000;
// So that an idle lane's share of the names that others learn does not run over: they learn at most
// some per burst, and a poll that finds nothing is far quicker than a burst.
constexpr uint64_t kEmptyBurstsBetweenLessons = 64;

uint64_t RandomSeed() {
  std::random_device device;
  return uint64_t{device()} << 32 | device();
}

}  // namespace

Lane::Lane(const CycleClock* clock, const PrefixMap* map, const NameRules* rules,
           const FrontOptions& front, const WorkerOptions& worker, StampedPorts stamped)
    : clock_(clock),
      stamped_ports_(std::move(stamped)),
      by_clock_(/*stamped=*/false),
      pipeline_(map, rules, KeyedHash(RandomSeed()), front, worker) {
  surroundings_.map = map;
  if (stamped_ports_.any()) stamped_.emplace(/*stamped=*/true);
}

bool Lane::Inspect(absl::Span<rte_mbuf* const> mbufs) {
  const uint64_t begin = ReadCycles();
  if (last_call_cycles_ != 0) {
    longest_gap_cycles_ = std::max(longest_gap_cycles_, begin - last_call_cycles_);
  }
  last_call_cycles_ = begin;
  // Most empty polls are not worth taking the pipeline.
  if (mbufs.empty() && !Asked() && ++empty_bursts_ % kEmptyBurstsBetweenLessons != 0) return true;
  if (!Take()) return false;
  if (!mbufs.empty()) {
    const uint64_t now_ns = clock_->TimeNs(begin);
    if (use_.bursts++ == 0) use_.first_cycles = begin;
    use_.full_bursts += mbufs.size() >= kBurst ? 1 : 0;
    while (!mbufs.empty()) {
      const bool stamped = stamped_.has_value() && stamped_ports_.Has(mbufs.front()->port);
      size_t run = std::min<size_t>(mbufs.size(), kBurst);
      for (size_t i = 1; i < run && stamped_.has_value(); ++i) {
        if (stamped_ports_.Has(mbufs[i]->port) != stamped) run = i;
      }
      InspectRun(mbufs.first(run), stamped, now_ns);
      mbufs.remove_prefix(run);
    }
    use_.last_cycles = ReadCycles();
    use_.busy_cycles += use_.last_cycles - begin;
    use_.longest_gap_cycles = longest_gap_cycles_;
  } else {
    LearnFromOthers();
  }
  if (Asked()) Answer();
  Leave();
  return true;
}

// At most kBurst frames whose time comes from one place.
void Lane::InspectRun(absl::Span<rte_mbuf* const> mbufs, bool stamped, uint64_t now_ns) {
  for (const rte_mbuf* mbuf : mbufs) __builtin_prefetch(rte_pktmbuf_mtod(mbuf, const void*));
  LearnFromOthers();
  (stamped ? *stamped_ : by_clock_).Read(mbufs, now_ns, absl::MakeSpan(frames_));
  if (!stamped) use_.frames_by_clock += mbufs.size();
  pipeline_.Process(absl::MakeConstSpan(frames_).first(mbufs.size()));
  if (learned_.count > 0) surroundings_.lessons->Post(surroundings_.index, &learned_);
}

void Lane::LearnFromOthers() {
  if (surroundings_.lessons == nullptr) return;
  surroundings_.lessons->Take(surroundings_.index,
                              [this](const DnsLesson& lesson) { pipeline_.Learn(lesson); });
}

// Waits while a controlling thread has the pipeline. False when the lane is closed.
bool Lane::Take() {
  uint32_t found = kNobody;
  for (int tries = 1; !owner_.compare_exchange_weak(found, kInspecting, std::memory_order_acquire,
                                                    std::memory_order_relaxed);
       ++tries) {
    if (found == kClosed) return false;
    found = kNobody;
    if (tries % kTriesBeforeYield != 0) {
      rte_pause();
    } else {
      std::this_thread::yield();
    }
  }
  return true;
}

void Lane::Leave() {
  const bool closing = closing_.load(std::memory_order_relaxed);
  owner_.store(closing ? kClosed : kNobody, std::memory_order_release);
}

// By the owner, between two bursts.
void Lane::Answer() {
  if (wanted_surroundings_.map != surroundings_.map) pipeline_.Use(wanted_surroundings_.map);
  surroundings_ = wanted_surroundings_;
  // Without others nothing is noted, and so nothing posted.
  pipeline_.Share(surroundings_.lessons == nullptr ? nullptr : &learned_);
  pipeline_.Swap(&handover_);
  handover_use_ = use_;
  answered_.store(wanted_.load(std::memory_order_relaxed), std::memory_order_release);
}

void Lane::Ask(const LaneSurroundings& surroundings) {
  wanted_surroundings_ = surroundings;
  wanted_.store(++asked_, std::memory_order_release);
}

// A lane that inspects one burst after the other is hardly ever free, but answers by itself.
void Lane::AnswerFor() {
  while (!Answered()) {
    uint32_t found = kNobody;
    if (owner_.compare_exchange_strong(found, kControlling, std::memory_order_acquire)) {
      if (!Answered()) Answer();
      owner_.store(kNobody, std::memory_order_release);
    } else if (found == kClosed) {
      Answer();
    } else {
      std::this_thread::yield();
    }
  }
}

void Lane::Drain(Snapshot* totals, std::vector<Cell>* cells) {
  pipeline_.Drain(handover_, cells);
  Merge(handover_.totals, totals);
}

void Lane::Close() {
  if (closing_.exchange(true, std::memory_order_relaxed)) return;
  // Either the lane is free, or the burst at hand closes it.
  uint32_t found = kNobody;
  while (!owner_.compare_exchange_strong(found, kClosed, std::memory_order_acquire) &&
         found != kClosed) {
    found = kNobody;
    std::this_thread::yield();
  }
  pipeline_.Finish();
}

}  // namespace borderflow
