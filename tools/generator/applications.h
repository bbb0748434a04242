// Applications: what the two ends of a protocol other than TLS, QUIC, HTTP and DNS say to each
// other.
//
// Every script is a short, well-formed exchange made from the protocol's own specification, named
// beside it. Hosts are reserved names (RFC 2606), and no person is named.
//
// Thread safety: constant tables; scripts are pure but for the Random.
#ifndef BORDERFLOW_TOOLS_GENERATOR_APPLICATIONS_H_
#define BORDERFLOW_TOOLS_GENERATOR_APPLICATIONS_H_

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "absl/types/span.h"
#include "tools/generator/conversation.h"
#include "tools/generator/random.h"

namespace borderflow::generator {

struct Message {
  Side side = Side::kClient;
  std::string bytes;
};
using Script = std::vector<Message>;

struct Application {
  std::string_view name;
  uint8_t transport = kIpTcp;
  uint16_t port = 0;  // the server's; 0 for protocols without ports
  // Where such servers stand in the demo: jurisdictions, or empty for anywhere.
  std::string_view places;
  Script (*script)(Random& random) = nullptr;
  // TLS begins inside and names no server: from there on the flow is encrypted.
  bool tls_inside = false;
};

// Mail, messaging, directories, remote access, databases.
absl::Span<const Application> OfficeApplications();
// Infrastructure, tunnels, echo, peer to peer.
absl::Span<const Application> NetworkApplications();
// Health, finance, industry, telecom, geolocation, video.
absl::Span<const Application> SectorApplications();

// The applications of all three, one after the other and over again.
const Application& ApplicationInTurn(size_t turn);

// Bytes without any structure that a reader could know, on ports that nobody registered.
Script UnknownExchange(Random& random);

}  // namespace borderflow::generator

#endif  // BORDERFLOW_TOOLS_GENERATOR_APPLICATIONS_H_
