// The exporter against the programs that its users run, on loopback.
#include <gtest/gtest.h>

#include <map>
#include <nlohmann/json.hpp>
#include <sstream>
#include <thread>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
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

// Whether whoever listens at a UDP port of 127.0.0.1 has read all that was sent to it.
bool HasReadAll(const std::string& port) {
  const std::string address = absl::StrFormat(" 0100007F:%04X ", std::stoi(port));
  std::istringstream lines(ReadWhole("/proc/net/udp"));
  for (std::string line; std::getline(lines, line);) {
    const size_t at = line.find(address);
    if (at == std::string::npos) continue;
    // The remote address, the state, then both queues, in hexadecimal.
    std::istringstream rest(line.substr(at + address.size()));
    std::string remote, state, queues;
    rest >> remote >> state >> queues;
    return queues.substr(queues.find(':')) == ":00000000";
  }
  return false;
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
  if (!HasProgram("nfcapd") || !HasProgram("nfdump")) GTEST_SKIP() << "nfdump is not installed";
  const TestFolder folder("nfcapd");
  std::filesystem::create_directory(folder.Path("flows"));
  const std::string port = std::to_string(FreePort(SOCK_DGRAM));
  ChildProcess nfcapd({"nfcapd", "-b", "127.0.0.1", "-p", port, "-w", folder.Path("flows"), "-t",
                       "3600", "-B", "8000000"},
                      folder.Path("log"));
  ASSERT_TRUE(Eventually([&] {
    return ReadWhole(folder.Path("log")).find("Startup") != std::string::npos;
  })) << ReadWhole(folder.Path("log"));
  const ExportBatch batch = RandomBatch("berlin-1", 0, 2000);
  ASSERT_TRUE(ExportTo("udp:127.0.0.1:" + port, {batch}).ok());
  EXPECT_TRUE(Eventually([&] { return HasReadAll(port); }));
  nfcapd.End(SIGTERM);
  ASSERT_EQ(std::system(("nfdump -R '" + folder.Path("flows") + "' -I > '" + folder.Path("totals") +
                         "' 2>&1")
                            .c_str()),
            0);
  // "Bytes: 9971630", a line each.
  std::map<std::string, std::string> totals;
  std::istringstream lines(ReadWhole(folder.Path("totals")));
  for (std::string line; std::getline(lines, line);) {
    const size_t colon = line.find(": ");
    if (colon != std::string::npos) totals[line.substr(0, colon)] = line.substr(colon + 2);
  }
  EXPECT_EQ(totals["Flows"], std::to_string(batch.rows.size()));  // its word for records
  EXPECT_EQ(totals["Packets"], std::to_string(batch.total.frames));
  EXPECT_EQ(totals["Bytes"], std::to_string(batch.total.bytes));
}

TEST(IpfixCollectorsTest, NfacctdCountsTheSameByJurisdiction) {
  if (!HasProgram("nfacctd")) GTEST_SKIP() << "pmacct is not installed";
  const TestFolder folder("nfacctd");
  const std::string port = std::to_string(FreePort(SOCK_DGRAM));
  folder.Write("primitives",
               "name=source_location field_type=32473:3 len=vlen semantics=str\n"
               "name=destination_location field_type=32473:4 len=vlen semantics=str\n");
  folder.Write("conf", absl::StrCat("daemonize: false\nnfacctd_ip: 127.0.0.1\nnfacctd_port: ", port,
                                    "\n"
                                    "nfacctd_pipe_size: 8000000\naggregate_primitives: ",
                                    folder.Path("primitives"),
                                    "\nplugins: print[a]\n"
                                    "aggregate[a]: source_location, destination_location, flows\n"
                                    "print_refresh_time[a]: 1\nprint_output[a]: json\n"
                                    "print_output_file_append[a]: true\nprint_output_file[a]: ",
                                    folder.Path("out.json"), "\n"));
  ChildProcess nfacctd({"nfacctd", "-f", folder.Path("conf")}, folder.Path("log"));
  ASSERT_TRUE(Eventually([&] {
    const std::string log = ReadWhole(folder.Path("log"));
    return log.find("waiting for NetFlow/IPFIX data") != std::string::npos &&
           log.find("JSON: setting") != std::string::npos;
  })) << ReadWhole(folder.Path("log"));
  const ExportBatch batch = RandomBatch("berlin-1", 0, 500);
  ASSERT_TRUE(ExportTo("udp:127.0.0.1:" + port, {batch}).ok());

  std::map<std::pair<std::string, std::string>, CellCounters> expected;
  for (const BatchRow& row : batch.rows) {
    CellCounters& sum = expected[{std::string(Code(row.cell.source.location)),
                                  std::string(Code(row.cell.destination.location))}];
    sum.frames += row.cell.counters.frames;
    sum.bytes += row.cell.counters.bytes;
    sum.flows += std::max<uint64_t>(1, row.cell.counters.flows);
  }
  std::map<std::pair<std::string, std::string>, CellCounters> counted;
  EXPECT_TRUE(Eventually([&] {
    counted.clear();
    uint64_t flows = 0;
    std::istringstream lines(ReadWhole(folder.Path("out.json")));
    for (std::string line; std::getline(lines, line);) {
      const auto json = nlohmann::json::parse(line, nullptr, false);
      if (json.is_discarded()) return false;  // half written
      CellCounters& sum = counted[{json["source_location"], json["destination_location"]}];
      sum.frames += json["packets"].get<uint64_t>();
      sum.bytes += json["bytes"].get<uint64_t>();
      sum.flows += json["flows"].get<uint64_t>();
      flows += json["flows"].get<uint64_t>();
    }
    return flows >= FlowsAsCounted(batch);
  })) << ReadWhole(folder.Path("log"));
  EXPECT_EQ(counted, expected);
  nfacctd.End(SIGINT);
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
