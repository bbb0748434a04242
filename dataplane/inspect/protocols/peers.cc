// Peer to peer, games, streaming, updates between peers.
#include "dataplane/inspect/protocols/checks.h"
#include "dataplane/inspect/protocols/text.h"

namespace borderflow {

// BEP 5: a bencoded dictionary; queries have "ad", answers "rd", both the sender's id of 20 bytes.
bool IsDht(const WireMessage& m) {
  const std::string_view head = Part(m.text(), 0, 64);
  return head.find("d2:id20:") != head.npos || head.starts_with("d1:el");
}

// BEP 29: type and version 1 | extension | connection 2 | times 8 | window 4 | sequence 2, ack 2. A
// connection starts with SYN, number 1, and the STATE that answers it.
bool IsUtp(const WireMessage& m) {
  const uint8_t type = m.At(0) >> 4;
  const bool syn = type == 4 && m.Big(16, 2) == 1 && m.Big(18, 2) == 0;
  const bool state = type == 2 && m.Big(18, 2) == 1;
  return (syn || state) && m.At(1) <= 2 && m.Has(20) && m.size <= 34 && m.Big(4, 4) != 0 &&
         m.Big(12, 4) >= 1024 && m.Big(12, 4) <= 0x0100'0000;
}

// C0 and C1: version 3 | time 4 | 0 4 | 1,528 random bytes.
bool IsRtmpHello(const WireMessage& m) {
  return m.size == 1537 || m.size == 3073 || m.size >= 1200;
}

// SRT and UDT: handshake control packet: type 8000, subtype 0 | 0 | time | socket | version 4 or 5.
bool IsSrtHandshake(const WireMessage& m) {
  return m.size >= 64 && (m.Big(16, 4) == 4 || m.Big(16, 4) == 5) && m.Big(28, 4) >= 76 &&
         m.Big(28, 4) <= 9000;
}

// pkt-line: length in four hexadecimal digits, then the service.
bool IsGitRequest(const WireMessage& m) {
  const std::string_view text = Part(m.text(), 4, 24);
  return text.starts_with("git-upload-pack /") || text.starts_with("git-receive-pack /") ||
         text.starts_with("git-upload-archive /");
}

}  // namespace borderflow
