#include "tools/live/serving.h"

#include <algorithm>
#include <ctime>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"

namespace borderflow {
namespace {

uint64_t Now() { return static_cast<uint64_t>(std::time(nullptr)); }

absl::Status CheckProtection(const ServingFlags& flags, const ListenAddress& address) {
  if (flags.certificate.empty() != flags.key.empty()) {
    return absl::InvalidArgumentError(
        absl::StrCat(flags.key.empty() ? "--listen-key" : "--listen-certificate",
                     ": TLS needs both --listen-certificate and --listen-key"));
  }
  if (address.loopback) return absl::OkStatus();
  std::vector<std::string> missing;
  if (flags.token.empty()) missing.emplace_back("--listen-token FILE");
  if (flags.certificate.empty()) {
    missing.emplace_back("--listen-certificate FILE --listen-key FILE");
  }
  if (missing.empty()) return absl::OkStatus();
  return absl::InvalidArgumentError(
      absl::StrCat("--listen: ", flags.listen, " can be reached from other machines: add ",
                   absl::StrJoin(missing, " and "), ", or listen on 127.0.0.1"));
}

}  // namespace

absl::StatusOr<std::unique_ptr<Serving>> Serving::Prepare(const ServingFlags& flags) {
  std::unique_ptr<Serving> serving(new Serving());
  serving->flags_ = flags;
  if (!flags.listen.empty()) {
    absl::StatusOr<ListenAddress> address = ParseListenAddress(flags.listen);
    if (!address.ok()) return address.status();
    serving->address_ = *std::move(address);
    if (absl::Status s = CheckProtection(flags, serving->address_); !s.ok()) return s;
  }
  if (!flags.certificate.empty()) {
    absl::StatusOr<TlsContext> tls = TlsContext::Load(flags.certificate, flags.key);
    if (!tls.ok()) return tls.status();
    serving->tls_ = *std::move(tls);
    serving->encrypted_ = true;
  }
  absl::StatusOr<Access> access =
      flags.token.empty() ? Access::Local() : Access::FromFile(flags.token);
  if (!access.ok()) return access.status();
  std::optional<AuditLog> audit;
  if (!flags.audit.empty()) {
    absl::StatusOr<AuditLog> opened = AuditLog::Open(flags.audit);
    if (!opened.ok()) return opened.status();
    audit = *std::move(opened);
  }
  serving->options_.min_cell = flags.min_cell;
  serving->options_.period_seconds = std::max<uint64_t>(1, static_cast<uint64_t>(flags.period));
  serving->publisher_ = std::make_unique<Publisher>(serving->options_, Now());
  serving->site_ = std::make_unique<Site>(*std::move(access), std::move(audit));
  return serving;
}

void Serving::Remember(const std::string& store) {
  std::string note;
  memory_.emplace(SeriesMemory::Open(store, options_, &note));
  if (!note.empty()) notes_.push_back(std::move(note));
  publisher_->Reserve(memory_->admission());
}

absl::Status Serving::Start() {
  if (flags_.listen.empty()) return absl::OkStatus();
  Site* site = site_.get();
  absl::StatusOr<std::unique_ptr<HttpServer>> server = HttpServer::Start(
      address_, std::move(tls_), [site](const HttpRequest& request, const std::string& peer) {
        return site->Answer(request, peer);
      });
  if (!server.ok()) return server.status();
  server_ = *std::move(server);
  site_->CountWith([running = server_.get()] { return running->counts(); });
  return absl::OkStatus();
}

std::vector<std::string> Serving::Notes() const {
  if (flags_.listen.empty()) return notes_;
  const bool v6 = absl::string_view(address_.host).find(':') != absl::string_view::npos;
  std::vector<std::string> notes = {absl::StrCat(
      "serving on ", encrypted_ ? "https" : "http", "://", v6 ? "[" : "", address_.host,
      v6 ? "]" : "", ":", server_->port(), "/, figures every ", flags_.period, " s")};
  notes.insert(notes.end(), notes_.begin(), notes_.end());
  if (flags_.min_cell <= 1) {
    notes.emplace_back(
        "--min-cell 1: figures are served unsuppressed, so single persons may be recognised; do "
        "not pass them on");
  }
  return notes;
}

double Serving::every() const { return std::min(1.0, flags_.period); }

absl::Status Serving::Publish(const Report& report, absl::Span<const Pack> packs,
                              double collect_seconds) {
  released_ = publisher_->Publish(report, packs, Now(), collect_seconds);
  site_->Show(released_);
  const uint64_t periods = released_->figures->periods;
  if (!memory_.has_value() || std::exchange(kept_after_, periods) == periods) {
    return absl::OkStatus();
  }
  return memory_->Keep(publisher_->Admitted());
}

std::shared_ptr<const Publication> Serving::Finish(const Report& report,
                                                   absl::Span<const Pack> packs) {
  released_ = publisher_->Finish(report, packs, Now());
  return released_;
}

void Serving::AddWindow(const Window& window, const Report& statement) {
  publisher_->AddWindow(window, statement);
}

}  // namespace borderflow
