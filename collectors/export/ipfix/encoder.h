// IpfixEncoder: batches -> IPFIX messages (RFC 7011), made by libfixbuf.
//
// It only fills buffers: sending them is the transport's part, so that no library call ever waits
// for a collector. One encoder is one transport session: its sequence numbers and templates go on
// from batch to batch, and templates are sent again with each.
//
// Thread safety: one thread at a time.
#ifndef BORDERFLOW_COLLECTORS_EXPORT_IPFIX_ENCODER_H_
#define BORDERFLOW_COLLECTORS_EXPORT_IPFIX_ENCODER_H_

#include <fixbuf/public.h>

#include <cstdint>
#include <functional>
#include <memory>
#include <set>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "collectors/export/batch.h"
#include "collectors/export/ipfix/elements.h"

namespace borderflow {

struct IpfixOptions {
  uint32_t pen = kDocumentationPen;
  uint32_t domain = 0;            // observation domain id
  uint16_t message_bytes = 1400;  // of a message, at most
};

// What earlier batches of this run came to; sent to the collector with each batch.
struct IpfixTotals {
  uint64_t sent_records = 0;
  uint64_t not_sent_records = 0;
};

// The observation domain id of a sensor: from its name, the same everywhere. 0 for no name.
uint32_t DomainOf(std::string_view sensor);

class IpfixEncoder {
 public:
  // Receives each message; an error ends the encoding.
  using Sink = std::function<absl::Status(std::string_view message)>;

  static absl::StatusOr<std::unique_ptr<IpfixEncoder>> Create(const IpfixOptions& options);
  ~IpfixEncoder();
  IpfixEncoder(const IpfixEncoder&) = delete;
  IpfixEncoder& operator=(const IpfixEncoder&) = delete;

  // Errors: those of `sink`; InvalidArgument when one record is longer than a message, as very many
  // packs make it.
  absl::Status Encode(const ExportBatch& batch, const IpfixTotals& totals, const Sink& sink);

 private:
  explicit IpfixEncoder(const IpfixOptions& options);
  absl::Status AddOptionTemplates();
  absl::Status AddCellTemplate(size_t packs);
  absl::Status AddTemplate(uint16_t id, const std::vector<fbInfoElementSpec_t>& sent,
                           const std::vector<fbInfoElementSpec_t>& given, uint16_t scope);
  // Calls `append`, and again after emitting a message when the present one is full.
  absl::Status Append(const std::function<bool(GError**)>& append, const Sink& sink);
  absl::Status AppendRecord(uint16_t id, const std::vector<uint8_t>& record, const Sink& sink);
  absl::Status Emit(const Sink& sink);
  absl::Status SendTypeRecords(const Sink& sink);
  absl::Status SendStatement(const ExportBatch& batch, const IpfixTotals& totals, uint16_t cells,
                             const Sink& sink);

  const IpfixOptions options_;
  std::vector<uint8_t> message_;
  fbInfoModel_t* model_ = nullptr;
  fbSession_t* session_ = nullptr;
  fbExporter_t* exporter_ = nullptr;
  fBuf_t* buffer_ = nullptr;
  std::set<uint16_t> cell_templates_;
  bool pending_ = false;  // records that no message has carried yet
};

}  // namespace borderflow

#endif  // BORDERFLOW_COLLECTORS_EXPORT_IPFIX_ENCODER_H_
