#include "collectors/export/ipfix/ipfix_exporter.h"

#include <utility>

namespace borderflow {

IpfixExporter::IpfixExporter(const IpfixDestination& destination, uint32_t pen,
                             const std::string& sensor)
    : name_("ipfix " + destination.text), transport_(MakeTransport(destination)) {
  options_.pen = pen;
  options_.domain = DomainOf(sensor);
  options_.message_bytes = transport_->message_bytes();
}

absl::Status IpfixExporter::Export(const ExportBatch& batch, const Hurry& hurry) {
  absl::Status status = transport_->Open(hurry);
  if (status.ok() && (encoder_ == nullptr || session_ != transport_->session())) {
    absl::StatusOr<std::unique_ptr<IpfixEncoder>> made = IpfixEncoder::Create(options_);
    status = made.status();
    if (made.ok()) encoder_ = *std::move(made);
    session_ = transport_->session();
  }
  if (status.ok()) {
    status = encoder_->Encode(batch, totals_, [this, &hurry](std::string_view message) {
      return transport_->Send(message, hurry);
    });
  }
  // A record is sent when its whole batch is: how much of a stream was read, nobody says.
  (status.ok() ? totals_.sent_records : totals_.not_sent_records) += batch.rows.size();
  if (!status.ok()) encoder_ = nullptr;
  return status;
}

}  // namespace borderflow
