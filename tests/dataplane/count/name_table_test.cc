#include "dataplane/count/name_table.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <random>
#include <string>
#include <vector>

#include "tests/dataplane/count/describe.h"

namespace borderflow {
namespace {

NameCounters Kind(Protocol protocol, Category category = Category::kUnk) {
  return {Evidence::kName, category, protocol, 0, 0};
}

TEST(NameTable, AgreesWithMap) {
  NameTable table(1000);
  std::map<std::string, std::pair<uint64_t, uint64_t>> twin;
  std::mt19937_64 random(1);
  for (int i = 0; i < 10'000; ++i) {
    std::string name = "n";  // any byte may stand in a name
    name += static_cast<char>(random() % 256);
    const uint32_t index = table.Intern(name, Kind(Protocol::kTls));
    ASSERT_NE(index, NameTable::kNone);
    const uint64_t flows = random() % 3, bytes = random() % 10'000;
    table.Add(index, flows, bytes);
    twin[name].first += flows;
    twin[name].second += bytes;
  }
  const std::map<std::string, NameCounters> names = table.Names();
  ASSERT_EQ(names.size(), twin.size());
  for (const auto& [name, counters] : names) {
    EXPECT_EQ(counters.flows, twin[name].first);
    EXPECT_EQ(counters.bytes, twin[name].second);
  }
  EXPECT_EQ(table.unlisted(), 0u);
}

TEST(NameTable, HoldsItsCapacityAndCountsWhatHadNoRoom) {
  for (const size_t capacity : {0, 1, 3}) {
    NameTable table(capacity);
    for (size_t i = 0; i < 5; ++i) {
      const uint32_t index = table.Intern(std::to_string(i), Kind(Protocol::kTls));
      EXPECT_EQ(index == NameTable::kNone, i >= capacity);
      table.Add(index, 1, 1);
    }
    EXPECT_EQ(table.unlisted(), 5 - capacity);
    EXPECT_EQ(table.Names().size(), capacity);
    for (const auto& [name, counters] : table.Names()) EXPECT_EQ(counters.flows, 1u) << name;
  }
}

// The kind of a name that is seen in several: the same in whatever order, in one table or two.
TEST(NameTable, KindDependsOnNoOrder) {
  std::vector<NameCounters> kinds = {Kind(Protocol::kTls, Category::kHlt),
                                     Kind(Protocol::kDns, Category::kHlt),
                                     Kind(Protocol::kQuic, Category::kHlt),
                                     {Evidence::kContent, Category::kFin, Protocol::kHttp, 0, 0}};
  const auto by_protocol = [](const NameCounters& a, const NameCounters& b) {
    return a.protocol < b.protocol;
  };
  std::sort(kinds.begin(), kinds.end(), by_protocol);
  do {
    NameTable whole(4);
    Snapshot merged;
    for (const NameCounters& kind : kinds) {
      whole.Add(whole.Intern("name", kind), 1, 10);
      NameTable part(4);
      part.Add(part.Intern("name", kind), 1, 10);
      Snapshot snapshot;
      snapshot.names = part.Names();
      Merge(snapshot, &merged);
    }
    Snapshot expected;
    expected.names["name"] = {Evidence::kContent, Category::kFin, Protocol::kHttp, 4, 40};
    Snapshot alone;
    alone.names = whole.Names();
    ExpectSame(alone, expected);
    ExpectSame(merged, expected);
  } while (std::next_permutation(kinds.begin(), kinds.end(), by_protocol));
}

}  // namespace
}  // namespace borderflow
