#include "dataplane/worker.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <memory>
#include <random>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "tests/dataplane/count/describe.h"
#include "tests/dataplane/reference_worker.h"
#include "tests/dataplane/traffic.h"

namespace borderflow {
namespace {

constexpr size_t kAmple = 65536;

// Bursts of random sizes, empty ones too; always full ones for seed 0.
void ProcessInBursts(const std::vector<Packet>& packets, uint64_t seed, Worker* worker) {
  std::mt19937_64 random(seed);
  for (size_t at = 0; at < packets.size();) {
    const size_t wanted = seed == 0 ? Worker::kMaxBurst : random() % (Worker::kMaxBurst + 1);
    const size_t size = std::min(wanted, packets.size() - at);
    worker->Process(absl::MakeConstSpan(packets).subspan(at, size));
    at += size;
  }
}

Snapshot Counted(const std::vector<Packet>& packets, const PrefixMap& map, const KeyedHash& hash,
                 const WorkerOptions& options, uint64_t burst_seed = 0,
                 const NameRules& rules = NameRules::BuiltIn()) {
  Worker worker(&map, &rules, hash, options);
  ProcessInBursts(packets, burst_seed, &worker);
  worker.Finish();
  return worker.Take();
}

Snapshot CountedSlowly(const std::vector<Packet>& packets, const PrefixMap& map, bool names) {
  ReferenceWorker worker(&map, &NameRules::BuiltIn(), names);
  for (const Packet& packet : packets) worker.Process(packet);
  worker.Finish();
  return worker.Take();
}

// Every frame is in exactly one cell, every flow in one.
void ExpectConserved(const Snapshot& snapshot, const std::vector<Packet>& packets) {
  CellCounters expected;
  for (const Packet& packet : packets) {
    if (!packet.teach_only) expected += {1, packet.bytes, packet.payload_bytes, 0};
  }
  CellCounters sum;
  for (const Cell& cell : snapshot.cells) sum += cell.counters;
  EXPECT_EQ(sum.frames, expected.frames);
  EXPECT_EQ(sum.bytes, expected.bytes);
  EXPECT_EQ(sum.payload_bytes, expected.payload_bytes);
  EXPECT_EQ(sum.flows, snapshot.flows.total);
  EXPECT_EQ(snapshot.flows.tcp + snapshot.flows.udp + snapshot.flows.other, snapshot.flows.total);
}

using Places = std::pair<Endpoint, Endpoint>;
std::map<Places, FrameTotals> ByPlaces(const Snapshot& snapshot) {
  std::map<Places, FrameTotals> sums;
  for (const Cell& cell : snapshot.cells) {
    sums[{cell.key.source, cell.key.destination}] += {cell.counters.frames, cell.counters.bytes};
  }
  return sums;
}

TEST(Worker, AgreesWithReferenceOnRandomTraffic) {
  const PrefixMap map = SixteenPlaces();
  const std::vector<TrafficOptions> kinds = {
      {},
      {.clients = 2, .ports = 1},
      {.clients = 40, .ports = 20},
      {.backwards = false, .seconds_max = 15},
      {.teach_only = false, .dns = false},
  };
  for (size_t kind = 0; kind < kinds.size(); ++kind) {
    for (uint64_t seed = 1; seed <= 4; ++seed) {
      SCOPED_TRACE(testing::Message() << "kind " << kind << " seed " << seed);
      Traffic traffic(100 * kind + seed, kinds[kind]);
      const std::vector<Packet> packets = traffic.Take(8000);
      for (const bool names : {false, true}) {
        const Snapshot counted = Counted(packets, map, traffic.hash(),
                                         {.flows = kAmple, .cells = kAmple, .names = names}, seed);
        ExpectSame(counted, CountedSlowly(packets, map, names));
        ExpectConserved(counted, packets);
        EXPECT_FALSE(counted.overflows.any());
        if (HasFailure()) return;
      }
    }
  }
}

// Rules that are many have workers read names ahead, which must change nothing.
TEST(Worker, AgreesWithReferenceWhenNamesAreReadAhead) {
  std::string list(NameRules::ShippedText());
  for (int i = 0; i < 40'000; ++i) absl::StrAppend(&list, "n", i, ".invalid,MED,80,Nobody's\n");
  const absl::StatusOr<NameRules> rules = NameRules::Parse(list, "many.csv");
  ASSERT_TRUE(rules.ok()) << rules.status();
  ASSERT_GT(rules->memory_bytes(), size_t{1} << 20);
  const PrefixMap map = SixteenPlaces();
  for (uint64_t seed = 1; seed <= 4; ++seed) {
    Traffic traffic(seed, {.clients = 20, .ports = 10, .seconds_max = 15});
    const std::vector<Packet> packets = traffic.Take(8000);
    ExpectSame(Counted(packets, map, traffic.hash(),
                       {.flows = kAmple, .cells = kAmple, .names = true}, seed, *rules),
               CountedSlowly(packets, map, /*names=*/true));
  }
}

TEST(Worker, BurstsMayEndAnywhere) {
  const PrefixMap map = SixteenPlaces();
  Traffic traffic(7, {.clients = 20, .ports = 10});
  const std::vector<Packet> packets = traffic.Take(20'000);
  const WorkerOptions options = {.flows = kAmple, .cells = kAmple, .names = true};
  const Snapshot full = Counted(packets, map, traffic.hash(), options);
  for (uint64_t seed = 1; seed <= 5; ++seed) {
    ExpectSame(Counted(packets, map, traffic.hash(), options, seed), full);
  }
}

TEST(Worker, HashSecretMakesNoDifference) {
  const PrefixMap map = SixteenPlaces();
  Traffic traffic(8, {});
  std::vector<Packet> packets = traffic.Take(10'000);
  const WorkerOptions options = {.flows = kAmple, .cells = kAmple, .names = true};
  const Snapshot one = Counted(packets, map, traffic.hash(), options);
  const KeyedHash other(12345);
  for (Packet& packet : packets) packet.hash = other(packet.key);
  ExpectSame(Counted(packets, map, other, options), one);
}

// Whatever does not fit is counted where it belongs, only not as flows.
TEST(Worker, FullFlowTableKeepsJurisdictionsExact) {
  const PrefixMap map = SixteenPlaces();
  for (const size_t flows : {1, 5, 40, 300}) {
    SCOPED_TRACE(flows);
    Traffic traffic(flows, {.clients = 40, .ports = 20});
    const std::vector<Packet> packets = traffic.Take(20'000);
    const Snapshot counted =
        Counted(packets, map, traffic.hash(), {.flows = flows, .cells = kAmple}, 1);
    ExpectConserved(counted, packets);
    EXPECT_GT(counted.overflows.stateless_frames, 0u);
    EXPECT_TRUE(ByPlaces(counted) == ByPlaces(CountedSlowly(packets, map, false)));
  }
}

TEST(Worker, FullCellArenaKeepsLocationsExactAndFlowsCounted) {
  const PrefixMap map = SixteenPlaces();
  Traffic traffic(9, {.clients = 40, .ports = 20});
  const std::vector<Packet> packets = traffic.Take(20'000);
  const Snapshot reference = CountedSlowly(packets, map, false);
  const Snapshot counted = Counted(packets, map, traffic.hash(), {.flows = kAmple, .cells = 12}, 1);
  ExpectConserved(counted, packets);
  EXPECT_GT(counted.overflows.as_numbers_dropped, 0u);
  EXPECT_EQ(counted.flows.total, reference.flows.total);
  using Locations = std::pair<Jurisdiction, Jurisdiction>;
  std::map<Locations, CellCounters> sums[2];
  for (const int side : {0, 1}) {
    for (const Cell& cell : (side == 0 ? counted : reference).cells) {
      sums[side][{cell.key.source.location, cell.key.destination.location}] += cell.counters;
    }
  }
  EXPECT_TRUE(sums[0] == sums[1]);
}

TEST(Worker, FlowsThatEndedMakeRoom) {
  const PrefixMap map = SixteenPlaces();
  const KeyedHash hash(1);
  constexpr uint64_t kFlows = 20'000;
  std::vector<Packet> packets(kFlows);
  EventClock clock;
  for (uint64_t i = 0; i < kFlows; ++i) {
    Packet& packet = packets[i];
    packet.key = NumberedKey(i);
    packet.hash = hash(packet.key);
    packet.time_ns = i * 1'000'000'000;
    packet.tick = clock.Advance(packet.time_ns);
    packet.bytes = 60;
  }
  // One flow a second, each living for 300: a table of 1,000 never fills.
  const Snapshot counted = Counted(packets, map, hash, {.flows = 1000, .cells = 16}, 3);
  EXPECT_EQ(counted.overflows.stateless_frames, 0u);
  EXPECT_EQ(counted.flows.total, kFlows);
}

TEST(Worker, CountsNothingOfPacketsThatOnlyTeach) {
  const PrefixMap map = SixteenPlaces();
  Traffic traffic(10, {});
  std::vector<Packet> packets = traffic.Take(1000);
  for (Packet& packet : packets) packet.teach_only = true;
  ExpectSame(Counted(packets, map, traffic.hash(), {.names = true}), Snapshot{});
}

TEST(Worker, TakeBeforeFinishLacksOnlyWhatWaits) {
  const PrefixMap map = SixteenPlaces();
  Traffic traffic(11, {});
  const std::vector<Packet> packets = traffic.Take(3000);
  Worker worker(&map, &NameRules::BuiltIn(), traffic.hash(), {});
  std::map<CellKey, CellCounters> before;
  for (size_t at = 0; at < packets.size(); at += 10) {
    worker.Process(absl::MakeConstSpan(packets).subspan(at, 10));
    const Snapshot now = worker.Take();
    std::map<CellKey, CellCounters> counters;
    for (const Cell& cell : now.cells) counters[cell.key] = cell.counters;
    for (const auto& [key, was] : before) {
      const CellCounters& is = counters[key];
      ASSERT_TRUE(is.frames >= was.frames && is.bytes >= was.bytes && is.flows >= was.flows)
          << "counters only ever go up";
    }
    before = counters;
  }
  worker.Finish();
  ExpectConserved(worker.Take(), packets);
}

// A resolver's connection whose segments are no messages: none of them may keep a slot.
TEST(Worker, FlowsWhoseMessagesAllNameSomethingLeakNoSlots) {
  const PrefixMap map = SixteenPlaces();
  const KeyedHash hash(1);
  Buffer query = DnsQuery("www.example.org");
  query.insert(query.begin(), {0, static_cast<uint8_t>(query.size())});
  const Buffer noise(100, 0x99);
  const Buffer long_header = FromHex("c0000000010800000000000000000000000000000000000000000000");
  const Buffer datagram = DnsQuery("www.example.org");
  std::vector<Packet> packets;
  const auto add = [&](const Ends& ends, bool tcp, const Buffer& payload) {
    packets.push_back(tcp ? TcpPacket(ends, true, static_cast<uint32_t>(packets.size()), payload)
                          : UdpPacket(ends, true, payload));
    Packet& packet = packets.back();
    packet.hash = hash(packet.key);
    packet.bytes = packet.payload_bytes + 54;
  };
  add({.server_port = 53}, true, query);
  for (int i = 0; i < 10'000; ++i) add({.server_port = 53}, true, noise);
  for (uint32_t i = 0; i < 10'000; ++i) {
    const Ends ends = {.client = 0x0a000000 + i, .server_port = 53};
    add(ends, false, long_header);
    add(ends, false, datagram);
  }
  const Snapshot counted = Counted(packets, map, hash, {.flows = kAmple, .cells = 64});
  EXPECT_EQ(counted.overflows.reassembly_slots, 0u);
  EXPECT_EQ(counted.flows.total, 10'001u);
}

// STARTTLS: what came before is cleartext, what comes after is encrypted, and the flow counts once.
TEST(Worker, FlowThatTurnsToTlsCountsBytesBeforeAndAfterApart) {
  const PrefixMap map = SixteenPlaces();
  const KeyedHash hash(1);
  const Ends ends = {.server_port = 2525};
  const std::vector<std::pair<bool, Buffer>> messages = {
      {false, FromText("220 mx.example ESMTP\r\n")},
      {true, FromText("STARTTLS\r\n")},
      {false, FromText("220 go ahead\r\n")},
      {true, TlsClientHello({.name = "mx.example"})},
      {false, Buffer(1400, 0x99)},
      {true, Buffer(700, 0x99)},
  };
  std::vector<Packet> packets;
  uint64_t clear_bytes = 0;
  uint64_t encrypted_bytes = 0;
  for (const auto& [from_client, payload] : messages) {
    packets.push_back(TcpPacket(ends, from_client, 0, payload));
    packets.back().hash = hash(packets.back().key);
    packets.back().bytes = packets.back().payload_bytes + 54;
    (packets.size() <= 3 ? clear_bytes : encrypted_bytes) += packets.back().bytes;
  }
  for (uint64_t seed = 0; seed < 4; ++seed) {
    const Snapshot counted =
        Counted(packets, map, hash, {.flows = kAmple, .cells = 64, .names = true}, seed);
    ExpectConserved(counted, packets);
    std::map<Protection, CellCounters> sums;
    for (const Cell& cell : counted.cells) {
      EXPECT_EQ(cell.key.classification.protocol, Protocol::kSmtp);
      EXPECT_EQ(cell.key.classification.category, Category::kCom);
      sums[cell.key.classification.protection] += cell.counters;
    }
    EXPECT_EQ(sums[Protection::kCleartext].bytes, clear_bytes);
    EXPECT_EQ(sums[Protection::kEncrypted].bytes, encrypted_bytes);
    EXPECT_EQ(counted.flows.total, 1u);
    EXPECT_EQ(counted.names.count("mx.example"), 1u);
    ExpectSame(counted, CountedSlowly(packets, map, true));
  }
}

}  // namespace
}  // namespace borderflow
