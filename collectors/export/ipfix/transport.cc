#include "collectors/export/ipfix/transport.h"

#include <fcntl.h>
#include <netdb.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"

namespace borderflow {
namespace {

// Below the payload of an Ethernet frame with IPv6 and UDP headers, tunnels included: a datagram in
// fragments is lost with any of them.
constexpr uint16_t kDatagramBytes = 1400;
// Large enough to cost little, small enough for any collector's buffer.
constexpr uint16_t kStreamBytes = 16384;

std::string Reason() { return std::strerror(errno); }

class Descriptor {
 public:
  Descriptor() = default;
  ~Descriptor() { Close(); }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  void Reset(int descriptor) {
    Close();
    value_ = descriptor;
  }
  void Close() {
    if (value_ >= 0) close(value_);
    value_ = -1;
  }
  bool open() const { return value_ >= 0; }
  int get() const { return value_; }

 private:
  int value_ = -1;
};

class FileTransport : public Transport {
 public:
  explicit FileTransport(std::string path) : path_(std::move(path)) {}

  // The messages of a file stand one behind the other (RFC 5655); after a crash it ends with a
  // whole message or a recognisably short one.
  absl::Status Open(const Hurry&) override {
    if (file_.open()) return absl::OkStatus();
    file_.Reset(open(path_.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, S_IRUSR | S_IWUSR));
    if (!file_.open()) {
      return absl::UnavailableError(
          absl::StrCat("ipfix: ", path_, ": cannot be written: ", Reason()));
    }
    ++session_;
    return absl::OkStatus();
  }

  absl::Status Send(std::string_view message, const Hurry&) override {
    while (!message.empty()) {
      const ssize_t written = write(file_.get(), message.data(), message.size());
      if (written < 0 && errno == EINTR) continue;
      if (written < 0) {
        return absl::UnavailableError(
            absl::StrCat("ipfix: ", path_, ": cannot be written to its end: ", Reason()));
      }
      message.remove_prefix(static_cast<size_t>(written));
    }
    return absl::OkStatus();
  }

  uint16_t message_bytes() const override { return kStreamBytes; }

 private:
  const std::string path_;
  Descriptor file_;
};

// What UDP and TCP share. The socket never blocks; waiting is poll() in short steps, so that hurry
// is noticed.
class SocketTransport : public Transport {
 public:
  explicit SocketTransport(IpfixDestination destination) : to_(std::move(destination)) {}

  absl::Status Open(const Hurry& hurry) override {
    if (socket_.open()) return absl::OkStatus();
    addrinfo wanted{};
    wanted.ai_socktype = datagrams() ? SOCK_DGRAM : SOCK_STREAM;
    wanted.ai_family = AF_UNSPEC;
    addrinfo* found = nullptr;
    if (const int code = getaddrinfo(to_.host.c_str(), to_.port.c_str(), &wanted, &found);
        code != 0) {
      return Failed("unknown host", gai_strerror(code));
    }
    absl::Status status = Failed("no address", to_.host);
    for (const addrinfo* at = found; at != nullptr && !socket_.open(); at = at->ai_next) {
      status = Connect(*at, hurry);
    }
    freeaddrinfo(found);
    if (status.ok()) ++session_;
    return status;
  }

  absl::Status Send(std::string_view message, const Hurry& hurry) override {
    const auto until = std::chrono::steady_clock::now() + kPatience;
    if (datagrams()) Pace(hurry);
    while (!message.empty()) {
      const ssize_t sent = send(socket_.get(), message.data(), message.size(), MSG_NOSIGNAL);
      if (sent >= 0) {
        message.remove_prefix(static_cast<size_t>(sent));
        continue;
      }
      if (errno == EINTR) continue;
      // An ICMP answer to an earlier datagram; it says that nobody listens now.
      if (errno != EAGAIN && errno != EWOULDBLOCK && errno != ENOBUFS) {
        return Closed("connection lost", Reason());
      }
      if (hurry.begun()) return Closed("not sent to its end", "no time left");
      if (std::chrono::steady_clock::now() > until) {
        return Closed("the collector takes nothing", absl::StrCat("for ", kPatience.count(), " s"));
      }
      Wait(POLLOUT);
    }
    return absl::OkStatus();
  }

  uint16_t message_bytes() const override { return datagrams() ? kDatagramBytes : kStreamBytes; }

 private:
  bool datagrams() const { return to_.kind == IpfixDestination::Kind::kUdp; }

  absl::Status Failed(const std::string& what, const std::string& why) const {
    return absl::UnavailableError(absl::StrCat("ipfix: ", to_.text, ": ", what, ": ", why));
  }
  absl::Status Closed(const std::string& what, const std::string& why) {
    socket_.Close();
    return Failed(what, why);
  }

  // At most a tenth of a second.
  bool Wait(int16_t events) const {
    pollfd waiting = {socket_.get(), events, 0};
    return poll(&waiting, 1, 100) > 0;
  }

  absl::Status Connect(const addrinfo& to, const Hurry& hurry) {
    const auto until = std::chrono::steady_clock::now() + kPatience;
    socket_.Reset(
        socket(to.ai_family, to.ai_socktype | SOCK_NONBLOCK | SOCK_CLOEXEC, to.ai_protocol));
    if (!socket_.open()) return Failed("no socket", Reason());
    if (connect(socket_.get(), to.ai_addr, to.ai_addrlen) == 0) return absl::OkStatus();
    if (errno != EINPROGRESS) return Closed("cannot connect", Reason());
    while (!Wait(POLLOUT)) {
      if (hurry.begun()) return Closed("cannot connect", "no time left");
      if (std::chrono::steady_clock::now() > until) {
        return Closed("cannot connect", absl::StrCat("no answer for ", kPatience.count(), " s"));
      }
    }
    int error = 0;
    socklen_t size = sizeof(error);
    getsockopt(socket_.get(), SOL_SOCKET, SO_ERROR, &error, &size);
    if (error == 0) return absl::OkStatus();
    return Closed("cannot connect", std::strerror(error));
  }

  // A collector's socket buffer is a few hundred kilobytes, and what does not fit is lost without
  // a word: some 20 MB a second leave it time to read.
  void Pace(const Hurry& hurry) {
    constexpr int kBurst = 16;
    if (++datagrams_sent_ % kBurst == 0) hurry.WaitFor(std::chrono::milliseconds(1));
  }

  const IpfixDestination to_;
  Descriptor socket_;
  uint64_t datagrams_sent_ = 0;
};

}  // namespace

std::unique_ptr<Transport> MakeTransport(const IpfixDestination& destination) {
  if (destination.kind == IpfixDestination::Kind::kFile) {
    return std::make_unique<FileTransport>(destination.path);
  }
  return std::make_unique<SocketTransport>(destination);
}

}  // namespace borderflow
