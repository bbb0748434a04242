// Site: what is served: the page, /metrics, /healthz, /readyz, /api/v1.
//
// The collecting thread shows publications, the server's thread answers from the last one. They
// share a pointer behind a lock that neither holds for longer than it takes to copy it, and no
// worker ever sees it.
//
// Thread safety: Show from one thread, Answer from another.
#ifndef BORDERFLOW_COLLECTORS_HTTP_SITE_H_
#define BORDERFLOW_COLLECTORS_HTTP_SITE_H_

#include <chrono>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "collectors/export/prometheus_exposition.h"
#include "collectors/http/access.h"
#include "collectors/http/audit_log.h"
#include "collectors/http/page_files.h"
#include "collectors/http/server.h"
#include "collectors/http/tagged_text.h"
#include "collectors/privacy/publisher.h"

namespace borderflow {

class Site {
 public:
  // `audit` nothing: requests are not recorded.
  Site(Access access, std::optional<AuditLog> audit);

  // Where /metrics finds what the server counts. Before the first request.
  void CountWith(std::function<ServerCounts()> counts) {
    const absl::MutexLock lock(&mutex_);
    counts_ = std::move(counts);
  }

  void Show(std::shared_ptr<const Publication> publication);

  // Never waits for anything but the audit log's disk. The API is refused while that cannot be
  // written.
  HttpResponse Answer(const HttpRequest& request, const std::string& peer);

  // Why figures should not be relied on now; empty when they can be.
  std::vector<std::string> NotReady() const;

 private:
  HttpResponse Route(const HttpRequest& request);
  HttpResponse Metrics(const HttpRequest& request);
  HttpResponse Health() const;
  HttpResponse Ready() const;
  HttpResponse Api(const HttpRequest& request);
  HttpResponse Recorded(const HttpRequest& request, const std::string& peer, const std::string& who,
                        HttpResponse response);
  std::shared_ptr<const Publication> Current() const;
  double SecondsSinceShown() const;

  const Access access_;
  std::optional<AuditLog> audit_;
  uint64_t audit_errors_ = 0;
  mutable absl::Mutex mutex_;
  std::shared_ptr<const Publication> publication_ ABSL_GUARDED_BY(mutex_);
  std::chrono::steady_clock::time_point shown_ ABSL_GUARDED_BY(mutex_) =
      std::chrono::steady_clock::now();
  std::function<ServerCounts()> counts_ ABSL_GUARDED_BY(mutex_);
  // The server thread's: pages of one publication, by what was asked.
  std::shared_ptr<const Publication> cached_of_;
  std::map<std::string, TaggedText> pages_;
  PageFiles page_;
};

}  // namespace borderflow

#endif  // BORDERFLOW_COLLECTORS_HTTP_SITE_H_
