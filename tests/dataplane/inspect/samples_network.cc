// Infrastructure, tunnels, peers.
#include "tests/dataplane/inspect/samples.h"

namespace borderflow {
namespace {

Buffer Ntp(uint8_t first) {
  return Join({{first},
               FromHex("02 06 ec 00000123 00000456 c0000201"),
               Zeros(24),
               FromHex("ea8b1c00 12345678")});
}

Buffer Ike(uint8_t version, uint8_t exchange) {
  return SizedBig(Join({Buffer(8, 0xa1),
                        Zeros(8),
                        {0x21, version, exchange, 0x08},
                        Zeros(4),
                        Zeros(4),
                        Buffer(40, 0x22)}),
                  24, 4);
}

Buffer Announce(uint8_t type, uint8_t control) {
  return Join({{type}, FromHex("02 002c 00 00 0000"), Zeros(24), {control, 0}, Zeros(10)});
}

}  // namespace

std::vector<Sample> NetworkSamples() {
  return {
      {Protocol::kNtp, "client", kDatagramSample, Ntp(0x23), 1, 99},
      {Protocol::kNtp, "server", kDatagramSample, Ntp(0x24), 4, 0x7f},
      {Protocol::kPtp, "sync", kDatagramSample, Announce(0x00, 0), 32, 3},
      {Protocol::kPtp, "announce", kDatagramSample,
       SizedBig(Join({Announce(0x0b, 5), Zeros(20)}), 2, 2), 32, 0},
      {Protocol::kBgp, "keepalive", kStreamSample, Join({Buffer(16, 0xff), FromHex("0013 04")}), 18,
       9},
      {Protocol::kRpkiRtr, "reset query", kStreamSample, FromHex("01 02 0000 00000008"), 7, 9},
      {Protocol::kRpkiRtr, "reset query, version 0", kStreamSample, FromHex("00 02 0000 00000008"),
       1, 0x33},
      {Protocol::kRpkiRtr, "cache response, version 2", kStreamSample,
       FromHex("02 03 0001 00000008"), 0, 3},
      {Protocol::kSnmp, "get, version 2c", kDatagramSample,
       FromHex("30 26 020101 0406 7075626c6963 a0 19 020101 020100 020100 300e 300c 0608 "
               "2b06010201010100 0500"),
       13, 0xb0},
      {Protocol::kSnmp, "version 3", kDatagramSample,
       FromHex(
           "30 22 020103 300d 020101 020205dc 0401 04 0201 03 0408 3006040004000400 300404000400"),
       4, 4},
      {Protocol::kSyslog, "RFC 3164", kDatagramSample,
       FromText("<34>Nov 22 08:01:02 host su: failed for root"), 3, ' '},
      {Protocol::kSyslog, "RFC 5424", kDatagramSample,
       FromText("<165>1 2026-11-22T08:01:02Z host app 1 ID47 - text"), 1, '9'},
      {Protocol::kSyslog, "without a date", kDatagramSample, FromText("<190>router: link up"), 4,
       '1'},
      {Protocol::kSyslog, "counted", kStreamSample,
       FromText("49 <165>1 2026-11-22T08:01:02Z host app 1 ID47 - x"), 3, '('},
      {Protocol::kNetflow, "version 5", kDatagramSample,
       Join({FromHex("0005 0001"), Zeros(20), Buffer(48, 1)}), 3, 2},
      {Protocol::kNetflow, "version 1", kDatagramSample,
       Join({FromHex("0001 0001"), Zeros(12), Buffer(52, 1)}), 3, 3},
      {Protocol::kNetflow, "version 9", kDatagramSample,
       Join({FromHex("0009 0001"), Buffer(16, 1), FromHex("0000 000c 0100 0001 0008 0004")}), 21,
       9},
      {Protocol::kIpfix, "template", kDatagramSample,
       SizedBig(
           Join({FromHex("000a 0000"), Buffer(12, 1), FromHex("0002 000c 0100 0001 0008 0004")}), 2,
           2),
       17, 9},
      {Protocol::kSflow, "flow sample", kDatagramSample,
       Join({FromHex("00000005 00000001 0a000001 00000000 00000001 00001000 00000001 00000001 "
                     "00000010"),
             Zeros(16)}),
       31, 9},
      {Protocol::kSflow, "IPv6 agent", kDatagramSample,
       Join({FromHex("00000005 00000002"), Buffer(16, 0x20),
             FromHex("00000000 00000001 00001000 00000001 00000002 00000010"), Zeros(16)}),
       43, 9},
      {Protocol::kDhcp, "discover", kDatagramSample,
       Join({FromHex("010106 00 12345678"), Zeros(228), FromHex("63825363 350101 ff")}), 236, 0x64},
      {Protocol::kDhcp, "offer", kDatagramSample,
       Join({FromHex("020106 00 12345678"), Zeros(228), FromHex("63825363 350102 ff")}), 2, 7},
      {Protocol::kDhcp6, "solicit", kDatagramSample,
       FromHex("01 123456 0001 000a 00030001 020304050607 0008 0002 0000"), 7, 0x0b},
      {Protocol::kSsdp, "search", kDatagramSample,
       FromText("M-SEARCH * HTTP/1.1\r\nHOST: 239.255.255.250:1900\r\nST: ssdp:all\r\n\r\n"), 9,
       '/'},
      {Protocol::kSsdp, "notify", kDatagramSample,
       FromText("NOTIFY * HTTP/1.1\r\nNTS: ssdp:alive\r\n\r\n"), 7, '/'},
      {Protocol::kSsdp, "answer", kDatagramSample,
       FromText("HTTP/1.1 200 OK\r\nST: upnp:rootdevice\r\n\r\n"), 19, ';'},
      {Protocol::kBfd, "control", kDatagramSample,
       FromHex("20 c8 05 18 00000001 00000002 000186a0 000186a0 00000000"), 3, 0x19},
      {Protocol::kLdp, "hello", kDatagramSample,
       FromHex("0001 001e 0a000001 0000 0100 0014 00000001 0400 0004 000f 0000 0401 0004 0a000001"),
       10, 9},
      {Protocol::kRip, "request", kDatagramSample,
       Join({FromHex("0102 0000 0000"), Zeros(17), {16}}), 23, 2},
      {Protocol::kRip, "answer", kDatagramSample,
       FromHex("0202 0000 0002 0000 0a000000 ff000000 00000000 00000001"), 5, 7},

      {Protocol::kWireguard, "initiation", kDatagramSample,
       Join({FromHex("01000000"), Buffer(144, 0xa5)}), 1, 1},
      {Protocol::kWireguard, "response", kDatagramSample,
       Join({FromHex("02000000"), Buffer(88, 0xa5)}), 0, 3},
      {Protocol::kWireguard, "data", kDatagramSample,
       Join({FromHex("04000000 12345678 0500000000000000"), Buffer(32, 0xa5)}), 12, 1},
      {Protocol::kOpenvpn, "client's reset", kDatagramSample,
       FromHex("38 0123456789abcdef 00 00000000"), 9, 3},
      {Protocol::kOpenvpn, "server's reset", kDatagramSample,
       FromHex("40 0123456789abcdef 01 00000000 fedcba9876543210 00000000"), 9, 3},
      {Protocol::kOpenvpn, "client's reset, third version", kDatagramSample,
       Join({FromHex("50 0123456789abcdef 00000001"), Buffer(41, 0xa5)}), 0, 0x58},
      {Protocol::kOpenvpn, "client's reset over TCP", kStreamSample,
       FromHex("000e 38 0123456789abcdef 00 00000000"), 1, 0x0f},
      {Protocol::kOpenvpn, "server's reset over TCP", kStreamSample,
       FromHex("001a 40 0123456789abcdef 01 00000000 fedcba9876543210 00000000"), 2, 0x48},
      {Protocol::kOpenvpn, "third version over TCP", kStreamSample,
       SizedBig(Join({FromHex("0000 50 0123456789abcdef 00000001"), Buffer(41, 0xa5)}), 0, 2, 2), 1,
       9},
      {Protocol::kIke, "version 2", kDatagramSample, Ike(0x20, 34), 18, 99},
      {Protocol::kIke, "version 1", kDatagramSample, Ike(0x10, 2), 27, 9},
      {Protocol::kIke, "behind the non-ESP marker", kDatagramSample,
       Join({Zeros(4), Ike(0x20, 34)}), 22, 99},
      {Protocol::kL2tp, "start of a connection", kDatagramSample,
       SizedBig(FromHex("c802 0000 0000 0000 0000 0000 8008 0000 0000 0001 8008 0000 0002 0100"), 2,
                2),
       12, 0x81},
      {Protocol::kPptp, "start of a connection", kStreamSample,
       Join({FromHex("009c 0001 1a2b3c4d 0001 0000"), Zeros(144)}), 7, 0x4e},
      {Protocol::kSocks, "version 5 greeting", kStreamSample, FromHex("05 02 00 02"), 1, 3},
      {Protocol::kSocks, "version 5 choice", kStreamSample, FromHex("05 ff"), 1, 0x10},
      {Protocol::kSocks, "version 4", kStreamSample, Raw("\4\1\0\x50\xc0\0\2\1me\0"), 10, 1},
      {Protocol::kSocks, "version 4 answer", kStreamSample, FromHex("00 5a 0000 00000000"), 1,
       0x5f},

      {Protocol::kBittorrent, "handshake", kStreamSample,
       Join({FromHex("13"), FromText("BitTorrent protocol"), Zeros(8)}), 4, 't'},
      {Protocol::kBittorrent, "DHT query", kDatagramSample,
       FromText("d1:ad2:id20:abcdefghij0123456789e1:q4:ping1:t2:aa1:y1:qe"), 5, '3'},
      {Protocol::kBittorrent, "DHT answer with an address", kDatagramSample,
       FromText("d2:ip6:abcdef1:rd2:id20:abcdefghij0123456789e1:t2:aa1:y1:re"), 15, 'q'},
      {Protocol::kBittorrent, "tracker", kDatagramSample,
       FromHex("00000417 27101980 00000000 12345678"), 7, 0x81},
      {Protocol::kBittorrent, "micro transport", kDatagramSample,
       FromHex("41 00 1234 00000001 00000000 00038000 0001 0000"), 12, 0xff},
      {Protocol::kRtmp, "client's hello", kStreamSample,
       Join({FromHex("03 00000000 00000000"), Buffer(1528, 0xa5)}), 0, 4},
      {Protocol::kSrt, "handshake", kDatagramSample,
       Join({FromHex("80000000 00000000 00000000 00000000 00000004 00020002 12345678 000005dc "
                     "00002000 00000001"),
             Zeros(24)}),
       19, 9},
      {Protocol::kSteam, "server query", kDatagramSample,
       Join({FromHex("ffffffff"), Raw("TSource Engine Query\0")}), 4, 'U'},
      {Protocol::kWindowsDelivery, "handshake", kStreamSample,
       Join({FromHex("0e"), FromText("Swarm protocol"), Zeros(8)}), 1, 's'},
      {Protocol::kGit, "fetch", kStreamSample,
       Raw("0032git-upload-pack /project.git\0host=example.org\0"), 9, 'U'},
  };
}

}  // namespace borderflow
