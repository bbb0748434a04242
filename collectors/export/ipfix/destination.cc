#include "collectors/export/ipfix/destination.h"

#include <cstdint>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"

namespace borderflow {
namespace {

constexpr uint32_t kMaxPort = 65535;

absl::Status Wrong(const std::string& text, const std::string& what) {
  return absl::InvalidArgumentError(
      absl::StrCat("\"", text, "\": ", what,
                   "; expected udp:HOST:PORT, tcp:HOST:PORT or file:PATH, such as "
                   "udp:127.0.0.1:4739 or tcp:[::1]:4739"));
}

}  // namespace

absl::StatusOr<IpfixDestination> ParseIpfixDestination(const std::string& text) {
  IpfixDestination destination;
  destination.text = text;
  const size_t colon = text.find(':');
  if (colon == std::string::npos) return Wrong(text, "no transport");
  const std::string transport = text.substr(0, colon);
  const std::string rest = text.substr(colon + 1);
  if (transport == "file") {
    if (rest.empty()) return Wrong(text, "no path");
    destination.kind = IpfixDestination::Kind::kFile;
    destination.path = rest;
    return destination;
  }
  if (transport == "tls" || transport == "sctp" || transport == "dtls") {
    return Wrong(text, absl::StrCat(transport,
                                    " is not there: Debian's libfixbuf has neither TLS "
                                    "nor SCTP"));
  }
  if (transport != "udp" && transport != "tcp") {
    return Wrong(text, absl::StrCat("unknown transport \"", transport, "\""));
  }
  destination.kind =
      transport == "udp" ? IpfixDestination::Kind::kUdp : IpfixDestination::Kind::kTcp;
  const size_t last = rest.rfind(':');
  if (last == std::string::npos || last == 0) return Wrong(text, "no host and port");
  destination.host = rest.substr(0, last);
  destination.port = rest.substr(last + 1);
  if (destination.host.front() == '[') {
    if (destination.host.back() != ']' || destination.host.size() < 3) {
      return Wrong(text, "the bracket is not closed");
    }
    destination.host = destination.host.substr(1, destination.host.size() - 2);
  } else if (destination.host.find(':') != std::string::npos) {
    return Wrong(text, "an IPv6 address needs brackets");
  }
  uint32_t port = 0;
  const bool digits = destination.port.find_first_not_of("0123456789") == std::string::npos;
  if (!digits || !absl::SimpleAtoi(destination.port, &port) || port == 0 || port > kMaxPort) {
    return Wrong(text, absl::StrCat("\"", destination.port, "\" is no port from 1 to 65535"));
  }
  return destination;
}

}  // namespace borderflow
