#include "collectors/export/ipfix/encoder.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>

#include "tests/collectors/batches.h"
#include "tests/collectors/child_process.h"
#include "tests/collectors/export/ipfix/fixbuf_reader.h"

namespace borderflow {
namespace {

// The messages of batches, one behind the other in a file.
class Written {
 public:
  explicit Written(const IpfixOptions& options)
      : folder_("ipfix_encoder"), encoder_(*IpfixEncoder::Create(options)) {}

  absl::Status Add(const ExportBatch& batch, const IpfixTotals& totals = {}) {
    std::ofstream file(path(), std::ios::binary | std::ios::app);
    return encoder_->Encode(batch, totals, [this, &file](std::string_view message) {
      longest_ = std::max(longest_, message.size());
      file << message;
      return absl::OkStatus();
    });
  }
  std::string path() const { return folder_.Path("x.ipfix"); }
  size_t longest() const { return longest_; }

 private:
  TestFolder folder_;
  std::unique_ptr<IpfixEncoder> encoder_;
  size_t longest_ = 0;
};

constexpr uint32_t kOtherPen = 64'999;

TEST(IpfixEncoderTest, ACollectorThatKnowsNothingOfUsReadsEveryCell) {
  const ExportBatch batch = RandomBatch("berlin-1", 7, 3000);
  Written written({kOtherPen, DomainOf("berlin-1"), 1400});
  ASSERT_TRUE(written.Add(batch).ok());
  EXPECT_LE(written.longest(), 1400u);

  const ReadStream stream = FixbufReader(kOtherPen).ReadFile(written.path());
  EXPECT_EQ(stream.error, "");
  EXPECT_EQ(stream.learned, 19);
  ASSERT_EQ(stream.cells.size(), batch.rows.size());
  for (size_t i = 0; i < batch.rows.size(); ++i) {
    const BatchRow& row = batch.rows[i];
    const ReadCell& cell = stream.cells[i];
    EXPECT_EQ(cell.bytes, row.cell.counters.bytes);
    EXPECT_EQ(cell.frames, row.cell.counters.frames);
    EXPECT_EQ(cell.flows, row.cell.counters.flows);
    EXPECT_EQ(cell.payload_bytes, row.cell.counters.payload_bytes);
    EXPECT_EQ(cell.clients, row.cell.clients);
    EXPECT_EQ(cell.start_ms, batch.key.start_ns / 1'000'000);
    EXPECT_EQ(cell.end_ms, batch.end_ns / 1'000'000);
    EXPECT_EQ(cell.source, Code(row.cell.source.location));
    EXPECT_EQ(cell.destination, Code(row.cell.destination.location));
    EXPECT_EQ(cell.source_operator, Code(row.source_operator));
    EXPECT_EQ(cell.role, Name(row.cell.role));
    EXPECT_EQ(cell.category, Code(row.cell.category));
    EXPECT_EQ(cell.evidence, Name(row.cell.evidence));
    EXPECT_EQ(cell.crossing, Name(row.crossing));
    EXPECT_EQ(cell.pack, batch.packs[0].id + "/" + batch.packs[0].version);
    EXPECT_EQ(cell.verdict, row.VerdictOf(0));
    EXPECT_EQ(cell.source_as, row.cell.source.asn);
    EXPECT_EQ(cell.confidence, row.cell.confidence);
  }
}

TEST(IpfixEncoderTest, WhatIsHeldBackIsOneRecordThatSaysSoInEveryWord) {
  const ExportBatch batch = RandomBatch("berlin-1", 0, 3000, DataAllies(), 8);
  Written written({kDocumentationPen, 1, 1400});
  ASSERT_TRUE(written.Add(batch).ok());
  const ReadStream stream = FixbufReader(kDocumentationPen).ReadFile(written.path());
  EXPECT_EQ(stream.error, "");
  ASSERT_EQ(stream.cells.size(), batch.rows.size());
  CellCounters read;
  for (const ReadCell& cell : stream.cells) {
    read += {cell.frames, cell.bytes, cell.payload_bytes, cell.flows};
    EXPECT_EQ(cell.clients % 8, 0u);
    EXPECT_EQ(cell.source == "suppressed", &cell == &stream.cells.back());
  }
  EXPECT_EQ(read, batch.total);
  const ReadCell& rest = stream.cells.back();
  for (const std::string& word : {rest.source, rest.destination, rest.source_operator, rest.role,
                                  rest.category, rest.evidence, rest.crossing, rest.verdict}) {
    EXPECT_EQ(word, "suppressed");
  }
  EXPECT_EQ(rest.bytes, batch.suppressed.bytes);
  EXPECT_EQ(rest.clients + rest.source_as + rest.confidence, 0u);
}

TEST(IpfixEncoderTest, StatesTheSensorWhatWasSentAndThatAddressesSayNothing) {
  Written written({kDocumentationPen, DomainOf("berlin-1"), 1400});
  ASSERT_TRUE(written.Add(RandomBatch("berlin-1", 0, 5), {12, 34}).ok());
  const ReadStream stream = FixbufReader(kDocumentationPen).ReadFile(written.path());
  EXPECT_EQ(stream.error, "");
  ASSERT_EQ(stream.statements.size(), 1u);
  EXPECT_EQ(stream.statements[0].sensor, "berlin-1");
  EXPECT_EQ(stream.statements[0].domain, DomainOf("berlin-1"));
  EXPECT_EQ(stream.statements[0].sent, 12u);
  EXPECT_EQ(stream.statements[0].not_sent, 34u);
  EXPECT_EQ(stream.anonymized, (std::vector<uint16_t>{27, 28}));
}

// A reload may change the packs from one window to the next.
TEST(IpfixEncoderTest, AnotherNumberOfPacksIsAnotherTemplateOfTheSameSession) {
  std::vector<Pack> two = DataAllies();
  two.push_back(two[0]);
  const std::vector<ExportBatch> batches = {RandomBatch("s", 0, 50, {}), RandomBatch("s", 1, 60),
                                            RandomBatch("s", 2, 70, two),
                                            RandomBatch("s", 3, 80, {})};
  Written written({kDocumentationPen, 1, 1400});
  size_t rows = 0;
  uint64_t bytes = 0;
  for (const ExportBatch& batch : batches) {
    ASSERT_TRUE(written.Add(batch).ok());
    rows += batch.rows.size();
    bytes += batch.total.bytes;
  }
  const ReadStream stream = FixbufReader(kDocumentationPen).ReadFile(written.path());
  EXPECT_EQ(stream.error, "");
  ASSERT_EQ(stream.cells.size(), rows);
  uint64_t read = 0;
  for (const ReadCell& cell : stream.cells) read += cell.bytes;
  EXPECT_EQ(read, bytes);
  EXPECT_EQ(stream.cells.front().verdict, "");
}

TEST(IpfixEncoderTest, ARecordThatFitsIntoNoMessageIsRefused) {
  const std::vector<Pack> many(100, DataAllies()[0]);
  Written written({kDocumentationPen, 1, 1400});
  const absl::Status status = written.Add(RandomBatch("s", 0, 3, many));
  EXPECT_TRUE(absl::IsInvalidArgument(status)) << status;
}

TEST(IpfixEncoderTest, TheDomainFollowsFromTheSensorsName) {
  EXPECT_EQ(DomainOf(""), 0u);
  EXPECT_EQ(DomainOf("abc"), 0xba7816bfu);  // FIPS 180-4's example
  EXPECT_NE(DomainOf("berlin-1"), DomainOf("berlin-2"));
}

}  // namespace
}  // namespace borderflow
