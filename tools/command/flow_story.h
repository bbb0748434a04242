// FlowStory: what of one flow of a capture was seen, and what decided its category.
//
// The whole capture is read. The flow's frames go through the worker that every run uses, and so do
// the DNS answers of everybody else, as lessons; so what is counted here is what a replay counts.
// An inspector of its own beside it tells which frame showed what.
//
// Thread safety: none.
#ifndef BORDERFLOW_TOOLS_COMMAND_FLOW_STORY_H_
#define BORDERFLOW_TOOLS_COMMAND_FLOW_STORY_H_

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "dataplane/capture/source.h"
#include "dataplane/count/snapshot.h"
#include "dataplane/front.h"
#include "dataplane/geo/prefix_map.h"
#include "dataplane/packet/flow_key.h"
#include "rules/category/names.h"
#include "rules/entity/entities.h"
#include "rules/jurisdiction/extent.h"
#include "tools/command/flow_choice.h"

namespace borderflow {

// Something that a frame showed.
struct Sight {
  uint64_t frame = 0;  // in the capture, from 1
  bool from_initiator = true;
  Protocol protocol = Protocol::kNone;  // what is known of the flow from here on
  std::string name;                     // may hold any bytes; empty for none
  bool decided = false;                 // with this frame
};

// What the client asked DNS for before it called.
struct AskedName {
  std::string name;
  uint64_t frame = 0;  // of the answer
  uint32_t ttl_seconds = 0;
};

struct FlowStory {
  static constexpr size_t kMostSights = 50;

  uint64_t number = 0;
  uint64_t flows_in_capture = 0;  // keys seen; only where the flow was chosen by number
  FlowKey key;
  Sender initiator = Sender::kLo;
  uint64_t first_frame = 0;
  uint64_t last_frame = 0;
  uint64_t first_time_ns = 0;
  std::vector<Sight> sights;
  std::optional<AskedName> asked;
  Snapshot counted;  // of this flow alone: its cells, and with a place its round trip
  // From the first SYN to the answer; only where the worker timed it too.
  std::optional<uint64_t> round_trip_ns;

  const IpAddress& client() const { return initiator == Sender::kLo ? key.lo : key.hi; }
  const IpAddress& server() const { return initiator == Sender::kLo ? key.hi : key.lo; }
  uint16_t client_port() const { return initiator == Sender::kLo ? key.port_lo : key.port_hi; }
  uint16_t server_port() const { return initiator == Sender::kLo ? key.port_hi : key.port_lo; }
};

// `place` is the sensor's, for the round trip; `entities` tell the organisation. Errors: those of
// reading; NotFound when the capture has no such flow.
absl::StatusOr<FlowStory> TellFlow(FrameSource* source, const FlowChoice& choice,
                                   const PrefixMap& map, const NameRules& rules,
                                   const FrontOptions& front,
                                   const std::optional<Place>& place = std::nullopt,
                                   std::shared_ptr<const Entities> entities = nullptr);

}  // namespace borderflow

#endif  // BORDERFLOW_TOOLS_COMMAND_FLOW_STORY_H_
