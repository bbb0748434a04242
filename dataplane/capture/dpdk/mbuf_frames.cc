#include "dataplane/capture/dpdk/mbuf_frames.h"

#include <rte_mbuf.h>
#include <rte_mbuf_dyn.h>

#include <algorithm>
#include <cstring>

namespace borderflow {
namespace {

constexpr uint16_t kEthernet = 1;  // LINKTYPE_ETHERNET: what every Ethernet device delivers
constexpr uint64_t kNanosecondsPerMicrosecond = 1000;

}  // namespace

MbufFrames::MbufFrames(bool stamped) : joined_(size_t{kBurst} * kMaxChain) {
  if (!stamped) return;
  timestamp_offset_ = rte_mbuf_dynfield_lookup(RTE_MBUF_DYNFIELD_TIMESTAMP_NAME, nullptr);
  const int bit = rte_mbuf_dynflag_lookup(RTE_MBUF_DYNFLAG_RX_TIMESTAMP_NAME, nullptr);
  if (timestamp_offset_ >= 0 && bit >= 0) timestamp_flag_ = uint64_t{1} << bit;
}

void MbufFrames::Read(absl::Span<rte_mbuf* const> mbufs, uint64_t now_ns,
                      absl::Span<Frame> frames) {
  for (size_t i = 0; i < mbufs.size(); ++i) {
    const rte_mbuf& mbuf = *mbufs[i];
    Frame& frame = frames[i];
    frame.link_type = kEthernet;
    frame.time_ns = now_ns;
    if ((mbuf.ol_flags & timestamp_flag_) != 0) {
      frame.time_ns = *RTE_MBUF_DYNFIELD(&mbuf, timestamp_offset_, const rte_mbuf_timestamp_t*) *
                      kNanosecondsPerMicrosecond;
    }
    uint32_t bytes = mbuf.pkt_len;
    if (mbuf.nb_segs == 1) {
      frame.data = rte_pktmbuf_mtod(&mbuf, const uint8_t*);
      frame.captured = mbuf.data_len;
    } else {
      uint32_t held = 0;
      frame.data = Join(mbuf, i, &frame.captured, &held);
      bytes = std::max(bytes, held);  // net_pcap of 22.11 keeps 16 bits of a chain's length
    }
    frame.bytes = std::min(bytes, kMaxFrameBytes);
    frame.length_forged = bytes > kMaxFrameBytes;
  }
}

const uint8_t* MbufFrames::Join(const rte_mbuf& first, size_t place, uint32_t* captured,
                                uint32_t* held) {
  uint8_t* const begin = joined_.data() + place % kBurst * kMaxChain;
  uint32_t filled = 0;
  for (const rte_mbuf* segment = &first; segment != nullptr; segment = segment->next) {
    const uint32_t taken = std::min<uint32_t>(segment->data_len, kMaxChain - filled);
    std::memcpy(begin + filled, rte_pktmbuf_mtod(segment, const uint8_t*), taken);
    filled += taken;
    *held += segment->data_len;
  }
  *captured = filled;
  return begin;
}

}  // namespace borderflow
