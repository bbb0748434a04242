#include "collectors/report/read_report.h"

#include <gtest/gtest.h>

#include <random>
#include <sstream>
#include <string>

#include "absl/strings/str_cat.h"
#include "collectors/report/json_report.h"
#include "collectors/report/policy_cells.h"
#include "collectors/report/policy_json.h"

namespace borderflow {
namespace {

absl::StatusOr<StoredReport> Read(const std::string& text) {
  std::istringstream input(text);
  return ReadReport(input, "r.json");
}

std::string ErrorOf(const std::string& text) { return std::string(Read(text).status().message()); }

// A report of random cells, some of which differ only in what outputs fold.
Report RandomReport(int cells) {
  std::mt19937 random(20261122);
  Report report;
  report.parameters.vantage = "testbed";
  for (int i = 0; i < cells; ++i) {
    Cell cell;
    cell.key.source = {static_cast<uint32_t>(random() % 3 == 0 ? 0 : random() % 70'000),
                       static_cast<Jurisdiction>(random() % kJurisdictions),
                       static_cast<Jurisdiction>(random() % kJurisdictions)};
    cell.key.destination = {static_cast<uint32_t>(random() % 70'000),
                            static_cast<Jurisdiction>(random() % kJurisdictions),
                            static_cast<Jurisdiction>(random() % kJurisdictions)};
    cell.key.role = random() % 2 == 0 ? Role::kInitiator : Role::kResponder;
    Classification& c = cell.key.classification;
    c.category = static_cast<Category>(random() % kCategories);
    c.evidence = static_cast<Evidence>(random() % kEvidences);
    c.confidence = static_cast<uint8_t>(random() % 101);
    c.protection = static_cast<Protection>(random() % 3);
    c.named = random() % 2 == 0;
    c.entity = random() % 5 == 0 ? static_cast<uint16_t>(1 + random() % 30) : kNoEntity;
    cell.counters = {random(), random(), random(), random()};
    for (uint64_t clients = random() % 40; clients > 0; --clients) {
      cell.clients.AddHash((uint64_t{random()} << 32) + random());
    }
    report.snapshot.cells.push_back(cell);
    if (random() % 4 == 0) {
      cell.key.classification.named = !c.named;
      report.snapshot.cells.push_back(cell);
    }
  }
  report.entities_digest = Entities::BuiltIn().digest();
  SortAndFold(&report.snapshot.cells);
  report.snapshot.decode.captured = {1, 1};
  report.snapshot.decode.first_time_ns = 1'750'000'000'123'456'789;
  report.snapshot.decode.last_time_ns = 1'750'000'900'000'000'001;
  report.sums = SumUp(report.snapshot.cells, {});
  return report;
}

TEST(ReadReportTest, EvaluatingAStoredReportGivesTheSameResultAsTheRun) {
  const Report report = RandomReport(2000);
  const absl::StatusOr<StoredReport> stored = Read(ToJson(report));
  ASSERT_TRUE(stored.ok()) << stored.status();
  EXPECT_EQ(stored->first_time_ns, report.snapshot.decode.first_time_ns);
  EXPECT_EQ(stored->last_time_ns, report.snapshot.decode.last_time_ns);
  EXPECT_EQ(stored->vantage, "testbed");
  const std::vector<PolicyCell> cells = ToPolicyCells(report.snapshot.cells);
  ASSERT_EQ(stored->cells.size(), cells.size());
  for (const std::string& id : ShippedPacks()) {
    const absl::StatusOr<Pack> pack = LoadPack(id, Groups::BuiltIn());
    ASSERT_TRUE(pack.ok()) << pack.status();
    for (const char* vantage : {"testbed", "enterprise_edge"}) {
      const EvaluateOptions run = OptionsOf(vantage, report.snapshot.decode.first_time_ns,
                                            report.snapshot.decode.last_time_ns);
      const EvaluateOptions again = OptionsOf(vantage, stored->first_time_ns, stored->last_time_ns);
      EXPECT_EQ(ToJson(Evaluate(*pack, cells, run)).dump(),
                ToJson(Evaluate(*pack, stored->cells, again)).dump())
          << id;
    }
  }
}

// Organisations are numbered by the lists of the run: with other lists a number means somebody
// else.
TEST(ReadReportTest, ByOtherEntityListsOnlyTheAsTellsAnOrganisation) {
  Report report = RandomReport(200);
  report.entities_digest = "of other lists";
  const absl::StatusOr<StoredReport> stored = Read(ToJson(report));
  ASSERT_TRUE(stored.ok()) << stored.status();
  EXPECT_NE(stored->note.find("made with other entity lists"), std::string::npos);
  for (const PolicyCell& cell : stored->cells) {
    for (const PolicyEnd& end : {cell.source, cell.destination}) {
      EXPECT_EQ(end.entity, end.asn == 0 ? kUnknownEntity : Entities::BuiltIn().ByAs(end.asn));
    }
  }
  report.entities_digest = Entities::BuiltIn().digest();
  EXPECT_EQ(Read(ToJson(report))->note, "");
}

TEST(ReadReportTest, BoundsOfClientsAreExactTo16AndThreeErrorsWideBeyond) {
  CellRow row;
  row.clients = 16;
  EXPECT_EQ(ToPolicyCell(row).clients_low, 16u);
  EXPECT_EQ(ToPolicyCell(row).clients_high, 16u);
  row.clients = 10'000;
  EXPECT_EQ(ToPolicyCell(row).clients_low, 10'000u - 975);
  EXPECT_EQ(ToPolicyCell(row).clients_high, 10'000u + 976);
}

constexpr char kCell[] =
    R"({"src":"DE","dst":"US","src_registered":"unknown","dst_registered":"NO","src_as":3320,)"
    R"("dst_as":0,"src_operator":"FR","dst_operator":"unknown","role":"responder",)"
    R"("category":"TRADE_EDI","evidence":"name","confidence":0.57,"protection":"cleartext",)"
    R"("entity":0,"frames":3,"bytes":18446744073709551615,"payload_bytes":5,"flows":0,"clients":2})";

std::string With(const std::string& cell) {
  return absl::StrCat(R"({"schema":"borderflow.report/1","cells":[)", cell, "]}");
}

std::string Changed(std::string text, const std::string& from, const std::string& to) {
  const size_t at = text.find(from);
  EXPECT_NE(at, std::string::npos) << from;
  return text.replace(at, from.size(), to);
}

TEST(ReadReportTest, EveryMemberOfACellIsRead) {
  const absl::StatusOr<StoredReport> report = Read(With(kCell));
  ASSERT_TRUE(report.ok()) << report.status();
  ASSERT_EQ(report->cells.size(), 1u);
  const PolicyCell& cell = report->cells[0];
  EXPECT_EQ(Code(cell.source.location), "DE");
  EXPECT_EQ(Code(cell.destination.registered), "NO");
  EXPECT_EQ(cell.source.asn, 3320u);
  EXPECT_EQ(Code(cell.source.operator_home), "FR") << "as the report has it, not today's table";
  EXPECT_EQ(cell.destination.entity, kUnknownEntity);
  EXPECT_FALSE(cell.from_initiator);
  EXPECT_EQ(cell.category, Category::kEdi);
  EXPECT_EQ(cell.confidence, 57);
  EXPECT_EQ(cell.protection, Protection::kCleartext);
  EXPECT_EQ(cell.bytes, ~uint64_t{0});
}

TEST(ReadReportTest, WhatIsWrongIsNamedWithItsPlace) {
  const std::pair<const char*, const char*> changes[] = {{"\"DE\"", "\"XX\""},
                                                         {"\"DE\"", "7"},
                                                         {"\"NO\"", "false"},
                                                         {"3320", "-1"},
                                                         {"3320", "4294967296"},
                                                         {"0.57", "1.01"},
                                                         {"0.57", "-0.1"},
                                                         {"\"name\"", "\"names\""},
                                                         {"\"frames\":3", "\"frames\":3.5"},
                                                         {"\"flows\":0", "\"flows\":null"},
                                                         {"\"flows\":0", "\"flows\":{}"},
                                                         {"\"flows\":0", "\"flows\":0,\"flows\":0"},
                                                         {"\"responder\"", "\"server\""},
                                                         {"\"role\":", "\"rolle\":"}};
  for (const auto& [from, to] : changes) {
    const std::string error = ErrorOf(With(Changed(kCell, from, to)));
    EXPECT_EQ(error.rfind("r.json: cells[0]", 0), 0u) << to << ": " << error;
  }
  EXPECT_EQ(ErrorOf(With(Changed(kCell, "\"DE\"", "\"XX\""))),
            "r.json: cells[0].src cannot be \"XX\"");
}

TEST(ReadReportTest, WhatIsNoReportIsRefused) {
  for (const char* text :
       {"", "{", "[]", "5", "\"cells\"", "{}", R"({"cells":[]})",
        R"({"schema":"borderflow.report/1"})", R"({"schema":"borderflow.report/2","cells":[]})",
        R"({"schema":7,"cells":[]})", R"({"schema":"borderflow.report/1","cells":{}})",
        R"({"schema":"borderflow.report/1","cells":[5]})",
        R"({"schema":"borderflow.report/1","cells":[[]]})",
        R"({"schema":"borderflow.report/1","cells":[],"cells":[]})",
        R"({"schema":"borderflow.report/1","cells":[],"capture":{"first":"soon"}})"}) {
    EXPECT_EQ(ErrorOf(text).rfind("r.json: ", 0), 0u) << text;
  }
  EXPECT_NE(ErrorOf(With(kCell).substr(0, 60)).find("no JSON at byte"), std::string::npos);
  EXPECT_NE(ErrorOf(std::string(100'000, '[')).find("nested too deep"), std::string::npos);
  EXPECT_TRUE(absl::IsNotFound(ReadReportFile("/no/such/report.json").status()));
}

}  // namespace
}  // namespace borderflow
