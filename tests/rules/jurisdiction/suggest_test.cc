#include "rules/jurisdiction/suggest.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

namespace borderflow {
namespace {

// The slow twin: the definition, by recursion over what the last step was.
size_t SlowDistance(const std::string& a, const std::string& b) {
  if (a.empty() || b.empty()) return std::max(a.size(), b.size());
  const std::string shorter_a = a.substr(0, a.size() - 1);
  const std::string shorter_b = b.substr(0, b.size() - 1);
  size_t best = SlowDistance(shorter_a, shorter_b) + (a.back() == b.back() ? 0 : 1);
  best = std::min(best, SlowDistance(shorter_a, b) + 1);
  best = std::min(best, SlowDistance(a, shorter_b) + 1);
  if (a.size() > 1 && b.size() > 1 && a.back() == b[b.size() - 2] && a[a.size() - 2] == b.back()) {
    best = std::min(best, SlowDistance(a.substr(0, a.size() - 2), b.substr(0, b.size() - 2)) + 1);
  }
  return best;
}

// Every word of up to `length` letters of "abc".
std::vector<std::string> Words(size_t length) {
  std::vector<std::string> words = {""};
  for (size_t begin = 0, round = 0; round < length; ++round) {
    const size_t end = words.size();
    for (; begin < end; ++begin) {
      for (const char letter : {'a', 'b', 'c'}) words.push_back(words[begin] + letter);
    }
  }
  return words;
}

TEST(SuggestTest, DistanceAgreesWithItsDefinitionOnAllShortWords) {
  const std::vector<std::string> words = Words(4);
  ASSERT_EQ(words.size(), 121u);
  for (const std::string& a : words) {
    for (const std::string& b : words) EXPECT_EQ(EditDistance(a, b), SlowDistance(a, b)) << a << b;
  }
}

TEST(SuggestTest, DistanceIgnoresCaseAndCountsASwapOnce) {
  EXPECT_EQ(EditDistance("EEA", "eea"), 0u);
  EXPECT_EQ(EditDistance("members", "memebrs"), 1u);
  EXPECT_EQ(EditDistance(std::string(64, 'a'), std::string(64, 'b')), 64u);
}

TEST(SuggestTest, NearestIsTheOnlyCandidateWithinAThird) {
  const std::vector<std::string_view> keys = {"members", "source", "title", "as_of"};
  EXPECT_EQ(Nearest("member", keys), "members");
  EXPECT_EQ(Nearest("sorce", keys), "source");
  EXPECT_EQ(Nearest("asof", keys), "as_of");
  EXPECT_EQ(Nearest("description", keys), "");
  EXPECT_EQ(Nearest("", keys), "");
}

TEST(SuggestTest, NothingIsNearestWhenTwoAreEquallyNear) {
  const std::vector<std::string_view> names = {"north", "north", "forth"};
  EXPECT_EQ(Nearest("worth", names), "");
  EXPECT_EQ(Nearest("nortth", names), "north");
}

TEST(SuggestTest, LongWordsAreNeverCompared) {
  const std::string longest(kLongestSuggestion, 'x');
  const std::string longer(kLongestSuggestion + 1, 'x');
  EXPECT_EQ(Nearest(longest, {longer, longest}), longest);
  EXPECT_EQ(Nearest(longer, {longer, longest}), "");
}

}  // namespace
}  // namespace borderflow
