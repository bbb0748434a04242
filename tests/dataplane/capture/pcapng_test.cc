#include "dataplane/capture/pcapng.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <random>

#include "dataplane/capture/pcapng_interface.h"
#include "tests/dataplane/capture/captures.h"
#include "tests/dataplane/capture/pcapng_builder.h"

namespace borderflow {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

constexpr CaptureOptions kLibpcap = {.force_libpcap = true};

void ExpectSameAsLibpcap(const Bytes& capture) {
  const Contents native = ReadBytes(capture);
  const Contents libpcap = ReadBytes(capture, kLibpcap);
  ASSERT_TRUE(native.status.ok()) << native.status;
  ASSERT_TRUE(libpcap.status.ok()) << libpcap.status;
  EXPECT_THAT(libpcap.damaged, IsEmpty());
  ASSERT_EQ(native.frames.size(), libpcap.frames.size());
  for (size_t i = 0; i < native.frames.size(); ++i) {
    ASSERT_EQ(native.frames[i], libpcap.frames[i]) << "frame " << i;
  }
}

// The one Damage of `capture`, after `frames` good frames.
Damage OnlyDamage(const Bytes& capture, size_t frames) {
  const Contents contents = ReadBytes(capture);
  EXPECT_TRUE(contents.status.ok()) << contents.status;
  EXPECT_THAT(contents.frames, SizeIs(frames));
  EXPECT_THAT(contents.damaged, SizeIs(1));
  return contents.damaged.empty() ? Damage{} : contents.damaged[0];
}

class BothOrders : public testing::TestWithParam<bool> {};
INSTANTIATE_TEST_SUITE_P(PcapngTest, BothOrders, testing::Bool());

TEST_P(BothOrders, EnhancedPacketIsReadAsWritten) {
  const Bytes data = Pattern(61, 1);
  const Contents contents = ReadBytes(PcapngBuilder(GetParam())
                                          .Interface(113, 65535)
                                          .Enhanced(0, 1700000000123456, data, 1500)
                                          .bytes());
  EXPECT_THAT(contents.frames,
              ElementsAre(OwnedFrame{data, 1500, 1700000000123456000, 113, false}));
  EXPECT_THAT(contents.damaged, IsEmpty());
}

TEST_P(BothOrders, RandomCaptureEqualsLibpcap) {
  std::mt19937 generator(11);
  const auto random = [&generator] { return static_cast<uint32_t>(generator()); };
  PcapngBuilder capture(GetParam());
  capture.Interface(1, 65535).Interface(1, 65535, capture.ClockOptions(9, 0));
  for (uint32_t i = 0; i < 5000; ++i) {
    const Bytes data = Pattern(random() % 1600, i);
    const uint32_t original = static_cast<uint32_t>(data.size()) + random() % 100;
    const uint64_t ticks = 1700000000000000 + uint64_t{random()} * 1000;
    switch (random() % 4) {
      case 0:
        capture.Obsolete(0, ticks, data, original);
        break;
      case 1:
        capture.Enhanced(1, ticks * 1000 + 7, data, original);
        break;
      case 2:
        capture.Block(5, Pattern(random() % 64, i));  // interface statistics
        break;
      default:
        capture.Enhanced(0, ticks, data, original, Pattern(8, i));
        break;
    }
  }
  ExpectSameAsLibpcap(capture.bytes());
}

TEST(PcapngTest, InterfacesOfDifferentLinkTypesAndSnapLengthsAreAllRead) {
  const Bytes capture = PcapngBuilder()
                            .Interface(1, 65535)
                            .Interface(0, 96)
                            .Interface(12, 0)
                            .Enhanced(0, 10, Pattern(70, 1))
                            .Enhanced(1, 20, Pattern(96, 2), 300)
                            .Enhanced(2, 30, Pattern(40, 3))
                            .bytes();
  const Contents contents = ReadBytes(capture);
  EXPECT_THAT(contents.frames,
              ElementsAre(OwnedFrame{Pattern(70, 1), 70, 10000, 1, false},
                          OwnedFrame{Pattern(96, 2), 300, 20000, 0, false},
                          OwnedFrame{Pattern(40, 3), 40, 30000, /*raw IP*/ 101, false}));
  EXPECT_THAT(contents.damaged, IsEmpty());
  // The reason for this reader:
  EXPECT_THAT(ReadBytes(capture, kLibpcap).frames, SizeIs(testing::Lt(3u)));
}

TEST(PcapngTest, SectionsOfBothByteOrdersHaveTheirOwnInterfaces) {
  PcapngBuilder capture(false);
  capture.Interface(1, 65535).Enhanced(0, 1, Pattern(60, 1));
  capture.Section(true).Interface(113, 65535, ByteWriter(true).U16(9).U16(1).U32(0).bytes());
  capture.Enhanced(0, 2, Pattern(60, 2));
  capture.Section(false).Interface(101, 65535).Enhanced(0, 3, Pattern(60, 3));
  const Contents contents = ReadBytes(capture.bytes());
  EXPECT_THAT(contents.frames, ElementsAre(OwnedFrame{Pattern(60, 1), 60, 1000, 1, false},
                                           OwnedFrame{Pattern(60, 2), 60, 2000000000, 113, false},
                                           OwnedFrame{Pattern(60, 3), 60, 3000, 101, false}));
}

TEST(PcapngTest, InterfacesOfTheLastSectionAreForgotten) {
  PcapngBuilder capture;
  capture.Interface(1, 65535).Enhanced(0, 1, Pattern(60, 1)).Section(false);
  const uint64_t offset = capture.size();
  const Damage damage = OnlyDamage(capture.Enhanced(0, 2, Pattern(60, 2)).bytes(), 1);
  EXPECT_EQ(damage.offset, offset);
  EXPECT_EQ(damage.reason, "packet of interface 0, the section describes 0");
}

TEST(PcapngTest, SimplePacketIsCutToTheSnapLengthAndTakesTheTimeBeforeIt) {
  PcapngBuilder capture;
  capture.Interface(1, 40)
      .Simple(Pattern(40, 1), 1500)
      .Enhanced(0, 5, Pattern(40, 2))
      .Simple(Pattern(20, 3), 20)
      .Simple(Pattern(40, 4), 41);
  EXPECT_THAT(ReadBytes(capture.bytes()).frames,
              ElementsAre(OwnedFrame{Pattern(40, 1), 1500, 0, 1, false},
                          OwnedFrame{Pattern(40, 2), 40, 5000, 1, false},
                          OwnedFrame{Pattern(20, 3), 20, 5000, 1, false},
                          OwnedFrame{Pattern(40, 4), 41, 5000, 1, false}));
}

TEST(PcapngTest, SimplePacketsEqualLibpcapsButForTheirTime) {
  const Bytes capture = PcapngBuilder()
                            .Interface(1, 50)
                            .Simple(Pattern(50, 1), 1500)
                            .Simple(Pattern(33, 2), 33)
                            .bytes();
  ExpectSameAsLibpcap(capture);  // no packet with a time before them: 0 on both
}

TEST(PcapngTest, TimeStampsFollowResolutionAndOffset) {
  PcapngBuilder capture;
  capture.Interface(1, 0, capture.ClockOptions(3, 0))
      .Interface(1, 0, capture.ClockOptions(0x80 | 10, 0))
      .Interface(1, 0, capture.ClockOptions(6, 1000))
      .Interface(1, 0, capture.ClockOptions(9, -2))
      .Interface(1, 0, capture.ClockOptions(12, 0));
  capture.Enhanced(0, 1500, Bytes(4))
      .Enhanced(1, 1536, Bytes(4))
      .Enhanced(2, 1, Bytes(4))
      .Enhanced(3, 5000000001, Bytes(4))
      .Enhanced(4, 7654321, Bytes(4));
  const Contents contents = ReadBytes(capture.bytes());
  ASSERT_THAT(contents.frames, SizeIs(5));
  EXPECT_EQ(contents.frames[0].time_ns, 1500000000u);
  EXPECT_EQ(contents.frames[1].time_ns, 1500000000u);
  EXPECT_EQ(contents.frames[2].time_ns, 1000000001000u);
  EXPECT_EQ(contents.frames[3].time_ns, 3000000001u);
  EXPECT_EQ(contents.frames[4].time_ns, 7654u);
  ExpectSameAsLibpcap(capture.bytes());
}

// Long division on decimal digits: nothing in common with the clock's arithmetic but the answer.
uint64_t SlowNanoseconds(uint64_t ticks, uint8_t resolution) {
  const int exponent = resolution & 0x7f;
  const uint32_t base = (resolution & 0x80) != 0 ? 2 : 10;
  std::vector<uint32_t> digits;  // of ticks * 10^9, least significant first
  for (int i = 0; i < 9; ++i) digits.push_back(0);
  for (uint64_t rest = ticks; rest > 0; rest /= 10) {
    digits.push_back(static_cast<uint32_t>(rest % 10));
  }
  for (int i = 0; i < exponent; ++i) {
    uint32_t remainder = 0;
    for (auto digit = digits.rbegin(); digit != digits.rend(); ++digit) {
      const uint32_t value = remainder * 10 + *digit;
      *digit = value / base;
      remainder = value % base;
    }
  }
  uint64_t value = 0;
  for (auto digit = digits.rbegin(); digit != digits.rend(); ++digit) {
    if (value > (uint64_t{INT64_MAX} - *digit) / 10) return INT64_MAX;
    value = value * 10 + *digit;
  }
  return value;
}

TEST(PcapngClockTest, EveryResolutionEqualsLongDivision) {
  std::mt19937_64 random(3);
  for (int resolution = 0; resolution < 256; ++resolution) {
    const PcapngClock clock(static_cast<uint8_t>(resolution), 0);
    for (int i = 0; i < 200; ++i) {
      const uint64_t ticks = i == 0 ? UINT64_MAX : random() >> (random() % 64);
      ASSERT_EQ(clock.Nanoseconds(ticks), SlowNanoseconds(ticks, static_cast<uint8_t>(resolution)))
          << "resolution " << resolution << " ticks " << ticks;
    }
  }
}

TEST(PcapngClockTest, TimesOutsideOurRangeStopAtItsEnds) {
  EXPECT_EQ(PcapngClock(6, -10).Nanoseconds(1), 0u);
  EXPECT_EQ(PcapngClock(6, INT64_MIN).Nanoseconds(UINT64_MAX), 0u);
  EXPECT_EQ(PcapngClock(6, INT64_MAX).Nanoseconds(0), uint64_t{INT64_MAX});
}

TEST(PcapngTest, UnknownBlocksAreSkippedWhateverTheirSize) {
  PcapngBuilder capture;
  capture.Interface(1, 65535)
      .Block(0x0bad, Pattern(5, 1))
      .Enhanced(0, 1, Pattern(60, 1))
      .Block(0x80000bad, Pattern(5 << 20, 2))  // more than is held in memory
      .Enhanced(0, 2, Pattern(60, 2))
      .Block(4, {})
      .Enhanced(0, 3, Pattern(60, 3));
  for (const size_t read_bytes : {size_t{100}, size_t{65536}, kReadBytes}) {
    const Contents contents = ReadBytes(capture.bytes(), {}, SIZE_MAX, read_bytes);
    ASSERT_THAT(contents.frames, SizeIs(3)) << read_bytes;
    EXPECT_EQ(contents.frames[2].data, Pattern(60, 3));
    EXPECT_THAT(contents.damaged, IsEmpty());
  }
}

TEST(PcapngTest, LargeUnknownBlockCutByTheEndIsDamage) {
  PcapngBuilder capture;
  capture.Interface(1, 65535).Enhanced(0, 1, Pattern(60, 1)).Block(99, Pattern(5 << 20, 2));
  const Bytes cut(capture.bytes().begin(), capture.bytes().end() - 100);
  EXPECT_EQ(OnlyDamage(cut, 1).reason, "the capture ends inside a block, 100 bytes short");
}

TEST(PcapngTest, BlocksAcrossReadsArriveWhole) {
  PcapngBuilder capture;
  capture.Interface(1, 0);
  for (uint32_t i = 0; i < 3000; ++i) capture.Enhanced(0, i, Pattern(i % 700, i));
  capture.Enhanced(0, 3000, Pattern(kMaxFrameBytes, 3000));
  const Contents whole = ReadBytes(capture.bytes());
  ASSERT_THAT(whole.frames, SizeIs(3001));
  for (const size_t read_bytes : {size_t{1}, size_t{97}, size_t{4096}}) {
    EXPECT_TRUE(ReadBytes(capture.bytes(), {}, SIZE_MAX, read_bytes).frames == whole.frames);
  }
  ExpectSameAsLibpcap(capture.bytes());
}

TEST(PcapngTest, HostileLengthsAreDamageAtTheirBlock) {
  PcapngBuilder good;
  good.Interface(1, 65535).Enhanced(0, 1, Pattern(60, 1));
  const uint64_t offset = good.size();
  struct Case {
    Bytes block;
    const char* reason;
  };
  const auto w = [&good] { return good.Writer(); };
  const Case cases[] = {
      {w().U32(6).U32(0).U32(0).bytes(), "block claims 0 bytes"},
      {w().U32(6).U32(11).U32(11).bytes(), "block claims 11 bytes"},
      {w().U32(6).U32(13).U32(13).U32(13).bytes(), "block claims 13 bytes"},
      {w().U32(6).U32(0xfffffffc).U32(0).bytes(), "block of type 6 claims 4294967292 bytes"},
      {w().U32(5).U32(16).U32(0).U32(20).bytes(), "16 bytes at its head and 20 at its tail"},
      {PcapngBuilder(good).Block(6, Bytes(16)).bytes(), "enhanced packet of 16 bytes"},
      {PcapngBuilder(good).Block(2, Bytes(16)).bytes(), "packet block of 16 bytes"},
      {PcapngBuilder(good).Block(3, {}).bytes(), "simple packet of 0 bytes"},
      {PcapngBuilder(good).Block(1, Bytes(4)).bytes(), "interface description of 4 bytes"},
      {PcapngBuilder(good)
           .Block(1, w().U16(1).U16(0).U32(0).U16(9).U16(200).U32(0).bytes())
           .bytes(),
       "interface option 9 claims 200 bytes, the block has 4"},
      {PcapngBuilder(good).Enhanced(7, 1, Bytes(4)).bytes(),
       "packet of interface 7, the section describes 1"},
      {PcapngBuilder(good)
           .Block(6, w().U32(0).U32(0).U32(0).U32(0xffffffff).U32(60).Raw(Bytes(60)).bytes())
           .bytes(),
       "packet claims 4294967295 captured bytes, its block has 60"},
      {PcapngBuilder(good).Enhanced(0, 0, Bytes(kMaxFrameBytes + 1)).bytes(),
       "packet claims 262145 captured bytes"},
      {w().U32(0x0a0d0d0a).U32(28).U32(0x12345678).Raw(Bytes(16)).bytes(),
       "byte-order magic 0x12345678"},
      {PcapngBuilder(good).Section(false, 2, 0).bytes(), "section of pcapng version 2.0"},
      {w().U32(0x0a0d0d0a).U32(16).U32(0x1a2b3c4d).U16(1).U16(0).Raw(Bytes(12)).bytes(),
       "section header of 16 bytes"},
  };
  for (const Case& c : cases) {
    SCOPED_TRACE(c.reason);
    Bytes capture = good.bytes();
    // Blocks made by a builder already stand behind the good part.
    const bool complete = c.block.size() > capture.size() &&
                          std::equal(capture.begin(), capture.end(), c.block.begin());
    if (complete) {
      capture = c.block;
    } else {
      capture.insert(capture.end(), c.block.begin(), c.block.end());
    }
    const Damage damage = OnlyDamage(capture, 1);
    EXPECT_EQ(damage.offset, offset);
    EXPECT_THAT(damage.reason, HasSubstr(c.reason));
  }
}

TEST(PcapngTest, ForgedOriginalLengthIsClampedAndMarked) {
  const Contents contents = ReadBytes(PcapngBuilder()
                                          .Interface(1, 0)
                                          .Enhanced(0, 1, Pattern(60, 1), 0xffffffff)
                                          .Simple(Pattern(60, 2), 0xfffffffe)
                                          .bytes());
  ASSERT_THAT(contents.frames, SizeIs(2));
  for (const OwnedFrame& frame : contents.frames) {
    EXPECT_EQ(frame.bytes, kMaxFrameBytes);
    EXPECT_TRUE(frame.length_forged);
    EXPECT_THAT(frame.data, SizeIs(60));
  }
}

TEST(PcapngTest, CutAnywhereKeepsWhatIsWhole) {
  PcapngBuilder capture;
  capture.Interface(1, 65535);
  std::vector<uint64_t> ends = {28, capture.size()};
  for (uint32_t i = 0; i < 3; ++i) {
    capture.Enhanced(0, i, Pattern(20 + i, i));
    ends.push_back(capture.size());
  }
  for (size_t size = 28; size <= capture.size(); ++size) {
    SCOPED_TRACE(size);
    const Contents contents = ReadBytes(Bytes(
        capture.bytes().begin(), capture.bytes().begin() + static_cast<std::ptrdiff_t>(size)));
    const auto last = std::upper_bound(ends.begin(), ends.end(), size) - 1;
    const size_t whole_blocks = static_cast<size_t>(last - ends.begin());
    EXPECT_THAT(contents.frames, SizeIs(whole_blocks == 0 ? 0 : whole_blocks - 1));
    ASSERT_THAT(contents.damaged, SizeIs(*last == size ? 0 : 1));
    for (const Damage& damage : contents.damaged) EXPECT_EQ(damage.offset, *last);
  }
}

TEST(PcapngTest, FirstSectionMustMakeSense) {
  const Bytes whole = PcapngBuilder().bytes();
  const absl::Status cut = ReadBytes(Bytes(whole.begin(), whole.begin() + 20)).status;
  EXPECT_EQ(cut.code(), absl::StatusCode::kInvalidArgument);
  EXPECT_THAT(std::string(cut.message()), HasSubstr("test: ends after 20 bytes"));

  Bytes other_version = whole;
  other_version[12] = 9;
  EXPECT_THAT(std::string(ReadBytes(other_version).status.message()),
              HasSubstr("test: section of pcapng version 9.0, expected 1.x"));
}

}  // namespace
}  // namespace borderflow
