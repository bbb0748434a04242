#include "dataplane/capture/classic_pcap.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <random>

#include "tests/dataplane/capture/captures.h"

namespace borderflow {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

constexpr CaptureOptions kLibpcap = {.force_libpcap = true};

// Libpcap cuts what it delivers to the header's snap length; nothing else may differ.
void ExpectSameAsLibpcap(const Bytes& capture, uint32_t snap_length = kMaxFrameBytes) {
  Contents native = ReadBytes(capture);
  const Contents libpcap = ReadBytes(capture, kLibpcap);
  ASSERT_TRUE(native.status.ok()) << native.status;
  ASSERT_TRUE(libpcap.status.ok()) << libpcap.status;
  for (OwnedFrame& frame : native.frames) {
    frame.data.resize(std::min<size_t>(frame.data.size(), snap_length));
  }
  ASSERT_EQ(native.frames.size(), libpcap.frames.size());
  for (size_t i = 0; i < native.frames.size(); ++i) {
    ASSERT_EQ(native.frames[i], libpcap.frames[i]) << "frame " << i;
  }
  ASSERT_EQ(native.damaged.size(), libpcap.damaged.size());
  if (!native.damaged.empty()) {
    EXPECT_EQ(native.damaged[0].offset, libpcap.damaged[0].offset)
        << native.damaged[0].reason << " / " << libpcap.damaged[0].reason;
  }
}

struct Variant {
  uint32_t magic;
  bool big_endian;
};
class EveryMagic : public testing::TestWithParam<Variant> {};

INSTANTIATE_TEST_SUITE_P(BothOrders, EveryMagic,
                         testing::Values(Variant{kMicroseconds, false},
                                         Variant{kMicroseconds, true}, Variant{kNanoseconds, false},
                                         Variant{kNanoseconds, true}, Variant{kKuznetzov, false},
                                         Variant{kKuznetzov, true}));

TEST_P(EveryMagic, RecordIsReadAsWritten) {
  const Bytes data = Pattern(60, 1);
  const Bytes capture = PcapBuilder(GetParam().magic, GetParam().big_endian)
                            .Record(1700000000, 123456, data, 1500)
                            .bytes();
  const uint64_t fraction_ns = GetParam().magic == kNanoseconds ? 123456 : 123456000;

  const Contents contents = ReadBytes(capture);

  EXPECT_THAT(contents.frames, ElementsAre(OwnedFrame{.data = data,
                                                      .bytes = 1500,
                                                      .time_ns = 1700000000000000000 + fraction_ns,
                                                      .link_type = 1,
                                                      .length_forged = false}));
  EXPECT_THAT(contents.damaged, IsEmpty());
}

TEST_P(EveryMagic, RandomCaptureEqualsLibpcap) {
  std::mt19937 generator(7);
  const auto random = [&generator] { return static_cast<uint32_t>(generator()); };
  PcapBuilder capture(GetParam().magic, GetParam().big_endian, 113);
  for (uint32_t i = 0; i < 5000; ++i) {
    const uint32_t captured = random() % 1600;
    const uint32_t seconds = random();  // beyond 2038 too
    const uint32_t fraction = random() % 1000000;
    capture.Record(seconds, fraction, Pattern(captured, i), captured + random() % 100);
  }
  ExpectSameAsLibpcap(capture.bytes());
}

TEST_P(EveryMagic, CutAnywhereInTwoRecordsEqualsLibpcap) {
  const Bytes whole = PcapBuilder(GetParam().magic, GetParam().big_endian)
                          .Record(1, 2, Pattern(30, 1))
                          .Record(3, 4, Pattern(20, 2))
                          .bytes();
  for (size_t size = 24; size <= whole.size(); ++size) {
    SCOPED_TRACE(size);
    ExpectSameAsLibpcap(Bytes(whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(size)));
  }
}

TEST(ClassicPcapTest, RecordsAcrossBlockBoundariesArriveWhole) {
  // Every boundary position relative to a record occurs: reads of 64 KiB, records of 16 + 61 bytes.
  PcapBuilder capture;
  std::vector<OwnedFrame> expected;
  for (uint32_t i = 0; i < 80000; ++i) {
    const Bytes data = Pattern(61, i);
    capture.Record(i, i % 1000, data);
    expected.push_back({data, 61, i * uint64_t{1000000000} + i % 1000 * 1000, 1, false});
  }
  for (const size_t read_bytes : {size_t{1}, size_t{16}, size_t{77}, size_t{65536}, kReadBytes}) {
    SCOPED_TRACE(read_bytes);
    const Contents contents = ReadBytes(capture.bytes(), {}, SIZE_MAX, read_bytes);
    EXPECT_TRUE(contents.frames == expected);
    EXPECT_THAT(contents.damaged, IsEmpty());
  }
}

TEST(ClassicPcapTest, ShortReadsOfAPipeChangeNothing) {
  PcapBuilder capture;
  for (uint32_t i = 0; i < 2000; ++i) capture.Record(i, 0, Pattern(i % 1500, i));
  const Contents whole = ReadBytes(capture.bytes());
  ASSERT_THAT(whole.frames, SizeIs(2000));
  for (const size_t step : {1, 7, 4096, 65536}) {
    EXPECT_TRUE(ReadBytes(capture.bytes(), {}, step).frames == whole.frames) << step;
  }
}

TEST(ClassicPcapTest, LargestFramesAcrossTheBlockEqualLibpcap) {
  PcapBuilder capture;
  for (uint32_t i = 0; i < 12; ++i) {
    capture.Record(i, 0, Pattern(1000, i)).Record(i, 1, Pattern(kMaxFrameBytes, i));
  }
  ExpectSameAsLibpcap(capture.bytes());
  EXPECT_THAT(ReadBytes(capture.bytes()).frames, SizeIs(24));
}

TEST(ClassicPcapTest, CapturedLengthAboveTheLargestFrameIsDamageAtItsRecord) {
  const Bytes capture = PcapBuilder(kMicroseconds, false, 1, /*snap_length=*/0xffffffff)
                            .Record(1, 0, Pattern(50, 1))
                            .RecordHeader(2, 0, kMaxFrameBytes + 1, kMaxFrameBytes + 1)
                            .Raw(Pattern(kMaxFrameBytes + 1, 2))
                            .Record(3, 0, Pattern(50, 3))
                            .bytes();
  const Contents contents = ReadBytes(capture);
  EXPECT_THAT(contents.frames, SizeIs(1));
  ASSERT_THAT(contents.damaged, SizeIs(1));
  EXPECT_EQ(contents.damaged[0].file, "test");
  EXPECT_EQ(contents.damaged[0].offset, 24 + 16 + 50u);
  EXPECT_EQ(contents.damaged[0].reason,
            "record claims 262145 captured bytes, no frame has more than 262144");
  ExpectSameAsLibpcap(capture);
}

TEST(ClassicPcapTest, RecordCutByTheEndIsDamageThatSaysHowMuchIsThere) {
  const Bytes capture = PcapBuilder()
                            .Record(1, 0, Pattern(50, 1))
                            .RecordHeader(2, 0, 100, 100)
                            .Raw(Pattern(9, 2))
                            .bytes();
  const Contents contents = ReadBytes(capture);
  EXPECT_THAT(contents.frames, SizeIs(1));
  ASSERT_THAT(contents.damaged, SizeIs(1));
  EXPECT_EQ(contents.damaged[0].offset, 90u);
  EXPECT_EQ(contents.damaged[0].reason,
            "the capture ends inside a record: 25 of 116 bytes are there");
}

TEST(ClassicPcapTest, ForgedOriginalLengthIsClampedAndMarked) {
  const Contents contents = ReadBytes(PcapBuilder()
                                          .Record(1, 0, Pattern(60, 1), 0xffffffff)
                                          .Record(1, 0, Pattern(60, 1), kMaxFrameBytes + 1)
                                          .Record(1, 0, Pattern(60, 1), kMaxFrameBytes)
                                          .bytes());
  ASSERT_THAT(contents.frames, SizeIs(3));
  EXPECT_EQ(contents.frames[0].bytes, kMaxFrameBytes);
  EXPECT_TRUE(contents.frames[0].length_forged);
  EXPECT_EQ(contents.frames[1].bytes, kMaxFrameBytes);
  EXPECT_TRUE(contents.frames[1].length_forged);
  EXPECT_EQ(contents.frames[2].bytes, kMaxFrameBytes);
  EXPECT_FALSE(contents.frames[2].length_forged);
}

TEST(ClassicPcapTest, CapturedAboveOriginalKeepsTheStatedOriginal) {
  const Bytes capture = PcapBuilder().Record(1, 0, Pattern(64, 1), 34).bytes();
  const Contents contents = ReadBytes(capture);
  ASSERT_THAT(contents.frames, SizeIs(1));
  EXPECT_EQ(contents.frames[0].bytes, 34u);
  EXPECT_THAT(contents.frames[0].data, SizeIs(64));
  ExpectSameAsLibpcap(capture);
}

TEST(ClassicPcapTest, FrameAboveTheSnapLengthIsDeliveredWhole) {
  const Bytes capture =
      PcapBuilder(kMicroseconds, false, 1, /*snap_length=*/40).Record(1, 0, Pattern(64, 1)).bytes();
  const Contents contents = ReadBytes(capture);
  ASSERT_THAT(contents.frames, SizeIs(1));
  EXPECT_EQ(contents.frames[0].data, Pattern(64, 1));
  ExpectSameAsLibpcap(capture, 40);
}

TEST(ClassicPcapTest, OldVersionsStateTheirLengthsInTheOtherOrder) {
  for (uint16_t minor = 0; minor <= 2; ++minor) {
    const Bytes capture = PcapBuilder(kMicroseconds, false, 1, 262144, minor)
                              .RecordHeader(1, 0, /*captured=*/90, /*original=*/40)
                              .Raw(Pattern(40, 1))
                              .bytes();
    const Contents contents = ReadBytes(capture);
    ASSERT_THAT(contents.frames, SizeIs(1));
    EXPECT_EQ(contents.frames[0].bytes, 90u);
    EXPECT_EQ(contents.frames[0].data, Pattern(40, 1));
    ExpectSameAsLibpcap(capture);
  }
}

TEST(ClassicPcapTest, Version23TakesTheSmallerLengthAsCaptured) {
  ExpectSameAsLibpcap(PcapBuilder(kMicroseconds, false, 1, 262144, 3)
                          .RecordHeader(1, 0, 90, 40)
                          .Raw(Pattern(40, 1))
                          .RecordHeader(1, 0, 40, 90)
                          .Raw(Pattern(40, 1))
                          .bytes());
  ExpectSameAsLibpcap(PcapBuilder(kMicroseconds, true, 1, 262144, 0, 543)
                          .RecordHeader(1, 0, 90, 40)
                          .Raw(Pattern(40, 1))
                          .bytes());
}

TEST(ClassicPcapTest, UnknownVersionIsRefusedByName) {
  for (const auto& [major, minor] : {std::pair<uint16_t, uint16_t>{1, 0}, {2, 5}, {3, 0}}) {
    const absl::Status status =
        ReadBytes(PcapBuilder(kMicroseconds, false, 1, 262144, minor, major).bytes()).status;
    EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument);
    EXPECT_THAT(
        std::string(status.message()),
        HasSubstr("test:4: pcap version " + std::to_string(major) + "." + std::to_string(minor)));
  }
}

