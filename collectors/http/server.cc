#include "collectors/http/server.h"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <pthread.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <exception>
#include <thread>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "collectors/http/connection.h"
#include "collectors/http/listen.h"

namespace borderflow {
namespace {

using Clock = Connection::Clock;
using Phase = Connection::Phase;

constexpr size_t kMaxConnections = 128;
constexpr int kAcceptsAtOnce = 32;  // before those that are there get their turn
constexpr auto kLookEvery = std::chrono::milliseconds(250);
// A system without descriptors is not asked again at once.
constexpr auto kPause = std::chrono::milliseconds(200);

constexpr auto kCodes =
    std::to_array<int>({200, 304, 400, 401, 404, 405, 413, 414, 421, 431, 500, 503, 505});

}  // namespace

std::string_view Name(Refusal refusal) {
  static constexpr std::array<std::string_view, static_cast<size_t>(Refusal::kCount)> kNames = {
      "malformed", "slow_request", "slow_reader", "crowded", "no_descriptor", "token", "host"};
  return kNames[static_cast<size_t>(refusal)];
}

class HttpServer::Loop {
 public:
  Loop(int listener, uint16_t port, int waker, std::optional<TlsContext> tls, Handler handler)
      : listener_(listener),
        port_(port),
        waker_(waker),
        tls_(std::move(tls)),
        handler_(std::move(handler)),
        owner_{[this](const HttpRequest& request, const std::string& peer) {
                 return Answer(request, peer);
               },
               [this](const BadRequest& bad) { return Refuse(bad); }} {
    // Signals are the rest of the program's; a connection that breaks must not raise one.
    sigset_t all, before;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    thread_ = std::thread([this] { Run(); });
    pthread_sigmask(SIG_SETMASK, &before, nullptr);
  }

  ~Loop() {
    stop_.store(true, std::memory_order_release);
    const uint64_t one = 1;
    // If even that fails, the thread looks by itself soon.
    [[maybe_unused]] const ssize_t woken = write(waker_, &one, sizeof(one));
    thread_.join();
    connections_.clear();
    close(listener_);
    close(waker_);
  }

  uint16_t port() const { return port_; }

  ServerCounts counts() const {
    ServerCounts counts;
    for (size_t i = 0; i < kCodes.size(); ++i) counts.requests[kCodes[i]] = answered_[i].load();
    for (size_t i = 0; i < refused_.size(); ++i) {
      counts.refused[static_cast<Refusal>(i)] = refused_[i].load();
    }
    counts.connections = open_.load();
    return counts;
  }

 private:
  void Run();
  void Accept(Clock::time_point now);
  void MakeRoom();
  void EndLate(Clock::time_point now);

  HttpResponse Answer(const HttpRequest& request, const std::string& peer) {
    HttpResponse response;
    // Only libraries throw, when memory runs out.
    try {
      response = handler_(request, peer);
    } catch (const std::exception&) {
      response = TextResponse(500, "out of memory\n");
    }
    if (response.status == 401) Count(Refusal::kToken);
    if (response.status == 421) Count(Refusal::kHost);
    return Counted(std::move(response));
  }

  HttpResponse Refuse(const BadRequest& bad) {
    Count(Refusal::kMalformed);
    HttpResponse response = TextResponse(
        bad.status, absl::StrCat(absl::string_view(bad.reason.data(), bad.reason.size()), "\n"));
    if (bad.status == 405) response.headers.emplace_back("Allow", "GET, HEAD");
    return Counted(std::move(response));
  }

  HttpResponse Counted(HttpResponse response) {
    const auto* at = std::find(kCodes.begin(), kCodes.end(), response.status);
    if (at != kCodes.end()) ++answered_[static_cast<size_t>(at - kCodes.begin())];
    return response;
  }

  void Count(Refusal refusal) { ++refused_[static_cast<size_t>(refusal)]; }

