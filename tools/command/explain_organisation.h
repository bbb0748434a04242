// Which organisation a name, an address or an AS is told to be, by what, and on which lists it is.
//
// Thread safety: pure functions.
#ifndef BORDERFLOW_TOOLS_COMMAND_EXPLAIN_ORGANISATION_H_
#define BORDERFLOW_TOOLS_COMMAND_EXPLAIN_ORGANISATION_H_

#include <cstdint>
#include <nlohmann/json.hpp>
#include <ostream>
#include <string>
#include <string_view>

#include "dataplane/packet/address.h"
#include "rules/entity/entities.h"

namespace borderflow {

struct OrganisationAnswer {
  const Organisation* organisation = nullptr;  // nullptr: nobody who is listed
  std::string_view told_by;                    // "name", "prefix" or "as"
  std::string what;                            // "huawei.com", "192.0.2.0/24", "AS136907"
};

// By the longest suffix. `name` in lower case, without a trailing dot.
OrganisationAnswer OrganisationOfName(std::string_view name, const Entities& entities);

// By the longest prefix, else by the AS; `asn` is 0 where none is known.
OrganisationAnswer OrganisationOfAddress(const IpAddress& address, uint32_t asn,
                                         const Entities& entities);

// The organisation, what its recognition rests on, and every list that names it, with authority,
// status and dates. Without one, `otherwise` says why.
void PrintOrganisation(const OrganisationAnswer& answer, const Entities& entities,
                       std::string_view otherwise, std::ostream& out);

// {"name","title","home","told_by":{"kind","what"},"as_of","source","verified","note","lists":[...]}
// or null.
nlohmann::ordered_json OrganisationJson(const OrganisationAnswer& answer, const Entities& entities);

}  // namespace borderflow

#endif  // BORDERFLOW_TOOLS_COMMAND_EXPLAIN_ORGANISATION_H_
