// All codes and specials through every format that carries them. NO is a boolean to YAML, AS, IN,
// IS and TO are words, NA is "not available" to some readers of CSV.
#include <gtest/gtest.h>

#include <map>
#include <nlohmann/json.hpp>
#include <sstream>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "collectors/export/rows.h"
#include "collectors/export/table.h"
#include "collectors/report/json_report.h"
#include "collectors/report/read_report.h"
#include "rules/entity/entities.h"
#include "rules/jurisdiction/groups.h"
#include "rules/jurisdiction/jurisdiction.h"
#include "rules/policy/cases.h"
#include "rules/policy/pack.h"

namespace borderflow {
namespace {

using Json = nlohmann::json;

Jurisdiction Id(int id) { return static_cast<Jurisdiction>(id); }

std::string Text(int id) { return std::string(Code(Id(id))); }

// The bytes of the cell from the code `id`, so that every row tells which one it should be.
uint64_t BytesOf(int id) { return 1000 + static_cast<uint64_t>(id); }

// A cell a code, which stands at both ends.
std::vector<Cell> CellOfEveryCode() {
  std::vector<Cell> cells;
  for (int id = 0; id < kJurisdictions; ++id) {
    Cell cell;
    cell.key.source.location = cell.key.source.registered = Id(id);
    cell.key.destination.location = cell.key.destination.registered = Id(id);
    cell.counters = {1, BytesOf(id), 0, 1};
    cells.push_back(cell);
  }
  return cells;
}

// Whatever names the four columns of places must be the code itself.
template <typename Row>
void ExpectCode(const Row& row, uint64_t bytes, std::map<uint64_t, int>* seen) {
  const int id = static_cast<int>(bytes) - 1000;
  ++(*seen)[bytes];
  for (const char* key : {"src", "dst", "src_registered", "dst_registered"}) {
    EXPECT_EQ(row.at(key), Text(id)) << key;
  }
}

TEST(CodesRoundTripTest, ThereAre249CodesXkAndFiveSpecials) {
  int codes = 0;
  for (int id = kSpecialJurisdictions; id < kJurisdictions; ++id) codes += Text(id).size() == 2;
  EXPECT_EQ(codes, 249 + 1);
  EXPECT_EQ(kSpecialJurisdictions, 5);
  for (const char* code : {"NO", "IN", "IS", "TO", "AS", "NA", "AND", "ON"}) {
    EXPECT_EQ(FromCode(code).has_value(),
              std::string_view(code).size() == 2 && std::string_view(code) != "ON")
        << code;
  }
}

TEST(CodesRoundTripTest, Csv) {
  const std::vector<Cell> cells = CellOfEveryCode();
  const std::vector<std::string> lines =
      absl::StrSplit(ToCsv(Rows(cells)), "\r\n", absl::SkipEmpty());
  const std::vector<std::string> header = absl::StrSplit(lines.at(0), ',');
  std::map<uint64_t, int> seen;
  for (size_t i = 1; i < lines.size(); ++i) {
    const std::vector<std::string> fields = absl::StrSplit(lines[i], ',');
    ASSERT_EQ(fields.size(), header.size()) << lines[i];
    std::map<std::string, std::string> row;
    for (size_t f = 0; f < fields.size(); ++f) row[header[f]] = fields[f];
    ExpectCode(row, std::stoull(row.at("bytes")), &seen);
  }
  EXPECT_EQ(seen.size(), static_cast<size_t>(kJurisdictions));
}

TEST(CodesRoundTripTest, Ndjson) {
  const std::vector<Cell> cells = CellOfEveryCode();
  std::istringstream lines(ToNdjson(Rows(cells)));
  std::map<uint64_t, int> seen;
  for (std::string line; std::getline(lines, line);) {
    const Json row = Json::parse(line);
    ExpectCode(row, row.at("bytes").get<uint64_t>(), &seen);
  }
  EXPECT_EQ(seen.size(), static_cast<size_t>(kJurisdictions));
}

TEST(CodesRoundTripTest, JsonReportThereAndBack) {
  Report report;
  report.version = "0";
  report.snapshot.cells = CellOfEveryCode();
  report.sums = SumUp(report.snapshot.cells, {});
  const std::string text = ToJson(report);

  std::map<uint64_t, int> seen;
  const Json json = Json::parse(text);
  for (const Json& row : json.at("cells")) {
    ExpectCode(row, row.at("bytes").get<uint64_t>(), &seen);
  }
  EXPECT_EQ(seen.size(), static_cast<size_t>(kJurisdictions));

  std::istringstream input(text);
  const absl::StatusOr<StoredReport> stored = ReadReport(input, "report.json");
  ASSERT_TRUE(stored.ok()) << stored.status();
  ASSERT_EQ(stored->cells.size(), static_cast<size_t>(kJurisdictions));
  for (const PolicyCell& cell : stored->cells) {
    const Jurisdiction expected = Id(static_cast<int>(cell.bytes) - 1000);
    EXPECT_EQ(cell.source.location, expected);
    EXPECT_EQ(cell.source.registered, expected);
    EXPECT_EQ(cell.destination.location, expected);
    EXPECT_EQ(cell.destination.registered, expected);
  }
}

TEST(CodesRoundTripTest, YamlOfGroups) {
  std::string yaml =
      "groups:\n  ALL:\n    title: \"T\"\n    as_of: \"2026-01-31\"\n    source: \"S\"\n"
      "    verified: true\n    members:\n";
  for (int id = kSpecialJurisdictions; id < kJurisdictions; ++id) {
    absl::StrAppend(&yaml, "      - \"", Text(id), "\"\n");
  }
  const absl::StatusOr<Groups> groups = Groups::Parse(yaml, "all.yaml");
  ASSERT_TRUE(groups.ok()) << groups.status();
  EXPECT_EQ(groups->Find("ALL")->members, AnyJurisdiction());
}

TEST(CodesRoundTripTest, SetExpressions) {
  std::string every;
  for (int id = kSpecialJurisdictions; id < kJurisdictions; ++id) {
    absl::StrAppend(&every, every.empty() ? "" : " + ", Text(id));
    EXPECT_EQ(ParseSet(Text(id), Groups::BuiltIn(), {"x"})->count(), 1u) << Text(id);
  }
  EXPECT_EQ(*ParseSet(every, Groups::BuiltIn(), {"x"}), AnyJurisdiction());
  for (int id = 0; id < kSpecialJurisdictions; ++id) {
    EXPECT_FALSE(ParseSet(Text(id), Groups::BuiltIn(), {"x"}).ok()) << Text(id);
  }
}

TEST(CodesRoundTripTest, YamlOfEntities) {
  std::string yaml = "organisations:\n";
  for (int id = kSpecialJurisdictions; id < kJurisdictions; ++id) {
    absl::StrAppend(
        &yaml, "  o", id, ":\n    title: \"T\"\n    home: \"", Text(id),
        "\"\n    as_of: \"2026-01-31\"\n    source: \"S\"\n    verified: true\n    as: [", id,
        "]\n");
  }
  const EntitiesFile file{yaml, "all.yaml"};
  const absl::StatusOr<Entities> entities = Entities::Parse({&file, 1});
  ASSERT_TRUE(entities.ok()) << entities.status();
  for (int id = kSpecialJurisdictions; id < kJurisdictions; ++id) {
    EXPECT_EQ(entities->Find(entities->ByAs(static_cast<uint32_t>(id)))->home, Id(id)) << Text(id);
  }
}

TEST(CodesRoundTripTest, YamlOfPacksAndTheirCases) {
  for (int id = kSpecialJurisdictions; id < kJurisdictions; ++id) {
    const absl::StatusOr<Pack> pack = ParsePack(absl::StrCat(R"(pack:
  id: p
  title: "T"
  authority: "A"
  version: "1"
  as_of: "2026-01-31"
  stale_after_days: 10
  default: permitted
  burden: restrictor
  purpose: privacy
  sources: [{id: s, title: "S", date: "2026-01-31"}]
  says: ["a"]
  sees: ["b"]
  cannot_see: ["c"]
rules:
  - id: r
    says: "x"
    cite: {source: s, place: "1"}
    purpose: privacy
    when: {destination: {location: ")",
                                                             Text(id), R"("}, categories: [HLT]}
    verdict: permitted
    observability: direct
)"),
                                                "p.yaml", Groups::BuiltIn());
    ASSERT_TRUE(pack.ok()) << pack.status();
    const std::string cases = absl::StrCat(
        "pack: p\ncases:\n  - rule: r\n    fires: {source: \"", Text(id), "\", destination: \"",
        Text(id), "\", category: HLT}\n    misses: {source: unknown, destination: anycast}\n");
    const absl::StatusOr<PackCases> read = ReadCases(cases, "c.yaml", *pack);
    ASSERT_TRUE(read.ok()) << read.status();
    EXPECT_EQ(read->cases[0].fires.cell.source.location, Id(id));
    EXPECT_EQ(read->cases[0].fires.cell.destination.location, Id(id));
    EXPECT_EQ(read->cases[0].misses.cell.destination.location, Jurisdiction::kAnycast);
  }
}

}  // namespace
}  // namespace borderflow
