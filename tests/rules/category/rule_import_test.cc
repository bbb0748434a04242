#include "rules/category/rule_import.h"

#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "rules/category/names.h"

namespace borderflow {
namespace {

namespace fs = std::filesystem;
using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::SizeIs;
using testing::StartsWith;

class RuleImportTest : public testing::Test {
 protected:
  RuleImportTest() {
    folder_ = fs::path(testing::TempDir()) /
              (std::string("rule_import_test_") +
               testing::UnitTest::GetInstance()->current_test_info()->name());
    fs::remove_all(folder_);
    fs::create_directories(folder_);
  }
  ~RuleImportTest() override { fs::remove_all(folder_); }

  std::string Write(const std::string& name, const std::string& text) const {
    fs::create_directories((folder_ / name).parent_path());
    std::ofstream(folder_ / name, std::ios::binary) << text;
    return (folder_ / name).string();
  }
  std::string Path(const std::string& name) const { return (folder_ / name).string(); }

  // The suffixes that come of an import, which must be a list that NameRules takes.
  static std::vector<std::string> Suffixes(RuleImport* import) {
    std::ostringstream out;
    import->Write(out);
    const absl::StatusOr<NameRules> rules = NameRules::Parse(out.str(), "made.csv");
    EXPECT_TRUE(rules.ok()) << rules.status();
    EXPECT_EQ(rules->size(), import->counts().written);
    std::vector<std::string> suffixes;
    std::istringstream lines(out.str());
    for (std::string line; std::getline(lines, line);) {
      if (line[0] != '#') suffixes.push_back(line.substr(0, line.find(',')));
    }
    return suffixes;
  }

