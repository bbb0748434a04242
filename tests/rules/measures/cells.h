// Cells for tests of measures, as short as the table in the test's comment.
#ifndef BORDERFLOW_TESTS_RULES_MEASURES_CELLS_H_
#define BORDERFLOW_TESTS_RULES_MEASURES_CELLS_H_

#include <cstdint>
#include <initializer_list>
#include <string_view>

#include "rules/policy/evaluate.h"

namespace borderflow {

// A cell of what `from` sends to `to`: encrypted web mail, `bytes` long, of one flow that `from`
// started, until a test says otherwise. The operator of an end is at home where the end is.
inline PolicyCell TestCell(std::string_view from, std::string_view to, uint64_t bytes) {
  PolicyCell cell;
  cell.source.location = *FromCode(from);
  cell.source.operator_home = cell.source.location;
  cell.destination.location = *FromCode(to);
  cell.destination.operator_home = cell.destination.location;
  cell.category = Category::kCom;
  cell.evidence = Evidence::kName;
  cell.confidence = 80;
  cell.protection = Protection::kEncrypted;
  cell.frames = 1;
  cell.bytes = bytes;
  cell.payload_bytes = bytes;
  cell.flows = 1;
  cell.clients_low = 1;
  cell.clients_high = 1;
  return cell;
}

// The same flow's other direction.
inline PolicyCell AnswerTo(const PolicyCell& call, uint64_t bytes) {
  PolicyCell cell = call;
  cell.source = call.destination;
  cell.destination = call.source;
  cell.from_initiator = !call.from_initiator;
  cell.bytes = bytes;
  cell.payload_bytes = bytes;
  cell.flows = 0;
  cell.clients_low = 0;
  cell.clients_high = 0;
  return cell;
}

inline Jurisdiction J(std::string_view code) { return *FromCode(code); }

inline JurisdictionSet SetOf(std::initializer_list<std::string_view> codes) {
  JurisdictionSet set;
  for (const std::string_view code : codes) set.set(static_cast<size_t>(J(code)));
  return set;
}

}  // namespace borderflow

#endif  // BORDERFLOW_TESTS_RULES_MEASURES_CELLS_H_
