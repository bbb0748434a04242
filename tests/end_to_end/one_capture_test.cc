// One capture, one run, every output: each holds the totals of the report, to the byte, with what
// is suppressed among them.
#include <gtest/gtest.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <ostream>
#include <sstream>

#include "tests/collectors/export/ipfix/collectors.h"
#include "tests/collectors/export/ipfix/fixbuf_reader.h"
#include "tests/collectors/store/clickhouse/clickhouse_server.h"
#include "tests/end_to_end/served_capture.h"

namespace borderflow {
namespace {

using Json = nlohmann::json;

struct Sum {
  uint64_t frames = 0;
  uint64_t bytes = 0;
  uint64_t flows = 0;
  Sum& operator+=(const Sum& other) {
    frames += other.frames;
    bytes += other.bytes;
    flows += other.flows;
    return *this;
  }
  friend bool operator==(const Sum&, const Sum&) = default;
  friend std::ostream& operator<<(std::ostream& out, const Sum& sum) {
    return out << sum.frames << " frames, " << sum.bytes << " bytes, " << sum.flows << " flows";
  }
};

Sum OfRows(const Json& rows) {
  Sum sum;
  for (const Json& row : rows) {
    sum +=
        {row["frames"].get<uint64_t>(), row["bytes"].get<uint64_t>(), row["flows"].get<uint64_t>()};
  }
  return sum;
}

// Of all series of a family in a page of metrics; `only` names one label's value.
uint64_t OfFamily(const std::string& page, const std::string& family,
                  const std::string& only = "") {
  uint64_t sum = 0;
  std::istringstream lines(page);
  for (std::string line; std::getline(lines, line);) {
    const bool mine = line.rfind(family + "{", 0) == 0 || line.rfind(family + " ", 0) == 0;
    if (!mine || line.find(only) == std::string::npos) continue;
    sum += std::stoull(line.substr(line.rfind(' ') + 1));
  }
  return sum;
}

TEST(OneCaptureTest, EveryOutputHoldsTheTotalsOfTheReport) {
  NfcapdForTest nfcapd;
  NfacctdForTest nfacctd;
  ClickHouseForTest server("one_capture");
  std::vector<std::string> options = {"--sensor", "berlin-1", "--sqlite",
                                      "s.sqlite", "--ipfix",  "file:x.ipfix"};
  const auto add = [&options](std::initializer_list<std::string> words) {
    options.insert(options.end(), words);
  };
  std::string missing;
  const bool has_nfcapd = NfcapdForTest::Installed();
  if (has_nfcapd) {
    ASSERT_TRUE(nfcapd.Start()) << nfcapd.log();
    add({"--ipfix", "udp:127.0.0.1:" + nfcapd.port()});
  } else {
    missing += " nfdump";
  }
  const bool has_nfacctd = NfacctdForTest::Installed();
  if (has_nfacctd) {
    ASSERT_TRUE(nfacctd.Start()) << nfacctd.log();
    add({"--ipfix", "udp:127.0.0.1:" + nfacctd.port()});
  } else {
    missing += " pmacct";
  }
  const bool has_clickhouse = ClickHouseForTest::Installed();
  if (has_clickhouse) {
    ASSERT_TRUE(server.Start()) << server.log();
    add({"--spool", "spool", "--clickhouse", server.Url()});
  } else {
    missing += " clickhouse-server";
  }

  ServedCapture sensor("one_capture", options);
  sensor.WaitUntilStill();
  const std::string page = Fetch(sensor.port(), "/metrics").body;
  const Json report = sensor.Report();
  const Sum expected = OfRows(report["cells"]);
  EXPECT_GT(expected.flows, 1000u);
  EXPECT_EQ(expected.bytes, report["decode"]["ip"]["bytes"].get<uint64_t>());
  EXPECT_EQ(expected.frames, report["decode"]["ip"]["frames"].get<uint64_t>());

  {
    SCOPED_TRACE("SQLite");
    const Finished stored =
        sensor.programs().Borderflow("report --sqlite s.sqlite --quiet --json q.json");
    ASSERT_EQ(stored.exit_code, 0) << stored.err;
    const Json again = Json::parse(sensor.programs().Read("q.json"));
    EXPECT_EQ(OfRows(again["cells"]), expected);
    EXPECT_EQ(again["capture"]["bytes"], report["capture"]["bytes"]);
  }
  {
    SCOPED_TRACE("Prometheus");
    // What waits in flows that are not decided is in no cell yet while the sensor runs.
    const uint64_t bytes = OfFamily(page, "borderflow_waiting_bytes");
    const uint64_t frames = OfFamily(page, "borderflow_waiting_frames");
    for (const char* family : {"traffic", "jurisdiction", "category"}) {
      const std::string prefix = "borderflow_" + std::string(family);
      EXPECT_EQ(OfFamily(page, prefix + "_bytes_total") + bytes, expected.bytes) << family;
      EXPECT_EQ(OfFamily(page, prefix + "_frames_total") + frames, expected.frames) << family;
    }
    EXPECT_GT(OfFamily(page, "borderflow_jurisdiction_bytes_total", "\"suppressed\""), 0u);
    EXPECT_EQ(OfFamily(page, "borderflow_captured_bytes_total"),
              report["capture"]["bytes"].get<uint64_t>());
  }
  const ReadStream stream = FixbufReader(32473).ReadFile(sensor.programs().Path("x.ipfix"));
  EXPECT_EQ(stream.error, "");
  Sum read;
  uint64_t suppressed = 0;
  uint64_t flows_as_collectors_count = 0;  // a record without flows is one to them
  for (const ReadCell& cell : stream.cells) {
    read += {cell.frames, cell.bytes, cell.flows};
    if (cell.source == "suppressed") suppressed += cell.bytes;
    flows_as_collectors_count += std::max<uint64_t>(1, cell.flows);
  }
  EXPECT_EQ(read, expected) << "libfixbuf";
  EXPECT_GT(suppressed, 0u);
  EXPECT_LT(suppressed, expected.bytes);
  if (has_nfcapd) {
    std::map<std::string, std::string> totals = nfcapd.Totals();
    EXPECT_EQ(totals["Packets"], std::to_string(expected.frames)) << "nfcapd";
    EXPECT_EQ(totals["Bytes"], std::to_string(expected.bytes)) << "nfcapd";
  }
  if (has_nfacctd) {
    Sum counted;
    for (const auto& [unused, sum] : nfacctd.WaitFor(flows_as_collectors_count)) {
      counted += {sum.frames, sum.bytes, sum.flows};
    }
    EXPECT_EQ(counted, (Sum{expected.frames, expected.bytes, flows_as_collectors_count}))
        << "nfacctd";
  }
  if (has_clickhouse) {
    Sum stored;
    std::istringstream(server.Ask("SELECT sum(frames), sum(bytes), sum(flows) FROM cells")) >>
        stored.frames >> stored.bytes >> stored.flows;
    EXPECT_EQ(stored, expected) << "ClickHouse";
    EXPECT_EQ(server.Ask("SELECT sum(bytes) FROM cells WHERE src = 'suppressed'"),
              std::to_string(suppressed));
    EXPECT_EQ(server.Ask("SELECT sum(captured_bytes) FROM windows"),
              std::to_string(report["capture"]["bytes"].get<uint64_t>()));
  }
  if (!missing.empty()) GTEST_SKIP() << "not installed, and not compared:" << missing;
}

}  // namespace
}  // namespace borderflow
