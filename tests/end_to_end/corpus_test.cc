// Every capture of the corpus against its independent expectation: frames, bytes, pairs and names,
// conservation, and the same result for any number of workers.
//
// Expectations take the database's word for every address, so the map here holds the database
// alone, without what the geography puts above it (private space, special-purpose blocks).
#include "tests/corpus.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <map>
#include <nlohmann/json.hpp>
#include <set>
#include <string>

#include "collectors/report/report.h"
#include "dataplane/geo/database.h"
#include "dataplane/geo/layer.h"
#include "dataplane/geo/mmdb.h"
#include "dataplane/replay.h"
#include "tests/end_to_end/corpus_differences.h"

namespace borderflow {
namespace {

using Json = nlohmann::json;
namespace fs = std::filesystem;

using Pairs = std::map<std::string, std::pair<uint64_t, uint64_t>>;  // "DE>FR" -> frames, bytes

PrefixMap DatabaseOnly(const fs::path& path) {
  const absl::StatusOr<MmdbFile> file = MmdbFile::Open(path.string());
  EXPECT_TRUE(file.ok()) << file.status();
  const absl::StatusOr<Database> database = CompileDatabase(*file, "");
  EXPECT_TRUE(database.ok()) << database.status();
  std::vector<GeoRange> ranges;
  for (const auto family : {LayerCursor::Family::kV4, LayerCursor::Family::kV6}) {
    const bool v4 = family == LayerCursor::Family::kV4;
    IpAddress first = v4 ? IpAddress::FromV4(0) : IpAddress{};
    for (LayerCursor cursor(database->layer, family);; cursor.Advance()) {
      IpAddress last = v4 ? IpAddress::FromV4(UINT32_MAX) : IpAddress{UINT64_MAX, UINT64_MAX};
      if (!cursor.last()) {
        last = cursor.next();
        last.high -= last.low == 0 ? 1 : 0;
        --last.low;
      }
      const bool mapped = !v4 && first.IsV4Mapped();
      if (!mapped && cursor.location().location != Jurisdiction::kUnknown) {
        ranges.push_back({first, last, cursor.location()});
      }
      if (cursor.last()) break;
      first = cursor.next();
    }
  }
  std::sort(ranges.begin(), ranges.end(),
            [](const GeoRange& a, const GeoRange& b) { return a.first < b.first; });
  absl::StatusOr<PrefixMap> map = PrefixMap::Build(ranges);
  EXPECT_TRUE(map.ok()) << map.status();
  return *std::move(map);
}

const PrefixMap& Map() {
  static const auto* const map = new PrefixMap(DatabaseOnly(*CorpusFolder() / "tor-country.mmdb"));
  return *map;
}

std::vector<std::string> Captures() {
  std::vector<std::string> paths;
  const std::optional<fs::path> corpus = CorpusFolder();
  if (!corpus.has_value()) return paths;
  for (const char* folder : {"captures", "derived"}) {
    for (const auto& entry : fs::directory_iterator(*corpus / folder)) {
      if (entry.path().extension() == ".json") {
        paths.push_back(std::string(folder) + "/" + entry.path().stem().string());
      }
    }
  }
  std::sort(paths.begin(), paths.end());
  return paths;
}

std::vector<std::string> MalformedCaptures() {
  std::vector<std::string> paths;
  const std::optional<fs::path> corpus = CorpusFolder();
  if (!corpus.has_value()) return paths;
  for (const auto& entry : fs::directory_iterator(*corpus / "malformed")) {
    paths.push_back("malformed/" + entry.path().filename().string());
  }
  std::sort(paths.begin(), paths.end());
  return paths;
}

struct Outcome {
  absl::Status opened;
  Snapshot snapshot;
};

Outcome ReplayFile(const std::string& capture, TunnelMode tunnel, int workers) {
  Outcome outcome;
  auto source = OpenCapture((*CorpusFolder() / capture).string());
  outcome.opened = source.status();
  if (!source.ok()) return outcome;
  ReplayOptions options;
  options.workers = workers;
  options.front.tunnel = tunnel;
  options.worker.flows = 4096;
  options.worker.cells = 4096;
  options.worker.names = true;
  EXPECT_TRUE(
      Replay(source->get(), Map(), NameRules::BuiltIn(), options, nullptr, &outcome.snapshot).ok());
  return outcome;
}

Json Expectation(const std::string& capture) {
  std::ifstream file(*CorpusFolder() / (capture + ".json"));
  return Json::parse(file);
}

// Codes outside ISO 3166-1 count as unknown, which the expectations write as ZZ.
std::string AsExpected(std::string_view code) {
  const Jurisdiction jurisdiction = NormalizeCode(code).jurisdiction;
  return IsSpecial(jurisdiction) ? "ZZ" : std::string(Code(jurisdiction));
}

Pairs ExpectedPairs(const Json& pairs) {
  Pairs expected;
  for (const auto& [key, counts] : pairs.items()) {
    const size_t arrow = key.find('>');
    auto& sum =
        expected[AsExpected(key.substr(0, arrow)) + ">" + AsExpected(key.substr(arrow + 1))];
    sum.first += counts["packets"].get<uint64_t>();
    sum.second += counts["bytes"].get<uint64_t>();
  }
  return expected;
}

Pairs CountedPairs(const Snapshot& snapshot) {
  Pairs counted;
  for (const Cell& cell : snapshot.cells) {
    if (cell.counters.frames == 0) continue;  // a flow whose initiator was never seen sending
    auto& sum = counted[AsExpected(Code(cell.key.source.location)) + ">" +
                        AsExpected(Code(cell.key.destination.location))];
    sum.first += cell.counters.frames;
    sum.second += cell.counters.bytes;
  }
  return counted;
}

std::string Lower(std::string text) {
  for (char& c : text) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return text;
}

// Names that an expectation holds, in the form that a report gives them: lower case, no port, no
// final dot. `sure_only`: those that tshark's defaults saw.
std::set<std::string> ExpectedNames(const Json& expectation, bool sure_only) {
  std::set<std::string> names;
  for (const char* kind : {"tls_sni", "quic_sni", "dtls_sni", "dns_qry", "mdns_qry", "llmnr_qry",
                           "http_host", "http2_authority"}) {
    for (const auto& [name, detail] : expectation[kind].items()) {
      if (sure_only && detail["by"].get<std::string>().find('B') == std::string::npos) continue;
      names.insert(NormalizedName(Lower(name), kind));
    }
  }
  names.erase("");
  return names;
}

std::set<std::string> CountedNames(const Snapshot& snapshot) {
  std::set<std::string> names;
  for (const auto& [name, counters] : snapshot.names) names.insert(NormalizedName(name, ""));
  return names;
}

void ExpectConservation(const Snapshot& snapshot) {
  Report report;
  report.snapshot = snapshot;
  report.sums = SumUp(snapshot.cells, {});
  for (const ConservationLine& line : Conservation(report)) {
    EXPECT_TRUE(line.holds()) << line.left << " = " << line.right;
  }
  EXPECT_EQ(report.sums.total.flows, snapshot.flows.total);
}

void ExpectSame(const Snapshot& a, const Snapshot& b) {
  EXPECT_EQ(a.flows.total, b.flows.total);
  EXPECT_EQ(a.artefacts.tcp_gap_bytes, b.artefacts.tcp_gap_bytes);
  EXPECT_EQ(a.artefacts.one_way_flows, b.artefacts.one_way_flows);
  ASSERT_EQ(a.cells.size(), b.cells.size());
  for (size_t i = 0; i < a.cells.size(); ++i) {
    EXPECT_EQ(a.cells[i].key, b.cells[i].key);
    EXPECT_EQ(a.cells[i].counters, b.cells[i].counters);
    EXPECT_EQ(a.cells[i].clients.Estimate(), b.cells[i].clients.Estimate());
  }
  ASSERT_EQ(a.names.size(), b.names.size());
  for (const auto& [name, counters] : a.names) {
    const auto other = b.names.find(name);
    ASSERT_NE(other, b.names.end()) << name;
    EXPECT_EQ(counters.flows, other->second.flows) << name;
    EXPECT_EQ(counters.bytes, other->second.bytes) << name;
  }
}

class CorpusTest : public testing::TestWithParam<std::string> {};
class MalformedTest : public testing::TestWithParam<std::string> {};

TEST(CorpusFolderTest, IsThere) {
  if (!CorpusFolder().has_value()) {
    GTEST_SKIP() << "no corpus of real captures: set BORDERFLOW_CORPUS to its folder";
  }
  EXPECT_FALSE(Captures().empty());
}

TEST_P(CorpusTest, FramesBytesAndPairsAgree) {
  const Json expectation = Expectation(GetParam());
  const Outcome inner = ReplayFile(GetParam(), TunnelMode::kInner, 1);
  const Outcome outer = ReplayFile(GetParam(), TunnelMode::kOuter, 1);
  if (expectation["frames"].get<uint64_t>() == 0 && !inner.opened.ok()) return;  // refused, rightly
  ASSERT_TRUE(inner.opened.ok()) << inner.opened;
  const Differences differences = KnownDifferences(GetParam());
  const DecodeTotals& decode = inner.snapshot.decode;
  EXPECT_EQ(decode.captured.frames, expectation["frames"].get<uint64_t>());
  if (!differences.bytes) {
    EXPECT_EQ(decode.captured.bytes, expectation["bytes"].get<uint64_t>());
  }
  ExpectConservation(inner.snapshot);
  ExpectConservation(outer.snapshot);
  if (!differences.inner_pairs) {
    EXPECT_EQ(CountedPairs(inner.snapshot), ExpectedPairs(expectation["inner_pairs"]));
  }
  const Pairs counted = CountedPairs(outer.snapshot);
  const Pairs by_tshark = ExpectedPairs(expectation["outer_pairs"]);
  const Json& raw = expectation["raw"];
  if (!differences.outer_pairs &&
      !(raw.contains("outer_pairs") && counted == ExpectedPairs(raw["outer_pairs"]))) {
    EXPECT_EQ(counted, by_tshark);
  }
}

TEST_P(CorpusTest, NamesAgree) {
  const Json expectation = Expectation(GetParam());
  const Outcome outcome = ReplayFile(GetParam(), TunnelMode::kInner, 1);
  if (!outcome.opened.ok()) return;
  const Differences differences = KnownDifferences(GetParam());
  const std::set<std::string> counted = CountedNames(outcome.snapshot);
  std::set<std::string> missed;
  for (const std::string& name : ExpectedNames(expectation, true)) {
    if (!counted.contains(name) && !differences.missed_names.contains(name)) missed.insert(name);
  }
  EXPECT_THAT(missed, testing::IsEmpty());
  std::set<std::string> invented;
  const std::set<std::string> possible = ExpectedNames(expectation, false);
  for (const std::string& name : counted) {
    if (!possible.contains(name) && !differences.more_names.contains(name)) invented.insert(name);
  }
  EXPECT_THAT(invented, testing::IsEmpty());
}

TEST_P(CorpusTest, AnyNumberOfWorkersGivesTheSame) {
  const Outcome one = ReplayFile(GetParam(), TunnelMode::kInner, 1);
  if (!one.opened.ok()) return;
  ExpectSame(one.snapshot, ReplayFile(GetParam(), TunnelMode::kInner, 3).snapshot);
}

TEST_P(MalformedTest, LosesNoCount) {
  const Outcome outcome = ReplayFile(GetParam(), TunnelMode::kInner, 1);
  if (!outcome.opened.ok()) {
    EXPECT_FALSE(outcome.opened.message().empty());
    return;
  }
  ExpectConservation(outcome.snapshot);
  ExpectSame(outcome.snapshot, ReplayFile(GetParam(), TunnelMode::kInner, 2).snapshot);
}

std::string TestName(const testing::TestParamInfo<std::string>& info) {
  std::string name = info.param;
  std::replace_if(
      name.begin(), name.end(), [](char c) { return !std::isalnum(c); }, '_');
  return name;
}

GTEST_ALLOW_UNINSTANTIATED_PARAMETERIZED_TEST(CorpusTest);
GTEST_ALLOW_UNINSTANTIATED_PARAMETERIZED_TEST(MalformedTest);
INSTANTIATE_TEST_SUITE_P(All, CorpusTest, testing::ValuesIn(Captures()), TestName);
INSTANTIATE_TEST_SUITE_P(All, MalformedTest, testing::ValuesIn(MalformedCaptures()), TestName);

}  // namespace
}  // namespace borderflow
