// CapturedInterface: a Linux interface for as long as net_af_packet captures it: what the kernel
// says of it that the driver does not, and its promiscuous mode, which the driver leaves on.
//
// Thread safety: none. Every call acts in the network namespace of its thread.
#ifndef BORDERFLOW_DATAPLANE_CAPTURE_DPDK_CAPTURED_INTERFACE_H_
#define BORDERFLOW_DATAPLANE_CAPTURE_DPDK_CAPTURED_INTERFACE_H_

#include <cstdint>
#include <string>
#include <vector>

namespace borderflow {

class CapturedInterface {
 public:
  // To be made before the port is opened, and to be destroyed after it was closed.
  explicit CapturedInterface(const std::string& name);
  // Ends promiscuous mode, unless the interface was in it before.
  ~CapturedInterface();
  CapturedInterface(const CapturedInterface&) = delete;
  CapturedInterface& operator=(const CapturedInterface&) = delete;

  const std::string& name() const { return name_; }

  // To be called when the port is open: finds the packet sockets that the driver made.
  void Opened();

  // Frames since the port was opened; packet(7), PACKET_STATISTICS, which a read sets to zero: that
  // is why nobody else may ask.
  struct Counts {
    uint64_t delivered = 0;    // put into the driver's ring
    uint64_t no_room = 0;      // the ring was full
    uint64_t before_ring = 0;  // the interface's own rx_dropped and rx_missed_errors
  };
  // REQUIRES: the port is still open.
  Counts Read();

  // Up, and with a carrier.
  bool LinkIsUp() const;

 private:
  std::vector<int> PacketSockets() const;
  // The interface's IFF_ flags; 0 when it is gone.
  short Flags() const;
  uint64_t DroppedBeforeRing() const;

  std::string name_;
  int control_;  // any socket, for requests about the interface
  bool was_promiscuous_;
  uint64_t dropped_at_start_;
  std::vector<int> foreign_;  // packet sockets that are not the driver's
  std::vector<int> sockets_;  // the driver's; it closes them
  Counts counts_;
};

}  // namespace borderflow

#endif  // BORDERFLOW_DATAPLANE_CAPTURE_DPDK_CAPTURED_INTERFACE_H_
