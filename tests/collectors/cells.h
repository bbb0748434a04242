// Cells for tests, built in one line.
#ifndef BORDERFLOW_TESTS_COLLECTORS_CELLS_H_
#define BORDERFLOW_TESTS_COLLECTORS_CELLS_H_

#include <string_view>

#include "dataplane/count/snapshot.h"

namespace borderflow {

inline Cell MakeCell(std::string_view source, std::string_view destination, uint64_t bytes,
                     Category category = Category::kUnk, Evidence evidence = Evidence::kNone) {
  Cell cell;
  cell.key.source.location = *FromCode(source);
  cell.key.destination.location = *FromCode(destination);
  cell.key.classification.category = category;
  cell.key.classification.evidence = evidence;
  cell.counters = {1, bytes, bytes / 2, 1};
  return cell;
}

}  // namespace borderflow

#endif  // BORDERFLOW_TESTS_COLLECTORS_CELLS_H_
