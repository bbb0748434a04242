#include "collectors/dashboard/view.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>

#include "absl/strings/str_cat.h"
#include "collectors/dashboard/policy_view.h"
#include "collectors/export/rows.h"
#include "collectors/report/policy_cells.h"
#include "tests/collectors/dashboard/random_cells.h"

namespace borderflow {
namespace {

PolicySum Sum(const ViewJson& rows) {
  PolicySum sum;
  for (const ViewJson& row : rows) {
    sum +=
        {row["frames"].get<uint64_t>(), row["bytes"].get<uint64_t>(), row["flows"].get<uint64_t>()};
  }
  return sum;
}

PolicySum Sum(const ViewJson& rows, const ViewJson& other) {
  PolicySum sum = Sum(rows);
  sum += Sum(ViewJson::array({other}));
  return sum;
}

// Every table adds up to `total`.
void ExpectConserved(const ViewJson& view, const PolicySum& total) {
  EXPECT_EQ(Sum(ViewJson::array({view["total"]})), total);
  EXPECT_EQ(Sum(view["crossing"]), total);
  EXPECT_EQ(Sum(view["categories"]), total);
  for (const ViewJson& lens : view["lenses"]) {
    if (lens.is_null()) continue;
    EXPECT_EQ(Sum(lens["pairs"], lens["other"]), total);
    EXPECT_EQ(Sum(lens["by_category"], lens["by_category_other"]), total);
  }
  EXPECT_EQ(Sum(view["streams"]["rows"], view["streams"]["other"]), total);
  for (const char* lens : {"registered", "operator"}) {
    EXPECT_EQ(view["streams"].contains(lens), !view["lenses"][lens].is_null());
    if (!view["streams"].contains(lens)) continue;
    EXPECT_EQ(Sum(view["streams"][lens]["rows"], view["streams"][lens]["other"]), total);
  }
  EXPECT_EQ(Sum(view["cells"]["rows"], view["cells"]["other"]), total);
  for (const ViewJson& policy : view["policies"]) {
    EXPECT_EQ(Sum(policy["verdicts"]), total);
    EXPECT_EQ(Sum(policy["rules"]), total);
    if (!policy["variants"].is_object()) continue;
    for (const ViewJson& variant : policy["variants"]) {
      EXPECT_EQ(Sum(variant["verdicts"]), total);
    }
  }
  const ViewJson& dependence = view["dependence"];
  uint64_t held = dependence["organisations_other_bytes"];
  for (const char* list : {"organisations", "unattributed"}) {
    for (const ViewJson& row : dependence[list]) held += row["bytes"].get<uint64_t>();
  }
  EXPECT_EQ(held, total.bytes);
}

std::vector<Pack> TwoPacks() {
  return {*LoadPack("data-allies", Groups::BuiltIn()), *LoadPack("eu-gdpr-v", Groups::BuiltIn())};
}

Report Judged(Report report, const std::vector<Pack>& packs) {
  for (const Pack& pack : packs) {
    report.policies.push_back(Evaluate(
        pack, ToPolicyCells(report.snapshot.cells),
        OptionsOf("", report.snapshot.decode.first_time_ns, report.snapshot.decode.last_time_ns)));
  }
  return report;
}

PolicySum TotalOf(const Report& report) {
  return {report.sums.total.frames, report.sums.total.bytes, report.sums.total.flows};
}

TEST(ViewTest, EveryTableOfRandomReportsAddsUpToTheTotalAlsoWhenItIsCut) {
  const std::vector<Pack> packs = TwoPacks();
  for (const size_t cells : {0, 1, 50, 3000}) {
    SCOPED_TRACE(cells);
    const Report report = Judged(RandomReport(static_cast<uint32_t>(cells), cells), packs);
    ViewJson view = ViewOf(report, packs, Timeline("one window"), "replay");
    ExpectConserved(view, TotalOf(report));
    for (const size_t bytes : {kViewBytes, size_t{300'000}, size_t{50'000}}) {
      CutView(bytes, &view);
      ExpectConserved(view, TotalOf(report));
    }
    EXPECT_LT(ViewText(view).size(), 250'000u) << "whatever is in it";
  }
}

TEST(ViewTest, ItIsTheSameForTheSameCounts) {
  const std::vector<Pack> packs = TwoPacks();
  const Report report = Judged(RandomReport(7, 500), packs);
  EXPECT_EQ(ViewText(ViewOf(report, packs, Timeline("none"), "replay")),
            ViewText(ViewOf(report, packs, Timeline("none"), "replay")));
}

TEST(ViewTest, WithoutTrafficItSaysSo) {
  const ViewJson view = ViewOf(Report(), {}, Timeline("none"), "replay");
  EXPECT_EQ(view["sentence"], "No IP traffic was seen yet.");
  EXPECT_EQ(view["timeline"]["reason"], "none");
  EXPECT_EQ(view["dependence"]["reason"], "nothing was seen yet");
  EXPECT_TRUE(view["source"]["first"].is_null());
}

TEST(ViewTest, TheSentenceNamesTheLargestCrossing) {
  Report report = RandomReport(1, 0);
  Cell cell;
  cell.key.source.location = *FromCode("DE");
  cell.key.destination.location = *FromCode("NO");
  cell.counters = {1, 750, 0, 1};
  Cell stays = cell;
  stays.key.destination.location = *FromCode("DE");
  stays.counters = {1, 250, 0, 1};
  report.snapshot.cells = {cell, stays};
  SortAndFold(&report.snapshot.cells);
  report.sums = SumUp(report.snapshot.cells, {});
  const ViewJson view = ViewOf(report, {}, Timeline("none"), "replay");
  EXPECT_EQ(view["sentence"],
            "Of 1.0 kB of IP traffic, 75.0 % crossed a border by location, the largest part from "
            "Germany (DE) to Norway (NO) (75.0 %); 25.0 % stayed in one jurisdiction, and for 0 % "
            "it cannot be told.");
}

TEST(ViewTest, ALensOfWhichNothingIsKnownIsNull) {
  Report report = RandomReport(1, 0);
  Cell cell;
  cell.key.source.location = *FromCode("DE");
  cell.key.destination.location = *FromCode("NO");
  cell.counters = {1, 750, 0, 1};
  report.snapshot.cells = {cell};
  report.sums = SumUp(report.snapshot.cells, {});
  const ViewJson view = ViewOf(report, {}, Timeline("none"), "replay");
  EXPECT_TRUE(view["lenses"]["location"].is_object());
  EXPECT_TRUE(view["lenses"]["registered"].is_null());
  EXPECT_TRUE(view["lenses"]["operator"].is_null());
}

TEST(ViewTest, ReadingsOfAPackSayWhatTheyChange) {
  const std::vector<Pack> packs = TwoPacks();
  const Report report = Judged(RandomReport(3, 800), packs);
  const ViewJson view = ViewOf(report, packs, Timeline("none"), "replay");
  for (const ViewJson& policy : view["policies"]) {
    const ViewJson& flipped = policy["variants"]["flip_default"];
    uint64_t apart = 0;
    for (const auto& [written, row] : flipped["matrix"].items()) {
      for (const auto& [varied, counts] : row.items()) {
        if (written != varied) apart += counts["bytes"].get<uint64_t>();
      }
    }
    EXPECT_EQ(flipped["moved"]["bytes"], apart) << policy["pack"];
    EXPECT_TRUE(policy["about"]["sees"].is_array());
    EXPECT_TRUE(policy["cost"]["whole"].is_object());
  }
  ASSERT_EQ(view["comparisons"].size(), 1u);
  EXPECT_EQ(view["comparisons"][0]["a"], "data-allies");
}

TEST(ViewTest, APackOfAnotherVersionIsNotReadAnotherWay) {
  std::vector<Pack> packs = TwoPacks();
  const Report report = Judged(RandomReport(3, 100), packs);
  packs[0].digest = "another";
  const ViewJson view = ViewOf(report, packs, Timeline("none"), "replay");
  EXPECT_TRUE(view["policies"][0]["variants"].is_null());
  EXPECT_EQ(view["policies"][0]["variants_reason"], "the pack of this version is not at hand");
  EXPECT_TRUE(view["policies"][1]["variants"].is_object());
}

TEST(ViewTest, AMillionCellsAreCutAndNothingIsLost) {
  const Report report = RandomReport(11, 1'000'000, 254);
  ViewJson view = ViewOf(report, {}, Timeline("one window"), "replay");
  const PolicySum total = ToSum(report.sums.total);
  ExpectConserved(view, total);
  CutView(kViewBytes, &view);
  ExpectConserved(view, total);
  EXPECT_LE(ViewText(view).size(), kViewBytes);
  EXPECT_EQ(view["cells"]["of"], Rows(report.snapshot.cells).size());
}

TEST(ViewTest, EveryPackIsReadOtherwiseHoweverManyThereAre) {
  std::vector<Pack> packs;
  for (const std::string& id : ShippedPacks()) {
    packs.push_back(*LoadPack(id, Groups::BuiltIn()));
    if (packs.back().Missing() != nullptr) packs.pop_back();
  }
  ASSERT_GT(packs.size(), 6u);
  const Report report = Judged(RandomReport(12, 300), packs);
  const ViewJson view = ViewOf(report, packs, Timeline("one window"), "replay");
  ExpectConserved(view, ToSum(report.sums.total));
  for (const ViewJson& policy : view["policies"]) {
    EXPECT_TRUE(policy["variants"].is_object()) << policy["pack"] << policy["variants_reason"];
    EXPECT_TRUE(policy["cost"].contains("whole")) << policy["pack"];
  }
  EXPECT_EQ(view["comparisons"].size(),
            std::min(kMostComparisons, packs.size() * (packs.size() - 1) / 2));
  for (const ViewJson& comparison : view["comparisons"]) {
    EXPECT_LE(comparison["by_pair"].size(), comparison["by_pair_of"].get<size_t>());
  }
}

TEST(ViewTest, AnotherDatabaseIsToldWithTheLargestOfItsRows) {
  ViewJson difference = {{"src", "DE"}, {"dst", "US"}, {"bytes", 1}};
  ViewJson with_geo = {{"geo", ViewJson::array()}, {"total", {{"bytes", 1}}}};
  with_geo["places"] = ViewJson::array();
  for (int i = 0; i < 100; ++i) with_geo["places"].push_back(difference);
  with_geo["policies"] = ViewJson::array();
  with_geo["policies"].push_back(
      {{"pack", "p"},
       {"comparison", {{"by_pair", with_geo["places"]}, {"by_rule", with_geo["places"]}}}});
  const ViewJson told = GeoChoiceOf(with_geo);
  EXPECT_EQ(told["places_of"], 100);
  EXPECT_EQ(told["places"].size(), 30u);
  const ViewJson& comparison = told["policies"][0]["comparison"];
  for (const char* list : {"by_pair", "by_rule"}) {
    EXPECT_EQ(comparison[absl::StrCat(list, "_of")], 100);
    EXPECT_LT(comparison[list].size(), 30u);
  }
  EXPECT_TRUE(GeoChoiceOf(nullptr).is_null());
}

}  // namespace
}  // namespace borderflow
