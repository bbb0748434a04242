// Belief: what several pieces of evidence for one category are worth together.
//
// Noisy-OR: each piece leaves a doubt, and the doubts are multiplied, as if the pieces erred apart
// from each other. They do not quite, so that the sum stays within four points above what the best
// of them may claim alone, 85 percent where nothing of the flow's own structure speaks, and 99 in
// all (policy reference 4.2). Of one class only the first piece counts: the name of the hello and
// the one that was asked of DNS are the same name. What speaks for another category adds nothing
// and takes nothing away; the better class decides before this.
//
// Thread safety: a value.
#ifndef BORDERFLOW_RULES_CATEGORY_BELIEF_H_
#define BORDERFLOW_RULES_CATEGORY_BELIEF_H_

#include <cstdint>

#include "rules/category/category.h"

namespace borderflow {

class Belief {
 public:
  // Any confidence up to 100 is accepted; more counts as 100.
  void Add(Evidence evidence, int confidence);

  // Percent; of one piece alone its own confidence, as far as its class may claim it.
  uint8_t confidence() const;

 private:
  uint64_t doubt_ = 1;  // the product of what the pieces leave, in percent each
  uint64_t scale_ = 1;  // what it is out of
  uint8_t classes_ = 0;
  uint8_t pieces_ = 0;
  int cap_ = 0;  // of the best piece
  Evidence best_ = Evidence::kNone;
};

// The highest confidence, in percent, that any pieces of evidence may claim of which `best` is the
// best class.
int CombinedCap(Evidence best);

}  // namespace borderflow

#endif  // BORDERFLOW_RULES_CATEGORY_BELIEF_H_
