// Serving: the HTTP side of a running sensor: what was asked for, checked, and then kept up.
//
// Without an address nothing listens, and what would be served is made all the same: the report
// file of a running sensor tells no more than its server would (released()).
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
#include "tools/live/series_memory.h"
#include "tools/live/serving_flags.h"

namespace borderflow {

class Serving {
 public:
  // Reads the files, without listening yet.
  // Errors: InvalidArgument for an address other than loopback without token and TLS, or for half
  // of what TLS needs; those of ParseListenAddress, Access, TlsContext and AuditLog.
  static absl::StatusOr<std::unique_ptr<Serving>> Prepare(const ServingFlags& flags);

  // Gives each pair that had a metric series in the last run with this store its series again, and
  // keeps from now on which have one. Before Start.
  void Remember(const std::string& store);

  // Listens, where an address was given.
  absl::Status Start();

  // What should be known when it starts: "serving on ...", and that nothing is suppressed.
  std::vector<std::string> Notes() const;

  // Seconds between two publications.
  double every() const;
  // Errors: which pairs have a series could not be kept; what is served does not change by that.
  absl::Status Publish(const Report& report, absl::Span<const Pack> packs, double collect_seconds);
  // A window of event time that has closed; seen from the next Publish on.
  void AddWindow(const Window& window, const Report& statement);

  // What was published last; nullptr before the first Publish.
  std::shared_ptr<const Publication> released() const { return released_; }
  // Ends the server, if there is one. What was counted until the end can still be published: once,
  // by Finish.
  void Stop() { server_.reset(); }
  std::shared_ptr<const Publication> Finish(const Report& report, absl::Span<const Pack> packs);

 private:
  Serving() = default;

  ServingFlags flags_;
  PublisherOptions options_;
  std::optional<SeriesMemory> memory_;
  uint64_t kept_after_ = 0;  // periods
  std::vector<std::string> notes_;
  ListenAddress address_;
  std::optional<TlsContext> tls_;
  bool encrypted_ = false;
  std::unique_ptr<Publisher> publisher_;
  std::shared_ptr<const Publication> released_;
  std::unique_ptr<Site> site_;
  std::unique_ptr<HttpServer> server_;  // last: it uses the site
};

}  // namespace borderflow

#endif  // BORDERFLOW_TOOLS_LIVE_SERVING_H_
