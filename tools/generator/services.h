// Services: hosts of real services by what they are, with the jurisdictions where the generator
// lets them answer. The names are facts; the places are a scenario and state nothing about a
// company.
//
// Thread safety: constant table.
#ifndef BORDERFLOW_TOOLS_GENERATOR_SERVICES_H_
#define BORDERFLOW_TOOLS_GENERATOR_SERVICES_H_

#include <cstdint>
#include <string_view>

#include "absl/types/span.h"

namespace borderflow::generator {

struct Service {
  std::string_view name;    // as in server_name, Host and DNS
  std::string_view places;  // "US IE": one of them answers; "anycast" is one too
  uint8_t weight = 1;       // how often it is called, relative to the others
};

absl::Span<const Service> Services();

// Reserved names (RFC 2606, RFC 6761) that no rule can know.
absl::Span<const Service> UnknownServices();

// Draws one service by weight. `ticket` is any number.
const Service& ByWeight(absl::Span<const Service> services, uint32_t ticket);

}  // namespace borderflow::generator

#endif  // BORDERFLOW_TOOLS_GENERATOR_SERVICES_H_
