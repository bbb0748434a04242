// Transport: carries IPFIX messages to a file or a collector, and never waits for long.
//
// Thread safety: one thread at a time.
#ifndef BORDERFLOW_COLLECTORS_EXPORT_IPFIX_TRANSPORT_H_
#define BORDERFLOW_COLLECTORS_EXPORT_IPFIX_TRANSPORT_H_

#include <chrono>
#include <cstdint>
#include <memory>
#include <string_view>

#include "absl/status/status.h"
#include "collectors/export/background.h"
#include "collectors/export/ipfix/destination.h"

namespace borderflow {

class Transport {
 public:
  virtual ~Transport() = default;

  // A message whole, or an error after which the transport is closed: connection refused or reset,
  // a collector that takes nothing for kPatience, a full disk. Returns early when `hurry` begins,
  // with an error, unless the message can be sent without waiting.
  virtual absl::Status Send(std::string_view message, const Hurry& hurry) = 0;

  // Counts up when a connection or file begins; a new one knows no templates.
  uint64_t session() const { return session_; }

  // Opens if need be.
  virtual absl::Status Open(const Hurry& hurry) = 0;

  // The longest message that should be sent.
  virtual uint16_t message_bytes() const = 0;

  // How long a collector may take to accept a connection or the next bytes.
  static constexpr std::chrono::seconds kPatience{10};

 protected:
  uint64_t session_ = 0;
};

std::unique_ptr<Transport> MakeTransport(const IpfixDestination& destination);

}  // namespace borderflow

#endif  // BORDERFLOW_COLLECTORS_EXPORT_IPFIX_TRANSPORT_H_
