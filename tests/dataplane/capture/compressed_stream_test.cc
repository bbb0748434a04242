#include "dataplane/capture/compressed_stream.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <zlib.h>
#include <zstd.h>

#include "tests/dataplane/capture/captures.h"

namespace borderflow {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

Bytes Gzip(const Bytes& bytes) {
  z_stream encoder = {};
  EXPECT_EQ(deflateInit2(&encoder, 6, Z_DEFLATED, MAX_WBITS + 16, 8, Z_DEFAULT_STRATEGY), Z_OK);
  Bytes out(deflateBound(&encoder, bytes.size()));
  encoder.next_in = const_cast<Bytef*>(bytes.data());
  encoder.avail_in = static_cast<uInt>(bytes.size());
  encoder.next_out = out.data();
  encoder.avail_out = static_cast<uInt>(out.size());
  EXPECT_EQ(deflate(&encoder, Z_FINISH), Z_STREAM_END);
  out.resize(encoder.total_out);
  deflateEnd(&encoder);
  return out;
}

Bytes Zstd(const Bytes& bytes) {
  Bytes out(ZSTD_compressBound(bytes.size()));
  const size_t size = ZSTD_compress(out.data(), out.size(), bytes.data(), bytes.size(), 3);
  EXPECT_FALSE(ZSTD_isError(size));
  out.resize(size);
  return out;
}

Bytes Joined(const std::vector<Bytes>& parts) {
  Bytes all;
  for (const Bytes& part : parts) all.insert(all.end(), part.begin(), part.end());
  return all;
}

Bytes Slice(const Bytes& bytes, size_t begin, size_t end) {
  return Bytes(bytes.begin() + static_cast<std::ptrdiff_t>(begin),
               bytes.begin() + static_cast<std::ptrdiff_t>(end));
}

// About 3 MB, half of it compressible.
Bytes LargeCapture() {
  PcapBuilder capture;
  for (uint32_t i = 0; i < 4000; ++i) {
    Bytes data = Pattern(400, i);
    data.resize(800);
    capture.Record(i, i, data);
  }
  return capture.bytes();
}

struct Codec {
  const char* name;
  Bytes (*compress)(const Bytes&);
  size_t hostile_at;  // where hostile_byte makes a stream nonsense from its first block on
  uint8_t hostile_byte;
};
class EveryCodec : public testing::TestWithParam<Codec> {
 protected:
  static Bytes Compress(const Bytes& bytes) { return GetParam().compress(bytes); }
};
INSTANTIATE_TEST_SUITE_P(CompressedStreamTest, EveryCodec,
                         testing::Values(Codec{"gzip", Gzip, 10, 0xff},  // a block of type 3
                                         Codec{"zstd", Zstd, 4, 0xff}),  // a reserved bit
                         [](const auto& codec) { return codec.param.name; });

TEST_P(EveryCodec, CompressedCaptureEqualsThePlainOne) {
  const Bytes capture = LargeCapture();
  const Contents plain = ReadBytes(capture);
  ASSERT_THAT(plain.frames, SizeIs(4000));
  const Bytes compressed = Compress(capture);
  for (const size_t step : {size_t{1}, size_t{1000}, SIZE_MAX}) {
    const Contents contents = ReadBytes(compressed, {}, step);
    EXPECT_TRUE(contents.frames == plain.frames) << step;
    EXPECT_THAT(contents.damaged, IsEmpty());
  }
  EXPECT_TRUE(ReadBytes(compressed, {.force_libpcap = true}).frames == plain.frames);
}

TEST_P(EveryCodec, ConcatenatedPartsAreOneStream) {
  const Bytes capture = LargeCapture();
  const size_t third = capture.size() / 3;  // inside records
  const Bytes compressed =
      Joined({Compress(Slice(capture, 0, 10)), Compress(Slice(capture, 10, third)), Compress({}),
              Compress(Slice(capture, third, capture.size()))});
  for (const size_t step : {size_t{3}, SIZE_MAX}) {
    const Contents contents = ReadBytes(compressed, {}, step);
    EXPECT_TRUE(contents.frames == ReadBytes(capture).frames);
    EXPECT_THAT(contents.damaged, IsEmpty());
  }
}

TEST_P(EveryCodec, CutStreamDeliversWhatItHoldsAndSaysWhereItEnds) {
  const Bytes capture = LargeCapture();
  const std::vector<OwnedFrame> all = ReadBytes(capture).frames;
  const Bytes compressed = Compress(capture);
  for (const size_t missing : {compressed.size() / 2, size_t{1}}) {
    const Contents contents = ReadBytes(Slice(compressed, 0, compressed.size() - missing));
    ASSERT_TRUE(contents.status.ok()) << contents.status;
    ASSERT_THAT(contents.damaged, SizeIs(1));
    EXPECT_THAT(contents.frames, SizeIs(testing::Gt(100u)));
    EXPECT_TRUE(std::equal(contents.frames.begin(), contents.frames.end(), all.begin()));
    EXPECT_EQ(contents.damaged[0].offset, 24 + contents.frames.size() * 816);
    EXPECT_THAT(contents.damaged[0].reason,
                HasSubstr(std::string("the ") + GetParam().name + " stream ends early, after "));
  }
}

TEST_P(EveryCodec, DamagedStreamDeliversWhatCameBefore) {
  const Bytes capture = LargeCapture();
  constexpr size_t kIntact = 24 + 816 * 1000 + 5;
  Bytes broken = Compress(Slice(capture, kIntact, capture.size()));
  broken[GetParam().hostile_at] = GetParam().hostile_byte;
  const Contents contents = ReadBytes(Joined({Compress(Slice(capture, 0, kIntact)), broken}));
  ASSERT_TRUE(contents.status.ok()) << contents.status;
  EXPECT_THAT(contents.frames, SizeIs(1000));
  ASSERT_THAT(contents.damaged, SizeIs(1));
  EXPECT_EQ(contents.damaged[0].offset, kIntact - 5);
  EXPECT_THAT(contents.damaged[0].reason,
              AllOf(HasSubstr(std::string("the ") + GetParam().name + " stream is damaged ("),
                    HasSubstr("after 816029 uncompressed bytes")));
}

TEST_P(EveryCodec, GarbageBehindTheStreamIsDamageBehindAllFrames) {
  const Bytes capture = LargeCapture();
  const Contents contents = ReadBytes(Joined({Compress(capture), Pattern(100, 1)}));
  EXPECT_THAT(contents.frames, SizeIs(4000));
  ASSERT_THAT(contents.damaged, SizeIs(1));
  EXPECT_EQ(contents.damaged[0].offset, capture.size());
}

TEST_P(EveryCodec, CompressedTwiceIsRefused) {
  const absl::Status status = ReadBytes(Compress(Gzip(PcapBuilder().bytes()))).status;
  EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument);
  EXPECT_THAT(std::string(status.message()),
              HasSubstr(std::string("compressed twice (gzip inside ") + GetParam().name + ")"));
}

