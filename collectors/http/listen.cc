#include "collectors/http/listen.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"

namespace borderflow {
namespace {

constexpr int kBacklog = 256;  // a storm may come before the thread looks

absl::Status NoAddress(const std::string& text, const char* why) {
  return absl::InvalidArgumentError(absl::StrCat("--listen: '", text, "' ", why,
                                                 "; expected ADDRESS:PORT such as 127.0.0.1:9669, "
                                                 "[::1]:9669 or localhost:9669"));
}

struct SocketAddress {
  sockaddr_storage storage{};
  socklen_t size = 0;
};

SocketAddress ToSocketAddress(const ListenAddress& address) {
  SocketAddress out;
  auto* v4 = reinterpret_cast<sockaddr_in*>(&out.storage);
  if (inet_pton(AF_INET, address.host.c_str(), &v4->sin_addr) == 1) {
    v4->sin_family = AF_INET;
    v4->sin_port = htons(address.port);
    out.size = sizeof(*v4);
    return out;
  }
  auto* v6 = reinterpret_cast<sockaddr_in6*>(&out.storage);
  inet_pton(AF_INET6, address.host.c_str(), &v6->sin6_addr);
  v6->sin6_family = AF_INET6;
  v6->sin6_port = htons(address.port);
  out.size = sizeof(*v6);
  return out;
}

}  // namespace

absl::StatusOr<ListenAddress> ParseListenAddress(const std::string& text) {
  const size_t colon = text.rfind(':');
  if (colon == std::string::npos) return NoAddress(text, "has no port");
  ListenAddress address;
  address.host = text.substr(0, colon);
  // The system reads an address up to a NUL, which configuration files can hold.
  if (address.host.find('\0') != std::string::npos) return NoAddress(text, "has no address");
  uint32_t port = 0;
  const std::string port_text = text.substr(colon + 1);
  if (!absl::SimpleAtoi(port_text, &port) || port > 65535 || port_text.front() == '+') {
    return NoAddress(text, "has no port from 0 to 65535");
  }
  address.port = static_cast<uint16_t>(port);
  if (address.host == "localhost") address.host = "127.0.0.1";
  in_addr v4{};
  if (inet_pton(AF_INET, address.host.c_str(), &v4) == 1) {
    address.loopback = (ntohl(v4.s_addr) >> 24) == 127;
    return address;
  }
  if (address.host.size() > 2 && address.host.front() == '[' && address.host.back() == ']') {
    address.host = address.host.substr(1, address.host.size() - 2);
    in6_addr v6{};
    if (inet_pton(AF_INET6, address.host.c_str(), &v6) == 1) {
      address.loopback = IN6_IS_ADDR_LOOPBACK(&v6);
      return address;
    }
  }
  return NoAddress(text, "has no address");
}

absl::StatusOr<int> Listen(const ListenAddress& address, uint16_t* port) {
  SocketAddress wanted = ToSocketAddress(address);
  const auto failed = [&address](int error, int descriptor) {
    if (descriptor >= 0) close(descriptor);
    const char* remedy = error == EADDRINUSE
                             ? "; another program listens there: stop it, or choose "
                               "another port"
                         : error == EACCES ? "; ports below 1024 need a right: choose another"
                                           : "";
    return absl::UnavailableError(absl::StrCat("--listen: ", address.host, " port ", address.port,
                                               ": ", std::strerror(error), remedy));
  };
  const int listener =
      socket(wanted.storage.ss_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  if (listener < 0) return failed(errno, listener);
  const int on = 1;
  setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on));
  if (bind(listener, reinterpret_cast<const sockaddr*>(&wanted.storage), wanted.size) != 0 ||
      listen(listener, kBacklog) != 0 ||
      getsockname(listener, reinterpret_cast<sockaddr*>(&wanted.storage), &wanted.size) != 0) {
    return failed(errno, listener);
  }
  // The port stands in the same place in both.
  *port = ntohs(reinterpret_cast<const sockaddr_in*>(&wanted.storage)->sin_port);
  return listener;
}

std::string AddressText(const sockaddr_storage& address) {
  std::array<char, INET6_ADDRSTRLEN> text{};
  const void* from = nullptr;
  if (address.ss_family == AF_INET) {
    from = &reinterpret_cast<const sockaddr_in*>(&address)->sin_addr;
  } else if (address.ss_family == AF_INET6) {
    from = &reinterpret_cast<const sockaddr_in6*>(&address)->sin6_addr;
  }
  if (from == nullptr || inet_ntop(address.ss_family, from, text.data(),
                                   static_cast<socklen_t>(text.size())) == nullptr) {
    return "?";
  }
  return text.data();
}

}  // namespace borderflow
