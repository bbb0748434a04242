#include "collectors/export/ipfix/elements.h"

#include <gtest/gtest.h>

#include <cstring>
#include <set>

#include "tests/collectors/child_process.h"
#include "tests/source_tree.h"

namespace borderflow {
namespace {

TEST(IpfixElementsTest, TheDocumentIsMadeFromTheTable) {
  EXPECT_EQ(ReadWhole(BORDERFLOW_SOURCE_DIR "/collectors/export/ipfix/ELEMENTS.md"),
            ElementsDocument());
}

TEST(IpfixElementsTest, StandardElementsAreThoseOfTheRegistry) {
  fbInfoModel_t* model = fbInfoModelAlloc();
  for (const IpfixElement& element : CellElements()) {
    if (element.ours) continue;
    const fbInfoElement_t* known = fbInfoModelGetElementByName(model, element.name);
    ASSERT_NE(known, nullptr) << element.name;
    EXPECT_EQ(known->num, element.id) << element.name;
    EXPECT_EQ(known->ent, 0u) << element.name;
    EXPECT_LE(element.length, known->len) << element.name;
  }
  fbInfoModelFree(model);
}

TEST(IpfixElementsTest, OursHaveIdsOfTheirOwnAndLeaveTheReverseBitFree) {
  std::set<uint16_t> ids;
  for (const auto* elements : {&CellElements(), &PackElements()}) {
    for (const IpfixElement& element : *elements) {
      if (!element.ours) continue;
      EXPECT_TRUE(ids.insert(element.id).second) << element.name;
      EXPECT_GT(element.id, 0) << element.name;
      EXPECT_LT(element.id, 0x4000) << element.name;
      EXPECT_GT(std::strlen(element.meaning), 0u) << element.name;
    }
  }
  EXPECT_GE(ids.size(), 17u);
}

// A record in memory has no padding, so numbers must stand at multiples of their size.
TEST(IpfixElementsTest, NumbersStandWhereTheirSizeWantsThem) {
  size_t at = 0;
  for (const IpfixElement& element : CellElements()) {
    const size_t alignment =
        element.length == FB_IE_VARLEN ? alignof(fbVarfield_t) : element.length;
    EXPECT_EQ(at % alignment, 0u) << element.name;
    at += element.length == FB_IE_VARLEN ? sizeof(fbVarfield_t) : element.length;
  }
}

}  // namespace
}  // namespace borderflow
