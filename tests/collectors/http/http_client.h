// A client that sends what it is told and reads until the other side closes: nothing of it is ours.
#ifndef BORDERFLOW_TESTS_COLLECTORS_HTTP_HTTP_CLIENT_H_
#define BORDERFLOW_TESTS_COLLECTORS_HTTP_HTTP_CLIENT_H_

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cctype>
#include <cstdlib>
#include <string>
#include <string_view>
#include <utility>

namespace borderflow {

class ClientSocket {
 public:
  explicit ClientSocket(uint16_t port) : socket_(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    connected_ = connect(socket_, reinterpret_cast<sockaddr*>(&address), sizeof(address)) == 0;
  }
  ~ClientSocket() {
    if (socket_ >= 0) close(socket_);
  }
  ClientSocket(ClientSocket&& other) noexcept
      : socket_(std::exchange(other.socket_, -1)), connected_(other.connected_) {}
  ClientSocket(const ClientSocket&) = delete;

  bool connected() const { return connected_; }
  int descriptor() const { return socket_; }

  void Send(std::string_view text) const {
    while (!text.empty()) {
      const ssize_t sent = send(socket_, text.data(), text.size(), MSG_NOSIGNAL);
      if (sent <= 0) return;
      text.remove_prefix(static_cast<size_t>(sent));
    }
  }

  // Everything until the other side closes.
  std::string ReadAll() const {
    std::string all;
    std::array<char, 65536> buffer;
    for (ssize_t got = 0; (got = recv(socket_, buffer.data(), buffer.size(), 0)) > 0;) {
      all.append(buffer.data(), static_cast<size_t>(got));
    }
    return all;
  }

 private:
  int socket_;
  bool connected_ = false;
};

struct Fetched {
  int status = 0;  // 0: no answer
  std::string head;
  std::string body;

  // "" when there is none.
  std::string Header(const std::string& name) const {
    const size_t at = head.find("\r\n" + name + ": ");
    if (at == std::string::npos) return "";
    const size_t begin = at + name.size() + 4;
    return head.substr(begin, head.find("\r\n", begin) - begin);
  }
};

inline Fetched ToFetched(const std::string& all) {
  Fetched fetched;
  const size_t end = all.find("\r\n\r\n");
  if (end == std::string::npos || all.rfind("HTTP/1.", 0) != 0) return fetched;
  fetched.status = std::atoi(all.c_str() + 9);
  fetched.head = all.substr(0, end + 2);
  fetched.body = all.substr(end + 4);
  return fetched;
}

// HTTP/1.0, so that nobody answers in chunks. `headers`: whole lines with their ends.
inline Fetched Fetch(uint16_t port, const std::string& target, const std::string& headers = "") {
  const ClientSocket socket(port);
  if (!socket.connected()) return {};
  socket.Send("GET " + target + " HTTP/1.0\r\nHost: 127.0.0.1\r\n" + headers + "\r\n");
  return ToFetched(socket.ReadAll());
}

inline std::string UrlEncoded(std::string_view text) {
  constexpr char kHex[] = "0123456789ABCDEF";
  std::string out;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (std::isalnum(byte) != 0) {
      out.push_back(c);
    } else {
      out.push_back('%');
      out.push_back(kHex[byte >> 4]);
      out.push_back(kHex[byte & 15]);
    }
  }
  return out;
}

}  // namespace borderflow

#endif  // BORDERFLOW_TESTS_COLLECTORS_HTTP_HTTP_CLIENT_H_
