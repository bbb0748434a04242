#include "collectors/http/server.h"

#include <linux/tcp.h>  // the C library's tcp_info lacks bytes
#include <microhttpd.h>
#include <netinet/in.h>
#include <poll.h>
#include <pthread.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <cstring>
#include <exception>
#include <thread>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "collectors/http/exchange.h"
#include "collectors/http/listen.h"

namespace borderflow {
namespace {

using Clock = std::chrono::steady_clock;
using std::chrono::seconds;

constexpr unsigned kMaxConnections = 128;
constexpr size_t kMemoryOfConnection = 32 * 1024;
constexpr int kAcceptsAtOnce = 32;      // before those that are there get their turn
constexpr auto kToBegin = seconds(75);  // a scraper comes back within a minute
constexpr auto kToAsk = seconds(5);
constexpr auto kToTakeAnswer = seconds(10);
constexpr auto kLookEvery = std::chrono::milliseconds(250);
// A system without descriptors is not asked again at once.
constexpr auto kPause = std::chrono::milliseconds(200);
constexpr char kTlsVersions[] = "NORMAL:-VERS-ALL:+VERS-TLS1.3:+VERS-TLS1.2";

constexpr auto kCodes =
    std::to_array<int>({200, 304, 400, 401, 404, 405, 413, 414, 421, 431, 500, 503});

// In the order in which they have to make room.
enum class Phase : uint8_t { kEnding, kIdle, kAsking, kAnswering };

struct Client {
  int socket = -1;
  std::string peer;
  Phase phase = Phase::kAsking;
  Clock::time_point since;
  Clock::time_point deadline;
  TargetCheck target;
  HttpRequest request;

  void Enter(Phase next) {
    phase = next;
    since = Clock::now();
    deadline = since + (next == Phase::kIdle        ? kToBegin
                        : next == Phase::kAnswering ? kToTakeAnswer
                                                    : kToAsk);
  }
};

Client& ClientOf(MHD_Connection* connection) {
  return *static_cast<Client*>(
      MHD_get_connection_info(connection, MHD_CONNECTION_INFO_SOCKET_CONTEXT)->socket_context);
}

// Whether the other side has sent anything at all.
bool HasSent(int socket) {
  tcp_info info{};
  socklen_t size = sizeof(info);
  return getsockopt(socket, IPPROTO_TCP, TCP_INFO, &info, &size) == 0 &&
         info.tcpi_bytes_received > 0;
}

struct StopDaemon {
  void operator()(MHD_Daemon* daemon) const { MHD_stop_daemon(daemon); }
};

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
        handler_(std::move(handler)) {}

  ~Loop() {
    if (thread_.joinable()) {
      stop_.store(true, std::memory_order_release);
      const uint64_t one = 1;
      // If even that fails, the thread looks by itself soon.
      [[maybe_unused]] const ssize_t woken = write(waker_, &one, sizeof(one));
      thread_.join();
    }
    daemon_.reset();
    close(listener_);
    close(waker_);
  }

  absl::Status Start();

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
  int MillisecondsToWait() const;
  void Accept();
  void MakeRoom();
  void EndLate();
  void End(Client* client, Refusal why);

  // libmicrohttpd's callbacks, all on our thread.
  static void OnConnection(void* self, MHD_Connection* connection, void** context,
                           MHD_ConnectionNotificationCode what);
  static void* OnTarget(void* self, const char* target, MHD_Connection* connection);
  static size_t OnEscaped(void* self, MHD_Connection* connection, char* text);
  static MHD_Result OnRequest(void* self, MHD_Connection* connection, const char* path,
                              const char* method, const char* version, const char* body,
                              size_t* body_size, void** context);
  static void OnAnswered(void* self, MHD_Connection* connection, void** context,
                         MHD_RequestTerminationCode how);

  HttpResponse Answer(const Client& client);
  HttpResponse Refuse(const BadRequest& bad);
  MHD_Result Send(MHD_Connection* connection, Client* client, const HttpResponse& response);

  void Count(Refusal refusal) { ++refused_[static_cast<size_t>(refusal)]; }

