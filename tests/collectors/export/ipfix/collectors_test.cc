// The exporter against the programs that its users run, on loopback.
#include "tests/collectors/export/ipfix/collectors.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <thread>

#include "collectors/export/ipfix/ipfix_exporter.h"
#include "tests/collectors/batches.h"
#include "tests/collectors/child_process.h"
#include "tests/collectors/export/ipfix/fixbuf_reader.h"

namespace borderflow {
namespace {

absl::Status ExportTo(const std::string& destination, const std::vector<ExportBatch>& batches) {
  IpfixExporter exporter(*ParseIpfixDestination(destination), kDocumentationPen,
                         batches[0].key.sensor);
  const Hurry hurry;
  for (const ExportBatch& batch : batches) {
    if (absl::Status s = exporter.Export(batch, hurry); !s.ok()) return s;
  }
  return absl::OkStatus();
}

// Collectors take an absent or zero number of flows for one.
uint64_t FlowsAsCounted(const ExportBatch& batch) {
  uint64_t flows = 0;
  for (const BatchRow& row : batch.rows) {
    flows += std::max<uint64_t>(1, row.cell.counters.flows);
  }
  return flows;
}

TEST(IpfixCollectorsTest, NfcapdKeepsTheSameTotals) {
  if (!NfcapdForTest::Installed()) GTEST_SKIP() << "nfdump is not installed";
  NfcapdForTest nfcapd;
  ASSERT_TRUE(nfcapd.Start()) << nfcapd.log();
  const ExportBatch batch = RandomBatch("berlin-1", 0, 2000, DataAllies(), 8);
  ASSERT_TRUE(ExportTo("udp:127.0.0.1:" + nfcapd.port(), {batch}).ok());
  std::map<std::string, std::string> totals = nfcapd.Totals();
  EXPECT_EQ(totals["Flows"], std::to_string(batch.rows.size()));  // its word for records
  EXPECT_EQ(totals["Packets"], std::to_string(batch.total.frames));
  EXPECT_EQ(totals["Bytes"], std::to_string(batch.total.bytes));
}

TEST(IpfixCollectorsTest, NfacctdCountsTheSameByJurisdiction) {
  if (!NfacctdForTest::Installed()) GTEST_SKIP() << "pmacct is not installed";
  NfacctdForTest nfacctd;
  ASSERT_TRUE(nfacctd.Start()) << nfacctd.log();
  const ExportBatch batch = RandomBatch("berlin-1", 0, 500, DataAllies(), 8);
  ASSERT_TRUE(ExportTo("udp:127.0.0.1:" + nfacctd.port(), {batch}).ok());
  NfacctdForTest::Pairs expected;
  for (const BatchRow& row : batch.rows) {
    const auto word = [&row](Jurisdiction location) {
      return std::string(row.Word(Code(location)));
    };
    CellCounters& sum =
        expected[{word(row.cell.source.location), word(row.cell.destination.location)}];
    sum.frames += row.cell.counters.frames;
    sum.bytes += row.cell.counters.bytes;
    sum.flows += std::max<uint64_t>(1, row.cell.counters.flows);
  }
  EXPECT_EQ(nfacctd.WaitFor(FlowsAsCounted(batch)), expected) << nfacctd.log();
}

// libfixbuf's own listener; a thread reads one connection to its end.
TEST(IpfixCollectorsTest, LibfixbufReadsTheSameOverTcp) {
  const int port = FreePort(SOCK_STREAM);
  const std::string port_text = std::to_string(port);
  FixbufReader reader(kDocumentationPen);
  fbSession_t* session = fbSessionAlloc(reader.model());
  fbConnSpec_t where = FB_CONNSPEC_INIT;
  std::string host = "127.0.0.1";
  std::string service = port_text;
  where.transport = FB_TCP;
  where.host = host.data();
  where.svc = service.data();
  GError* error = nullptr;
  fbListener_t* listener = fbListenerAlloc(&where, session, nullptr, nullptr, &error);
  ASSERT_NE(listener, nullptr) << error->message;
  ReadStream stream;
  std::thread collecting([&] {
    GError* failed = nullptr;
    fBuf_t* buffer = fbListenerWait(listener, &failed);
    ASSERT_NE(buffer, nullptr) << failed->message;
    stream = reader.Read(buffer, fBufGetSession(buffer));
    fBufFree(buffer);
  });
  const std::vector<ExportBatch> batches = {RandomBatch("berlin-1", 0, 4000),
                                            RandomBatch("berlin-1", 1, 100)};
  const absl::Status exported = ExportTo("tcp:127.0.0.1:" + port_text, batches);
  EXPECT_TRUE(exported.ok()) << exported;
  if (!exported.ok()) fbListenerInterrupt(listener);
  collecting.join();
  EXPECT_EQ(stream.error, "");
  ASSERT_EQ(stream.cells.size(), batches[0].rows.size() + batches[1].rows.size());
  CellCounters read;
  for (const ReadCell& cell : stream.cells) {
    read += {cell.frames, cell.bytes, cell.payload_bytes, cell.flows};
  }
  CellCounters sent = batches[0].total;
  sent += batches[1].total;
  EXPECT_EQ(read, sent);
  ASSERT_EQ(stream.statements.size(), 2u);
  EXPECT_EQ(stream.statements[1].sent, batches[0].rows.size());
  fbListenerFree(listener);
}

TEST(IpfixCollectorsTest, NobodyListeningIsAnErrorThatSaysSo) {
  const std::string port = std::to_string(FreePort(SOCK_STREAM));
  const absl::Status status = ExportTo("tcp:127.0.0.1:" + port, {RandomBatch("berlin-1", 0, 10)});
  EXPECT_TRUE(absl::IsUnavailable(status));
  EXPECT_NE(status.message().find("Connection refused"), std::string::npos) << status;
}

}  // namespace
}  // namespace borderflow
