// Inspector: the first payload packets of a flow -> Classification.
//
// Owns the pools that an inspection needs (reassembly slots, QUIC contexts, ends of what was read);
// a flow holds only a 16-bit handle while it is undecided. One file a protocol beside this one;
// none of them knows the flow table or an output.
//
// Thread safety: none; one Inspector a worker.
#ifndef BORDERFLOW_DATAPLANE_INSPECT_INSPECTOR_H_
#define BORDERFLOW_DATAPLANE_INSPECT_INSPECTOR_H_

#include <cstdint>
#include <memory>
#include <optional>
#include <string_view>

#include "absl/types/span.h"
#include "dataplane/count/cell.h"
#include "dataplane/inspect/content/content.h"
#include "dataplane/inspect/dns_names.h"
#include "dataplane/packet/packet.h"
#include "rules/category/names.h"
#include "rules/entity/entities.h"

namespace borderflow {

// A flow is decided after 8 payload packets, 16 KiB a direction or 64 frames at the latest (design
// section 3); the worker applies these bounds. A flow that holds a slot then is still shown to the
// inspector, whose own bounds (hello length, ranges, age) end the inspection: a hello in segments
// of one byte is named, only later.
inline constexpr int kInspectPackets = 8;
inline constexpr uint32_t kInspectBytes = 16384;
inline constexpr int kInspectFrames = 64;

// Handle of a reassembly slot, or a note in itself (flow_note.h); 0 is none. Kept by the flow,
// owned by the Inspector.
using SlotHandle = uint16_t;

struct Inspection {
  enum class State : uint8_t {
    kMore,     // not yet: show the next payload packet of this flow
    kForNow,   // `classification` stands from here on; as long as the flow's handle is not 0, show
               // its further packets, which may change it (STARTTLS, a server's certificate)
    kDecided,  // `classification` is final
    kStaying,  // decided, and every further message names something (DNS, mDNS, LLMNR)
  };
  State state = State::kMore;
  Classification classification;
  // The name that this packet carried or completed, lower case where it is ASCII, any bytes
  // otherwise; empty for none. Valid until the next call. May be set in every state: an HTTP
  // CONNECT names its target while the flow is still undecided.
  std::string_view name;
  Protocol name_protocol = Protocol::kNone;  // which protocol's message the name stood in
};

struct InspectorCounters {
  uint64_t slots_exhausted = 0;       // a slot or text was taken from its flow: an overflow
  uint64_t slots_expired = 0;         // held bytes that came to nothing in time and were dropped
  uint64_t overlaps_conflicting = 0;  // segments that overlap with other bytes; the first copy won
  uint64_t hello_too_long = 0;        // messages beyond 16 KiB, or in too many pieces
  uint64_t quic_undecryptable = 0;    // client Initials whose keys did not open them
  uint64_t ech_outer = 0;             // names that stand for a client-facing ECH server
  ContentHits content_hits{};         // in readable flows, by kind
};

class Inspector {
 public:
  // Both must outlive the inspector; without `entities` no name tells an organisation.
  explicit Inspector(const NameRules* rules, const Entities* entities = nullptr);
  ~Inspector();

  // From now on what flows carry is not read: no packet is searched for content patterns, and no
  // flow has the evidence `content`. Protocols and names are told as before.
  void LeaveContent();

  // Looks at one packet with payload of an undecided (or staying) flow. `from_initiator` tells the
  // direction; `slot` is the flow's handle, which this call may set or release. No allocation.
  Inspection Inspect(const Packet& packet, bool from_initiator, SlotHandle* slot);

  // Further names of the packet that was last shown to Inspect (a DNS message may ask for several,
  // and a TCP segment hold several messages): sets the two name members; false when there is none
  // left. That packet's frame must still be readable.
  bool NextName(Inspection* inspection);

  // A name's own category, which for a DNS query is not the flow's.
  Category CategoryOf(std::string_view name) const;

  // What can be said of a flow at its first packet, without payload: the DNS name that the client
  // asked for before it called this server, else the registered port, else nothing.
  Classification Guess(const Packet& packet, bool from_initiator) const;

  // Asks memory for what Guess will read of a flow between these two.
  void Prefetch(const IpAddress& client, const IpAddress& server) const;
  // The same of an inspection under way.
  void Prefetch(SlotHandle slot) const;

  // What was recognised so far in the inspection behind `slot`, if anything (a ClientHello that is
  // not complete is TLS already). Depends on the flow's own packets only, so that it does not
  // matter when it is asked. 0 gives nullopt.
  std::optional<Classification> Recognised(SlotHandle slot) const;

  // Ends the inspection behind `slot`; 0 is allowed.
  void Release(SlotHandle slot);

  // Wipes what is remembered of a readable flow's text. To be called when the flow ends, or will
  // not be shown any more; a decision of Inspect does it by itself.
  void Forget(const FlowKey& flow);

  // Learns names from a DNS answer. Called for every frame that can teach, in file order, on every
  // worker, whether or not the worker owns the flow: see CanTeach.
  void Learn(const Packet& packet);

  // Reads what a burst will teach, and asks memory for where that will be kept, so that Learn need
  // not wait for it. Learns nothing: the packets, where they are now, are to be shown to Learn.
  // The same of names in packets at the positions `inspected`, which Inspect may be shown.
  void Foresee(absl::Span<const Packet> burst, absl::Span<const uint16_t> inspected = {});

  // From now on Learn also notes what it learned in `lessons`, for other workers; nullptr ends it.
  void Share(DnsLessons* lessons);

  // Takes over what another worker learned.
  void Learn(const DnsLesson& lesson);

  // True for a packet whose payload may be a DNS answer (UDP or TCP source port 53).
  static bool CanTeach(const Packet& packet) {
    constexpr uint16_t kDnsPort = 53;
    constexpr uint32_t kHeader = 12;
    constexpr uint8_t kTcp = 6;
    constexpr uint8_t kUdp = 17;
    return packet.source_port() == kDnsPort && packet.payload_captured > kHeader &&
           (packet.key.protocol == kUdp || packet.key.protocol == kTcp) && packet.inspectable();
  }

  const InspectorCounters& counters() const;
  const DnsNamesCounters& dns_counters() const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace borderflow

#endif  // BORDERFLOW_DATAPLANE_INSPECT_INSPECTOR_H_
