// Nothing of a person gets out: addresses, names and numbers that are planted in a capture are in
// no output that was not asked for them.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "tests/dataplane/packet/frame_builder.h"
#include "tests/end_to_end/programs.h"

namespace borderflow {
namespace {

using namespace testing_frames;
using testing::HasSubstr;
using testing::Not;

const std::vector<std::string> kNumbers = {
    "4111 1111 1111 1111", "4111111111111111", "DE89370400440532013000", "529.982.247-25",
    "planted.person",      "planted-person",   "QWxhZGRpbjpvcGVu",       "hunter2"};

void AppendLittle32(size_t value, std::string* bytes) {
  for (int i = 0; i < 4; ++i) bytes->push_back(static_cast<char>(value >> (8 * i) & 0xff));
}

std::string Capture(const std::vector<std::vector<uint8_t>>& frames) {
  std::string bytes("\xd4\xc3\xb2\xa1\x02\x00\x04\x00\0\0\0\0\0\0\0\0\xff\xff\x00\x00\x01\0\0\0",
                    24);
  for (size_t i = 0; i < frames.size(); ++i) {
    AppendLittle32(1'750'000'000, &bytes);
    AppendLittle32(1000 * i, &bytes);
    AppendLittle32(frames[i].size(), &bytes);
    AppendLittle32(frames[i].size(), &bytes);
    bytes.append(frames[i].begin(), frames[i].end());
  }
  return bytes;
}

class PlantedReportTest : public testing::Test {
 protected:
  void SetUp() override {
    std::vector<std::vector<uint8_t>> frames;
    uint16_t port = 40000;
    for (const std::string& body : std::vector<std::string>{
             "card=4111 1111 1111 1111 and card 4111111111111111", "iban DE89370400440532013000",
             "cpf 529.982.247-25",
             "planted.person@mail.example, planted.person@one.example, planted.person@two.example",
             "user=x&password=hunter2"}) {
      const std::string head = "POST /planted-person HTTP/1.1\r\nHost: planted-person.example\r\n";
      ++port;
      frames.push_back(Segment(
          port, 1, head + "Authorization: Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==\r\n\r\n" + body));
      // In two segments, with the border in the last number.
      const std::string request = head + "\r\n" + body;
      const size_t cut = request.size() - 5;
      frames.push_back(Segment(port + 1000, 1, request.substr(0, cut)));
      frames.push_back(Segment(port + 1000, 1 + cut, request.substr(cut)));
    }
    programs_.Write("planted.pcap", Capture(frames));
  }
  static std::vector<uint8_t> Segment(int port, size_t sequence, const std::string& payload) {
    return Ethernet(Ipv4({.source = "203.0.113.77", .destination = "8.8.8.8"},
                         Tcp({.source_port = static_cast<uint16_t>(port),
                              .destination_port = 80,
                              .sequence = static_cast<uint32_t>(sequence)},
                             Text(payload))))
        .bytes;
  }
  const Programs programs_{"planted_report"};
};

TEST_F(PlantedReportTest, NumbersNamesAndAddressesAreInNoOutput) {
  const Finished run = programs_.Borderflow(
      "replay --geo tiny.mmdb --policy data-allies --json r.json --csv r.csv --ndjson r.ndjson "
      "planted.pcap");
  ASSERT_EQ(run.exit_code, 0) << run.err;
  const auto report = nlohmann::json::parse(programs_.Read("r.json"));
  EXPECT_EQ(report["content"]["payment-card"], 3) << "one is enough, and nothing more is read";
  EXPECT_EQ(report["content"]["iban"], 2);
  EXPECT_EQ(report["content"]["national-id"], 2);
  EXPECT_EQ(report["content"]["e-mail-address"], 6);
  EXPECT_GE(report["content"]["credential"], 6);
  EXPECT_THAT(run.out, HasSubstr("seen in readable flows, counted and not kept:"));
  for (const std::string& text : {run.out, run.err, programs_.Read("r.json"),
                                  programs_.Read("r.csv"), programs_.Read("r.ndjson")}) {
    for (const std::string& number : kNumbers) EXPECT_THAT(text, Not(HasSubstr(number)));
    EXPECT_THAT(text, Not(HasSubstr("203.0.113."))) << "an address of the capture";
  }
}

TEST_F(PlantedReportTest, ContentThatIsNotToBeLookedAtIsNotAndTheReportSaysSo) {
  ASSERT_EQ(programs_.Borderflow("replay --geo tiny.mmdb --quiet --json with.json planted.pcap")
                .exit_code,
            0);
  const Finished run = programs_.Borderflow(
      "replay --geo tiny.mmdb --no-content --json r.json --sqlite s.sqlite planted.pcap");
  ASSERT_EQ(run.exit_code, 0) << run.err;
  EXPECT_THAT(run.out, HasSubstr("content was not looked at (--no-content)"));
  EXPECT_THAT(run.out, Not(HasSubstr("seen in readable flows")));
  const auto with = nlohmann::json::parse(programs_.Read("with.json"));
  const auto report = nlohmann::json::parse(programs_.Read("r.json"));
  EXPECT_TRUE(report["content"].is_null());
  EXPECT_EQ(report["parameters"]["content"], false);
  EXPECT_EQ(report["provenance"]["content"], "not looked at");
  EXPECT_EQ(with["provenance"]["content"], "searched for patterns");
  EXPECT_THAT(report["provenance"]["command"].get<std::string>(), HasSubstr(" --no-content"));
  EXPECT_GT(with["coverage"]["by_evidence"]["content"], 0.0);
  EXPECT_EQ(report["coverage"]["by_evidence"]["content"], 0.0);
  for (const auto& cell : report["cells"]) EXPECT_NE(cell["evidence"], "content");
  EXPECT_EQ(report["decode"], with["decode"]);
  // The store knows it too.
  const Finished stored = programs_.Borderflow("report --sqlite s.sqlite --json q.json --quiet");
  ASSERT_EQ(stored.exit_code, 0) << stored.err;
  EXPECT_EQ(nlohmann::json::parse(programs_.Read("q.json"))["parameters"]["content"], false);
  EXPECT_EQ(
      programs_.Borderflow("report compare with.json r.json").err,
      "borderflow report: the two are unlike: content: searched and not looked at; a difference "
      "would not be the traffic's alone; compare all the same with --mixed\n");
}

// All that leaves, and all that is kept, suppressed or not. In the store, client sets are sealed
// (collectors/privacy/DPIA.md).
TEST_F(PlantedReportTest, NothingOfItIsExportedSpooledOrStored) {
  for (const char* min_cell : {"1", "8"}) {
    const Finished run = programs_.Borderflow(
        std::string("replay --geo tiny.mmdb --policy data-allies --quiet --sensor s --window 1s "
                    "--ipfix file:x.ipfix --spool spool --clickhouse http://127.0.0.1:1/none "
                    "--sqlite s.sqlite --min-cell ") +
        min_cell + " planted.pcap");
    ASSERT_EQ(run.exit_code, 0) << run.err;
    std::string kept = run.err + programs_.Read("x.ipfix") + programs_.Read("s.sqlite") +
                       programs_.Read("s.sqlite-wal");
    size_t spooled = 0;
    for (const auto& file :
         std::filesystem::recursive_directory_iterator(programs_.Path("spool"))) {
      if (!file.is_regular_file()) continue;
      std::ifstream in(file.path(), std::ios::binary);
      kept.append(std::istreambuf_iterator<char>(in), {});
      spooled += file.path().extension() == ".insert" ? 1 : 0;
    }
    EXPECT_GE(spooled, 2u);
    EXPECT_THAT(kept, HasSubstr("data-allies")) << "this is what was exported";
    for (const std::string& number : kNumbers) EXPECT_THAT(kept, Not(HasSubstr(number)));
    for (const std::string& address :
         {std::string("203.0.113."), std::string("8.8.8.8"), std::string("\xcb\x00\x71\x4d", 4)}) {
      EXPECT_THAT(kept, Not(HasSubstr(address)));
    }
  }
}

TEST_F(PlantedReportTest, NamesAreListedOnlyWhenAskedForAndNumbersNeverAre) {
  const Finished run =
      programs_.Borderflow("replay --geo tiny.mmdb --names --json r.json planted.pcap");
  ASSERT_EQ(run.exit_code, 0) << run.err;
  const std::string report = programs_.Read("r.json");
  EXPECT_THAT(report, HasSubstr("planted-person.example"));
  for (const std::string number : {"4111", "DE8937", "529.982", "hunter2", "QWxhZGRpbjpvcGVu"}) {
    EXPECT_THAT(report, Not(HasSubstr(number)));
    EXPECT_THAT(run.out, Not(HasSubstr(number)));
  }
}

// Of a flow whose number lies over two segments as of one whose number does not.
TEST_F(PlantedReportTest, ExplainTellsOfAFlowWhatAReplayCountsAndNoNumber) {
  uint64_t frames = 0;
  uint64_t by_content = 0;
  for (int number = 1; number <= 10; ++number) {
    const Finished run = programs_.Borderflow(
        "explain --geo tiny.mmdb --json e.json planted.pcap:" + std::to_string(number));
    ASSERT_EQ(run.exit_code, 0) << run.err;
    const auto story = nlohmann::json::parse(programs_.Read("e.json"));
    for (const auto& cell : story["cells"]) {
      frames += cell["frames"].get<uint64_t>();
      by_content += cell["evidence"] == "content" ? cell["frames"].get<uint64_t>() : 0;
    }
    for (const std::string& shown : kNumbers) {
      if (shown == "planted-person") continue;  // the name that was asked about
      EXPECT_THAT(run.out + story.dump(), Not(HasSubstr(shown)));
    }
  }
  ASSERT_EQ(
      programs_.Borderflow("replay --quiet --geo tiny.mmdb --json r.json planted.pcap").exit_code,
      0);
  const auto report = nlohmann::json::parse(programs_.Read("r.json"));
  uint64_t counted = 0;
  for (const auto& cell : report["cells"]) {
    counted += cell["evidence"] == "content" ? cell["frames"].get<uint64_t>() : 0;
  }
  EXPECT_EQ(by_content, counted);
  EXPECT_GT(counted, 0u);
  EXPECT_EQ(frames, report["decode"]["ip"]["frames"].get<uint64_t>());
}

}  // namespace
}  // namespace borderflow
