#include <gtest/gtest.h>

#include <memory>
#include <random>
#include <string>
#include <vector>

#include "absl/strings/str_format.h"
#include "dataplane/capture/dpdk/distributor.h"
#include "tests/dataplane/packet/frame_builder.h"

namespace borderflow {
namespace {

using namespace testing_frames;  // NOLINT: the layers of the frames below

uint32_t HashOf(const Bytes& frame) {
  return AddressPairHash(frame.data(), static_cast<uint32_t>(frame.size()));
}
uint32_t HashOf(const Built& ip) { return HashOf(Ethernet(ip).bytes); }

std::string V4(uint64_t bits) {
  return absl::StrFormat("%d.%d.%d.%d", bits >> 24 & 255, bits >> 16 & 255, bits >> 8 & 255,
                         bits & 255);
}
std::string V6(std::mt19937* random) {
  std::string text = "2001:db8";
  for (int i = 0; i < 6; ++i) absl::StrAppendFormat(&text, ":%x", (*random)() & 0xffff);
  return text;
}

TEST(AddressPairHash, BothDirectionsAreAlike) {
  std::mt19937 random(1);
  for (int i = 0; i < 2000; ++i) {
    const std::string a4 = V4(random()), b4 = V4(random());
    const std::string a6 = V6(&random), b6 = V6(&random);
    const auto port = static_cast<uint16_t>(random());
    const auto ask = [&](const Built& payload) {
      return std::vector<Built>{
          Ipv4({.source = a4, .destination = b4}, payload),
          Ipv6({.source = a6, .destination = b6}, payload),
      };
    };
    const auto answer = [&](const Built& payload) {
      return std::vector<Built>{
          Ipv4({.source = b4, .destination = a4}, payload),
          Ipv6({.source = b6, .destination = a6}, payload),
      };
    };
    const std::vector<Built> there = ask(Tcp({.source_port = port}));
    const std::vector<Built> back =
        answer(Tcp({.source_port = 443, .destination_port = port}, Text("answer")));
    for (size_t family = 0; family < 2; ++family) {
      const uint32_t hash = HashOf(there[family]);
      ASSERT_NE(hash, 0u);
      ASSERT_EQ(HashOf(back[family]), hash);
      ASSERT_EQ(HashOf(Vlan(7, back[family])), hash) << "a tag makes no difference";
      ASSERT_EQ(HashOf(Vlan(7, Vlan(9, back[family]), 0x88a8)), hash);
    }
  }
}

// A fragment has no ports and must reach the worker of its flow.
TEST(AddressPairHash, LaterFragmentsAreWithTheirFlow) {
  const Built whole = Tcp({}, Bytes(3000));
  const uint32_t hash = HashOf(Ipv4(whole));
  for (const Built& fragment : Ipv4Fragments({}, whole, 1000)) EXPECT_EQ(HashOf(fragment), hash);
}

TEST(AddressPairHash, PairsSpreadOverWorkers) {
  for (const bool v6 : {false, true}) {
    std::vector<int> workers(3);
    for (uint32_t i = 0; i < 3000; ++i) {
      // Neighbours, as a network's clients are.
      const Built ip = v6 ? Ipv6({.source = absl::StrFormat("2001:db8::%x", i + 1)}, Tcp())
                          : Ipv4({.source = V4(0x0a000000 + i)}, Tcp());
      ++workers[HashOf(ip) % workers.size()];
    }
    for (const int pairs : workers) EXPECT_GT(pairs, 700) << (v6 ? "IPv6" : "IPv4");
  }
}

// At every length, read from memory of exactly that length: nothing beyond is touched (the address
// sanitizer would tell), and there is a hash as soon as there are two addresses.
TEST(AddressPairHash, ShortFramesAreReadNoFurtherThanTheyReach) {
  const struct {
    Bytes frame;
    size_t enough;
  } cases[] = {
      {Ethernet(Ipv4(Tcp())).bytes, 14 + 20},
      {Ethernet(Ipv6(Udp())).bytes, 14 + 40},
      {Ethernet(Vlan(7, Ipv4(Tcp()))).bytes, 18 + 20},
      {Ethernet(Vlan(7, Vlan(9, Ipv6(Tcp())), 0x88a8)).bytes, 22 + 40},
  };
  for (const auto& [frame, enough] : cases) {
    const uint32_t hash = HashOf(frame);
    for (size_t length = 0; length <= frame.size(); ++length) {
      const auto exact = std::make_unique<uint8_t[]>(length);
      std::copy_n(frame.begin(), length, exact.get());
      EXPECT_EQ(AddressPairHash(exact.get(), static_cast<uint32_t>(length)),
                length >= enough ? hash : 0)
          << length << " of " << frame.size();
    }
  }
}

TEST(AddressPairHash, WhatHasNoAddressesHasNone) {
  EXPECT_EQ(HashOf(Hex("020000000002 020000000001 0806 0001080006040001")), 0u) << "ARP";
  EXPECT_EQ(HashOf(Mpls({16}, Ipv4(Tcp()))), 0u);
  EXPECT_EQ(HashOf(Vlan(1, Vlan(2, Vlan(3, Ipv4(Tcp()))))), 0u) << "a third tag";
}

}  // namespace
}  // namespace borderflow
