// HttpServer: one thread, one port, GET and HEAD, by libmicrohttpd.
//
// libmicrohttpd reads, parses, encrypts and writes, driven by a thread of ours that accepts and
// looks at the clock, so that a client that is slow in asking or in reading keeps nobody else
// waiting. Everything is bounded: 128 connections (one more, and the one that has been asking for
// longest goes), 32 KiB for a connection's head and answer's head, 5 s to ask, 10 s to take the
// answer, 75 s between requests. What is refused or given up is counted.
//
// Why not libmicrohttpd's own thread (0.9.75, as measured): its time-out begins anew with every
// byte, and at its limit of connections it accepts nobody until one ends: behind 300 clients that
// ask slowly the next one waited 10.2 s, and one that sends a byte each 1.5 s was listened to for
// as long as it went on. Its limit per address would also count those behind one proxy. Why not
// cpp-httplib or civetweb: both hold a thread for a connection.
//
// Thread safety: counts() from any thread; the handler is called by the server's thread only.
#ifndef BORDERFLOW_COLLECTORS_HTTP_SERVER_H_
#define BORDERFLOW_COLLECTORS_HTTP_SERVER_H_

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "collectors/http/request.h"
#include "collectors/http/response.h"
#include "collectors/http/tls_context.h"

namespace borderflow {

struct ListenAddress {
  std::string host;   // an IPv4 or IPv6 address, without brackets
  uint16_t port = 0;  // 0: any that is free
  bool loopback = false;
};

// "127.0.0.1:9669", "[::1]:9669", "localhost:9669".
// Errors: InvalidArgument with what was expected.
absl::StatusOr<ListenAddress> ParseListenAddress(const std::string& text);

enum class Refusal : uint8_t {
  kMalformed,     // or too large, or a body, or another method, or broken off
  kSlowRequest,   // not asked within the time
  kSlowReader,    // answer not taken within the time
  kCrowded,       // given up for a newer connection
  kNoDescriptor,  // the system had no descriptor or memory for a connection
  kToken,         // no token, or a wrong one
  kHost,          // asked for under a name that is not this machine's (DNS rebinding)
  kCount,
};
std::string_view Name(Refusal refusal);  // "malformed" ...

struct ServerCounts {
  std::map<int, uint64_t> requests;     // by status code; not those that were no requests
  std::map<Refusal, uint64_t> refused;  // every reason
  uint64_t connections = 0;             // now
};

class HttpServer {
 public:
  // Answers a request of `peer`, an address. Must not wait for anything.
  using Handler = std::function<HttpResponse(const HttpRequest& request, const std::string& peer)>;

  // Listens and starts the thread. `tls` nullptr for plain HTTP.
  // Errors: Unavailable when the address cannot be had, with what to do.
  static absl::StatusOr<std::unique_ptr<HttpServer>> Start(const ListenAddress& address,
                                                           std::optional<TlsContext> tls,
                                                           Handler handler);
  // Ends the thread; answers under way are given up.
  ~HttpServer();

  uint16_t port() const;  // that was given, or found free
  ServerCounts counts() const;

 private:
  class Loop;
  explicit HttpServer(std::unique_ptr<Loop> loop);
  std::unique_ptr<Loop> loop_;
};

}  // namespace borderflow

#endif  // BORDERFLOW_COLLECTORS_HTTP_SERVER_H_
