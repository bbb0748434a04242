#include "collectors/report/decided_pack.h"

#include "absl/strings/str_cat.h"
#include "rules/policy/compile.h"
#include "rules/policy/outcome.h"

namespace borderflow {
namespace {

std::vector<Verdict> VerdictsUnder(const Pack& pack, absl::Span<const PolicyCell> cells,
                                   const EvaluateOptions& options) {
  CompiledPack compiled(pack, options);
  std::vector<Verdict> verdicts;
  verdicts.reserve(cells.size());
  for (const uint32_t outcome : compiled.Decide(cells)) {
    verdicts.push_back(compiled.outcomes()[outcome].verdict);
  }
  return verdicts;
}

}  // namespace

DecidedPack DecidePack(const Pack& pack, absl::Span<const PolicyCell> cells,
                       const EvaluateOptions& options) {
  DecidedPack of;
  of.id = pack.id;
  if (const PackParameter* missing = pack.Missing(); missing != nullptr) {
    of.unanswered = absl::StrCat("its parameter \"", missing->id, "\" was not given");
    return of;
  }
  CompiledPack compiled(pack, options);
  const std::vector<uint32_t> decided = compiled.Decide(cells);
  for (size_t r = 0; r < pack.rules.size(); ++r) {
    of.rules.push_back({pack.rules[r].id, compiled.maker().RuleVerdict(r)});
  }
  of.rules.push_back({"default", compiled.maker().default_verdict()});
  const int by_default = static_cast<int>(pack.rules.size());
  for (const uint32_t outcome : decided) {
    const PolicyOutcome& o = compiled.outcomes()[outcome];
    of.verdicts.push_back(o.verdict);
    of.rule.push_back(o.reason == Reason::kRule      ? static_cast<int>(o.rule)
                      : o.reason == Reason::kDefault ? by_default
                                                     : -1);
  }
  EvaluateOptions ablated = options;
  ablated.ablate_origin = true;
  of.ablated = VerdictsUnder(pack, cells, ablated);
  EvaluateOptions mirrored = options;
  mirrored.mirror = true;
  of.mirrored = VerdictsUnder(pack, cells, mirrored);
  return of;
}

}  // namespace borderflow
