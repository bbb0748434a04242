// Where the corpus of real captures lies, for tests that can use it.
#ifndef BORDERFLOW_TESTS_CORPUS_H_
#define BORDERFLOW_TESTS_CORPUS_H_

#include <cstdlib>
#include <filesystem>
#include <optional>

#include "tests/source_tree.h"

namespace borderflow {

// BORDERFLOW_CORPUS, else ../shared/corpus beside the checkout; nullopt when neither is there.
// Tests must then GTEST_SKIP with the reason.
inline std::optional<std::filesystem::path> CorpusFolder() {
  const char* named = std::getenv("BORDERFLOW_CORPUS");
  const std::filesystem::path folder =
      named != nullptr ? std::filesystem::path(named)
                       : std::filesystem::path(BORDERFLOW_SOURCE_DIR) / ".." / "shared" / "corpus";
  if (!std::filesystem::is_directory(folder)) return std::nullopt;
  return folder;
}

}  // namespace borderflow

#endif  // BORDERFLOW_TESTS_CORPUS_H_
