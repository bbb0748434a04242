// FrameBuffer and its headers: a payload first, then transport, IP, tunnel and Ethernet in front of
// it, each with right lengths and checksums.
//
// Headers are prepended, so that a tunnel is nothing but more headers. Sources: RFC 9293 (TCP), 768
// (UDP), 791 (IPv4), 8200 (IPv6), 7348 (VXLAN), 2784 and 2890 (GRE), 3GPP TS 29.281 (GTP-U),
// IEEE 802.1Q.
//
// Thread safety: none. No function here allocates.
#ifndef BORDERFLOW_TOOLS_GENERATOR_FRAMES_H_
#define BORDERFLOW_TOOLS_GENERATOR_FRAMES_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "absl/types/span.h"
#include "dataplane/packet/address.h"

namespace borderflow::generator {

inline constexpr uint8_t kIpIcmp = 1;
inline constexpr uint8_t kIpTcp = 6;
inline constexpr uint8_t kIpUdp = 17;
inline constexpr uint8_t kIpGre = 47;
inline constexpr uint8_t kIpEsp = 50;
inline constexpr uint8_t kIpIcmp6 = 58;

inline constexpr uint16_t kEtherIpv4 = 0x0800;
inline constexpr uint16_t kEtherArp = 0x0806;
inline constexpr uint16_t kEtherIpv6 = 0x86dd;

// The shortest Ethernet frame without its checksum; shorter ones are padded, as cards do.
inline constexpr size_t kEthernetMinimum = 60;

using Mac = std::array<uint8_t, 6>;

class FrameBuffer {
 public:
  // Starts over with a payload of at most 65,535 bytes.
  void Reset(std::string_view payload);
  // Room for a header in front; the bytes are zero. All headers together: at most 512 bytes.
  uint8_t* Prepend(size_t size);
  // Zeros behind, up to a frame of `size` bytes.
  void PadTo(size_t size);

  absl::Span<const uint8_t> bytes() const { return {data_.data() + begin_, end_ - begin_}; }
  size_t size() const { return end_ - begin_; }
  uint8_t* data() { return data_.data() + begin_; }

 private:
  static constexpr size_t kHeadroom = 512;
  std::array<uint8_t, kHeadroom + 65536> data_{};
  size_t begin_ = kHeadroom;
  size_t end_ = kHeadroom;
};

struct TcpHeader {
  uint16_t source_port = 0;
  uint16_t destination_port = 0;
  uint32_t sequence = 0;
  uint32_t acknowledgement = 0;
  uint8_t flags = 0;
  uint16_t window = 0;
  std::string_view options;  // a multiple of four bytes
};

struct IpHeader {
  IpAddress source;
  IpAddress destination;
  bool v4 = true;
  uint8_t protocol = 0;
  uint8_t ttl = 64;
  uint32_t identification = 0;   // 16 bits in IPv4; in IPv6 only a fragment shows it
  uint16_t fragment_offset = 0;  // in bytes
  bool more_fragments = false;
};

struct EthernetHeader {
  Mac source{};
  Mac destination{};
  uint16_t type = kEtherIpv4;
  std::array<uint16_t, 2> vlans{};  // outer first; 0 is none
};

// Transport headers take the addresses that their checksum covers from `ip`.
void PrependTcp(FrameBuffer& frame, const IpHeader& ip, const TcpHeader& tcp);
void PrependUdp(FrameBuffer& frame, const IpHeader& ip, uint16_t source_port,
                uint16_t destination_port);
// The buffer holds an ICMP or ICMPv6 message whose checksum field is zero.
void ChecksumIcmp(FrameBuffer& frame, const IpHeader& ip);
void PrependIp(FrameBuffer& frame, const IpHeader& ip);
// VXLAN with its UDP header; the buffer holds an Ethernet frame.
void PrependVxlan(FrameBuffer& frame, const IpHeader& outer, uint16_t source_port, uint32_t vni);
// GRE with a key; the buffer holds an IP packet of `ether_type`.
void PrependGre(FrameBuffer& frame, uint16_t ether_type, uint32_t key);
// GTP-U with its UDP header; the buffer holds an IP packet.
void PrependGtpU(FrameBuffer& frame, const IpHeader& outer, uint32_t teid);
// Also pads to kEthernetMinimum.
void PrependEthernet(FrameBuffer& frame, const EthernetHeader& ethernet);

// RFC 1071, over `bytes` as if behind `sum`; not yet complemented or folded.
uint64_t ChecksumAdd(uint64_t sum, absl::Span<const uint8_t> bytes);
uint16_t ChecksumFold(uint64_t sum);

}  // namespace borderflow::generator

#endif  // BORDERFLOW_TOOLS_GENERATOR_FRAMES_H_
