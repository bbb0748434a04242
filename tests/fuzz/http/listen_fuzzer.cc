// Any text as an address to listen at: refused with a message, or one that the system knows, and
// loopback only where nobody else can reach it.
#include <arpa/inet.h>

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <string>

#include "absl/status/status.h"
#include "collectors/http/server.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const absl::StatusOr<borderflow::ListenAddress> address =
      borderflow::ParseListenAddress(std::string(reinterpret_cast<const char*>(data), size));
  if (!address.ok()) {
    if (!absl::IsInvalidArgument(address.status())) std::abort();
    return 0;
  }
  if (std::strlen(address->host.c_str()) != address->host.size()) std::abort();
  in_addr v4{};
  in6_addr v6{};
  const bool is_v4 = inet_pton(AF_INET, address->host.c_str(), &v4) == 1;
  if (!is_v4 && inet_pton(AF_INET6, address->host.c_str(), &v6) != 1) std::abort();
  const bool loopback = is_v4 ? address->host.starts_with("127.") : IN6_IS_ADDR_LOOPBACK(&v6) != 0;
  if (address->loopback != loopback) std::abort();
  return 0;
}
