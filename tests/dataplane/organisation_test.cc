// The organisation of the end that answers: by the longest suffix of the flow's name, else by the
// longest prefix, else by nothing that a cell keeps (its AS stands in the cell already).
#include <gtest/gtest.h>

#include <map>
#include <string>
#include <vector>

#include "dataplane/worker.h"
#include "tests/dataplane/inspect/wire.h"

namespace borderflow {
namespace {

constexpr char kLists[] = R"(organisations:
  by-name:
    title: "N"
    home: "NO"
    as_of: "2026-01-31"
    source: "S"
    verified: true
    suffixes: ["one.example"]
  by-longer-name:
    title: "L"
    home: "NO"
    as_of: "2026-01-31"
    source: "S"
    verified: true
    suffixes: ["deep.one.example"]
  by-prefix:
    title: "P"
    home: "NO"
    as_of: "2026-01-31"
    source: "S"
    verified: true
    prefixes: ["198.51.100.0/24"]
  of-clients:
    title: "C"
    home: "NO"
    as_of: "2026-01-31"
    source: "S"
    verified: true
    prefixes: ["192.0.2.0/24"]
)";

class OrganisationTest : public testing::Test {
 protected:
  OrganisationTest() {
    const EntitiesFile file{kLists, "lists.yaml"};
    absl::StatusOr<Entities> entities = Entities::Parse({&file, 1});
    EXPECT_TRUE(entities.ok()) << entities.status();
    if (entities.ok()) entities_ = std::make_shared<const Entities>(*std::move(entities));
  }

  // The organisation of every cell of one flow, which must be the same for both directions; "" for
  // none.
  std::string Told(const Ends& ends, const std::vector<std::pair<bool, Buffer>>& payloads,
                   bool tcp = true) {
    const PrefixMap map;
    const KeyedHash hash(7);
    WorkerOptions options;
    options.flows = 1024;
    options.cells = 65536;
    options.entities = entities_;
    Worker worker(&map, &NameRules::BuiltIn(), hash, options);
    uint32_t sequence[2] = {1000, 2000};
    for (const auto& [from_client, payload] : payloads) {
      Packet packet = tcp ? TcpPacket(ends, from_client, sequence[from_client ? 0 : 1], payload)
                          : UdpPacket(ends, from_client, payload);
      sequence[from_client ? 0 : 1] += static_cast<uint32_t>(payload.size());
      packet.hash = hash(packet.key);
      packet.tick = ToTick(packet.time_ns);
      worker.Process({&packet, 1});
    }
    worker.Finish();
    std::map<uint16_t, uint64_t> found;
    for (const Cell& cell : worker.Take().cells) {
      found[cell.key.classification.entity] += cell.counters.frames;
    }
    EXPECT_EQ(found.size(), 1u);
    const Organisation* organisation = entities_->Find(found.begin()->first);
    return organisation == nullptr ? "" : organisation->name;
  }

  std::shared_ptr<const Entities> entities_;
};

const Ends kUnlisted = {.client = 0xcb007101, .server = 0xcb007107};  // 203.0.113.0/24

TEST_F(OrganisationTest, AFlowsOwnNameTellsIt) {
  EXPECT_EQ(Told(kUnlisted, {{true, TlsClientHello({.name = "www.one.example"})}}), "by-name");
  EXPECT_EQ(Told(kUnlisted, {{true, TlsClientHello({.name = "none.example"})}}), "");
  EXPECT_EQ(Told(kUnlisted, {{true, FromText("GET / HTTP/1.1\r\nHost: one.example\r\n\r\n")}}),
            "by-name");
}

TEST_F(OrganisationTest, TheLongestSuffixWins) {
  EXPECT_EQ(Told(kUnlisted, {{true, TlsClientHello({.name = "a.deep.one.example"})}}),
            "by-longer-name");
}

TEST_F(OrganisationTest, ANameStandsAboveAPrefix) {
  EXPECT_EQ(Told({}, {{true, TlsClientHello({.name = "www.one.example"})}}), "by-name");
}

TEST_F(OrganisationTest, WithoutANameThePrefixOfTheEndThatAnswersTellsIt) {
  EXPECT_EQ(Told({}, {{true, TlsClientHello({})}}), "by-prefix");
  EXPECT_EQ(Told({}, {{true, TlsClientHello({.name = "none.example"})}, {false, Zeros(40)}}),
            "by-prefix");
}

// The initiator here is the end in 198.51.100.0/24.
TEST_F(OrganisationTest, TheInitiatorsPrefixSaysNothing) {
  EXPECT_EQ(Told({.client = 0xc6336407, .server = 0xcb007101}, {{true, Zeros(40)}}), "");
  EXPECT_EQ(Told({.client = 0xc6336407, .server = 0xc0000201}, {{true, Zeros(40)}}), "of-clients");
}

TEST_F(OrganisationTest, ANameThatDnsGaveTellsItToo) {
  const PrefixMap map;
  const KeyedHash hash(7);
  WorkerOptions options;
  options.flows = 1024;
  options.cells = 65536;
  options.entities = entities_;
  Worker worker(&map, &NameRules::BuiltIn(), hash, options);
  const Buffer answer = DnsResponse("www.one.example", {{.data = FromHex("cb007107")}});
  Packet teaches = UdpPacket(
      {.client = 0xcb007101, .server = 0xcb0071fe, .client_port = 5353, .server_port = 53}, false,
      answer);
  const Buffer nothing = Zeros(40);
  Packet packet = TcpPacket(kUnlisted, true, 1, nothing);
  for (Packet* one : {&teaches, &packet}) {
    one->hash = hash(one->key);
    one->tick = ToTick(one->time_ns);
    worker.Process({one, 1});
  }
  worker.Finish();
  bool told = false;
  for (const Cell& cell : worker.Take().cells) {
    const Organisation* organisation = entities_->Find(cell.key.classification.entity);
    if (organisation == nullptr) continue;
    EXPECT_EQ(organisation->name, "by-name");
    told = true;
  }
  EXPECT_TRUE(told);
}

TEST_F(OrganisationTest, WithoutListsNobodyIsTold) {
  entities_ = nullptr;
  const PrefixMap map;
  const KeyedHash hash(7);
  WorkerOptions options;
  options.flows = 1024;
  options.cells = 65536;
  Worker worker(&map, &NameRules::BuiltIn(), hash, options);
  const Buffer hello = TlsClientHello({.name = "www.one.example"});
  Packet packet = TcpPacket({}, true, 1, hello);
  packet.hash = hash(packet.key);
  packet.tick = ToTick(packet.time_ns);
  worker.Process({&packet, 1});
  worker.Finish();
  for (const Cell& cell : worker.Take().cells) EXPECT_EQ(cell.key.classification.entity, kNoEntity);
}

}  // namespace
}  // namespace borderflow
