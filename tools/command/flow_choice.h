// FlowChoice: which flow of a capture a user means.
//
// Thread safety: pure functions.
#ifndef BORDERFLOW_TOOLS_COMMAND_FLOW_CHOICE_H_
#define BORDERFLOW_TOOLS_COMMAND_FLOW_CHOICE_H_

#include <cstdint>
#include <optional>
#include <string_view>

#include "dataplane/packet/flow_key.h"

namespace borderflow {

// By its number in the order of first frames, from 1, or by its key.
struct FlowChoice {
  uint64_t number = 0;
  std::optional<FlowKey> key;
};

// "3", "10.0.0.2:51234-192.0.2.1:443/tcp", "[2001:db8::1]:53-[2001:db8::2]:53/udp",
// "10.0.0.2-192.0.2.1/icmp" or a protocol's number; either end first.
std::optional<FlowChoice> ParseFlowChoice(std::string_view text);

}  // namespace borderflow

#endif  // BORDERFLOW_TOOLS_COMMAND_FLOW_CHOICE_H_
