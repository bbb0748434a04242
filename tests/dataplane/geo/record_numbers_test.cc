#include "dataplane/geo/record_numbers.h"

#include <random>
#include <set>

#include "gtest/gtest.h"

namespace borderflow {
namespace {

TEST(RecordNumbersTest, NumbersAreThePlacesInASortedSet) {
  std::mt19937_64 random(7);
  for (const size_t bytes : {size_t{1}, size_t{63}, size_t{64}, size_t{65}, size_t{5000}}) {
    RecordNumbers numbers(bytes);
    std::set<uint32_t> marked;
    for (size_t i = 0; i < bytes / 3 + 1; ++i) {
      marked.insert(static_cast<uint32_t>(random() % bytes));
    }
    for (const uint32_t offset : marked) {
      numbers.Mark(offset);
      numbers.Mark(offset);
    }
    EXPECT_EQ(numbers.Number(), std::vector<uint32_t>(marked.begin(), marked.end()));
    uint32_t expected = 0;
    for (const uint32_t offset : marked) EXPECT_EQ(numbers.Of(offset), expected++) << offset;
    EXPECT_EQ(numbers.Of(numbers.nothing()), expected) << "what has no record comes last";
  }
}

}  // namespace
}  // namespace borderflow
