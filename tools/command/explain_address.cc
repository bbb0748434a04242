// `borderflow explain ADDRESS`: what `geo lookup` knows, with the source of the operator.
#include "dataplane/geo/geography.h"
#include "dataplane/geo/lookup.h"
#include "rules/jurisdiction/operators.h"
#include "tools/command/explain.h"
#include "tools/command/explain_organisation.h"
#include "tools/command/geo_answer.h"

namespace borderflow {

absl::StatusOr<nlohmann::ordered_json> ExplainAddressOf(const IpAddress& address,
                                                        const AccountPlan& plan,
                                                        std::ostream& out) {
  const absl::StatusOr<Geography> geography = Geography::Load(plan.geography);
  if (!geography.ok()) return geography.status();
  absl::StatusOr<std::vector<SourceAnswer>> answers = ExplainAddress(plan.geography, address);
  if (!answers.ok()) return answers.status();
  const AddressAnswer answer =
      Summarise(address, geography->map().Find(address), *std::move(answers));
  PrintAnswer(answer, out);
  const Entities& entities = plan.lists.entities();
  const OrganisationAnswer organisation =
      OrganisationOfAddress(address, answer.found.asn, entities);
  PrintOrganisation(organisation, entities,
                    answer.found.asn == 0
                        ? "no listed prefix holds it, and no source given knows its AS"
                        : "neither a prefix nor its AS is; the name of a flow may tell one",
                    out);
  PrintLenses(*geography, out);
  nlohmann::ordered_json json = {{"kind", "address"}};
  json.update(AnswerJson(answer, geography->files()));
  json["operator_source"] = nullptr;
  if (answer.operated_by != nullptr) {
    json["operator_source"] = {{"table", "operators.csv"},
                               {"basis", "curated"},
                               {"as_of", OperatorsAsOf()},
                               {"organisation", answer.operated_by->organisation}};
  }
  json["organisation"] = OrganisationJson(organisation, entities);
  json["entities_digest"] = entities.digest();
  return json;
}

}  // namespace borderflow
