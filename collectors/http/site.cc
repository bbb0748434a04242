#include "collectors/http/site.h"

#include <nlohmann/json.hpp>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"
#include "collectors/export/prometheus_metrics.h"
#include "collectors/export/times.h"
#include "collectors/http/api.h"

namespace borderflow {
namespace {

using Clock = std::chrono::steady_clock;

// The collecting thread shows something every second or so.
constexpr double kStalledAfterSeconds = 30;
constexpr size_t kCachedPages = 64;

constexpr char kFrontPage[] =
    "borderflow\n\n"
    "/metrics   Prometheus text or OpenMetrics\n"
    "/healthz   whether the sensor collects\n"
    "/readyz    whether its figures can be relied on, and why not\n"
    "/api/v1    figures as JSON\n";

HttpResponse JsonError(int status, absl::string_view what) {
  HttpResponse response =
      TextResponse(status, nlohmann::json{{"error", std::string(what)}}.dump(
                               -1, ' ', false, nlohmann::json::error_handler_t::replace) +
                               "\n");
  response.content_type = "application/json";
  return response;
}

bool TakesGzip(const HttpRequest& request) {
  return AcceptsGzip(request.Header("accept-encoding"));
}

void WriteServerMetrics(const ServerCounts& counts, uint64_t audit_errors, Exposition* out) {
  using enum MetricFamilyId;
  out->Begin(kHttpRequests);
  for (const auto& [code, requests] : counts.requests) out->Sample({absl::StrCat(code)}, requests);
  out->Begin(kHttpRefused);
  for (const auto& [refusal, times] : counts.refused) out->Sample({Name(refusal)}, times);
  out->Single(kHttpConnections, counts.connections);
  out->Single(kAuditErrors, audit_errors);
}

}  // namespace

Site::Site(Access access, std::optional<AuditLog> audit)
    : access_(std::move(access)), audit_(std::move(audit)), page_(BuiltInPage(), kFrontPage) {}

void Site::Show(std::shared_ptr<const Publication> publication) {
  const absl::MutexLock lock(&mutex_);
  publication_.swap(publication);
  shown_ = Clock::now();
}

std::shared_ptr<const Publication> Site::Current() const {
  const absl::MutexLock lock(&mutex_);
  return publication_;
}

double Site::SecondsSinceShown() const {
  const absl::MutexLock lock(&mutex_);
  return std::chrono::duration<double>(Clock::now() - shown_).count();
}

HttpResponse Site::Answer(const HttpRequest& request, const std::string& peer) {
  // Whether it lives is no secret, and those who ask for it can seldom hold one.
  if (request.path == "/healthz") return Health();
  std::string who;
  std::optional<HttpResponse> refused = access_.Check(request, &who);
  // The page needs no token (page_files.h), but no foreign name either.
  if (!refused.has_value() || refused->status == 401) {
    if (std::optional<HttpResponse> page = page_.Answer(request)) return *std::move(page);
  }
  const bool api = request.path == "/api/v1" || absl::StartsWith(request.path, "/api/v1/");
  HttpResponse response = refused.has_value() ? *std::move(refused) : Route(request);
  return api ? Recorded(request, peer, who, std::move(response)) : response;
}

HttpResponse Site::Recorded(const HttpRequest& request, const std::string& peer,
                            const std::string& who, HttpResponse response) {
  if (!audit_.has_value() || audit_->Record(request, peer, who, response)) return response;
  ++audit_errors_;
  return JsonError(503, "the audit log cannot be written, so nothing is told");
}

HttpResponse Site::Route(const HttpRequest& request) {
  if (request.path == "/readyz") return Ready();
  if (request.path == "/metrics") return Metrics(request);
  if (absl::StartsWith(request.path, "/api/v1")) return Api(request);
  return TextResponse(404, "nothing here; / lists what there is\n");
}

HttpResponse Site::Health() const {
  const double seconds = SecondsSinceShown();
  if (seconds < kStalledAfterSeconds) return TextResponse(200, "ok\n");
  return TextResponse(503, absl::StrFormat("nothing was collected for %.0f s\n", seconds));
}

std::vector<std::string> Site::NotReady() const {
  std::vector<std::string> reasons;
  if (const double seconds = SecondsSinceShown(); seconds >= kStalledAfterSeconds) {
    reasons.push_back(absl::StrFormat("nothing was collected for %.0f s", seconds));
  }
  const std::shared_ptr<const Publication> publication = Current();
  if (publication == nullptr) {
    reasons.emplace_back("nothing was collected yet");
    return reasons;
  }
  if (publication->figures->periods == 0) {
    reasons.push_back(absl::StrCat("no period has ended yet; the first does at ",
                                   Iso8601(publication->figures->next_at)));
  }
  const Report& report = publication->statement;
  if (report.geo.empty()) reasons.emplace_back("no address database is in use");
  if (report.live.has_value()) {
    for (size_t i = 0; i < report.live->ports.size(); ++i) {
      if (!report.live->ports[i].link_up)
        reasons.push_back(absl::StrCat("port ", i, ": link down"));
    }
  }
  if (!publication->conserved) reasons.emplace_back("the conservation law does not hold");
  return reasons;
}

HttpResponse Site::Ready() const {
  const std::vector<std::string> reasons = NotReady();
  if (reasons.empty()) return TextResponse(200, "ready\n");
  return TextResponse(503, absl::StrJoin(reasons, "\n") + "\n");
}

HttpResponse Site::Metrics(const HttpRequest& request) {
  const std::shared_ptr<const Publication> publication = Current();
  if (publication == nullptr) return TextResponse(503, "nothing was collected yet\n");
  std::function<ServerCounts()> counts;
  {
    const absl::MutexLock lock(&mutex_);
    counts = counts_;
  }
  const ExpositionFormat format = Negotiate(request.Header("accept"));
  Exposition out(format);
  WriteMetrics(*publication, &out);
  if (counts != nullptr) WriteServerMetrics(counts(), audit_errors_, &out);
  WriteProcessMetrics(&out);
  HttpResponse response = TextResponse(200, out.Finish());
  response.content_type = std::string(ContentType(format));
  response.headers.emplace_back("Vary", "Accept, Accept-Encoding");
  if (!TakesGzip(request)) return response;
  if (std::shared_ptr<const std::string> zipped = Gzipped(*response.body)) {
    response.body = std::move(zipped);
    response.headers.emplace_back("Content-Encoding", "gzip");
  }
  return response;
}

HttpResponse Site::Api(const HttpRequest& request) {
  const std::shared_ptr<const Publication> publication = Current();
  if (publication == nullptr) return JsonError(503, "nothing was collected yet");
  if (publication != cached_of_ || pages_.size() >= kCachedPages) {
    pages_.clear();
    cached_of_ = publication;
  }
  std::string asked = request.path;
  for (const auto& [name, value] : request.query) absl::StrAppend(&asked, "\n", name, "\n", value);
  auto page = pages_.find(asked);
  if (page == pages_.end()) {
    absl::StatusOr<std::string> text = ApiAnswer(request, *publication);
    if (!text.ok()) {
      return JsonError(absl::IsNotFound(text.status()) ? 404 : 400, text.status().message());
    }
    page = pages_.emplace(std::move(asked), TaggedText(*std::move(text), "application/json")).first;
  }
  return page->second.Answer(request);
}

}  // namespace borderflow
