// No allocation while inspecting: neither ours nor OpenSSL's.
#include <gtest/gtest.h>
#include <openssl/crypto.h>

#include <atomic>
#include <cstdlib>
#include <new>

#include "dataplane/inspect/inspector.h"
#include "tests/dataplane/inspect/wire.h"

namespace {
std::atomic<uint64_t> allocations{0};
std::atomic<uint64_t> openssl_allocations{0};

void* CountedMalloc(size_t size, const char*, int) {
  ++openssl_allocations;
  return std::malloc(size);
}
void* CountedRealloc(void* old, size_t size, const char*, int) {
  ++openssl_allocations;
  return std::realloc(old, size);
}
void Free(void* memory, const char*, int) { std::free(memory); }
// Hidden from the compiler, which would take free() after a replaced operator new for a mistake.
void (*volatile release)(void*) = std::free;

// Before anything of OpenSSL runs.
const int kInstalled = CRYPTO_set_mem_functions(CountedMalloc, CountedRealloc, Free);
}  // namespace

void* operator new(size_t size) {
  ++allocations;
  if (void* memory = std::malloc(size); memory != nullptr) return memory;
  throw std::bad_alloc();
}
void operator delete(void* memory) noexcept { release(memory); }
void operator delete(void* memory, size_t) noexcept { release(memory); }

namespace borderflow {
namespace {

TEST(Allocation, InspectionAllocatesNothing) {
  ASSERT_EQ(kInstalled, 1);
  const Buffer hello =
      TlsClientHello({.name = "www.example.org", .name_last = true, .key_share_bytes = 6000});
  const Buffer message = ClientHelloMessage({.name = "q.example", .name_last = true});
  const std::vector<Buffer> datagrams = {
      QuicInitial({}, CryptoFrameBytes(0, message)),
      QuicInitial({.number = 3}, CryptoFrameBytes(100, Slice(message, 100, 200))),
      QuicInitial({.connection_id = FromHex("01"), .key_connection_id = FromHex("02")}, {}),
      DtlsFragment(ClientHelloBody({.name = "d.example", .dtls = true}), 20, 60),
      FromHex("c0 00000000 00 00 00000001"),
      Buffer(1200, 0x40),
  };
  const Buffer query = DnsQuery("www.example.org");
  const Buffer answer = DnsResponse("www.example.org", {{1, 300, FromHex("c6336407")}});
  const Buffer request = FromText("GET / HTTP/1.1\r\nHost: www.example.org\r\n\r\n");
  const Buffer noise(900, 0x99);
  Inspector inspector(&NameRules::BuiltIn());

  const uint64_t before = allocations, openssl_before = openssl_allocations;
  uint64_t named = 0;
  for (uint32_t i = 0; i < 10000; ++i) {
    Ends ends{.client = 0x0a000000 + i, .time_ns = 1'000'000'000'000 + i * uint64_t{1'000'000}};
    SlotHandle slot = 0;
    for (size_t at = 0; at < hello.size(); at += 1360) {
      const Bytes piece = Bytes(hello).subspan(at, std::min<size_t>(1360, hello.size() - at));
      const uint32_t sequence = static_cast<uint32_t>(at);
      named += !inspector.Inspect(TcpPacket(ends, true, sequence, piece), true, &slot).name.empty();
    }
    for (const Buffer& datagram : datagrams) {
      slot = 0;
      named += !inspector.Inspect(UdpPacket(ends, true, datagram), true, &slot).name.empty();
      if (i % 2 == 0) inspector.Release(slot);
    }
    slot = 0;
    inspector.Inspect(TcpPacket(ends, true, 0, noise), true, &slot);
    slot = 0;
    named += !inspector.Inspect(TcpPacket(ends, true, 0, request), true, &slot).name.empty();
    inspector.Release(slot);
    slot = 0;
    ends.server_port = 53;
    named += !inspector.Inspect(UdpPacket(ends, true, query), true, &slot).name.empty();
    inspector.Learn(UdpPacket(ends, false, answer));
    inspector.Guess(TcpPacket(ends, true, 0, {}), true);
  }
  EXPECT_EQ(allocations - before, 0u);
  EXPECT_EQ(openssl_allocations - openssl_before, 0u);
  EXPECT_EQ(named, 40000u);
}

}  // namespace
}  // namespace borderflow