TEST(ClassicPcapTest, FrameCheckBitsDoNotChangeTheLinkType) {
  for (const uint32_t field : {0x00000001u, 0x14000001u, 0xf4000001u, 0x30000001u}) {
    const Bytes capture = PcapBuilder(kMicroseconds, false, field).Record(1, 0, Bytes(60)).bytes();
    const Contents contents = ReadBytes(capture);
    ASSERT_THAT(contents.frames, SizeIs(1));
    EXPECT_EQ(contents.frames[0].link_type, 1);
    ExpectSameAsLibpcap(capture);
  }
}

TEST(ClassicPcapTest, LinkTypesAreRegisteredNumbersOnBothPaths) {
  struct Case {
    uint32_t in_file;
    uint16_t registered;
  };
  for (const Case& c : {Case{12, 101}, Case{14, 101}, Case{101, 101}, Case{108, 108}, Case{11, 100},
                        Case{19, 106}, Case{276, 276}, Case{0, 0}, Case{9, 9}}) {
    const Bytes capture =
        PcapBuilder(kMicroseconds, false, c.in_file).Record(1, 0, Bytes(60)).bytes();
    const Contents contents = ReadBytes(capture);
    ASSERT_THAT(contents.frames, SizeIs(1)) << c.in_file;
    EXPECT_EQ(contents.frames[0].link_type, c.registered) << c.in_file;
    ExpectSameAsLibpcap(capture);
  }
}