  const int listener_;
  const uint16_t port_;
  const int waker_;
  const std::optional<TlsContext> tls_;
  const Handler handler_;
  const Connection::Owner owner_;
  std::vector<std::unique_ptr<Connection>> connections_;
  Clock::time_point accept_after_;
  std::array<std::atomic<uint64_t>, kCodes.size()> answered_{};
  std::array<std::atomic<uint64_t>, static_cast<size_t>(Refusal::kCount)> refused_{};
  std::atomic<uint64_t> open_{0};
  std::atomic<bool> stop_{false};
  std::thread thread_;
};

void HttpServer::Loop::Run() {
  std::vector<pollfd> wanted;
  while (!stop_.load(std::memory_order_acquire)) {
    Clock::time_point now = Clock::now();
    const bool accepting = now >= accept_after_;
    wanted.clear();
    wanted.push_back({waker_, POLLIN, 0});
    wanted.push_back({listener_, static_cast<short>(accepting ? POLLIN : 0), 0});
    for (const auto& connection : connections_) {
      wanted.push_back({connection->socket(), connection->events(), 0});
    }
    if (poll(wanted.data(), wanted.size(), static_cast<int>(kLookEvery.count())) < 0 &&
        errno != EINTR) {
      std::this_thread::sleep_for(kPause);
      continue;
    }
    now = Clock::now();
    for (size_t i = 2; i < wanted.size(); ++i) {
      if (wanted[i].revents != 0) connections_[i - 2]->Advance(owner_, now);
    }
    EndLate(now);
    if (accepting && wanted[1].revents != 0) Accept(now);
    open_.store(connections_.size());
  }
}

void HttpServer::Loop::EndLate(Clock::time_point now) {
  std::erase_if(connections_, [this, now](const std::unique_ptr<Connection>& connection) {
    if (connection->phase() == Phase::kEnded) return true;
    if (now < connection->deadline()) return false;
    if (connection->phase() == Phase::kAsking) Count(Refusal::kSlowRequest);
    if (connection->phase() == Phase::kAnswering) Count(Refusal::kSlowReader);
    return true;
  });
}

// Whoever waits for nothing goes first, then whoever has been asking for longest, and only then
// somebody who is being answered.
void HttpServer::Loop::MakeRoom() {
  const auto rank = [](const std::unique_ptr<Connection>& connection) {
    const Phase phase = connection->phase();
    const int order = phase == Phase::kDraining ? 0
                      : phase == Phase::kIdle   ? 1
                      : phase == Phase::kAsking ? 2
                                                : 3;
    return std::pair(order, connection->since());
  };
  const auto first =
      std::min_element(connections_.begin(), connections_.end(),
                       [&rank](const auto& a, const auto& b) { return rank(a) < rank(b); });
  if (rank(*first).first >= 2) Count(Refusal::kCrowded);
  connections_.erase(first);
}

void HttpServer::Loop::Accept(Clock::time_point now) {
  for (int i = 0; i < kAcceptsAtOnce; ++i) {
    sockaddr_storage peer{};
    socklen_t size = sizeof(peer);
    const int socket =
        accept4(listener_, reinterpret_cast<sockaddr*>(&peer), &size, SOCK_NONBLOCK | SOCK_CLOEXEC);
    if (socket < 0) {
      if (errno == EMFILE || errno == ENFILE || errno == ENOBUFS || errno == ENOMEM) {
        Count(Refusal::kNoDescriptor);
        accept_after_ = now + kPause;
      }
      return;
    }
    const int on = 1;
    setsockopt(socket, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
    if (connections_.size() >= kMaxConnections) MakeRoom();
    connections_.push_back(std::make_unique<Connection>(socket, tls_.has_value() ? &*tls_ : nullptr,
                                                        AddressText(peer), now));
    connections_.back()->Advance(owner_, now);
  }
}

HttpServer::HttpServer(std::unique_ptr<Loop> loop) : loop_(std::move(loop)) {}
HttpServer::~HttpServer() = default;

absl::StatusOr<std::unique_ptr<HttpServer>> HttpServer::Start(const ListenAddress& address,
                                                              std::optional<TlsContext> tls,
                                                              Handler handler) {
  uint16_t port = 0;
  const absl::StatusOr<int> listener = Listen(address, &port);
  if (!listener.ok()) return listener.status();
  const int waker = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
  if (waker < 0) {
    const int error = errno;
    close(*listener);
    return absl::UnavailableError(absl::StrCat("--listen: no eventfd: ", std::strerror(error)));
  }
  return std::unique_ptr<HttpServer>(new HttpServer(
      std::make_unique<Loop>(*listener, port, waker, std::move(tls), std::move(handler))));
}

uint16_t HttpServer::port() const { return loop_->port(); }
ServerCounts HttpServer::counts() const { return loop_->counts(); }

}  // namespace borderflow
