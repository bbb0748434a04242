#include "tools/generator/frames.h"

#include <cstring>

namespace borderflow::generator {
namespace {

constexpr uint16_t kVxlanPort = 4789;
constexpr uint16_t kGtpUPort = 2152;
constexpr uint16_t kEtherVlan = 0x8100;
constexpr uint16_t kEtherServiceVlan = 0x88a8;

void Put16(uint8_t* at, uint64_t value) {
  at[0] = static_cast<uint8_t>(value >> 8);
  at[1] = static_cast<uint8_t>(value);
}

void Put32(uint8_t* at, uint64_t value) {
  Put16(at, value >> 16);
  Put16(at + 2, value);
}

void PutV6(uint8_t* at, const IpAddress& address) {
  Put32(at, address.high >> 32);
  Put32(at + 4, address.high);
  Put32(at + 8, address.low >> 32);
  Put32(at + 12, address.low);
}

// The pseudo-header of RFC 9293 section 3.1 and RFC 8200 section 8.1.
uint64_t PseudoHeader(const IpHeader& ip, size_t length) {
  std::array<uint8_t, 40> pseudo{};
  if (ip.v4) {
    Put32(pseudo.data(), ip.source.v4());
    Put32(pseudo.data() + 4, ip.destination.v4());
  } else {
    PutV6(pseudo.data(), ip.source);
    PutV6(pseudo.data() + 16, ip.destination);
  }
  Put32(pseudo.data() + 32, length);
  Put32(pseudo.data() + 36, ip.protocol);
  return ChecksumAdd(0, pseudo);
}

}  // namespace

void FrameBuffer::Reset(std::string_view payload) {
  begin_ = kHeadroom;
  end_ = kHeadroom + payload.size();
  if (!payload.empty()) std::memcpy(data_.data() + begin_, payload.data(), payload.size());
}

uint8_t* FrameBuffer::Prepend(size_t size) {
  begin_ -= size;
  std::memset(data_.data() + begin_, 0, size);
  return data_.data() + begin_;
}

void FrameBuffer::PadTo(size_t size) {
  if (end_ - begin_ >= size) return;
  std::memset(data_.data() + end_, 0, begin_ + size - end_);
  end_ = begin_ + size;
}

uint64_t ChecksumAdd(uint64_t sum, absl::Span<const uint8_t> bytes) {
  const uint8_t* at = bytes.data();
  size_t left = bytes.size();
  for (; left >= 4; at += 4, left -= 4) {
    sum += (uint64_t{at[0]} << 24) | (uint64_t{at[1]} << 16) | (uint64_t{at[2]} << 8) | at[3];
  }
  if (left >= 2) {
    sum += (uint64_t{at[0]} << 8) | at[1];
    at += 2;
    left -= 2;
  }
  if (left == 1) sum += uint64_t{at[0]} << 8;
  return sum;
}

uint16_t ChecksumFold(uint64_t sum) {
  while (sum >> 16 != 0) sum = (sum & 0xffff) + (sum >> 16);
  return static_cast<uint16_t>(~sum);
}

void PrependTcp(FrameBuffer& frame, const IpHeader& ip, const TcpHeader& tcp) {
  const size_t header = 20 + tcp.options.size();
  uint8_t* at = frame.Prepend(header);
  Put16(at, tcp.source_port);
  Put16(at + 2, tcp.destination_port);
  Put32(at + 4, tcp.sequence);
  Put32(at + 8, tcp.acknowledgement);
  at[12] = static_cast<uint8_t>(header / 4 << 4);
  at[13] = tcp.flags;
  Put16(at + 14, tcp.window);
  if (!tcp.options.empty()) std::memcpy(at + 20, tcp.options.data(), tcp.options.size());
  Put16(at + 16, ChecksumFold(ChecksumAdd(PseudoHeader(ip, frame.size()), frame.bytes())));
}

void PrependUdp(FrameBuffer& frame, const IpHeader& ip, uint16_t source_port,
                uint16_t destination_port) {
  uint8_t* at = frame.Prepend(8);
  Put16(at, source_port);
  Put16(at + 2, destination_port);
  Put16(at + 4, frame.size());
  const uint16_t sum = ChecksumFold(ChecksumAdd(PseudoHeader(ip, frame.size()), frame.bytes()));
  Put16(at + 6, sum == 0 ? 0xffff : sum);  // zero would mean "none" (RFC 768)
}

void ChecksumIcmp(FrameBuffer& frame, const IpHeader& ip) {
  const uint64_t pseudo = ip.v4 ? 0 : PseudoHeader(ip, frame.size());
  const uint16_t sum = ChecksumFold(ChecksumAdd(pseudo, frame.bytes()));
  Put16(frame.data() + 2, sum);
}

void PrependIp(FrameBuffer& frame, const IpHeader& ip) {
  const bool fragment = ip.more_fragments || ip.fragment_offset != 0;
  const size_t length = frame.size();
  if (ip.v4) {
    constexpr uint16_t kDontFragment = 0x4000;
    constexpr uint16_t kMoreFragments = 0x2000;
    uint8_t* at = frame.Prepend(20);
    at[0] = 0x45;
    Put16(at + 2, length + 20);
    Put16(at + 4, ip.identification);
    Put16(at + 6, fragment ? (ip.more_fragments ? kMoreFragments : 0) | ip.fragment_offset / 8
                           : kDontFragment);
    at[8] = ip.ttl;
    at[9] = ip.protocol;
    Put32(at + 12, ip.source.v4());
    Put32(at + 16, ip.destination.v4());
    Put16(at + 10, ChecksumFold(ChecksumAdd(0, {at, 20})));
    return;
  }
  constexpr uint8_t kFragmentHeader = 44;
  if (fragment) {
    uint8_t* at = frame.Prepend(8);
    at[0] = ip.protocol;
    Put16(at + 2, ip.fragment_offset | (ip.more_fragments ? 1 : 0));
    Put32(at + 4, ip.identification);
  }
  uint8_t* at = frame.Prepend(40);
  at[0] = 0x60;
  Put16(at + 4, length + (fragment ? 8 : 0));
  at[6] = fragment ? kFragmentHeader : ip.protocol;
  at[7] = ip.ttl;
  PutV6(at + 8, ip.source);
  PutV6(at + 24, ip.destination);
}

void PrependVxlan(FrameBuffer& frame, const IpHeader& outer, uint16_t source_port, uint32_t vni) {
  uint8_t* at = frame.Prepend(8);
  at[0] = 0x08;  // the VNI is valid
  Put32(at + 4, vni << 8);
  PrependUdp(frame, outer, source_port, kVxlanPort);
}

void PrependGre(FrameBuffer& frame, uint16_t ether_type, uint32_t key) {
  uint8_t* at = frame.Prepend(8);
  Put16(at, 0x2000);  // a key is present
  Put16(at + 2, ether_type);
  Put32(at + 4, key);
}

void PrependGtpU(FrameBuffer& frame, const IpHeader& outer, uint32_t teid) {
  constexpr uint8_t kGPdu = 0xff;
  const size_t length = frame.size();
  uint8_t* at = frame.Prepend(8);
  at[0] = 0x30;  // version 1, GTP, no optional fields
  at[1] = kGPdu;
  Put16(at + 2, length);
  Put32(at + 4, teid);
  PrependUdp(frame, outer, kGtpUPort, kGtpUPort);
}

void PrependEthernet(FrameBuffer& frame, const EthernetHeader& ethernet) {
  uint16_t type = ethernet.type;
  const bool stacked = ethernet.vlans[0] != 0 && ethernet.vlans[1] != 0;
  for (size_t i = ethernet.vlans.size(); i-- > 0;) {
    if (ethernet.vlans[i] == 0) continue;
    uint8_t* at = frame.Prepend(4);
    Put16(at, ethernet.vlans[i]);
    Put16(at + 2, type);
    type = stacked && i == 0 ? kEtherServiceVlan : kEtherVlan;
  }
  uint8_t* at = frame.Prepend(14);
  std::memcpy(at, ethernet.destination.data(), 6);
  std::memcpy(at + 6, ethernet.source.data(), 6);
  Put16(at + 12, type);
  frame.PadTo(kEthernetMinimum);
}

}  // namespace borderflow::generator
