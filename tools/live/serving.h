// Serving: the HTTP side of a running sensor: what was asked for, checked, and then kept up.
//
// Thread safety: one controlling thread; the server has its own.
#ifndef BORDERFLOW_TOOLS_LIVE_SERVING_H_
#define BORDERFLOW_TOOLS_LIVE_SERVING_H_

#include <chrono>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "collectors/http/server.h"
#include "collectors/http/site.h"
#include "collectors/privacy/publisher.h"

namespace borderflow {

// As given.
struct ServingFlags {
  std::string listen;       // ADDR:PORT; empty: nothing is served
  std::string token;        // file
  std::string certificate;  // file
  std::string key;          // file
  std::string audit;        // file
  uint64_t min_cell = kDefaultMinCell;
  double period = 60;  // seconds
};

class Serving {
 public:
  // Reads the files, without listening yet.
  // Errors: InvalidArgument for an address other than loopback without token and TLS, or for half
  // of what TLS needs; those of ParseListenAddress, Access, TlsContext and AuditLog.
  static absl::StatusOr<std::unique_ptr<Serving>> Prepare(const ServingFlags& flags);

  // Listens.
  absl::Status Start();

  // What should be known when it starts: "serving on ...", and that nothing is suppressed.
  std::vector<std::string> Notes() const;

  // Seconds between two publications.
  double every() const;
  void Publish(const Report& report, absl::Span<const Pack> packs, double collect_seconds);

 private:
  Serving() = default;

  ServingFlags flags_;
  ListenAddress address_;
  std::optional<TlsContext> tls_;
  bool encrypted_ = false;
  std::unique_ptr<Publisher> publisher_;
  std::unique_ptr<Site> site_;
  std::unique_ptr<HttpServer> server_;  // last: it uses the site
};

}  // namespace borderflow

#endif  // BORDERFLOW_TOOLS_LIVE_SERVING_H_
