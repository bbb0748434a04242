// Territories: codes of ISO 3166-1 that name a part of another state.
//
// Only those that a law of the state treats as its own soil: outermost regions and Åland of the
// European Union (TFEU article 355(1) and (4)), the inhabited and minor territories of the United
// States, Svalbard. Overseas countries and territories (PF, NC, AW, GL ...) stand for themselves.
//
// Thread safety: pure functions over constant tables.
#ifndef BORDERFLOW_RULES_JURISDICTION_TERRITORY_H_
#define BORDERFLOW_RULES_JURISDICTION_TERRITORY_H_

#include "rules/jurisdiction/jurisdiction.h"

namespace borderflow {

// The state that `jurisdiction` is a territory of (RE -> FR, PR -> US); otherwise itself.
Jurisdiction StateOf(Jurisdiction jurisdiction);

}  // namespace borderflow

#endif  // BORDERFLOW_RULES_JURISDICTION_TERRITORY_H_
