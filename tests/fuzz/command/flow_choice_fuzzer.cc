// Any text as the choice of a flow: none, a number, or a key as frames have it.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>
#include <utility>

#include "tools/command/flow_choice.h"

namespace {

bool HasPorts(uint8_t protocol) {
  constexpr uint8_t kTcp = 6, kUdp = 17, kDccp = 33, kSctp = 132, kUdpLite = 136;
  return protocol == kTcp || protocol == kUdp || protocol == kDccp || protocol == kSctp ||
         protocol == kUdpLite;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const auto choice = borderflow::ParseFlowChoice(text);
  if (!choice.has_value()) return 0;
  if (choice->key.has_value() == (choice->number != 0)) std::abort();
  if (!choice->key.has_value()) return 0;
  const borderflow::FlowKey& key = *choice->key;
  if (std::pair(key.hi, key.port_hi) < std::pair(key.lo, key.port_lo)) std::abort();
  if (key.lo.IsV4Mapped() != (key.family == 4) || key.hi.IsV4Mapped() != (key.family == 4)) {
    std::abort();
  }
  // Ports are told where the protocol has them, and nowhere else.
  if (!HasPorts(key.protocol) && (key.port_lo != 0 || key.port_hi != 0)) std::abort();
  if (HasPorts(key.protocol) && text.find(':') == std::string_view::npos) std::abort();
  return 0;
}
