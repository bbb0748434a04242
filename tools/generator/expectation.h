// What today's rules make of a flow, by the documented order: a name that a rule knows; the name
// that the client asked DNS for; the protocol itself; the registered port.
//
// Written from the rules, not from the inspector, which is measured by it.
//
// Thread safety: pure functions.
#ifndef BORDERFLOW_TOOLS_GENERATOR_EXPECTATION_H_
#define BORDERFLOW_TOOLS_GENERATOR_EXPECTATION_H_

#include <cstdint>
#include <string_view>

#include "rules/category/names.h"
#include "rules/category/protocol.h"
#include "tools/generator/truth.h"

namespace borderflow::generator {

// A recognised `protocol` that carried `name`, or, when it carried none, whose server the client
// had asked for by that name; empty for neither.
Expectation ExpectProtocol(Protocol protocol, std::string_view name, const NameRules& rules);

// Nothing to recognise but the responder's port, or the IP protocol itself.
Expectation ExpectPort(uint8_t ip_protocol, uint16_t port);

// The protocol that the structure of an application's messages shows (applications.h, by name);
// kNone for those that only their port tells.
Protocol StructureOf(std::string_view application);

}  // namespace borderflow::generator

#endif  // BORDERFLOW_TOOLS_GENERATOR_EXPECTATION_H_
