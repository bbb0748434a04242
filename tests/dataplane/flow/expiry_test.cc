#include "dataplane/flow/expiry.h"

#include <gtest/gtest.h>

namespace borderflow {
namespace {

constexpr uint64_t kSecond = 1'000'000'000;
constexpr uint64_t kStart = 1'700'000'000 * kSecond;
constexpr uint8_t kSctp = 132;

FlowEntry EntryOf(uint8_t protocol, uint8_t flags, uint64_t last_seen_ns) {
  FlowEntry entry = {};
  entry.protocol = protocol;
  entry.flags = flags;
  entry.last_seen = ToTick(last_seen_ns);
  return entry;
}

struct Timeout {
  uint8_t protocol;
  uint8_t flags;
  uint64_t seconds;
};
constexpr Timeout kTimeouts[] = {
    {kProtocolTcp, 0, 300},
    {kProtocolTcp, FlowEntry::kDecided | FlowEntry::kTwoWay, 300},
    {kProtocolUdp, 0, 120},
    {kSctp, 0, 120},
    {kProtocolTcp, FlowEntry::kClosing, 10},
};

// A tick is 67 ms: a flow lives its idle time, and not a tenth of a second longer than two ticks.
TEST(Expiry, FlowEndsAfterItsOwnSilence) {
  for (const Timeout& timeout : kTimeouts) {
    SCOPED_TRACE(timeout.seconds);
    for (uint64_t offset = 0; offset < kSecond; offset += kSecond / 13) {
      const uint64_t seen = kStart + offset;
      const FlowEntry entry = EntryOf(timeout.protocol, timeout.flags, seen);
      EXPECT_FALSE(HasEnded(entry, ToTick(seen)));
      EXPECT_FALSE(HasEnded(entry, ToTick(seen + timeout.seconds * kSecond - kSecond / 10)));
      EXPECT_TRUE(HasEnded(entry, ToTick(seen + timeout.seconds * kSecond + kSecond / 5)));
    }
  }
}

TEST(Expiry, TimeThatRunsBackwardsIsNoSilence) {
  for (const Timeout& timeout : kTimeouts) {
    const FlowEntry entry = EntryOf(timeout.protocol, timeout.flags, kStart);
    EXPECT_FALSE(HasEnded(entry, ToTick(kStart - 1)));
    EXPECT_FALSE(HasEnded(entry, ToTick(kStart - 100'000 * kSecond)));
  }
}

TEST(Expiry, TicksWrap) {
  for (const Timeout& timeout : kTimeouts) {
    FlowEntry entry = EntryOf(timeout.protocol, timeout.flags, 0);
    entry.last_seen = UINT32_MAX - 2;
    EXPECT_FALSE(HasEnded(entry, UINT32_MAX));
    EXPECT_FALSE(HasEnded(entry, 3));
    EXPECT_FALSE(HasEnded(entry, entry.last_seen + TicksFromSeconds(timeout.seconds)));
    EXPECT_TRUE(HasEnded(entry, entry.last_seen + TicksFromSeconds(timeout.seconds) + 1));
    entry.last_seen = 3;
    EXPECT_FALSE(HasEnded(entry, UINT32_MAX)) << "earlier by seven ticks";
  }
}

TEST(Expiry, OnlyASynReopensAndOnlyWhatWasClosing) {
  for (int flags = 0; flags < 256; ++flags) {
    const bool opens = (flags & kTcpSyn) != 0 && (flags & kTcpAck) == 0;
    const auto tcp_flags = static_cast<uint8_t>(flags);
    EXPECT_EQ(Reopens(EntryOf(kProtocolTcp, FlowEntry::kClosing, kStart), tcp_flags), opens);
    EXPECT_FALSE(Reopens(EntryOf(kProtocolTcp, FlowEntry::kTwoWay, kStart), tcp_flags));
  }
}

}  // namespace
}  // namespace borderflow