  fs::path folder_;
};

ImportOptions As(ListFormat format, Category category = Category::kAdv) {
  ImportOptions options;
  options.format = format;
  options.category = category;
  return options;
}

uint64_t Refused(const RuleImport& import, NameRefusal refusal) {
  return import.counts().refused[static_cast<size_t>(refusal)];
}

TEST_F(RuleImportTest, HostsFileBecomesRules) {
  RuleImport import(As(ListFormat::kHosts));
  ASSERT_TRUE(import
                  .Read(Write("hosts",
                              "127.0.0.1 localhost\n"
                              "0.0.0.0 0.0.0.0\n"
                              "0.0.0.0 ads.example.com Tracker.Example.NET # two\r\n"
                              "nonsense\n"))
                  .ok());
  EXPECT_THAT(Suffixes(&import), ElementsAre("ads.example.com", "tracker.example.net"));
  EXPECT_EQ(import.counts().lines, 4);
  EXPECT_EQ(Refused(import, NameRefusal::kLocal), 1);
  EXPECT_EQ(Refused(import, NameRefusal::kAddress), 1);
  EXPECT_EQ(Refused(import, NameRefusal::kSyntax), 1);
  EXPECT_THAT(import.told(),
              Contains(StartsWith(Path("hosts") + ":4:1: \"nonsense\" is left out: ")));
}

TEST_F(RuleImportTest, EveryFieldOfARuleIsAsAsked) {
  ImportOptions options = As(ListFormat::kDomains, Category::kFin);
  options.confidence = 80;
  options.service = "banks, of ours";
  RuleImport import(options);
  import.ReadText("bank.example.com\n", "banks");
  std::ostringstream out;
  import.Write(out);
  EXPECT_THAT(out.str(), HasSubstr("\nbank.example.com,FIN,80,banks_ of ours\n"));
}

TEST_F(RuleImportTest, NamesThatStandTwiceAreToldWithBothPlaces) {
  RuleImport import(As(ListFormat::kDomains));
  import.ReadText("a.example.com\nb.example.com\nA.example.com.\n", "one");
  EXPECT_THAT(Suffixes(&import), ElementsAre("a.example.com", "b.example.com"));
  EXPECT_EQ(import.counts().duplicates, 1);
  EXPECT_THAT(import.told(), ElementsAre("one:3:1: \"a.example.com\" stands already in one:1"));
}

TEST_F(RuleImportTest, NamesBelowAnotherOneAreNotWritten) {
  RuleImport import(As(ListFormat::kDomains));
  import.ReadText("a.b.example.com\nexample.com\nx.example.org\n", "one");
  EXPECT_THAT(Suffixes(&import), ElementsAre("example.com", "x.example.org"));
  EXPECT_EQ(import.counts().covered, 1);
}

TEST_F(RuleImportTest, PublicSuffixIsRefusedAndSharedHostsAreLessSure) {
  ImportOptions options = As(ListFormat::kDomains);
  options.confidence = 80;
  RuleImport import(options);
  import.ReadText("co.uk\ngithub.io\nme.github.io\n", "one");
  std::ostringstream out;
  import.Write(out);
  EXPECT_EQ(Refused(import, NameRefusal::kPublicSuffix), 1);
  EXPECT_EQ(import.counts().shared, 1);
  EXPECT_THAT(out.str(), HasSubstr("github.io,ADV,50,"));
  EXPECT_THAT(out.str(), HasSubstr("me.github.io,ADV,80,"));
}

TEST_F(RuleImportTest, WhatTheShippedListSaysOtherwiseIsTold) {
  RuleImport import(As(ListFormat::kDomains));
  import.ReadText("doubleclick.net\nstripe.com\n", "one");
  EXPECT_EQ(import.counts().conflicts, 1);
  EXPECT_THAT(import.told(), ElementsAre(StartsWith("one:2:1: \"stripe.com\" becomes ADV; in the "
                                                    "shipped list it is FIN")));
}

TEST_F(RuleImportTest, Ut1FolderIsReadWithWhatItCannotSayCounted) {
  Write("bank/domains", "bank.example.com\nbank.example.org\n");
  Write("bank/urls", "example.net/bank\n");
  Write("bank/expressions", "(bank|banque)\n");
  Write("press/domains", "press.example.com\n");
  Write("README", "no list\n");
  fs::create_directory_symlink("bank", folder_ / "banks");
  RuleImport one(As(ListFormat::kUt1, Category::kFin));
  ASSERT_TRUE(one.Read(Path("bank")).ok());
  EXPECT_THAT(Suffixes(&one), SizeIs(2));
  EXPECT_EQ(Refused(one, NameRefusal::kPath), 1);
  EXPECT_EQ(Refused(one, NameRefusal::kPattern), 1);
  RuleImport all(As(ListFormat::kUt1));
  ASSERT_TRUE(all.Read(folder_.string()).ok());
  EXPECT_THAT(Suffixes(&all), SizeIs(3));
  EXPECT_EQ(all.counts().duplicates, 0) << "a link to a folder is not read again";
}

TEST_F(RuleImportTest, FolderThatIsAFileAndFileThatIsAFolderAreNamed) {
  const std::string file = Write("domains.txt", "example.com\n");
  RuleImport ut1(As(ListFormat::kUt1));
  EXPECT_THAT(std::string(ut1.Read(file).message()), HasSubstr("is a file, expected a folder"));
  EXPECT_THAT(std::string(ut1.Read(folder_.string()).message()), HasSubstr("'domains'"));
  EXPECT_EQ(ut1.Read(Path("none")).code(), absl::StatusCode::kNotFound);
  RuleImport hosts(As(ListFormat::kHosts));
  EXPECT_THAT(std::string(hosts.Read(folder_.string()).message()), HasSubstr("is a folder"));
  EXPECT_THAT(std::string(hosts.Read(Write("h.gz", "\x1f\x8b\x08")).message()),
              HasSubstr("gunzip"));
}

TEST_F(RuleImportTest, V2flyListsIncludeOthersByAttribute) {
  Write("data/top", "include:a @ads\ninclude:b\nfull:www.example.net\nregexp:^x\nkeyword:y\n");
  Write("data/a", "ads.example.com @ads\nwww.example.com\ninclude:b\n");
  Write("data/b", "b.example.org\nc.example.org @ads # why\n");
  RuleImport all(As(ListFormat::kV2fly));
  ASSERT_TRUE(all.Read(Path("data/top")).ok());
  EXPECT_THAT(Suffixes(&all),
              ElementsAre("ads.example.com", "c.example.org", "b.example.org", "www.example.net"));
  EXPECT_EQ(Refused(all, NameRefusal::kPattern), 2);
  ImportOptions options = As(ListFormat::kV2fly);
  options.attribute = "ads";
  RuleImport ads(options);
  ASSERT_TRUE(ads.Read(Path("data/a")).ok());
  EXPECT_THAT(Suffixes(&ads), ElementsAre("ads.example.com", "c.example.org"));
}

TEST_F(RuleImportTest, V2flyIncludesNeitherRunInCirclesNorLeaveTheFolder) {
  Write("secret", "secret.example.com\n");
  Write("data/a", "include:b\ninclude:../secret\ninclude:/etc/hosts\ninclude:none\n");
  Write("data/b", "include:a\nb.example.com\n");
  RuleImport import(As(ListFormat::kV2fly));
  ASSERT_TRUE(import.Read(Path("data/a")).ok());
  EXPECT_THAT(Suffixes(&import), ElementsAre("b.example.com"));
  EXPECT_GE(Refused(import, NameRefusal::kInclude), 3);
}

// Every list includes the next with another attribute: as many ways as there are subsets.
TEST_F(RuleImportTest, V2flyIncludesAreBounded) {
  for (int i = 0; i < 40; ++i) {
    const std::string next = "include:l" + std::to_string(i + 1);
    Write("data/l" + std::to_string(i), next + " @-a" + std::to_string(i) + "\n" + next + "\n" +
                                            "n" + std::to_string(i) + ".example.com\n");
  }
  RuleImport import(As(ListFormat::kV2fly));
  ASSERT_TRUE(import.Read(Path("data/l0")).ok());
  EXPECT_LE(import.counts().files, RuleImport::kMostIncludes + 1);
  EXPECT_GT(Refused(import, NameRefusal::kInclude), 0);
}

TEST_F(RuleImportTest, HostileLinesCostThemselvesOnly) {
  std::string text = "a.example.com\n";
  text += std::string(10'000'000, 'x') + "\n";
  text += std::string("b\0.example.com\n", 15);
  text += "\xff\xfe.example.com\n";
  text += std::string(64, 'l') + ".example.com\n";
  text += "b.example.com";
  RuleImport import(As(ListFormat::kDomains));
  ASSERT_TRUE(import.Read(Write("list", text)).ok());
  EXPECT_THAT(Suffixes(&import), ElementsAre("a.example.com", "b.example.com"));
  EXPECT_EQ(Refused(import, NameRefusal::kLongLine), 1);
  EXPECT_EQ(Refused(import, NameRefusal::kBinary), 1);
  EXPECT_EQ(Refused(import, NameRefusal::kForeignScript), 1);
  EXPECT_EQ(Refused(import, NameRefusal::kMalformed), 1);
  for (const std::string& told : import.told()) EXPECT_LT(told.size(), 700);
}

TEST_F(RuleImportTest, OfEachReasonOnlyTheFirstAreTold) {
  RuleImport import(As(ListFormat::kDomains));
  std::string text;
  for (int i = 0; i < 100; ++i) text += "192.0.2.1\n";
  import.ReadText(text, "one");
  EXPECT_EQ(Refused(import, NameRefusal::kAddress), 100);
  EXPECT_THAT(import.told(), SizeIs(RuleImport::kTold));
}

}  // namespace
}  // namespace borderflow
