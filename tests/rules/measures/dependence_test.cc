#include "rules/measures/dependence.h"

#include <gtest/gtest.h>

#include <vector>

#include "tests/rules/measures/cells.h"

namespace borderflow {
namespace {

// What users in `user` start towards a server that an operator of `op` runs.
PolicyCell Use(std::string_view user, std::string_view op, Category category, uint64_t bytes) {
  PolicyCell cell = TestCell(user, user, bytes);
  cell.destination.operator_home = J(op);
  cell.category = category;
  return cell;
}

// Users in DE: COM 60 on US, 20 on DE, 20 on unknown; MED 100 on US.
//   D_DE(US, COM) = 60 / 80, at least 0.6, at most 0.8; over all 160 / 180, at least 0.8, at most
//   0.9
// Users in US: COM 10 on DE, 90 on US: D_US(DE) = 0.1
//   A_DE,US = 160/180 - 0.1; bounds 0.8 - 0.1 and 0.9 - 0.1
TEST(DependenceTest, DependenceAndAsymmetryByHand) {
  const PolicyCell cells[] = {
      Use("DE", "US", Category::kCom, 60),      Use("DE", "DE", Category::kCom, 20),
      Use("DE", "unknown", Category::kCom, 20), Use("DE", "US", Category::kMed, 100),
      Use("US", "DE", Category::kCom, 10),      Use("US", "US", Category::kCom, 90)};
  const Measured mail = Dependence(cells, J("DE"), J("US"), Category::kCom, Weight::kBytes);
  EXPECT_NEAR(mail.value(), 0.75, 1e-12);
  EXPECT_NEAR(mail.low(), 0.6, 1e-12);
  EXPECT_NEAR(mail.high(), 0.8, 1e-12);
  const Measured asymmetry = AsymmetricDependence(cells, J("DE"), J("US"), Weight::kBytes);
  EXPECT_NEAR(asymmetry.value(), 160.0 / 180 - 0.1, 1e-12);
  EXPECT_NEAR(asymmetry.low(), 0.7, 1e-12);
  EXPECT_NEAR(asymmetry.high(), 0.8, 1e-12);
}

TEST(DependenceTest, AsymmetryOfUsersThatWereNotSeenIsNotMeasurable) {
  const PolicyCell cells[] = {Use("DE", "US", Category::kCom, 60)};
  EXPECT_EQ(AsymmetricDependence(cells, J("DE"), J("US"), Weight::kBytes).reason(),
            "no traffic of users in US was seen");
}

// From a vantage in DE, users in US are seen only when they call DE: D_US(DE) = 1 by selection.
TEST(DependenceTest, AsymmetryTowardsThoseWhoOnlyCallInIsNotMeasurable) {
  const PolicyCell cells[] = {Use("DE", "US", Category::kCom, 60), TestCell("US", "DE", 40)};
  EXPECT_FALSE(SeesUsersAtHome(cells, J("US")));
  EXPECT_TRUE(SeesUsersAtHome(cells, J("DE")));
  EXPECT_EQ(AsymmetricDependence(cells, J("DE"), J("US"), Weight::kBytes).reason(),
            "what users in US keep at home does not pass this vantage");
}

// Users in DE use COM of US only, MED of US and DE, FIN of US and of unknown, and something
// encrypted. COM is critical, MED is not, FIN may be: 1 of 2, at least 1 / 3, at most 2 / 3.
TEST(DependenceTest, CriticalDependenceCountsCategoriesWithOneHolder) {
  const PolicyCell cells[] = {
      Use("DE", "US", Category::kCom, 9),      Use("DE", "US", Category::kMed, 9),
      Use("DE", "DE", Category::kMed, 1),      Use("DE", "US", Category::kFin, 9),
      Use("DE", "unknown", Category::kFin, 9), Use("DE", "FR", Category::kEnc, 9)};
  const Measured critical = CriticalDependence(cells, J("DE"), Holder::kOperatorHome);
  EXPECT_NEAR(critical.value(), 0.5, 1e-12);
  EXPECT_NEAR(critical.low(), 1.0 / 3, 1e-12);
  EXPECT_NEAR(critical.high(), 2.0 / 3, 1e-12);
}

// Users in DE: to US operators 10 cleartext, 30 encrypted (named), 20 of unknown protection (by
// protocol); to DE operators 40 cleartext. A user in US is at home there and does not count.
//   content: 10 of 80, at least 0.1, at most 0.3; with metadata: 40 of 80
TEST(DependenceTest, PanopticonExposureCountsOnlyWhatCanBeRead) {
  std::vector<PolicyCell> cells = {
      Use("DE", "US", Category::kCom, 10), Use("DE", "US", Category::kCom, 30),
      Use("DE", "US", Category::kCom, 20), Use("DE", "DE", Category::kCom, 40),
      Use("US", "US", Category::kCom, 900)};
  cells[0].protection = Protection::kCleartext;
  cells[0].evidence = Evidence::kContent;
  cells[2].protection = Protection::kUnknown;
  cells[2].evidence = Evidence::kProtocol;
  cells[3].protection = Protection::kCleartext;
  const Measured content = PanopticonExposure(cells, J("US"), Readable::kContent, Weight::kBytes);
  EXPECT_NEAR(content.value(), 0.125, 1e-12);
  EXPECT_NEAR(content.low(), 0.1, 1e-12);
  EXPECT_NEAR(content.high(), 0.3, 1e-12);
  const Measured metadata = PanopticonExposure(cells, J("US"), Readable::kMetadata, Weight::kBytes);
  EXPECT_NEAR(metadata.value(), 0.5, 1e-12);
}

TEST(DependenceTest, EncryptingNeverRaisesWhatCanBeRead) {
  std::vector<PolicyCell> cells = {Use("DE", "US", Category::kCom, 10),
                                   Use("DE", "FR", Category::kCom, 10)};
  for (PolicyCell& cell : cells) cell.protection = Protection::kCleartext;
  const double before =
      PanopticonExposure(cells, J("US"), Readable::kContent, Weight::kBytes).high();
  cells[0].protection = Protection::kEncrypted;
  EXPECT_LT(PanopticonExposure(cells, J("US"), Readable::kContent, Weight::kBytes).high(), before);
}

// Users in DE: COM 60 on US, 20 on FR: substitutes carry 20 more, 40 are lost. MED 30 on US, 50 on
// DE: nothing is lost. ENC 40 on US: nobody knows. Sum 200; gross 130 / 200; net 40 / 200, at most
// 80 / 200.
TEST(DependenceTest, ChokepointIsNetOfSubstitutesSeen) {
  const PolicyCell cells[] = {
      Use("DE", "US", Category::kCom, 60), Use("DE", "FR", Category::kCom, 20),
      Use("DE", "US", Category::kMed, 30), Use("DE", "DE", Category::kMed, 50),
      Use("DE", "US", Category::kEnc, 40)};
  const Chokepoint point = ChokepointExposure(cells, J("US"), Weight::kBytes);
  EXPECT_NEAR(point.gross.value(), 0.65, 1e-12);
  EXPECT_NEAR(point.net.value(), 0.2, 1e-12);
  EXPECT_NEAR(point.net.low(), 0.2, 1e-12);
  EXPECT_NEAR(point.net.high(), 0.4, 1e-12);
}

// The same with 10 COM of unknown operators: a substitute (60 - 30) or not (70 - 20); 210 in all.
TEST(DependenceTest, UnknownOperatorsBoundTheChokepointBothWays) {
  const PolicyCell cells[] = {Use("DE", "US", Category::kCom, 60),
                              Use("DE", "FR", Category::kCom, 20),
                              Use("DE", "unknown", Category::kCom, 10)};
  const Chokepoint point = ChokepointExposure(cells, J("US"), Weight::kBytes);
  EXPECT_NEAR(point.net.low(), 30.0 / 90, 1e-12);
  EXPECT_NEAR(point.net.value(), 40.0 / 90, 1e-12);
  EXPECT_NEAR(point.net.high(), 50.0 / 90, 1e-12);
}

TEST(DependenceTest, ChokepointOfUnclassifiedTrafficAloneIsNotMeasurable) {
  const PolicyCell cells[] = {Use("DE", "US", Category::kUnk, 60)};
  const Chokepoint point = ChokepointExposure(cells, J("US"), Weight::kBytes);
  EXPECT_EQ(point.gross.value(), 1);
  EXPECT_FALSE(point.net.answered());
}

}  // namespace
}  // namespace borderflow
