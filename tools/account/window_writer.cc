#include "tools/account/window_writer.h"

#include <unistd.h>

#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "collectors/store/statement.h"
#include "rules/digest/sha256.h"

namespace borderflow {

absl::StatusOr<std::unique_ptr<WindowWriter>> WindowWriter::Open(const std::string& path,
                                                                 const std::string& sensor,
                                                                 uint64_t width, Numbers numbers) {
  absl::StatusOr<std::unique_ptr<Store>> store = Store::Open(path, Store::Mode::kCreate);
  if (!store.ok()) return store.status();
  std::unique_ptr<WindowWriter> writer(new WindowWriter());
  writer->store_ = *std::move(store);
  writer->sensor_ = sensor;
  writer->width_ = width;
  if (numbers == Numbers::kGoOn) {
    const absl::StatusOr<uint64_t> next = writer->store_->NextSequence(sensor);
    if (!next.ok()) return next.status();
    writer->sequence_ = *next;
  }
  return writer;
}

void WindowWriter::State(const Report& report) { statement_ = ToStatementJson(report); }

absl::Status WindowWriter::Write(Window window) {
  window.sensor = sensor_;
  window.sequence = sequence_++;
  window.width = width_;
  const absl::StatusOr<bool> appended = store_->Append(window, statement_);
  absl::Status status = appended.status();
  if (!appended.ok()) {
    ++lost_;
  } else if (*appended) {
    ++stored_;
    // What rolls up later does no harm, so that this fails without losing anything.
    status = Maintain(window.begin);
  } else {
    ++already_there_;
  }
  first_error_.Update(status);
  return status;
}

// Once an hour of the data.
absl::Status WindowWriter::Maintain(uint64_t now) {
  constexpr uint64_t kHour = 3600;
  if (now / kHour == maintained_) return absl::OkStatus();
  maintained_ = now / kHour;
  if (absl::Status s = store_->RollUp(now); !s.ok()) return s;
  return store_->Prune(Retention{}, now);
}

absl::Status WindowWriter::Finish() {
  if (first_error_.ok()) return absl::OkStatus();
  const std::string what = lost_ == 0 ? std::string("every window is stored, but rolling up failed")
                                      : absl::StrCat(lost_, " windows were not stored");
  return absl::Status(first_error_.code(),
                      absl::StrCat(std::string(first_error_.message()), " (", what, ")"));
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
