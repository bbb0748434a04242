// DNS messages (RFC 1035, RFC 3596): queries, and answers with compressed names.
//
// Thread safety: pure functions.
#ifndef BORDERFLOW_TOOLS_GENERATOR_DNS_H_
#define BORDERFLOW_TOOLS_GENERATOR_DNS_H_

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "dataplane/packet/address.h"

namespace borderflow::generator {

enum class DnsType : uint16_t { kA = 1, kPtr = 12, kAaaa = 28 };

// A recursive query with an EDNS record, as stub resolvers send it.
std::string DnsQuery(uint16_t id, std::string_view name, DnsType type);

struct DnsAnswer {
  uint16_t id = 0;
  std::string_view name;
  DnsType type = DnsType::kA;
  std::string_view canonical;        // the answers hang on this alias's target; empty for none
  std::vector<IpAddress> addresses;  // of `type`'s family; none is an empty answer
  uint32_t ttl_seconds = 300;
};
std::string DnsResponse(const DnsAnswer& answer);

// A one-question query by multicast (RFC 6762): id 0, no recursion.
std::string MdnsQuery(std::string_view name, DnsType type);

// The message with its length in front, for DNS over TCP.
std::string OverTcp(std::string_view message);

}  // namespace borderflow::generator

#endif  // BORDERFLOW_TOOLS_GENERATOR_DNS_H_
