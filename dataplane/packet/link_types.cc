// Every LINKTYPE that decoding knows, by number: https://www.tcpdump.org/linktypes.html
#include <algorithm>
#include <array>
#include <iterator>
#include <string>
#include <string_view>

#include "dataplane/packet/decode.h"
#include "dataplane/packet/link.h"
#include "dataplane/packet/link_headers.h"

namespace borderflow {
namespace {

// How a link type begins: with a header that has a reader, or with `skipped` bytes that say nothing
// of what follows them.
struct Start {
  Step (*read)(Cursor*);
  size_t skipped;
  Step step;
};
constexpr Start With(Step (*read)(Cursor*)) { return {read, 0, kNothing}; }
constexpr Start Behind(size_t skipped, Step step) { return {nullptr, skipped, step}; }
constexpr Start Directly(Step step) { return Behind(0, step); }

constexpr Step kEthernet = Layer::kEthernet;
constexpr Step kLlc = Layer::kLlc;
constexpr Step kPpp = Layer::kPpp;
constexpr Step kCiscoHdlc = Layer::kCiscoHdlc;
constexpr Step kFrameRelay = Layer::kFrameRelay;
constexpr Step kWifi = Layer::kWifi;
constexpr Step kIp = Layer::kIp;
// Known never to carry IP, or not in a way that is decoded: such frames are non_ip.
constexpr Start kNoIp = Directly(kNothing);

struct LinkType {
  uint16_t number;
  std::string_view name;
  Start start;
};

constexpr LinkType kLinkTypes[] = {
    {0, "NULL", With(ReadAddressFamily)},
    {1, "ETHERNET", Directly(kEthernet)},
    {6, "IEEE802_5", With(ReadTokenRing)},
    {8, "SLIP", Behind(16, kIp)},
    {9, "PPP", Directly(kPpp)},
    {10, "FDDI", With(ReadFddi)},
    {12, "RAW", Directly(kIp)},
    {14, "RAW", Directly(kIp)},
    {50, "PPP_HDLC", Directly(kPpp)},
    {51, "PPP_ETHER", Directly(ByEtherType(0x8864))},
    {100, "ATM_RFC1483", Directly(kLlc)},
    {101, "RAW", Directly(kIp)},
    {104, "C_HDLC", Directly(kCiscoHdlc)},
    {105, "IEEE802_11", Directly(kWifi)},
    {107, "FRELAY", Directly(kFrameRelay)},
    {108, "LOOP", With(ReadAddressFamily)},
    {109, "ENC", Behind(12, kIp)},
    {113, "LINUX_SLL", With(ReadCooked)},
    {117, "PFLOG", With(ReadPacketFilterLog)},
    {119, "IEEE802_11_PRISM", With(ReadPrism)},
    {122, "IP_OVER_FC", Behind(16, kLlc)},
    {123, "SUNATM", With(ReadSunAtm)},
    {127, "IEEE802_11_RADIOTAP", With(ReadRadiotap)},
    {138, "APPLE_IP_OVER_IEEE1394", With(ReadFirewire)},
    {143, "DOCSIS", With(ReadDocsis)},
    {163, "IEEE802_11_AVS", With(ReadAvs)},
    {166, "PPP_PPPD", With(ReadPppd)},
    {177, "LINUX_LAPD", kNoIp},
    {178, "JUNIPER_ETHER", With(ReadJuniper<Layer::kEthernet>)},
    {179, "JUNIPER_PPP", With(ReadJuniper<Layer::kPpp>)},
    {180, "JUNIPER_FRELAY", With(ReadJuniper<Layer::kFrameRelay>)},
    {181, "JUNIPER_CHDLC", With(ReadJuniper<Layer::kCiscoHdlc>)},
    {187, "BLUETOOTH_HCI_H4", kNoIp},
    {189, "USB_LINUX", kNoIp},
    {192, "PPI", With(ReadPpi)},
    {195, "IEEE802_15_4_WITHFCS", kNoIp},
    {201, "BLUETOOTH_HCI_H4_WITH_PHDR", kNoIp},
    {204, "PPP_WITH_DIR", Behind(1, kPpp)},
    {205, "C_HDLC_WITH_DIR", Behind(1, kCiscoHdlc)},
    {206, "FRELAY_WITH_DIR", Behind(1, kFrameRelay)},
    {219, "MPLS", Directly(Layer::kMpls)},
    {220, "USB_LINUX_MMAPPED", kNoIp},
    {226, "IPNET", Behind(24, kIp)},
    {227, "CAN_SOCKETCAN", kNoIp},
    {228, "IPV4", Directly(kIpv4Follows)},
    {229, "IPV6", Directly(kIpv6Follows)},
    {230, "IEEE802_15_4_NOFCS", kNoIp},
    {239, "NFLOG", With(ReadNflog)},
    {240, "NETANALYZER", Behind(4, kEthernet)},
    {241, "NETANALYZER_TRANSPARENT", Behind(12, kEthernet)},
    {242, "IPOIB", With(ReadInfiniband)},
    {249, "USBPCAP", kNoIp},
    {251, "BLUETOOTH_LE_LL", kNoIp},
    {253, "NETLINK", kNoIp},
    {254, "BLUETOOTH_LINUX_MONITOR", kNoIp},
    {256, "BLUETOOTH_LE_LL_WITH_PHDR", kNoIp},
    {258, "PKTAP", With(ReadPktap)},
    {274, "ETHERNET_MPACKET", With(ReadMpacket)},
    {276, "LINUX_SLL2", With(ReadCooked2)},
    {281, "DSA_TAG_BRCM", With(ReadTagBehindAddresses)},
    {282, "DSA_TAG_BRCM_PREPEND", Behind(4, kEthernet)},
    {283, "DSA_TAG_DSA", With(ReadTagBehindAddresses)},
    {284, "DSA_TAG_EDSA", With(ReadEtherTypedDsa)},
};
static_assert(std::is_sorted(std::begin(kLinkTypes), std::end(kLinkTypes),
                             [](const LinkType& a, const LinkType& b) {
                               return a.number < b.number;
                             }));

const LinkType* Find(uint16_t number) {
  const LinkType* const found =
      std::lower_bound(std::begin(kLinkTypes), std::end(kLinkTypes), number,
                       [](const LinkType& type, uint16_t wanted) { return type.number < wanted; });
  return found != std::end(kLinkTypes) && found->number == number ? found : nullptr;
}

// The decimal digits of every 16-bit number, one behind the other, so that a number without a name
// can be named by a view that never dies.
std::string_view DecimalName(uint16_t number) {
  static const std::string* const kDigits = [] {
    auto* digits = new std::string;
    for (int i = 0; i < 65536; ++i) {
      std::string text = std::to_string(i);
      text.resize(5, ' ');
      *digits += text;
    }
    return digits;
  }();
  const std::string_view digits = std::string_view(*kDigits).substr(size_t{number} * 5, 5);
  return digits.substr(0, digits.find(' '));
}

}  // namespace

Step ReadLinkType(uint16_t link_type, Cursor* cursor) {
  const LinkType* const type = Find(link_type);
  if (type == nullptr) return kNothing;
  if (type->start.read != nullptr) return type->start.read(cursor);
  cursor->Skip(type->start.skipped);
  return type->start.step;
}

bool IsKnownLinkType(uint16_t link_type) { return Find(link_type) != nullptr; }

std::string_view LinkTypeName(uint16_t link_type) {
  const LinkType* const type = Find(link_type);
  return type != nullptr ? type->name : DecimalName(link_type);
}

}  // namespace borderflow
