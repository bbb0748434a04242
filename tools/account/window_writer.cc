#include "tools/account/window_writer.h"

#include <unistd.h>

#include <chrono>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "collectors/store/statement.h"
#include "rules/digest/sha256.h"

namespace borderflow {
namespace {

// What is under way when a run ends may take so long without getting anywhere.
constexpr std::chrono::seconds kFinish{10};
// How long one attempt waits for another program, and so how soon the writer can hurry.
constexpr std::chrono::milliseconds kAttempt{500};

}  // namespace

absl::StatusOr<std::unique_ptr<WindowWriter>> WindowWriter::Open(const Place& place) {
  absl::StatusOr<std::unique_ptr<Store>> store = Store::Open(place.path, Store::Mode::kCreate);
  if (!store.ok()) return store.status();
  uint64_t first = 0;
  if (place.numbers == Numbers::kGoOn) {
    const absl::StatusOr<uint64_t> next = (*store)->NextSequence(place.sensor);
    if (!next.ok()) return next.status();
    first = *next;
  }
  (*store)->WaitForOthers(kAttempt);
  std::unique_ptr<WindowWriter> writer(new WindowWriter(place, *std::move(store)));
  writer->sequence_ = first;
  return writer;
}

WindowWriter::WindowWriter(const Place& place, std::unique_ptr<Store> store)
    : place_(place),
      statement_(std::make_shared<const std::string>()),
      store_(std::move(store)),
      queue_("sqlite " + place.path) {}

void WindowWriter::State(const Report& report) {
  statement_ = std::make_shared<const std::string>(ToStatementJson(report));
}

BackgroundQueue::Job WindowWriter::JobOf(Window window) {
  window.sensor = place_.sensor;
  window.sequence = sequence_++;  // a window that is lost leaves a gap
  window.width = place_.width;
  return [this, kept = std::make_shared<const Window>(std::move(window)),
          statement = statement_](const Hurry& hurry) { return Write(*kept, *statement, hurry); };
}

bool WindowWriter::Offer(Window window) {
  const size_t cells = window.counts.cells.size();
  return queue_.Offer(cells, JobOf(std::move(window)));
}

bool WindowWriter::OfferPatiently(Window window) {
  const size_t cells = window.counts.cells.size();
  return queue_.OfferPatiently(cells, JobOf(std::move(window)));
}

absl::Status WindowWriter::Write(const Window& window, const std::string& statement,
                                 const Hurry& hurry) {
  absl::StatusOr<bool> appended = store_->Append(window, statement);
  // Another program writes. It will end some time, and until then windows wait in the queue.
  while (absl::IsAborted(appended.status()) && !hurry.begun()) {
    ++retries_;
    appended = store_->Append(window, statement);
  }
  if (!appended.ok()) return appended.status();
  if (*appended) {
    ++stored_;
    Maintain(window.begin);
  } else {
    ++already_there_;
  }
  return absl::OkStatus();
}

// Once an hour of the data. What fails is done the next time, and loses nothing.
void WindowWriter::Maintain(uint64_t now) {
  constexpr uint64_t kHour = 3600;
  if (now / kHour == maintained_) return;
  absl::Status status = store_->RollUp(now);
  if (status.ok()) status = store_->Prune(place_.retention, now);
  if (status.ok()) maintained_ = now / kHour;
  maintenance_ = status;
}

ExportCounters WindowWriter::Counters() const {
  ExportCounters counters = queue_.Counters();
  counters.retries = retries_;
  return counters;
}

absl::Status WindowWriter::Finish() {
  const absl::Status first = queue_.Finish(kFinish);
  const uint64_t lost = queue_.Counters().lost_batches();
  if (lost > 0) {
    return absl::Status(first.code(), absl::StrCat(std::string(first.message()), " (", lost,
                                                   " windows were not stored)"));
  }
  if (maintenance_.ok()) return absl::OkStatus();
  return absl::Status(maintenance_.code(),
                      absl::StrCat(std::string(maintenance_.message()),
                                   " (every window is stored, but rolling up failed)"));
}

std::string ReplaySensor(const std::string& name, const Report& report) {
  // Where files lie and what the run is called changes no count.
  Report content = report;
  content.command.clear();
  content.sensor.clear();
  content.pack_digests.clear();
  content.parameters.purpose.clear();
  for (GeoStatement& geo : content.geo) geo.path.clear();
  std::string unknown;
  for (CaptureStatement& capture : content.captures) {
    // Nobody can say that two readings of standard input are the same.
    if (capture.sha256.empty()) {
      unknown = absl::StrCat(absl::ToUnixNanos(absl::Now()), " ", getpid());
    }
    capture.file.clear();
  }
  const std::string digest = Sha256Hex(ToStatementJson(content) + unknown).substr(0, 12);
  return absl::StrCat(name, name.empty() ? "" : " ", "replay-", digest);
}

}  // namespace borderflow
