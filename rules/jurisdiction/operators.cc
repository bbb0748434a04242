#include "rules/jurisdiction/operators.h"

#include <algorithm>
#include <iterator>

#include "rules/jurisdiction/code_table.h"

namespace borderflow {
namespace {

// Fails to compile for a code that ISO 3166-1 does not have.
consteval Jurisdiction Home(std::string_view code) {
  const uint8_t id = internal::IdOf(code);
  if (id == internal::kNone) throw "operators.csv: unknown home";
  return static_cast<Jurisdiction>(id);
}

constexpr Operator kOperators[] = {
#include "embedded/operators.inc"
};

constexpr std::string_view kAsOf =
#include "embedded/operators_as_of.inc"
    ;

constexpr bool Before(const Operator& a, const Operator& b) { return a.asn < b.asn; }

static_assert(std::adjacent_find(std::begin(kOperators), std::end(kOperators),
                                 [](const Operator& a, const Operator& b) {
                                   return !Before(a, b);
                                 }) == std::end(kOperators),
              "operators.csv: sorted by AS number, each once");

}  // namespace

const Operator* FindOperator(uint32_t asn) {
  const Operator* found = std::lower_bound(std::begin(kOperators), std::end(kOperators),
                                           Operator{asn, Jurisdiction::kUnknown, {}}, Before);
  return found != std::end(kOperators) && found->asn == asn ? found : nullptr;
}

Jurisdiction OperatorHome(uint32_t asn) {
  const Operator* found = asn == 0 ? nullptr : FindOperator(asn);
  return found == nullptr ? Jurisdiction::kUnknown : found->home;
}

size_t OperatorCount() { return std::size(kOperators); }

std::string_view OperatorsAsOf() { return kAsOf; }

}  // namespace borderflow
