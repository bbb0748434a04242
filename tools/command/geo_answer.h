// One address's answer as `geo lookup` and `explain` show it: the lenses side by side, then every
// source with what it says.
//
// Thread safety: pure functions.
#ifndef BORDERFLOW_TOOLS_COMMAND_GEO_ANSWER_H_
#define BORDERFLOW_TOOLS_COMMAND_GEO_ANSWER_H_

#include <nlohmann/json.hpp>
#include <ostream>
#include <string>
#include <vector>

#include "dataplane/geo/geography.h"
#include "dataplane/geo/location.h"
#include "dataplane/geo/lookup.h"
#include "dataplane/packet/address.h"
#include "rules/jurisdiction/operators.h"

namespace borderflow {

struct AddressAnswer {
  IpAddress address;
  Location found;                         // what a replay counts: the compiled map's answer
  const Operator* operated_by = nullptr;  // nullptr: not in the curated table
  std::string as_name;                    // of the first database that names the AS
  std::vector<SourceAnswer> answers;      // strongest first
};

AddressAnswer Summarise(const IpAddress& address, const Location& found,
                        std::vector<SourceAnswer> answers);

// "override", "site", "home", "special", "anycast", "database", "none".
std::string_view SourceName(GeoSource source);

void PrintAnswer(const AddressAnswer& answer, std::ostream& out);

// Basis, date and age of every lens that the answers above rest on.
void PrintLenses(const Geography& geography, std::ostream& out);

// {"address","location","registered","operator","asn","as_name","flags":[],"source","answers":[...]}
// of design section 5; asn is 0 where no source knows one. `files` give the answers of databases
// their basis and build time.
nlohmann::ordered_json AnswerJson(const AddressAnswer& answer, const std::vector<GeoFile>& files);

}  // namespace borderflow

#endif  // BORDERFLOW_TOOLS_COMMAND_GEO_ANSWER_H_
