#include "dataplane/inspect/reassembly.h"

#include <gtest/gtest.h>

#include <random>

#include "tests/dataplane/inspect/segments_twin.h"
#include "tests/dataplane/inspect/wire.h"

namespace borderflow {
namespace {

constexpr uint32_t kSize = 512;

TEST(Segments, RandomInsertionsEqualTheMapOfBytes) {
  std::mt19937 random(1);
  for (int run = 0; run < 150; ++run) {
    Segments segments;
    SegmentsTwin twin;
    uint8_t data[kSize] = {};
    for (int i = 0; i < 60; ++i) {
      const uint32_t offset = random() % kSize;
      Buffer bytes(random() % std::min<uint32_t>(40, kSize - offset + 1));
      for (uint8_t& byte : bytes) byte = static_cast<uint8_t>(random() % 3);
      const auto keep = random() % 8 == 0 ? Segments::Keep::kLast : Segments::Keep::kFirst;
      const Segments::Outcome outcome = segments.Insert(data, offset, bytes, keep);
      const Segments::Outcome expected = twin.Insert(offset, bytes, keep);
      ASSERT_EQ(outcome.stored, expected.stored);
      ASSERT_EQ(outcome.conflict, expected.conflict);
      ASSERT_EQ(outcome.added, expected.added);
      ASSERT_EQ(segments.ranges(), twin.ranges());
      for (uint32_t at = 0; at < kSize; at += 7) {
        ASSERT_EQ(segments.ContiguousEnd(at), twin.ContiguousEnd(at));
      }
      for (size_t at = 0; at < twin.places().size(); ++at) {
        ASSERT_EQ(data[at], twin.places()[at].value_or(data[at]));
      }
    }
  }
}

TEST(Segments, ARangeTooManyIsRefusedAndCopiesNothing) {
  Segments segments;
  Buffer data(4096);
  const Buffer byte = {7};
  for (uint32_t i = 0; i < kMaxRanges; ++i) {
    ASSERT_TRUE(segments.Insert(data.data(), 10 * i, byte).stored);
  }
  EXPECT_FALSE(segments.Insert(data.data(), 10 * kMaxRanges, byte).stored);
  EXPECT_EQ(data[10 * kMaxRanges], 0);
  EXPECT_TRUE(segments.Insert(data.data(), 1, byte).stored) << "it touches a range that is there";
}

TEST(SequenceOffset, IsRightAcrossTheWrap) {
  EXPECT_EQ(SequenceOffset(5, 0xfffffffe), 7);
  EXPECT_EQ(SequenceOffset(0xfffffffe, 5), -7);
  EXPECT_EQ(SequenceOffset(100, 100), 0);
}

}  // namespace
}  // namespace borderflow
