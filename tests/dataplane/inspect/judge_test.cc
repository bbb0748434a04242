// How the evidence for a category is combined, through the inspector.
#include "dataplane/inspect/judge.h"

#include <gtest/gtest.h>

#include "dataplane/inspect/inspector.h"
#include "tests/dataplane/inspect/inspected_flow.h"
#include "tests/dataplane/inspect/wire.h"

namespace borderflow {
namespace {

const NameRules& Rules() {
  static const NameRules* rules = [] {
    auto parsed = NameRules::Parse(
        "hospital.example,HLT,80,Hospital\n"
        "mail.example,COM,80,Mail\n"
        "many.example,COM,50,Mail of many\n"
        "tracker.example,ADV,80,Tracker\n"
        "shared.example,ADV,50,Shared hosting\n",
        "test.csv");
    return new NameRules(std::move(parsed).value());
  }();
  return *rules;
}

class JudgeTest : public testing::Test {
 protected:
  static Ends OnPort(uint16_t port) {
    Ends ends;
    ends.server_port = port;
    return ends;
  }
  Classification Of(uint16_t port, const Buffer& first) {
    InspectedFlow flow(&inspector_, OnPort(port));
    flow.Client(first);
    return flow.classification();
  }
  static Buffer Get(const std::string& target, const std::string& host,
                    const std::string& field = "") {
    return FromText("GET " + target + " HTTP/1.1\r\nHost: " + host + "\r\n" + field + "\r\n");
  }
  void Teach(const Ends& ends, const std::string& name) {
    Ends dns = ends;
    dns.server = 0x08080808;
    dns.server_port = 53;
    Buffer address;
    AppendNumber(&address, ends.server, 4);
    inspector_.Learn(UdpPacket(dns, /*from_client=*/false, DnsResponse(name, {{1, 300, address}})));
  }

  Inspector inspector_{&Rules()};
};

TEST_F(JudgeTest, NameAndPortOfOneCategoryAreBelievedMoreThanTheName) {
  const Buffer hello = TlsClientHello({.name = "imap.mail.example"});
  EXPECT_EQ(Of(443, hello).confidence, 80);
  const Classification on_its_port = Of(993, hello);
  EXPECT_EQ(on_its_port.confidence, 84);
  EXPECT_EQ(on_its_port.evidence, Evidence::kName);
  EXPECT_EQ(Of(993, TlsClientHello({.name = "a.many.example"})).confidence, 54);
}

TEST_F(JudgeTest, PortOfAnotherCategoryChangesNothing) {
  const Classification named = Of(993, TlsClientHello({.name = "pacs.hospital.example"}));
  EXPECT_EQ(named.category, Category::kHlt);
  EXPECT_EQ(named.confidence, 80);
}

TEST_F(JudgeTest, StrongStructureGainsByNameAndPort) {
  const std::string field = "Accept: application/fhir+json\r\n";
  const Classification alone = Of(80, Get("/Patient/1", "10.0.0.1", field));
  EXPECT_EQ(alone.protocol, Protocol::kFhir);
  EXPECT_EQ(alone.confidence, 95);
  const Classification named = Of(80, Get("/Patient/1", "x.hospital.example", field));
  EXPECT_EQ(named.evidence, Evidence::kProtocol);
  EXPECT_EQ(named.confidence, 99);
  // Strong structure stands against any name.
  const Classification against = Of(80, Get("/Patient/1", "x.tracker.example", field));
  EXPECT_EQ(against.category, Category::kHlt);
  EXPECT_EQ(against.confidence, 95);
}

TEST_F(JudgeTest, WeakSignYieldsToTheNameOfOneServiceOnly) {
  const Classification alone = Of(80, Get("/Patient/1", "10.0.0.1"));
  EXPECT_EQ(alone.protocol, Protocol::kFhir);
  EXPECT_EQ(alone.confidence, 70);
  EXPECT_EQ(Of(80, Get("/Patient/1", "x.hospital.example")).confidence, 84);
  const Classification against = Of(80, Get("/Patient/1", "x.tracker.example"));
  EXPECT_EQ(against.protocol, Protocol::kHttp);
  EXPECT_EQ(against.category, Category::kAdv);
  EXPECT_EQ(against.evidence, Evidence::kName);
  EXPECT_EQ(against.confidence, 80);
  const Classification shared = Of(80, Get("/Patient/1", "x.shared.example"));
  EXPECT_EQ(shared.protocol, Protocol::kFhir);
  EXPECT_EQ(shared.confidence, 70);
}

TEST_F(JudgeTest, TheNameAskedOfDnsSpeaksForStructure) {
  const Buffer banner = FromText("220 mx.mail.example ESMTP Postfix\r\n");
  const auto of = [&](bool taught) {
    Ends ends = OnPort(2525);
    ends.server += taught ? 1 : 0;
    if (taught) Teach(ends, "mx.mail.example");
    InspectedFlow flow(&inspector_, ends);
    flow.Server(banner);
    return flow.classification();
  };
  const Classification alone = of(false);
  const Classification taught = of(true);
  EXPECT_EQ(taught.category, Category::kCom);
  EXPECT_EQ(alone.category, Category::kCom);
  EXPECT_GT(taught.confidence, alone.confidence);
  EXPECT_EQ(taught.named, alone.named);
}

TEST_F(JudgeTest, WithoutStructureNothingIsBelievedBeyond85) {
  Ends ends = OnPort(993);
  Teach(ends, "imap.mail.example");
  InspectedFlow flow(&inspector_, ends);
  const Classification guess = flow.guess();
  EXPECT_EQ(guess.evidence, Evidence::kName);
  EXPECT_EQ(guess.confidence, 79) << "1 - 0.30 * 0.70";
}

}  // namespace
}  // namespace borderflow
