#include "rules/category/rule_check.h"

#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace borderflow {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

// "file:line:column kind" of every remark.
std::vector<std::string> Places(const RuleCheck& check) {
  std::vector<std::string> places;
  for (const Remark& remark : check.remarks()) {
    places.push_back(absl::StrCat(remark.file, ":", remark.line, ":", remark.column, " ",
                                  std::string(Name(remark.kind))));
  }
  return places;
}

RuleCheck Checked(const std::vector<std::string>& lists) {
  RuleCheck check;
  char name = 'a';
  for (const std::string& list : lists) check.ReadText(list, std::string(1, name++));
  check.Finish();
  return check;
}

TEST(RuleCheckTest, SoundListHasNoRemarks) {
  const RuleCheck check = Checked({"# c\nexample.com,FIN,80,A\npay.example.com,HLT,80,B\n"});
  EXPECT_THAT(check.remarks(), IsEmpty());
  EXPECT_EQ(check.suffixes(), 2);
}

TEST(RuleCheckTest, AllFaultsAreFoundWithTheirColumns) {
  const RuleCheck check =
      Checked({"A.com,FIN,80,A\nexample.com,FON,80,A\nexample.org,FIN,81,A\nx\nok.com,FIN,80,A\n"});
  EXPECT_THAT(Places(check),
              ElementsAre("a:1:1 fault", "a:2:13 fault", "a:3:17 fault", "a:4:1 fault"));
  EXPECT_THAT(check.remarks()[1].text, HasSubstr("did you mean \"FIN\"?"));
  EXPECT_EQ(check.suffixes(), 1);
}

TEST(RuleCheckTest, SuffixTwiceInOneListIsAFault) {
  const RuleCheck check = Checked({"example.com,FIN,80,A\nexample.com,HLT,80,A\n"});
  EXPECT_THAT(Places(check), ElementsAre("a:2:1 fault"));
  EXPECT_THAT(check.remarks()[0].text, HasSubstr("line 1, where it says something else"));
}

TEST(RuleCheckTest, ListsThatContradictEachOtherConflict) {
  const RuleCheck check = Checked({"example.com,FIN,80,A\n", "example.com,HLT,80,A\n"});
  EXPECT_THAT(Places(check), ElementsAre("b:1:13 conflict"));
  EXPECT_THAT(check.remarks()[0].text, HasSubstr("HLT here and FIN in a:1"));
}

TEST(RuleCheckTest, EntriesThatChangeNothingAreDead) {
  EXPECT_THAT(Places(Checked({"example.com,FIN,80,A\n", "example.com,FIN,80,A\n"})),
              ElementsAre("b:1:1 dead"));
  EXPECT_THAT(Places(Checked({"a.example.com,FIN,80,A\nexample.com,FIN,80,B\n"})),
              ElementsAre("a:1:1 dead"));
}

TEST(RuleCheckTest, EntryIsAliveBetweenOthersThatSayTheSame) {
  EXPECT_THAT(Places(Checked({"example.com,FIN,80,A\nb.example.com,HLT,80,A\n"
                              "a.b.example.com,FIN,80,A\n"})),
              IsEmpty());
  EXPECT_THAT(Places(Checked({"example.com,FIN,80,A\na.example.com,FIN,50,A\n"})), IsEmpty());
}

TEST(RuleCheckTest, PublicSuffixOfNoInstitutionIsNoted) {
  EXPECT_THAT(Places(Checked({"co.uk,FIN,80,A\ngov.br,GOV,80,B\nac.uk,CHD,80,C\n"})),
              ElementsAre("a:1:1 note"));
}

TEST(RuleCheckTest, RemarksAreBoundedAndAllAreCounted) {
  std::string list;
  for (size_t i = 0; i < 2 * RuleCheck::kMostRemarks; ++i) list += "x\n";
  const RuleCheck check = Checked({list});
  EXPECT_EQ(check.remarks().size(), RuleCheck::kMostRemarks);
  EXPECT_EQ(check.count(RemarkKind::kFault), 2 * RuleCheck::kMostRemarks);
}

}  // namespace
}  // namespace borderflow
