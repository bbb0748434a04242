// DNS messages: the names asked for, and the addresses that an answer gives (RFC 1035 section 4).
//
// The same format serves mDNS (RFC 6762) and LLMNR (RFC 4795).
//
// Thread safety: pure functions over views. Names are bounded by 255 bytes and 128 pointers, each
// of which must point backwards, so that hostile messages end.
#ifndef BORDERFLOW_DATAPLANE_INSPECT_DNS_H_
#define BORDERFLOW_DATAPLANE_INSPECT_DNS_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

#include "dataplane/inspect/reader.h"
#include "dataplane/packet/address.h"

namespace borderflow {

inline constexpr size_t kMaxDomainName = 255;  // RFC 1035 section 2.3.4

// A domain name in text: labels as on the wire, any bytes, joined by dots, lower case where they
// are ASCII; empty for the root.
class DomainName {
 public:
  std::string_view text() const { return {text_.data(), size_}; }

  // Reads the name at `*at` of the message and moves behind it. False when it is malformed or not
  // all there.
  bool Read(Bytes message, size_t* at);

 private:
  static constexpr size_t kStep = 16;  // bytes that Read writes at once, of a label that is shorter

  std::array<char, kMaxDomainName + kStep> text_;
  size_t size_ = 0;
};

struct DnsHeader {
  bool response = false;
  uint8_t opcode = 0;
  uint8_t code = 0;  // RCODE
  bool reserved_bits = false;
  uint16_t questions = 0;
  uint16_t answers = 0;
  uint16_t authorities = 0;
  uint16_t additionals = 0;
};
inline constexpr size_t kDnsHeader = 12;
std::optional<DnsHeader> ReadDnsHeader(Bytes message);

// The next question, from `*at` on (kDnsHeader at first).
struct DnsQuestion {
  uint16_t type = 0;
  uint16_t dns_class = 0;
};
bool ReadDnsQuestion(Bytes message, size_t* at, DomainName* name, DnsQuestion* question);
// The same without its name and what it asks for.
bool SkipDnsQuestion(Bytes message, size_t* at);

// The next resource record, from `*at` on. `address` is set for A and AAAA of class IN.
struct DnsRecord {
  uint16_t type = 0;
  uint32_t ttl = 0;
  std::optional<IpAddress> address;
};
bool ReadDnsRecord(Bytes message, size_t* at, DnsRecord* record);

// True for a message that is DNS by its structure alone, on whatever port: no reserved bits, one
// question of a known type and class IN with a name of host-name characters and at least two
// labels, and nothing behind the records that the header counts.
bool IsConvincingDns(Bytes message);

}  // namespace borderflow

#endif  // BORDERFLOW_DATAPLANE_INSPECT_DNS_H_