  const int listener_;
  const uint16_t port_;
  const int waker_;
  const std::optional<TlsContext> tls_;
  const Handler handler_;
  std::unique_ptr<MHD_Daemon, StopDaemon> daemon_;
  int events_ = -1;                // libmicrohttpd's own epoll
  std::map<int, Client> clients_;  // by socket
  Clock::time_point accept_after_;
  std::array<std::atomic<uint64_t>, kCodes.size()> answered_{};
  std::array<std::atomic<uint64_t>, static_cast<size_t>(Refusal::kCount)> refused_{};
  std::atomic<uint64_t> open_{0};
  std::atomic<bool> stop_{false};
  std::thread thread_;
};

absl::Status HttpServer::Loop::Start() {
  const bool encrypted = tls_.has_value();
  std::vector<MHD_OptionItem> tls_options;
  if (encrypted) {
    const auto text = [](const std::string& pem) { return const_cast<char*>(pem.c_str()); };
    tls_options = {{MHD_OPTION_HTTPS_MEM_CERT, 0, text(tls_->certificate())},
                   {MHD_OPTION_HTTPS_MEM_KEY, 0, text(tls_->key())},
                   {MHD_OPTION_HTTPS_PRIORITIES, 0, const_cast<char*>(kTlsVersions)}};
  }
  tls_options.push_back({MHD_OPTION_END, 0, nullptr});
  const unsigned flags =
      MHD_USE_EPOLL | MHD_USE_NO_LISTEN_SOCKET | (encrypted ? unsigned{MHD_USE_TLS} : 0u);
  daemon_.reset(MHD_start_daemon(
      flags, 0, nullptr, nullptr, &OnRequest, this, MHD_OPTION_CONNECTION_LIMIT, kMaxConnections,
      MHD_OPTION_CONNECTION_MEMORY_LIMIT, kMemoryOfConnection, MHD_OPTION_STRICT_FOR_CLIENT, 1,
      MHD_OPTION_NOTIFY_CONNECTION, &OnConnection, this, MHD_OPTION_NOTIFY_COMPLETED, &OnAnswered,
      this, MHD_OPTION_URI_LOG_CALLBACK, &OnTarget, this, MHD_OPTION_UNESCAPE_CALLBACK, &OnEscaped,
      this, MHD_OPTION_ARRAY, tls_options.data(), MHD_OPTION_END));
  const MHD_DaemonInfo* info =
      daemon_ == nullptr ? nullptr : MHD_get_daemon_info(daemon_.get(), MHD_DAEMON_INFO_EPOLL_FD);
  if (info == nullptr) {
    return absl::UnavailableError(absl::StrCat("--listen: libmicrohttpd ", MHD_get_version(),
                                               " does not start", encrypted ? " with TLS" : ""));
  }
  events_ = info->epoll_fd;
  // Signals are the rest of the program's; a connection that breaks must not raise one.
  sigset_t all, before;
  sigfillset(&all);
  pthread_sigmask(SIG_SETMASK, &all, &before);
  thread_ = std::thread([this] { Run(); });
  pthread_sigmask(SIG_SETMASK, &before, nullptr);
  return absl::OkStatus();
}

int HttpServer::Loop::MillisecondsToWait() const {
  MHD_UNSIGNED_LONG_LONG wait = 0;
  const auto most = static_cast<MHD_UNSIGNED_LONG_LONG>(kLookEvery.count());
  if (MHD_get_timeout(daemon_.get(), &wait) != MHD_YES) wait = most;
  return static_cast<int>(std::min(wait, most));
}

void HttpServer::Loop::Run() {
  while (!stop_.load(std::memory_order_acquire)) {
    const bool accepting = Clock::now() >= accept_after_;
    std::array<pollfd, 3> wanted = {{{waker_, POLLIN, 0},
                                     {events_, POLLIN, 0},
                                     {listener_, static_cast<short>(accepting ? POLLIN : 0), 0}}};
    if (poll(wanted.data(), wanted.size(), MillisecondsToWait()) < 0 && errno != EINTR) {
      std::this_thread::sleep_for(kPause);
    }
    MHD_run(daemon_.get());
    EndLate();
    if (accepting && wanted[2].revents != 0) Accept();
    open_.store(clients_.size());
  }
}

// libmicrohttpd sees the other side gone, and frees what it holds.
void HttpServer::Loop::End(Client* client, Refusal why) {
  Count(why);
  client->phase = Phase::kEnding;
  client->deadline = Clock::time_point::max();
  shutdown(client->socket, SHUT_RDWR);
}

void HttpServer::Loop::EndLate() {
  const Clock::time_point now = Clock::now();
  for (auto& [unused, client] : clients_) {
    if (now < client.deadline) continue;
    if (client.phase == Phase::kIdle) {
      client.deadline = Clock::time_point::max();
      shutdown(client.socket, SHUT_RDWR);
    } else {
      End(&client, client.phase == Phase::kAsking ? Refusal::kSlowRequest : Refusal::kSlowReader);
    }
  }
}

// Whoever waits for nothing goes first, then whoever has been asking for longest, and only then
// somebody who is being answered.
void HttpServer::Loop::MakeRoom() {
  const auto first =
      std::min_element(clients_.begin(), clients_.end(), [](const auto& a, const auto& b) {
        return std::pair(a.second.phase, a.second.since) <
               std::pair(b.second.phase, b.second.since);
      });
  Client& client = first->second;
  if (client.phase == Phase::kIdle) {
    shutdown(client.socket, SHUT_RDWR);
  } else if (client.phase != Phase::kEnding) {
    End(&client, Refusal::kCrowded);
  }
  MHD_run(daemon_.get());
}

void HttpServer::Loop::Accept() {
  for (int i = 0; i < kAcceptsAtOnce; ++i) {
    sockaddr_storage peer{};
    socklen_t size = sizeof(peer);
    const int socket =
        accept4(listener_, reinterpret_cast<sockaddr*>(&peer), &size, SOCK_NONBLOCK | SOCK_CLOEXEC);
    if (socket < 0) {
      if (errno == EMFILE || errno == ENFILE || errno == ENOBUFS || errno == ENOMEM) {
        Count(Refusal::kNoDescriptor);
        accept_after_ = Clock::now() + kPause;
      }
      return;
    }
    if (clients_.size() >= kMaxConnections) MakeRoom();
    Client& client = clients_[socket];
    client.socket = socket;
    client.peer = AddressText(peer);
    client.Enter(Phase::kAsking);  // the handshake is part of its time
    // It closes the socket when it has no room or memory.
    if (MHD_add_connection(daemon_.get(), socket, reinterpret_cast<sockaddr*>(&peer), size) !=
        MHD_YES) {
      clients_.erase(socket);
      Count(Refusal::kCrowded);
    }
  }
}

void HttpServer::Loop::OnConnection(void* self, MHD_Connection* connection, void** context,
                                    MHD_ConnectionNotificationCode what) {
  auto* loop = static_cast<Loop*>(self);
  const int socket =
      MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CONNECTION_FD)->connect_fd;
  if (what == MHD_CONNECTION_NOTIFY_STARTED) {
    *context = &loop->clients_.at(socket);
    return;
  }
  // The socket is still open. What libmicrohttpd refuses by itself it does not tell.
  const Client& client = loop->clients_.at(socket);
  if (client.phase == Phase::kAsking && HasSent(socket)) loop->Count(Refusal::kMalformed);
  loop->clients_.erase(socket);
}

