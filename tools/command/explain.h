// `borderflow explain`: what decided, for a name, an address or a flow of a capture. For the
// contract with the main program see geo.h.
#ifndef BORDERFLOW_TOOLS_COMMAND_EXPLAIN_H_
#define BORDERFLOW_TOOLS_COMMAND_EXPLAIN_H_

#include <CLI/App.hpp>
#include <nlohmann/json.hpp>
#include <ostream>
#include <string>

#include "absl/status/statusor.h"
#include "dataplane/packet/address.h"
#include "rules/category/names.h"
#include "rules/entity/entities.h"
#include "tools/account/options.h"
#include "tools/command/flow_story.h"

namespace borderflow {

// `exit_code` must outlive `app`.
void AddExplainCommand(CLI::App& app, int* exit_code);

// What it is made of, one file each. Each prints for people on `out`, and returns the same as JSON.

// Errors: InvalidArgument for what is no name.
absl::StatusOr<nlohmann::ordered_json> ExplainName(const std::string& text, const NameRules& rules,
                                                   const Entities& entities, std::ostream& out);

// Errors: those of Geography::Load.
absl::StatusOr<nlohmann::ordered_json> ExplainAddressOf(const IpAddress& address,
                                                        const AccountPlan& plan, std::ostream& out);

// Errors: those of OpenCapture, Geography::Load and TellFlow.
absl::StatusOr<nlohmann::ordered_json> ExplainFlow(const std::string& capture,
                                                   const FlowChoice& choice,
                                                   const AccountPlan& plan, std::ostream& out);

// {"suffix","category","confidence","service","file","line"}, or null.
nlohmann::ordered_json MatchJson(const std::optional<NameMatch>& match);

// "FIN, 80 percent: stripe.com (suffixes.csv:12, Stripe payments)", or that no rule knows it.
std::string MatchText(const std::optional<NameMatch>& match);

}  // namespace borderflow

#endif  // BORDERFLOW_TOOLS_COMMAND_EXPLAIN_H_