TEST_P(EveryCodec, EmptyOrBrokenFromTheStartIsRefused) {
  EXPECT_THAT(std::string(ReadBytes(Compress({})).status.message()),
              HasSubstr(std::string("test: is empty inside its ") + GetParam().name));
  const Bytes compressed = Compress(PcapBuilder().bytes());
  EXPECT_THAT(std::string(ReadBytes(Slice(compressed, 0, 5)).status.message()),
              HasSubstr("stream ends early, after 0 uncompressed bytes"));
}

TEST_P(EveryCodec, CompressedGarbageIsRefused) {
  EXPECT_THAT(std::string(ReadBytes(Compress(Pattern(100, 1))).status.message()),
              HasSubstr("test: an unknown format"));
}

TEST(GzipStreamTest, WrongChecksumIsDamageBehindAllFrames) {
  const Bytes capture = LargeCapture();
  Bytes compressed = Gzip(capture);
  compressed[compressed.size() - 6] ^= 1;  // in the CRC of the trailer
  const Contents contents = ReadBytes(compressed);
  EXPECT_THAT(contents.frames, SizeIs(4000));
  ASSERT_THAT(contents.damaged, SizeIs(1));
  EXPECT_EQ(contents.damaged[0].offset, capture.size());
  EXPECT_EQ(contents.damaged[0].reason,
            "the gzip stream is damaged (incorrect data check), after " +
                std::to_string(capture.size()) + " uncompressed bytes");
}

TEST(GzipStreamTest, ZeroPaddingIsNotDamage) {
  const Bytes padded = Joined({Gzip(LargeCapture()), Bytes(10240)});
  EXPECT_THAT(ReadBytes(padded).frames, SizeIs(4000));
  EXPECT_THAT(ReadBytes(padded).damaged, IsEmpty());
  EXPECT_THAT(ReadBytes(padded, {}, 1).damaged, IsEmpty());
}

TEST(ZstdStreamTest, SkippableFramesAreSkippedAlsoInFront) {
  const Bytes skippable = ByteWriter().U32(0x184d2a55).U32(7).Raw(Pattern(7, 1)).bytes();
  const Bytes capture = LargeCapture();
  const Bytes compressed = Joined({skippable, Zstd(capture), skippable});
  EXPECT_THAT(ReadBytes(compressed).frames, SizeIs(4000));
  EXPECT_THAT(ReadBytes(compressed).damaged, IsEmpty());
}

TEST(CompressedStreamTest, ProgressCountsTheCompressedFile) {
  const Bytes compressed = Zstd(LargeCapture());
  auto source = OpenStream("test", std::make_unique<MemoryStream>(compressed));
  ASSERT_TRUE(source.ok());
  EXPECT_EQ((*source)->bytes_total(), compressed.size());
  ReadAll(source->get());
  EXPECT_EQ((*source)->bytes_read(), compressed.size());
}

TEST(CompressedStreamTest, PeekedBytesAreReadAgain) {
  const Bytes bytes = Pattern(100000, 1);
  auto stream = Decompress(std::make_unique<MemoryStream>(Gzip(bytes), 7), Compression::kGzip);
  ASSERT_TRUE(stream.ok());
  for (const size_t peek : {4u, 24u, 4u}) {
    EXPECT_EQ((*stream)->Peek(peek).value(), absl::MakeConstSpan(bytes).first(peek));
  }
  Bytes read(bytes.size());
  size_t have = 0;
  while (have < read.size()) {
    const size_t count = (*stream)->Read(read.data() + have, read.size() - have).value();
    ASSERT_GT(count, 0u);
    have += count;
  }
  EXPECT_EQ(read, bytes);
  EXPECT_THAT((*stream)->Peek(1).value(), IsEmpty());
}

}  // namespace
}  // namespace borderflow
