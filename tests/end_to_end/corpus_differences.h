// Where borderflow and the corpus's expectations differ, and why borderflow is right or which bound
// of its design it meets. Anything not listed here must agree.
#ifndef BORDERFLOW_TESTS_END_TO_END_CORPUS_DIFFERENCES_H_
#define BORDERFLOW_TESTS_END_TO_END_CORPUS_DIFFERENCES_H_

#include <set>
#include <string>
#include <string_view>

namespace borderflow {

struct Differences {
  bool bytes = false;
  bool inner_pairs = false;
  bool outer_pairs = false;
  std::set<std::string> missed_names;
  std::set<std::string> more_names;
};

Differences KnownDifferences(const std::string& capture);

// The form in which names are compared: without a port (a report gives the host), a final dot, or
// bytes that are not ASCII (expectations replace some of those). `kind` is the expectation's.
std::string NormalizedName(std::string name, std::string_view kind);

}  // namespace borderflow

#endif  // BORDERFLOW_TESTS_END_TO_END_CORPUS_DIFFERENCES_H_
