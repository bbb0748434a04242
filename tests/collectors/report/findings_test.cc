#include "collectors/report/findings.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/collectors/cells.h"

namespace borderflow {
namespace {

using testing::HasSubstr;

constexpr uint64_t kDay = 86400;

// A report that misleads nobody: one cell, a database of the same month, no artefacts.
Report Honest() {
  Report report;
  report.snapshot.cells = {MakeCell("DE", "US", 1000)};
  report.snapshot.decode.captured = report.snapshot.decode.ip = {1, 1000};
  report.snapshot.decode.first_time_ns = report.snapshot.decode.last_time_ns =
      20000 * kDay * 1'000'000'000;
  report.geo.push_back(
      {"g.mmdb", "T", "registry-derived", 20000 * kDay - 10 * kDay, "", "", 1, {}});
  report.sums = SumUp(report.snapshot.cells, {});
  return report;
}

std::string First(const Report& report) {
  const std::vector<Finding> findings = Misleading(report);
  return findings.empty() ? "" : findings[0].what + " -> " + findings[0].remedy;
}

TEST(FindingsTest, AnHonestReportHasNone) { EXPECT_EQ(First(Honest()), ""); }

TEST(FindingsTest, PrivateBytesWithoutHomeComeWithTheFlagThatMendsIt) {
  Report report = Honest();
  report.snapshot.cells.push_back(MakeCell("private", "US", 60));
  report.sums = SumUp(report.snapshot.cells, {});
  EXPECT_THAT(First(report), HasSubstr("--home CC"));
  report.parameters.home = *FromCode("DE");
  EXPECT_EQ(First(report), "");
}

TEST(FindingsTest, UpToFivePercentOfPrivateBytesMisleadNobody) {
  Report report = Honest();
  report.snapshot.cells.push_back(MakeCell("private", "US", 50));
  report.sums = SumUp(report.snapshot.cells, {});
  EXPECT_EQ(First(report), "");
}

TEST(FindingsTest, ADatabaseMoreThanAYearAwayIsNamedWithItsSide) {
  Report report = Honest();
  report.geo[0].build_time = (20000 - 400) * kDay;
  EXPECT_THAT(First(report), HasSubstr("1.1 years older than the capture"));
  report.geo[0].build_time = (20000 + 400) * kDay;
  EXPECT_THAT(First(report), HasSubstr("1.1 years newer than the capture"));
  report.geo[0].build_time = 0;
  EXPECT_EQ(First(report), "");
}

TEST(FindingsTest, CopiesNameDedupAndTunnelsNameTheOtherHeader) {
  Report report = Honest();
  report.snapshot.artefacts.duplicate_bytes = 500;
  EXPECT_THAT(First(report), HasSubstr("--dedup"));
  report = Honest();
  report.snapshot.artefacts.tunnel_differs_bytes = 1;
  EXPECT_THAT(First(report), HasSubstr("--tunnel outer"));
  report.parameters.tunnel = "outer";
  EXPECT_THAT(First(report), HasSubstr("--tunnel inner"));
}

TEST(FindingsTest, DamageStandsBeforeEverythingElse) {
  Report report = Honest();
  report.snapshot.artefacts.duplicate_bytes = 500;
  report.damaged.push_back({"a.pcap", 1234, "ends inside a record"});
  EXPECT_THAT(First(report), HasSubstr("a.pcap is damaged at byte 1,234"));
}

TEST(FindingsTest, AnEmptyCaptureIsSaidToBeEmpty) {
  Report report;
  EXPECT_THAT(First(report), HasSubstr("no frames"));
}

TEST(FindingsTest, AFullTableIsSaid) {
  Report report = Honest();
  report.snapshot.overflows.stateless_frames = 7;
  EXPECT_THAT(First(report), HasSubstr("full: 7 frames were counted by jurisdiction only. Loc"));
}

TEST(FindingsTest, EveryLossIsSaidAndNoOther) {
  Report report = Honest();
  report.snapshot.overflows = {1, 2, 3, 4, 5, 6};
  EXPECT_THAT(First(report),
              HasSubstr("1 frames were counted by jurisdiction only, 2 flows without AS number, 3 "
                        "flows without category, 4 handshakes unread, 5 DNS answers forgotten "
                        "early, 6 names not listed."));
}

TEST(FindingsTest, LocationsThatLightRefutesAreNamedWithTheLimitsOfThat) {
  Report report = Honest();
  RoundTripTotals& totals = report.snapshot.round_trips;
  const auto count = [&totals](std::string_view code, uint64_t timed, uint64_t contradicted) {
    totals.timed[static_cast<size_t>(*FromCode(code))] = timed;
    totals.contradicted[static_cast<size_t>(*FromCode(code))] = contradicted;
  };
  count("US", 1000, 0);
  report.parameters.place = "52.5,13.4";
  EXPECT_EQ(First(report), "");
  count("AU", 30, 12);
  count("NZ", 4, 3);
  EXPECT_THAT(First(report), HasSubstr("15 of 1,034 timed flows were answered sooner than light"));
  EXPECT_THAT(First(report), HasSubstr("(AU 12, NZ 3)"));
  EXPECT_THAT(First(report), HasSubstr("a proxy, a satellite gateway"));
  EXPECT_THAT(First(report), HasSubstr("explain CAPTURE:FLOW --place 52.5,13.4"));
  report.parameters.place.clear();
  EXPECT_EQ(First(report), "") << "without the sensor's place nothing was timed";
}

}  // namespace
}  // namespace borderflow
