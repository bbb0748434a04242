// Decode never allocates: counted by replacing operator new for this whole program.
#include <gtest/gtest.h>

#include <cstdlib>
#include <new>
#include <vector>

#include "dataplane/packet/decode.h"
#include "tests/dataplane/packet/frame_builder.h"

namespace {
size_t g_allocations = 0;
}  // namespace

// Not inlined: GCC would then see malloc and delete, or new and free, as a pair.
[[gnu::noinline]] void* operator new(size_t size) {
  ++g_allocations;
  if (void* memory = std::malloc(size)) return memory;
  throw std::bad_alloc();
}
[[gnu::noinline]] void operator delete(void* memory) noexcept { std::free(memory); }
[[gnu::noinline]] void operator delete(void* memory, size_t) noexcept { std::free(memory); }

namespace borderflow {
namespace {

using namespace testing_frames;  // NOLINT(google-build-using-namespace): reads as the frames do

TEST(AllocationTest, DecodingAllocatesNothing) {
  const Built tcp = Ipv4(Tcp({}, Text("hello")));
  std::vector<Bytes> frames = {
      Ethernet(tcp).bytes,
      Ethernet(Vlan(1, Vlan(2, Ipv6(HopByHop(Udp({}, Text("query"))))))).bytes,
      Ethernet(Ipv4(Gre(Ipv4(Vxlan(7, Ethernet(tcp)))))).bytes,
      Ethernet(Mpls({16}, Ethernet(tcp))).bytes,
      Ethernet(Built{.bytes = Bytes(46), .ether_type = 0x0806}).bytes,
      Hex("0200"),
  };
  for (const Built& fragment : Ipv4Fragments({}, Udp({}, Bytes(100)), 40)) {
    frames.push_back(Ethernet(fragment).bytes);
  }
  Decoder decoder(TunnelMode::kInner);
  Packet packet;
  const size_t before = g_allocations;
  for (int round = 0; round < 100; ++round) {
    for (const Bytes& frame : frames) decoder.Decode(AsFrame(frame), &packet);
  }
  EXPECT_EQ(g_allocations, before);
  EXPECT_GT(before, 0u) << "the counter counts";
}

}  // namespace
}  // namespace borderflow
