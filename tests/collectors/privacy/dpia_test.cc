// DPIA.md names tests as its proofs: each is there.
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <regex>
#include <set>
#include <string>

#include "tests/source_tree.h"

namespace borderflow {
namespace {

std::string ReadAll(const std::filesystem::path& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

TEST(DpiaTest, EveryTestThatItNamesIsThere) {
  std::set<std::string> there;
  const std::regex declared("TEST(?:_F|_P)?\\((\\w+),\\s*(\\w+)\\)");
  for (const auto& file :
       std::filesystem::recursive_directory_iterator(BORDERFLOW_SOURCE_DIR "/tests")) {
    if (file.path().extension() != ".cc") continue;
    const std::string text = ReadAll(file.path());
    for (std::sregex_iterator at(text.begin(), text.end(), declared), end; at != end; ++at) {
      there.insert((*at)[1].str() + "." + (*at)[2].str());
    }
  }
  EXPECT_GT(there.size(), 500u);
  const std::string page = ReadAll(BORDERFLOW_SOURCE_DIR "/collectors/privacy/DPIA.md");
  const std::regex named("`(\\w+Test\\.\\w+)`");
  int proofs = 0;
  for (std::sregex_iterator at(page.begin(), page.end(), named), end; at != end; ++at, ++proofs) {
    EXPECT_TRUE(there.contains((*at)[1])) << (*at)[1];
  }
  EXPECT_GE(proofs, 25);
}

}  // namespace
}  // namespace borderflow
