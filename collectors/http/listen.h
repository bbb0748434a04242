// Listening sockets.
#ifndef BORDERFLOW_COLLECTORS_HTTP_LISTEN_H_
#define BORDERFLOW_COLLECTORS_HTTP_LISTEN_H_

#include <sys/socket.h>

#include <string>

#include "absl/status/statusor.h"
#include "collectors/http/server.h"

namespace borderflow {

// A non-blocking listening socket, and the port that it has.
// Errors: Unavailable when the address cannot be had, with what to do.
absl::StatusOr<int> Listen(const ListenAddress& address, uint16_t* port);

// "192.0.2.1", "2001:db8::1"; "?" for what is no address.
std::string AddressText(const sockaddr_storage& address);

}  // namespace borderflow

#endif  // BORDERFLOW_COLLECTORS_HTTP_LISTEN_H_
