// The dashboard of a running sensor: what it tells, and that it tells no more than is released.
#include "collectors/dashboard/released_view.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "collectors/dashboard/view.h"
#include "tests/collectors/http/publications.h"

namespace borderflow {
namespace {

using testing::HasSubstr;
using testing::Not;

PolicySum Of(const ViewJson& counts) {
  return {counts["frames"].get<uint64_t>(), counts["bytes"].get<uint64_t>(),
          counts["flows"].get<uint64_t>()};
}

void ExpectConserved(const ViewJson& rows, const ViewJson& other, const ViewJson& suppressed,
                     const ViewJson& total) {
  PolicySum sum = Of(suppressed);
  if (!other.is_null()) sum += Of(other);
  for (const ViewJson& row : rows) sum += Of(row);
  EXPECT_EQ(sum, Of(total));
}

void ExpectTablesConserved(const ViewJson& view) {
  const ViewJson& total = view["total"];
  const ViewJson none;
  PolicySum crossings;
  for (const ViewJson& counts : view["crossing"]) crossings += Of(counts);
  EXPECT_EQ(crossings, Of(total));
  for (const auto& [name, lens] : view["lenses"].items()) {
    if (lens.is_null()) continue;
    SCOPED_TRACE(name);
    ExpectConserved(lens["pairs"], lens["other"], lens["suppressed"], total);
  }
  ExpectConserved(view["categories"], view["categories_other"], view["categories_suppressed"],
                  total);
  for (const char* table : {"streams", "cells"}) {
    SCOPED_TRACE(table);
    ExpectConserved(view[table]["rows"], view[table]["other"], view[table]["suppressed"], total);
  }
  for (const ViewJson& policy : view["policies"]) {
    ExpectConserved(policy["verdicts"], none, policy["verdicts_suppressed"], total);
    ExpectConserved(policy["rules"], policy["rules_other"], policy["rules_suppressed"], total);
  }
}

TEST(ReleasedViewTest, EveryTableAddsUpWithWhatIsSuppressed) {
  for (const uint64_t min_cell : {1, 8, 100}) {
    SCOPED_TRACE(min_cell);
    const ViewJson view = ReleasedView(*PublicationOf(CellsOfTheWorld(3000), min_cell));
    ExpectTablesConserved(view);
    EXPECT_EQ(view["privacy"]["suppressed"], min_cell > 1);
    EXPECT_EQ(view["privacy"]["min_cell"], min_cell);
  }
}

TEST(ReleasedViewTest, WhatHasTooFewPeopleIsInNoRow) {
  std::vector<Cell> cells = CellsOfTheWorld(50);
  Cell alone;
  alone.key.source.location = *FromCode("IS");
  alone.key.destination.location = *FromCode("FJ");
  alone.key.classification.category = Category::kHlt;
  alone.counters = {1, 777'777, 0, 0};
  AddPeople(99, 2, &alone);
  cells.push_back(alone);
  SortCells(&cells);
  const ViewJson view = ReleasedView(*PublicationOf(cells));
  ExpectTablesConserved(view);
  for (const char* table : {"streams", "cells"}) {
    for (const ViewJson& row : view[table]["rows"]) {
      EXPECT_FALSE(row["src"] == "IS" && row["dst"] == "FJ");
    }
  }
  EXPECT_THAT(ViewText(view), Not(HasSubstr("777777")));
  EXPECT_GE(view["streams"]["suppressed"]["bytes"].get<uint64_t>(), 777'777u);
}

TEST(ReleasedViewTest, WhereFilesLieAndOtherReadingsAreNotTold) {
  const ViewJson view = ReleasedView(*PublicationOf(CellsOfTheWorld(100)));
  EXPECT_THAT(ViewText(view), Not(HasSubstr("/secret")));
  ASSERT_EQ(view["policies"].size(), 1u);
  EXPECT_TRUE(view["policies"][0]["variants"].is_null());
  EXPECT_THAT(view["policies"][0]["variants_reason"].get<std::string>(), HasSubstr("subtraction"));
  EXPECT_TRUE(view["policies"][0]["bounds"].empty());
  EXPECT_TRUE(view["policies"][0]["about"].is_object());
  EXPECT_TRUE(view["dependence"]["organisations"].empty());
  EXPECT_TRUE(view["conservation"]["ok"].get<bool>());
}

TEST(ReleasedViewTest, ExportersAreToldWithoutTheirHosts) {
  Report report;
  report.live.emplace();
  ExportCounters counters;
  counters.offered_batches = 9;
  counters.exported_batches = 3;
  counters.overflow_batches = 4;
  counters.failed_batches = 1;
  counters.queued_batches = 1;
  counters.queue_limit = 4;
  counters.blocked = true;
  AddExporter("ipfix tcp:collector-secret:4739", counters, &*report.live);
  Publisher publisher({}, 1000);
  const ViewJson view = ReleasedView(*publisher.Publish(report, {}, 1001, 0));
  EXPECT_THAT(ViewText(view), Not(HasSubstr("secret")));
  ASSERT_EQ(view["health"]["exporters"].size(), 1u);
  const ViewJson expected = {{"name", "ipfix-1"},      {"sent", 3},      {"queued", 1},
                             {"queue_limit", 4},       {"lost", 5},      {"retries", 0},
                             {"spool_bytes", nullptr}, {"blocked", true}};
  EXPECT_EQ(view["health"]["exporters"][0], expected);
}

TEST(ReleasedViewTest, BeforeTheFirstPeriodEndsItSaysWhenFiguresCome) {
  Publisher publisher({}, 1000);
  const ViewJson view = ReleasedView(*publisher.Publish(Report(), {}, 1001, 0));
  EXPECT_EQ(view["source"]["published"], nullptr);
  EXPECT_EQ(view["source"]["next"], "1970-01-01T00:17:00Z");
  EXPECT_EQ(view["timeline"]["reason"], "no period has ended yet");
  EXPECT_THAT(view["findings"].dump(), HasSubstr("1970-01-01T00:17:00Z"));
}

}  // namespace
}  // namespace borderflow
