// The suffix table against a scan of all suffixes.
#include <algorithm>
#include <random>
#include <set>
#include <string>
#include <vector>

#include "gtest/gtest.h"
#include "rules/category/names.h"

namespace borderflow {
namespace {

// The slow twin: the header's sentence, word for word.
std::string LongestByScan(const std::vector<std::string>& suffixes, std::string name) {
  std::transform(name.begin(), name.end(), name.begin(),
                 [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
  if (name.ends_with('.')) name.pop_back();
  std::string longest;
  for (const std::string& suffix : suffixes) {
    const bool matches = name == suffix || name.ends_with("." + suffix);
    if (matches && suffix.size() > longest.size()) longest = suffix;
  }
  return longest;
}

NameRules Rules(const std::vector<std::string>& suffixes) {
  std::string csv;
  for (const std::string& suffix : suffixes) csv += suffix + ",GEO,80,Service\n";
  absl::StatusOr<NameRules> rules = NameRules::Parse(csv, "twin.csv");
  EXPECT_TRUE(rules.ok()) << rules.status();
  return *std::move(rules);
}

std::string Found(const NameRules& rules, std::string_view name) {
  const std::optional<NameMatch> match = rules.Match(name);
  EXPECT_EQ(rules.Find(name) != nullptr, match.has_value());
  return match.has_value() ? std::string(match->suffix) : "";
}

// All strings over `letters` of at most `most` bytes.
std::vector<std::string> AllNames(std::string_view letters, size_t most) {
  std::vector<std::string> names = {""};
  for (size_t from = 0, size = 1; size <= most; ++size) {
    const size_t to = names.size();
    for (; from < to; ++from) {
      for (const char letter : letters) names.push_back(names[from] + letter);
    }
  }
  return names;
}

bool IsSuffix(const std::string& text) {
  return !text.empty() && text.front() != '.' && text.back() != '.' &&
         text.find("..") == std::string::npos;
}

TEST(NamesTwinTest, AgreesOnEveryShortNameForManySetsOfSuffixes) {
  const std::vector<std::string> names = AllNames("aB.", 6);
  std::vector<std::string> candidates;
  for (const std::string& text : AllNames("ab.", 5)) {
    if (IsSuffix(text)) candidates.push_back(text);
  }
  std::mt19937 random(2);
  for (int round = 0; round < 200; ++round) {
    std::vector<std::string> suffixes;
    for (const std::string& candidate : candidates) {
      if (random() % 200 < static_cast<unsigned>(round)) suffixes.push_back(candidate);
    }
    const NameRules rules = Rules(suffixes);
    for (const std::string& name : names) {
      ASSERT_EQ(Found(rules, name), LongestByScan(suffixes, name)) << name << " round " << round;
    }
  }
}

// Names are read in words of eight bytes: dots at every place of a word, labels that end with one.
TEST(NamesTwinTest, AgreesWhereverLabelsEndInAWord) {
  constexpr size_t kMost = 10;
  std::mt19937 random(4);
  std::vector<std::string> suffixes;
  for (size_t b = 1; b <= kMost; ++b) {
    if (random() % 3 == 0) suffixes.push_back(std::string(b, 'c'));
    for (size_t c = 1; c <= kMost; ++c) {
      if (random() % 2 == 0) suffixes.push_back(std::string(b, 'b') + "." + std::string(c, 'c'));
    }
  }
  const NameRules rules = Rules(suffixes);
  size_t found = 0;
  for (size_t a = 0; a <= kMost; ++a) {
    for (size_t b = 1; b <= kMost; ++b) {
      for (size_t c = 1; c <= kMost; ++c) {
        const std::string name =
            std::string(a, 'a') + "." + std::string(b, 'B') + "." + std::string(c, 'c');
        ASSERT_EQ(Found(rules, name), LongestByScan(suffixes, name)) << name;
        std::string joined = name;
        joined[a] = 'b';  // one label in the place of two
        ASSERT_EQ(Found(rules, joined), LongestByScan(suffixes, joined)) << joined;
        found += !Found(rules, name).empty();
      }
    }
  }
  EXPECT_GT(found, 300);
}

// Labels of every length that the hash reads in another way, and bytes that no suffix has.
TEST(NamesTwinTest, AgreesOnRandomNamesOfAllLengths) {
  std::mt19937 random(3);
  const auto label = [&random](std::string_view letters, size_t most) {
    std::string text;
    for (size_t left = 1 + random() % most; left > 0; --left) {
      text += letters[random() % letters.size()];
    }
    return text;
  };
  std::set<std::string> chosen;
  while (chosen.size() < 400) {
    std::string suffix = label("ab0_", 20);
    for (size_t more = random() % 3; more > 0; --more) suffix = label("ab0_", 20) + "." + suffix;
    chosen.insert(suffix);
  }
  const std::vector<std::string> suffixes(chosen.begin(), chosen.end());
  const NameRules rules = Rules(suffixes);
  size_t matches = 0;
  for (int i = 0; i < 20000; ++i) {
    std::string name = suffixes[random() % suffixes.size()];
    for (size_t more = random() % 4; more > 0; --more) {
      name = label("abAB0_-\xff\x20\x40", 70) + "." + name;
    }
    if (random() % 4 == 0) name[random() % name.size()] = static_cast<char>(random());
    if (random() % 4 == 0) name[random() % name.size()] ^= 0x20;
    if (random() % 8 == 0) name += '.';
    const std::string found = Found(rules, name);
    ASSERT_EQ(found, LongestByScan(suffixes, name)) << name;
    matches += !found.empty();
  }
  EXPECT_GT(matches, 10000) << "the names must exercise matches too";
}

// More than one block of memory, and every rule another one.
TEST(NamesTwinTest, EachOfManySuffixesHasItsOwnRuleAndLine) {
  std::string csv;
  constexpr int kRules = 200'000;
  for (int i = 0; i < kRules; ++i) {
    const std::string number = std::to_string(i);
    csv += "host" + number + ".example,FIN,80,Service " + number + "\n";
  }
  const absl::StatusOr<NameRules> rules = NameRules::Parse(csv, "many.csv");
  ASSERT_TRUE(rules.ok()) << rules.status();
  EXPECT_GT(rules->memory_bytes(), size_t{4} << 20);
  for (int i = 0; i < kRules; ++i) {
    const std::string number = std::to_string(i);
    const std::optional<NameMatch> match = rules->Match("a.host" + number + ".example");
    ASSERT_TRUE(match.has_value()) << i;
    ASSERT_EQ(match->rule->service, "Service " + number);
    ASSERT_EQ(match->line, i + 1);
  }
}

TEST(NamesTwinTest, FindsEachOfManySuffixes) {
  std::vector<std::string> suffixes;
  for (int i = 0; i < 100000; ++i) suffixes.push_back("host" + std::to_string(i) + ".example");
  const NameRules rules = Rules(suffixes);
  for (const std::string& suffix : suffixes) {
    ASSERT_EQ(Found(rules, suffix), suffix);
    ASSERT_EQ(Found(rules, "www." + suffix), suffix);
    ASSERT_EQ(Found(rules, "no" + suffix), "");
  }
}

// A suffix takes as many slots as it is long; a bucket has more slots than fingerprints now and
// then, and long ones bring it there soon.
TEST(NamesTwinTest, AgreesOnSuffixesOfEveryLength) {
  std::mt19937 random(9);
  for (int round = 0; round < 20; ++round) {
    std::vector<std::string> suffixes;
    for (size_t size = 1; size <= 253; ++size) {
      std::string suffix;
      while (suffix.size() < size) {
        const bool dot = !suffix.empty() && suffix.back() != '.' && suffix.size() + 1 < size &&
                         (random() % 12 == 0 || suffix.size() % 40 == 39);
        suffix += dot ? '.' : static_cast<char>('a' + random() % 26);
      }
      suffixes.push_back(suffix);
    }
    std::set<std::string> unique(suffixes.begin(), suffixes.end());
    suffixes.assign(unique.begin(), unique.end());
    std::shuffle(suffixes.begin(), suffixes.end(), random);
    const NameRules rules = Rules(suffixes);
    for (const std::string& suffix : suffixes) {
      ASSERT_EQ(Found(rules, suffix), suffix);
      const std::string below = "x." + suffix;
      ASSERT_EQ(Found(rules, below), LongestByScan(suffixes, below));
      const std::string beside = suffix.substr(1);
      ASSERT_EQ(Found(rules, beside), LongestByScan(suffixes, beside)) << suffix;
    }
  }
}

}  // namespace
}  // namespace borderflow
