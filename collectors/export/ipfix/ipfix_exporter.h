// IpfixExporter: batches to one collector or file.
//
// Over TCP a lost connection is made again for the next batch, which brings its templates; a batch
// that was cut off is counted as not sent, and the next statement record says so. UDP has no
// answer: what a collector loses it can tell from the sequence numbers.
#ifndef BORDERFLOW_COLLECTORS_EXPORT_IPFIX_IPFIX_EXPORTER_H_
#define BORDERFLOW_COLLECTORS_EXPORT_IPFIX_IPFIX_EXPORTER_H_

#include <memory>
#include <string>

#include "collectors/export/background.h"
#include "collectors/export/ipfix/destination.h"
#include "collectors/export/ipfix/encoder.h"
#include "collectors/export/ipfix/transport.h"

namespace borderflow {

class IpfixExporter : public Exporter {
 public:
  // `sensor` names the observation domain.
  IpfixExporter(const IpfixDestination& destination, uint32_t pen, const std::string& sensor);

  const std::string& name() const override { return name_; }
  absl::Status Export(const ExportBatch& batch, const Hurry& hurry) override;

 private:
  const std::string name_;
  IpfixOptions options_;
  std::unique_ptr<Transport> transport_;
  std::unique_ptr<IpfixEncoder> encoder_;  // of the transport's session
  uint64_t session_ = 0;
  IpfixTotals totals_;
};

}  // namespace borderflow

#endif  // BORDERFLOW_COLLECTORS_EXPORT_IPFIX_IPFIX_EXPORTER_H_
