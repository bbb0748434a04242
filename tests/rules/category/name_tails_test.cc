#include "rules/category/name_tails.h"

#include <map>
#include <random>
#include <string>
#include <vector>

#include "absl/numeric/int128.h"
#include "gtest/gtest.h"

namespace borderflow {
namespace {

std::string Lower(std::string_view text) {
  std::string lower(text);
  for (char& c : lower) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c;
  return lower;
}

// The slow twin: every tail at a label border, the shortest first.
std::vector<std::string> TailsByScan(std::string name) {
  if (name.ends_with('.')) name.pop_back();
  std::vector<std::string> tails;
  for (size_t begin = name.size() + 1; begin-- > 0;) {
    const bool border = begin == 0 || name[begin - 1] == '.';
    if (border && name.size() - begin <= NameTails::kMaxName) tails.push_back(name.substr(begin));
  }
  return tails;
}

std::string RandomName(std::mt19937& random, std::string_view letters, size_t most) {
  std::string name;
  for (size_t left = random() % (most + 1); left > 0; --left) {
    name += letters[random() % letters.size()];
  }
  return name;
}

TEST(NameTailsTest, TailsAreThoseOfAScan) {
  std::mt19937 random(1);
  for (int i = 0; i < 20'000; ++i) {
    const std::string name = RandomName(random, "aZ-0..", i % 10 == 0 ? 600 : 30);
    const NameTails tails(name);
    const std::vector<std::string> expected = TailsByScan(name);
    ASSERT_EQ(tails.tails().size(), expected.size()) << name;
    for (size_t n = 0; n < expected.size(); ++n) ASSERT_EQ(tails.Text(n), expected[n]) << name;
  }
}

TEST(NameTailsTest, NameWithoutMemoryHasTheEmptyTailOnly) {
  const NameTails tails{std::string_view()};
  ASSERT_EQ(tails.tails().size(), 1);
  EXPECT_EQ(tails.Text(0), "");
}

// Bytes of which any pair could be taken for each other: by case, as padding, as a border.
TEST(NameTailsTest, TailsHaveTheSameHashExactlyWhenTheirLowerCaseIsTheSame) {
  const std::string_view letters("aA\0.\x2e\x0e_\x7f-\x0d\xe1\xc1@`", 14);
  std::mt19937 random(2);
  std::map<std::pair<uint64_t, uint64_t>, std::string> texts;
  std::map<std::string, std::pair<uint64_t, uint64_t>> hashes;
  for (int i = 0; i < 100'000; ++i) {
    const std::string name = RandomName(random, letters, i % 2 == 0 ? 5 : 20);
    const NameTails tails(name);
    for (size_t n = 0; n < tails.tails().size(); ++n) {
      const auto [mark, place] = tails.tails()[n];
      const std::string text = Lower(tails.Text(n));
      ASSERT_EQ(texts.try_emplace({mark, place}, text).first->second, text);
      ASSERT_EQ(hashes.try_emplace(text, mark, place).first->second, std::pair(mark, place));
    }
  }
  EXPECT_GT(texts.size(), 50'000);
}

// The header's formula, word for word.
TEST(NameTailsTest, MarkIsTheMultilinearHash) {
  TailKeys keys;
  std::mt19937_64 random(3);
  for (TailKeys::Key& key : keys.keys) key = {random(), random(), random()};
  const auto product = [&keys](size_t at, uint64_t word) {
    return absl::Uint128High64(absl::MakeUint128(keys.keys[at].high, keys.keys[at].low) * word);
  };
  const NameTails tails("w.examples.ORG", keys);
  ASSERT_EQ(tails.tails().size(), 3);
  constexpr uint64_t kOrg = 0x67726f'0000000000 | (3 * 8 + 1);
  EXPECT_EQ(tails.tails()[0].mark, 1 + product(0, kOrg));
  constexpr uint64_t kPlesOrg = 0x67726f'2e'73656c70;  // "ples.org"
  constexpr uint64_t kExam = 0x6d617865'00000000 | (4 * 8 + 1);
  EXPECT_EQ(tails.tails()[1].mark, 1 + product(0, kPlesOrg) + product(1, kExam));
  constexpr uint64_t kWExam = 0x6d617865'2e'77'0000 | (6 * 8 + 1);
  EXPECT_EQ(tails.tails()[2].mark, 1 + product(0, kPlesOrg) + product(1, kWExam));
}

}  // namespace
}  // namespace borderflow
