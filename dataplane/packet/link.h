// The link layer: from the start of a frame, or of a frame inside a tunnel, to its IP header.
//
// One walk over tags, labels and small encapsulations, each of which names what follows it:
// VLAN, QinQ, MPLS with pseudowires, PPPoE, PPP, LLC/SNAP, PBB, CMD/SGT, FabricPath, VN-Tag, E-Tag,
// NSH, MACsec without encryption, and more (ethertypes in link.cc, LINKTYPEs in link_types.cc).
//
// Thread safety: pure functions.
#ifndef BORDERFLOW_DATAPLANE_PACKET_LINK_H_
#define BORDERFLOW_DATAPLANE_PACKET_LINK_H_

#include <cstdint>

#include "dataplane/packet/cursor.h"

namespace borderflow {

// Each tag, label stack or encapsulated link header is one; real frames have at most a handful.
inline constexpr int kMaxLinkHeaders = 64;

// What comes next: a header that can be read, or the end of the walk.
enum class Layer : uint8_t {
  kEtherType,    // what Step::number() says
  kEthernet,     // destination, source, EtherType or length
  kLlc,          // IEEE 802.2, with SNAP
  kPpp,          // protocol field, after an optional address and control
  kCiscoHdlc,    // address, control, EtherType
  kFrameRelay,   // Q.922 address, then NLPID or EtherType
  kMpls,         // label stack
  kNsh,          // RFC 8300
  kWifi,         // IEEE 802.11 MAC header
  kWifiSwapped,  // the same, its frame control with the bytes exchanged
  kWifiPadded,   // the same, its header padded to words
  // Ends:
  kIp,       // IPv4 or IPv6, as its first nibble says
  kOther,    // nothing that carries IP, or nothing that is known to
  kCut,      // a header that is not wholly there
  kTooDeep,  // more than kMaxLinkHeaders
};

// A layer and its number: the EtherType for kEtherType; for kIp 4 or 6 where the layer below says
// so, else 0. One word, so that it travels in a register.
class Step {
 public:
  constexpr Step(Layer layer, uint16_t number = 0)  // NOLINT(google-explicit-constructor)
      : word_(static_cast<uint32_t>(layer) << 16 | number) {}
  constexpr Layer layer() const { return static_cast<Layer>(word_ >> 16); }
  constexpr uint16_t number() const { return static_cast<uint16_t>(word_); }

 private:
  uint32_t word_;
};

constexpr Step ByEtherType(uint16_t ether_type) { return {Layer::kEtherType, ether_type}; }
inline constexpr Step kNothing = Layer::kOther;
inline constexpr Step kIpv4Follows = {Layer::kIp, 4};
inline constexpr Step kIpv6Follows = {Layer::kIp, 6};

// Walks from the first byte of a frame of `link_type`, or from `step`, to an end. At kIp `cursor`
// is left at the IP header.
Step FindIp(uint16_t link_type, Cursor* cursor);
Step FindIp(Step step, Cursor* cursor);

// True when the Ethernet frame at `cursor` leads to an IP header that fits (LooksLikeIp). For
// places where nothing says that Ethernet follows.
bool LooksLikeEthernet(Cursor cursor);

// One header each: consumes it and says what follows. A header that is cut fails the cursor.
Step ReadLinkType(uint16_t link_type, Cursor* cursor);  // link_types.cc
enum class WifiForm : uint8_t { kPlain, kSwapped, kPadded };
Step ReadWifi(WifiForm form, Cursor* cursor);  // link_wifi.cc

}  // namespace borderflow

#endif  // BORDERFLOW_DATAPLANE_PACKET_LINK_H_