void* HttpServer::Loop::OnTarget(void*, const char* target, MHD_Connection* connection) {
  Client& client = ClientOf(connection);
  if (client.phase == Phase::kIdle) client.Enter(Phase::kAsking);
  client.target = {std::strlen(target) > kMaxTargetBytes, false};
  return nullptr;
}

size_t HttpServer::Loop::OnEscaped(void*, MHD_Connection* connection, char* text) {
  ClientOf(connection).target.bad_escape |= !IsWellEscaped(text);
  return MHD_http_unescape(text);
}

// Called once with the head, and again when the whole request is there: only an answer to that lets
// the connection live on.
MHD_Result HttpServer::Loop::OnRequest(void* self, MHD_Connection* connection, const char* path,
                                       const char* method, const char*, const char*, size_t*,
                                       void** context) {
  auto* loop = static_cast<Loop*>(self);
  Client& client = ClientOf(connection);
  // Only libraries throw, when memory runs out.
  try {
    if (*context != nullptr) return loop->Send(connection, &client, loop->Answer(client));
    *context = &client;
    auto read = ReadRequest(connection, method, path, client.target);
    if (const auto* bad = std::get_if<BadRequest>(&read)) {
      return loop->Send(connection, &client, loop->Refuse(*bad));
    }
    client.request = std::get<HttpRequest>(std::move(read));
    return MHD_YES;
  } catch (const std::exception&) {
    return MHD_NO;  // closes the connection
  }
}

void HttpServer::Loop::OnAnswered(void*, MHD_Connection* connection, void**,
                                  MHD_RequestTerminationCode) {
  Client& client = ClientOf(connection);
  client.request = {};
  // Also called for what it refused by itself, which was never answered by us.
  if (client.phase == Phase::kAnswering) client.Enter(Phase::kIdle);
}

HttpResponse HttpServer::Loop::Answer(const Client& client) {
  HttpResponse response;
  try {
    response = handler_(client.request, client.peer);
  } catch (const std::exception&) {
    response = TextResponse(500, "out of memory\n");
  }
  if (response.status == 401) Count(Refusal::kToken);
  if (response.status == 421) Count(Refusal::kHost);
  return response;
}

HttpResponse HttpServer::Loop::Refuse(const BadRequest& bad) {
  Count(Refusal::kMalformed);
  HttpResponse response = TextResponse(
      bad.status, absl::StrCat(absl::string_view(bad.reason.data(), bad.reason.size()), "\n"));
  if (bad.status == 405) response.headers.emplace_back("Allow", "GET, HEAD");
  return response;
}

MHD_Result HttpServer::Loop::Send(MHD_Connection* connection, Client* client,
                                  const HttpResponse& response) {
  const OwnedResponse out = ToMicrohttpd(response);
  if (out == nullptr) return MHD_NO;
  const auto* at = std::find(kCodes.begin(), kCodes.end(), response.status);
  if (at != kCodes.end()) ++answered_[static_cast<size_t>(at - kCodes.begin())];
  client->Enter(Phase::kAnswering);
  return MHD_queue_response(connection, static_cast<unsigned>(response.status), out.get());
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
  auto loop = std::make_unique<Loop>(*listener, port, waker, std::move(tls), std::move(handler));
  if (absl::Status s = loop->Start(); !s.ok()) return s;
  return std::unique_ptr<HttpServer>(new HttpServer(std::move(loop)));
}

uint16_t HttpServer::port() const { return loop_->port(); }
ServerCounts HttpServer::counts() const { return loop_->counts(); }

}  // namespace borderflow
