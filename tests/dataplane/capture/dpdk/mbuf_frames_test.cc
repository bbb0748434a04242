#include "dataplane/capture/dpdk/mbuf_frames.h"

#include <gtest/gtest.h>
#include <rte_mbuf_dyn.h>

#include <algorithm>
#include <array>
#include <numeric>
#include <random>
#include <vector>

#include "tests/dataplane/capture/dpdk/mbufs.h"

namespace borderflow {
namespace {

using Bytes = std::vector<uint8_t>;

constexpr uint64_t kNow = 1'800'000'000'123'456'789;

Bytes Numbered(size_t size, size_t seed = 0) {
  Bytes bytes(size);
  for (size_t i = 0; i < size; ++i) bytes[i] = static_cast<uint8_t>((i + seed) * 7 + i / 256);
  return bytes;
}

Bytes Captured(const Frame& frame) { return {frame.data, frame.data + frame.captured}; }

Frame ReadOne(rte_mbuf* mbuf, MbufFrames* reader) {
  Frame frame;
  reader->Read({&mbuf, 1}, kNow, {&frame, 1});
  return frame;
}

TEST(MbufFrames, OneSegmentStaysWhereItIs) {
  MbufPool pool("one_segment");
  MbufFrames reader(/*stamped=*/false);
  for (const size_t size : {0u, 1u, 60u, 1514u, 2000u}) {
    rte_mbuf* mbuf = pool.Make(Numbered(size));
    const Frame frame = ReadOne(mbuf, &reader);
    EXPECT_EQ(frame.data, rte_pktmbuf_mtod(mbuf, const uint8_t*));
    EXPECT_EQ(frame.captured, size);
    EXPECT_EQ(frame.bytes, size);
    EXPECT_EQ(frame.link_type, 1);
    EXPECT_EQ(frame.time_ns, kNow);
    EXPECT_FALSE(frame.length_forged);
    rte_pktmbuf_free(mbuf);
  }
}

// Cut at random into up to eight segments, some of them empty: what comes out is what went in.
TEST(MbufFrames, ChainsAreJoinedWhereverTheyAreCut) {
  MbufPool pool("chains");
  MbufFrames reader(/*stamped=*/false);
  std::mt19937 random(1);
  for (int round = 0; round < 300; ++round) {
    std::array<rte_mbuf*, kBurst> mbufs{};
    std::vector<Bytes> expected;
    for (rte_mbuf*& mbuf : mbufs) {
      std::vector<Bytes> parts;
      Bytes whole;
      for (size_t left = 1 + random() % 8; left > 0; --left) {
        const size_t size = random() % 4 == 0 ? 0 : random() % 300;
        parts.push_back(Numbered(size, random()));
        whole.insert(whole.end(), parts.back().begin(), parts.back().end());
      }
      mbuf = pool.Chain(parts);
      expected.push_back(whole);
    }
    std::array<Frame, kBurst> frames;
    reader.Read(mbufs, kNow, absl::MakeSpan(frames));
    for (size_t i = 0; i < mbufs.size(); ++i) {
      ASSERT_EQ(Captured(frames[i]), expected[i]);
      ASSERT_EQ(frames[i].bytes, expected[i].size());
    }
    rte_pktmbuf_free_bulk(mbufs.data(), mbufs.size());
  }
}

TEST(MbufFrames, AChainBeyond65KiBIsCutAndItsLengthKept) {
  constexpr size_t kMost = 65536 + 1024;
  MbufPool pool("long_chain");
  MbufFrames reader(/*stamped=*/false);
  for (const size_t segments : {size_t{32}, size_t{33}, size_t{40}}) {
    const Bytes part = Numbered(2048);
    rte_mbuf* mbuf = pool.Chain(std::vector<Bytes>(segments, part));
    const Frame frame = ReadOne(mbuf, &reader);
    EXPECT_EQ(frame.bytes, segments * 2048);
    // A driver that keeps 16 bits of the length only.
    mbuf->pkt_len &= 0xffff;
    EXPECT_EQ(ReadOne(mbuf, &reader).bytes, segments * 2048);
    EXPECT_EQ(frame.captured, std::min(segments * 2048, kMost));
    for (size_t at = 0; at < frame.captured; ++at) ASSERT_EQ(frame.data[at], part[at % 2048]);
    rte_pktmbuf_free(mbuf);
  }
}

TEST(MbufFrames, ALengthThatNoLinkCarriesIsAForgery) {
  MbufPool pool("forged");
  MbufFrames reader(/*stamped=*/false);
  rte_mbuf* mbuf = pool.Make(Numbered(60));
  mbuf->pkt_len = kMaxFrameBytes;
  EXPECT_FALSE(ReadOne(mbuf, &reader).length_forged);
  mbuf->pkt_len = kMaxFrameBytes + 1;
  const Frame frame = ReadOne(mbuf, &reader);
  EXPECT_TRUE(frame.length_forged);
  EXPECT_EQ(frame.bytes, kMaxFrameBytes);
  EXPECT_EQ(frame.captured, 60u);
  mbuf->pkt_len = 60;
  rte_pktmbuf_free(mbuf);
}

TEST(MbufFrames, OnlyAStampedPortsStampsAreTimes) {
  int offset = -1;
  uint64_t flag = 0;
  ASSERT_EQ(rte_mbuf_dyn_rx_timestamp_register(&offset, &flag), 0);
  MbufPool pool("stamps");
  MbufFrames stamped(true), unstamped(false);
  rte_mbuf* mbuf = pool.Make(Numbered(60));
  constexpr uint64_t kMicroseconds = 1'700'000'000'654'321;
  *RTE_MBUF_DYNFIELD(mbuf, offset, rte_mbuf_timestamp_t*) = kMicroseconds;
  EXPECT_EQ(ReadOne(mbuf, &stamped).time_ns, kNow) << "the flag says that there is none";
  mbuf->ol_flags |= flag;
  EXPECT_EQ(ReadOne(mbuf, &stamped).time_ns, kMicroseconds * 1000);
  EXPECT_EQ(ReadOne(mbuf, &unstamped).time_ns, kNow) << "the NIC's own clock";
  rte_pktmbuf_free(mbuf);
}

}  // namespace
}  // namespace borderflow
