#include "dataplane/packet/cursor.h"

#include <gtest/gtest.h>

#include <memory>
#include <random>
#include <vector>

namespace borderflow {
namespace {

constexpr uint8_t kBytes[] = {1, 2, 3, 4, 5, 6, 7, 8};

TEST(CursorTest, ReadsBigEndianInOrder) {
  Cursor cursor(kBytes, sizeof(kBytes), sizeof(kBytes));
  EXPECT_EQ(cursor.U8(), 0x01);
  EXPECT_EQ(cursor.U16(), 0x0203);
  EXPECT_EQ(cursor.U32(), 0x04050607u);
  EXPECT_TRUE(cursor.ok());
  EXPECT_EQ(cursor.captured(), 1u);
  EXPECT_EQ(cursor.Peek(), 8);
}

TEST(CursorTest, FailureSticksAndYieldsZeros) {
  Cursor cursor(kBytes, 3, 3);
  EXPECT_EQ(cursor.U32(), 0u);
  EXPECT_FALSE(cursor.ok());
  EXPECT_EQ(cursor.U8(), 0) << "bytes that are there are not read after a failure";
  EXPECT_EQ(cursor.captured(), 0u);
  cursor.Skip(0);
  EXPECT_FALSE(cursor.ok());
}

TEST(CursorTest, PeekNeitherConsumesNorFails) {
  Cursor cursor(kBytes, 2, 2);
  EXPECT_EQ(cursor.Peek16(), 0x0102);
  EXPECT_EQ(cursor.Peek16(1), 0);
  EXPECT_EQ(cursor.Peek(2), 0);
  EXPECT_EQ(cursor.Peek(~size_t{0}), 0);
  EXPECT_EQ(cursor.Peek16(~size_t{0}), 0);
  EXPECT_TRUE(cursor.ok());
  EXPECT_EQ(cursor.captured(), 2u);
}

TEST(CursorTest, TrimIsNoFailureAndNeverGrows) {
  Cursor cursor(kBytes, 4, 8);
  cursor.Trim(6);
  EXPECT_EQ(cursor.captured(), 4u);
  EXPECT_EQ(cursor.wire(), 6u);
  cursor.Trim(100);
  EXPECT_EQ(cursor.wire(), 6u);
  cursor.Trim(2);
  EXPECT_EQ(cursor.captured(), 2u);
  EXPECT_TRUE(cursor.ok());
}

TEST(CursorTest, SkipSentPassesTheEndOfTheCapture) {
  Cursor cursor(kBytes, 4, 8);
  cursor.SkipSent(6);
  EXPECT_TRUE(cursor.ok());
  EXPECT_EQ(cursor.captured(), 0u);
  EXPECT_EQ(cursor.wire(), 2u);
}

TEST(CursorTest, WireIsAtLeastWhatWasCaptured) { EXPECT_EQ(Cursor(kBytes, 8, 3).wire(), 8u); }

// Against the simplest model there is: a position in a vector. The sanitizers watch the bounds.
TEST(CursorTest, AgreesWithAnIndexIntoAVector) {
  std::mt19937 random(3);
  for (int round = 0; round < 5000; ++round) {
    std::vector<uint8_t> bytes(random() % 20);
    for (uint8_t& byte : bytes) byte = static_cast<uint8_t>(random());
    const std::unique_ptr<uint8_t[]> exact(new uint8_t[bytes.size()]);
    std::copy(bytes.begin(), bytes.end(), exact.get());
    Cursor cursor(exact.get(), bytes.size(), bytes.size());
    size_t at = 0;
    bool failed = false;
    for (int step = 0; step < 8; ++step) {
      const size_t count = size_t{1} << random() % 3;
      uint32_t expected = 0;
      failed |= at + count > bytes.size();
      for (size_t i = 0; !failed && i < count; ++i) expected = expected << 8 | bytes[at + i];
      if (!failed) at += count;
      const uint32_t read = count == 1 ? cursor.U8() : count == 2 ? cursor.U16() : cursor.U32();
      EXPECT_EQ(read, expected);
      EXPECT_EQ(cursor.ok(), !failed);
      EXPECT_EQ(cursor.captured(), failed ? 0 : bytes.size() - at);
    }
  }
}

}  // namespace
}  // namespace borderflow
