#include "dataplane/capture/dpdk/distributor.h"

#include <rte_ethdev.h>
#include <rte_lcore.h>
#include <rte_mbuf.h>
#include <rte_ring.h>

#include <array>
#include <cstring>

#include "absl/strings/str_cat.h"
#include "dataplane/capture/dpdk/mbuf_frames.h"

namespace borderflow {
namespace {

constexpr int kLastPolls = 512;  // as of a lane (engine.cc)
// After Stop, tries to hand on the last frames of a file: about a second if nobody takes them.
constexpr int kLastTries = 1 << 20;

class RingSource : public BurstSource {
 public:
  RingSource(rte_ring* ring, bool stamped) : ring_(ring), reader_(stamped) {}

  void Attach() override {
    if (rte_lcore_id() == LCORE_ID_ANY) registered_ = rte_thread_register() == 0;
  }
  void Detach() override {
    if (registered_) rte_thread_unregister();
  }
  size_t Poll(uint64_t now_ns, absl::Span<Frame> frames) override {
    held_ = rte_ring_sc_dequeue_burst(ring_, reinterpret_cast<void**>(mbufs_.data()),
                                      static_cast<unsigned>(std::min(frames.size(), mbufs_.size())),
                                      nullptr);
    reader_.Read(absl::MakeConstSpan(mbufs_).first(held_), now_ns, frames);
    return held_;
  }
  void Release() override {
    rte_pktmbuf_free_bulk(mbufs_.data(), held_);
    held_ = 0;
  }

 private:
  rte_ring* ring_;
  MbufFrames reader_;
  std::array<rte_mbuf*, kBurst> mbufs_{};
  unsigned held_ = 0;
  bool registered_ = false;
};

uint32_t Word(const uint8_t* bytes) {
  uint32_t word = 0;
  std::memcpy(&word, bytes, sizeof(word));
  return word;
}

}  // namespace

uint32_t AddressPairHash(const uint8_t* frame, uint32_t captured) {
  constexpr uint32_t kMix = 0x9e3779b1;  // Knuth's multiplicative hash, section 6.4
  uint32_t at = 12;
  for (int tags = 0; tags < 3; ++tags) {
    if (captured < at + 2) return 0;
    const uint32_t type = uint32_t{frame[at]} << 8 | frame[at + 1];
    at += 2;
    if (type == 0x8100 || type == 0x88a8) {
      at += 2;
      continue;
    }
    uint32_t sum = 0;  // addition commutes: both directions have one sum
    if (type == 0x0800 && captured >= at + 20) {
      sum = Word(frame + at + 12) + Word(frame + at + 16);
    } else if (type == 0x86dd && captured >= at + 40) {
      for (uint32_t word = 8; word < 40; word += 4) sum += Word(frame + at + word);
    } else {
      return 0;
    }
    return (sum * kMix) >> 8;
  }
  return 0;
}

absl::StatusOr<std::unique_ptr<Distributor>> Distributor::Start(uint16_t port, int workers,
                                                                bool file) {
  std::unique_ptr<Distributor> distributor(new Distributor(port, file));
  for (int w = 0; w < workers; ++w) {
    rte_ring* ring = rte_ring_create(absl::StrCat("borderflow_", port, "_", w).c_str(), kRing,
                                     rte_eth_dev_socket_id(port),
                                     RING_F_SP_ENQ | RING_F_SC_DEQ | RING_F_EXACT_SZ);
    if (ring == nullptr) {
      return absl::ResourceExhaustedError(
          "no memory for the rings between distributor and workers");
    }
    distributor->rings_.push_back(ring);
  }
  distributor->thread_ = std::thread([raw = distributor.get()] { raw->Run(); });
  return distributor;
}

Distributor::~Distributor() {
  Stop();
  for (rte_ring* ring : rings_) {
    void* left = nullptr;
    while (rte_ring_sc_dequeue(ring, &left) == 0) rte_pktmbuf_free(static_cast<rte_mbuf*>(left));
    rte_ring_free(ring);
  }
}

void Distributor::Stop() {
  stop_.store(true, std::memory_order_release);
  if (thread_.joinable()) thread_.join();
}

void Distributor::Run() {
  const bool registered = rte_thread_register() == 0;
  std::array<rte_mbuf*, kBurst> mbufs{};
  int last_polls = 0;
  while (true) {
    const bool stopping = stop_.load(std::memory_order_acquire);  // before the poll, as a lane does
    if (stopping && file_) break;                                 // what it holds has not arrived
    const uint16_t found = rte_eth_rx_burst(port_, 0, mbufs.data(), kBurst);
    if (found > 0) Give(absl::MakeConstSpan(mbufs).first(found));
    if (found == 0) std::this_thread::yield();
    if (stopping && (found == 0 || ++last_polls == kLastPolls)) break;
  }
  if (registered) rte_thread_unregister();
}

void Distributor::Give(absl::Span<rte_mbuf* const> mbufs) {
  uint64_t lost = 0;
  for (rte_mbuf* mbuf : mbufs) {
    const uint32_t hash = AddressPairHash(rte_pktmbuf_mtod(mbuf, const uint8_t*), mbuf->data_len);
    rte_ring* const ring = rings_[hash % rings_.size()];
    bool given = rte_ring_sp_enqueue(ring, mbuf) == 0;
    while (!given && file_ &&
           (!stop_.load(std::memory_order_relaxed) || ++last_tries_ < kLastTries)) {
      std::this_thread::yield();
      given = rte_ring_sp_enqueue(ring, mbuf) == 0;
    }
    if (!given) {
      rte_pktmbuf_free(mbuf);
      ++lost;
    }
  }
  ring_full_.store(ring_full_.load(std::memory_order_relaxed) + lost, std::memory_order_relaxed);
}

std::vector<std::unique_ptr<BurstSource>> Distributor::TakeSources() {
  std::vector<std::unique_ptr<BurstSource>> sources;
  for (rte_ring* ring : rings_) sources.push_back(std::make_unique<RingSource>(ring, file_));
  return sources;
}

}  // namespace borderflow
