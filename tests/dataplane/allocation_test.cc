// No allocation on the hot path: from a frame's bytes to its cell.
#include <gtest/gtest.h>

#include <atomic>
#include <cstdlib>
#include <new>
#include <vector>

#include "dataplane/front.h"
#include "dataplane/worker.h"
#include "tests/dataplane/packet/frame_builder.h"
#include "tests/dataplane/traffic.h"

namespace {
std::atomic<uint64_t> allocations{0};
}  // namespace

// Out of line, or GCC takes the pairs of malloc and delete that inlining leaves for mistakes.
[[gnu::noinline]] void* operator new(size_t size) {
  ++allocations;
  if (void* memory = std::malloc(size); memory != nullptr) return memory;
  throw std::bad_alloc();
}
[[gnu::noinline]] void operator delete(void* memory) noexcept { std::free(memory); }
[[gnu::noinline]] void operator delete(void* memory, size_t) noexcept { std::free(memory); }

namespace borderflow {
namespace {

void Process(const std::vector<Packet>& packets, Worker* worker) {
  for (size_t at = 0; at < packets.size(); at += Worker::kMaxBurst) {
    worker->Process(absl::MakeConstSpan(packets).subspan(at, Worker::kMaxBurst));
  }
}

// New flows, undecided and decided ones, handshakes in pieces, DNS; ends and sweeps.
TEST(Allocation, WorkerAllocatesNothing) {
  const PrefixMap map = SixteenPlaces();
  Traffic traffic(1, {.clients = 30, .ports = 10});
  std::vector<Packet> packets = traffic.Take(30'000);
  Worker worker(&map, &NameRules::BuiltIn(), traffic.hash(), {.flows = 2000, .cells = 4096});
  uint64_t before = allocations;
  Process(packets, &worker);
  EXPECT_EQ(allocations - before, 0u) << "first pass";
  const Tick elapsed = packets.back().tick;
  for (Packet& packet : packets) packet.tick += elapsed;
  before = allocations;
  Process(packets, &worker);
  EXPECT_EQ(allocations - before, 0u) << "second pass";
  before = allocations;
  worker.Finish();
  EXPECT_EQ(allocations - before, 0u) << "Finish";
  EXPECT_GT(worker.Take().flows.total, 1000u);
}

// Full tables and arenas are no reason to allocate either.
TEST(Allocation, FullPoolsAllocateNothing) {
  const PrefixMap map = SixteenPlaces();
  Traffic traffic(2, {.clients = 30, .ports = 10});
  const std::vector<Packet> packets = traffic.Take(30'000);
  Worker worker(&map, &NameRules::BuiltIn(), traffic.hash(), {.flows = 20, .cells = 5});
  const uint64_t before = allocations;
  Process(packets, &worker);
  EXPECT_EQ(allocations - before, 0u);
  const Overflows overflows = worker.Take().overflows;
  EXPECT_GT(overflows.stateless_frames, 0u);
  EXPECT_GT(overflows.as_numbers_dropped, 0u);
}

TEST(Allocation, FrontAllocatesNothing) {
  using namespace testing_frames;  // NOLINT: the layers of the frames below
  const std::vector<testing_frames::Bytes> frames = {
      Ethernet(Ipv4(Tcp({}, Text("data")))).bytes,
      Ethernet(Vlan(7, Ipv6(HopByHop(Udp({}, Text("query")))))).bytes,
      Ethernet(Ipv4(Gre(Ipv4(Tcp({}, Text("tunnelled")))))).bytes,
      Ethernet(Ipv4({.more_fragments = true}, Udp({}, Text("first fragment..")))).bytes,
      Ethernet(Ipv4({.fragment_offset = 3}, Payload(Text("later"), 17))).bytes,
      Text("not a frame"),
  };
  const PrefixMap map = SixteenPlaces();
  Front front(&map, {.remove_copies = true});
  Packet packet;
  const uint64_t before = allocations;
  uint64_t taken = 0;
  for (uint64_t i = 0; i < 10'000; ++i) {
    const testing_frames::Bytes& frame = frames[i % frames.size()];
    taken += front.Take(AsFrame(frame, 1, i * 5'000'000), &packet);
  }
  EXPECT_EQ(allocations - before, 0u);
  EXPECT_GT(taken, 5000u);
}

}  // namespace
}  // namespace borderflow
