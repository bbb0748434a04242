// A flow that tests show to an inspector, packet by packet.
#ifndef BORDERFLOW_TESTS_DATAPLANE_INSPECT_INSPECTED_FLOW_H_
#define BORDERFLOW_TESTS_DATAPLANE_INSPECT_INSPECTED_FLOW_H_

#include <optional>
#include <string>
#include <vector>

#include "dataplane/inspect/inspector.h"
#include "tests/dataplane/inspect/wire.h"

namespace borderflow {

// One flow before one inspector. Keeps what every answer said.
class InspectedFlow {
 public:
  explicit InspectedFlow(Inspector* inspector, Ends ends = {})
      : inspector_(inspector), ends_(ends) {}

  Inspection::State Tcp(bool from_client, uint32_t sequence, const Buffer& payload) {
    return Take(TcpPacket(ends_, from_client, sequence, payload), from_client);
  }
  // In order, whatever was sent before.
  Inspection::State Client(const Buffer& payload) {
    const uint32_t sequence = next_client_;
    next_client_ += static_cast<uint32_t>(payload.size());
    return Tcp(true, sequence, payload);
  }
  Inspection::State Server(const Buffer& payload) {
    const uint32_t sequence = next_server_;
    next_server_ += static_cast<uint32_t>(payload.size());
    return Tcp(false, sequence, payload);
  }
  Inspection::State Udp(const Buffer& payload, bool from_client = true) {
    return Take(UdpPacket(ends_, from_client, payload), from_client);
  }

  std::optional<Classification> recognised() const { return inspector_->Recognised(slot_); }
  Classification guess() const {
    return inspector_->Guess(TcpPacket(ends_, true, 0, {}), /*from_initiator=*/true);
  }
  void Later(uint64_t ns) { ends_.time_ns += ns; }

  const std::vector<std::string>& names() const { return names_; }
  const Inspection& last() const { return last_; }
  const Classification& classification() const { return last_.classification; }
  SlotHandle slot() const { return slot_; }
  SlotHandle* mutable_slot() { return &slot_; }

 private:
  Inspection::State Take(const Packet& packet, bool from_client) {
    last_ = inspector_->Inspect(packet, from_client, &slot_);
    Inspection inspection = last_;
    if (!inspection.name.empty()) {
      do {
        names_.emplace_back(inspection.name);
      } while (inspector_->NextName(&inspection));
    }
    last_.name = {};  // no longer valid
    return last_.state;
  }

  Inspector* inspector_;
  Ends ends_;
  SlotHandle slot_ = 0;
  uint32_t next_client_ = 0xffffff00;  // so that every hello crosses the wrap
  uint32_t next_server_ = 9000;
  Inspection last_;
  std::vector<std::string> names_;
};

}  // namespace borderflow

#endif  // BORDERFLOW_TESTS_DATAPLANE_INSPECT_INSPECTED_FLOW_H_