TEST(ClassicPcapTest, LinkTypeBeyond16BitsIsRefusedByName) {
  const absl::Status status = ReadBytes(PcapBuilder(kMicroseconds, false, 0x10001).bytes()).status;
  EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument);
  EXPECT_THAT(std::string(status.message()), HasSubstr("unknown link type 65537"));
}

TEST(ClassicPcapTest, HeaderAloneIsACaptureWithoutFrames) {
  const Contents contents = ReadBytes(PcapBuilder().bytes());
  EXPECT_TRUE(contents.status.ok()) << contents.status;
  EXPECT_THAT(contents.frames, IsEmpty());
  EXPECT_THAT(contents.damaged, IsEmpty());
}

TEST(ClassicPcapTest, BlocksStayNearOneMebibyteAndStopGrowing) {
  PcapBuilder capture;
  for (uint32_t i = 0; i < 6000; ++i) capture.Record(i, 0, Pattern(1000, i));
  auto source = OpenStream("test", std::make_unique<MemoryStream>(capture.bytes()));
  ASSERT_TRUE(source.ok());
  FrameBlock block;
  ASSERT_TRUE((*source)->Read(&block).value());
  ASSERT_TRUE((*source)->Read(&block).value());
  const uint8_t* const storage = block.storage.data();
  size_t blocks = 2;
  while ((*source)->Read(&block).value()) {
    ++blocks;
    EXPECT_EQ(block.storage.data(), storage);
  }
  EXPECT_LE(block.storage.size(), kReadBytes + kMaxFrameBytes);
  EXPECT_GE(blocks, 5u);
  EXPECT_EQ((*source)->bytes_read(), capture.bytes().size());
  EXPECT_EQ((*source)->bytes_total(), capture.bytes().size());
}

}  // namespace
}  // namespace borderflow
