#include "dataplane/packet/exact_copies.h"

#include <gtest/gtest.h>

#include <random>
#include <vector>

#include "tests/dataplane/packet/frame_builder.h"

namespace borderflow {
namespace {

using testing_frames::AsFrame;
using testing_frames::Bytes;
using testing_frames::Ethernet;
using testing_frames::Ipv4;
using testing_frames::Tcp;
using testing_frames::Text;

constexpr uint64_t kStart = 1'700'000'000'000'000'000;
constexpr uint64_t kWindow = ExactCopies::kWindowNs;
constexpr uint16_t kEthernet = 1;

Bytes SomeBytes() { return Ethernet(Ipv4(Tcp({}, Text("hello")))).bytes; }

TEST(ExactCopies, CopyWithinTheWindowIsOne) {
  const Bytes bytes = SomeBytes();
  const Bytes same = bytes;
  ExactCopies copies(1);
  EXPECT_FALSE(copies.IsCopy(AsFrame(bytes, kEthernet, kStart)));
  EXPECT_TRUE(copies.IsCopy(AsFrame(same, kEthernet, kStart)));
  EXPECT_TRUE(copies.IsCopy(AsFrame(bytes, kEthernet, kStart + kWindow)));
  EXPECT_FALSE(copies.IsCopy(AsFrame(bytes, kEthernet, kStart + kWindow + 1)));
}

TEST(ExactCopies, CopyDoesNotRenewTheWindow) {
  const Bytes bytes = SomeBytes();
  ExactCopies copies(1);
  int counted = 0;
  // A frame that repeats each 3 ms for ever: one in four counts.
  for (uint64_t i = 0; i < 400; ++i) {
    counted += !copies.IsCopy(AsFrame(bytes, kEthernet, kStart + i * 3'000'000));
  }
  EXPECT_EQ(counted, 100);
}

TEST(ExactCopies, AnyDifferenceIsAnotherFrame) {
  const Bytes bytes = SomeBytes();
  const auto size = static_cast<uint32_t>(bytes.size());
  Frame original = AsFrame(bytes, kEthernet, kStart);
  for (size_t at = 0; at < bytes.size(); ++at) {
    ExactCopies copies(1);
    ASSERT_FALSE(copies.IsCopy(original));
    Bytes other = bytes;
    other[at] ^= 1;
    EXPECT_FALSE(copies.IsCopy(AsFrame(other, kEthernet, kStart))) << "byte " << at;
  }
  ExactCopies copies(1);
  ASSERT_FALSE(copies.IsCopy(original));
  EXPECT_FALSE(copies.IsCopy(AsFrame(bytes, kEthernet, kStart, size + 1))) << "original length";
  EXPECT_FALSE(copies.IsCopy(AsFrame(bytes, 113, kStart, size + 1))) << "link type";
  Frame cut = original;
  --cut.captured;
  EXPECT_FALSE(copies.IsCopy(cut)) << "captured length";
}

// The two numbers beside the bytes may not make up for each other.
TEST(ExactCopies, LengthAndLinkTypeAreToldApart) {
  const Bytes bytes = SomeBytes();
  ExactCopies copies(1);
  EXPECT_FALSE(copies.IsCopy(AsFrame(bytes, 101, kStart, 200)));
  EXPECT_FALSE(copies.IsCopy(AsFrame(bytes, 100, kStart, 201)));
  EXPECT_FALSE(copies.IsCopy(AsFrame(bytes, 102, kStart, 199)));
}

TEST(ExactCopies, TimeThatRunsBackwardsMakesNoCopy) {
  const Bytes bytes = SomeBytes();
  ExactCopies copies(1);
  EXPECT_FALSE(copies.IsCopy(AsFrame(bytes, kEthernet, kStart)));
  EXPECT_FALSE(copies.IsCopy(AsFrame(bytes, kEthernet, kStart - 1)));
}

TEST(ExactCopies, FrameWithoutBytesIsComparedToo) {
  ExactCopies copies(1);
  Frame empty;
  empty.time_ns = kStart;
  empty.bytes = 60;
  EXPECT_FALSE(copies.IsCopy(empty));
  EXPECT_TRUE(copies.IsCopy(empty));
}

// A thousand different frames in between, then all of them again.
TEST(ExactCopies, RemembersWhatPassedInBetween) {
  std::vector<Bytes> frames;
  for (uint32_t i = 0; i < 1000; ++i) frames.push_back(Ethernet(Ipv4(Tcp({.sequence = i}))).bytes);
  ExactCopies copies(1);
  uint64_t found = 0;
  for (int pass = 0; pass < 2; ++pass) {
    for (const Bytes& frame : frames) {
      const bool copy = copies.IsCopy(AsFrame(frame, kEthernet, kStart + pass));
      if (pass == 0) {
        EXPECT_FALSE(copy);
      }
      found += copy;
    }
  }
  // Direct-mapped over 65,536 places: some 15 of a thousand lie where another one does.
  EXPECT_GT(found, 950u);
}

}  // namespace
}  // namespace borderflow
