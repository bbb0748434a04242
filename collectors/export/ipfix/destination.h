// IpfixDestination: where IPFIX messages go, as the user names it.
//
// Thread safety: a value; pure functions.
#ifndef BORDERFLOW_COLLECTORS_EXPORT_IPFIX_DESTINATION_H_
#define BORDERFLOW_COLLECTORS_EXPORT_IPFIX_DESTINATION_H_

#include <string>

#include "absl/status/statusor.h"

namespace borderflow {

struct IpfixDestination {
  enum class Kind { kUdp, kTcp, kFile };
  Kind kind = Kind::kUdp;
  std::string host;  // a name or an address, without brackets
  std::string port;
  std::string path;  // of a file
  std::string text;  // as given
};

// "udp:HOST:PORT", "tcp:HOST:PORT" or "file:PATH"; an IPv6 address stands in brackets.
// Errors: InvalidArgument naming what was found and what was expected.
absl::StatusOr<IpfixDestination> ParseIpfixDestination(const std::string& text);

}  // namespace borderflow

#endif  // BORDERFLOW_COLLECTORS_EXPORT_IPFIX_DESTINATION_H_
