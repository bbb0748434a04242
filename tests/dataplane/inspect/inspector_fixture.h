// An inspector with a few rules of its own, and what tests say of its answers.
#ifndef BORDERFLOW_TESTS_DATAPLANE_INSPECT_INSPECTOR_FIXTURE_H_
#define BORDERFLOW_TESTS_DATAPLANE_INSPECT_INSPECTOR_FIXTURE_H_

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <utility>

#include "dataplane/inspect/inspector.h"
#include "tests/dataplane/inspect/inspected_flow.h"
#include "tests/dataplane/inspect/wire.h"

namespace borderflow {

class InspectorTest : public testing::Test {
 public:
  using Flow = InspectedFlow;
  static constexpr auto kMore = Inspection::State::kMore;
  static constexpr auto kForNow = Inspection::State::kForNow;
  static constexpr auto kDecided = Inspection::State::kDecided;
  static constexpr auto kStaying = Inspection::State::kStaying;

  static const NameRules& Rules() {
    static const NameRules* rules = [] {
      auto parsed = NameRules::Parse(
          "hospital.example,HLT,80,Hospital\n"
          "cloud.example,DBX,50,Shared hosting\n"
          "cloudflare-ech.com,INF,50,Outer name\n",
          "test.csv");
      return new NameRules(std::move(parsed).value());
    }();
    return *rules;
  }

  static auto Says(Category category, Evidence evidence, int confidence, Protection protection,
                   Protocol protocol, bool named) {
    return testing::AllOf(testing::Field(&Classification::category, category),
                          testing::Field(&Classification::evidence, evidence),
                          testing::Field(&Classification::confidence, confidence),
                          testing::Field(&Classification::protection, protection),
                          testing::Field(&Classification::protocol, protocol),
                          testing::Field(&Classification::named, named));
  }

 protected:
  void Teach(const Ends& ends, const std::string& name, uint32_t ttl = 300) {
    Ends dns = ends;
    dns.server = 0x08080808;
    dns.server_port = 53;
    Buffer address;
    AppendNumber(&address, ends.server, 4);
    const Buffer message =
        DnsResponse(name, {{5, 60, DnsName("alias.example.net")}, {1, ttl, address}});
    inspector_.Learn(UdpPacket(dns, /*from_client=*/false, message));
  }

  Inspector inspector_{&Rules()};
};

}  // namespace borderflow

#endif  // BORDERFLOW_TESTS_DATAPLANE_INSPECT_INSPECTOR_FIXTURE_H_
