// Whole examinations, and what is written of them.
#include "tools/doctor/machine.h"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "gmock/gmock.h"
#include "tests/tools/doctor/made_up_system.h"

namespace borderflow {
namespace {

using ::testing::HasSubstr;

// A machine that lacks nothing for a capture on eth1.
Machine Sound() {
  Machine machine;
  machine.rights.root = true;
  machine.rights.process = {true, true, true};
  machine.rights.memlock = UINT64_MAX;
  machine.memory.hugepages = {{2 << 20, 256, 256}};
  machine.memory.total = machine.memory.available = uint64_t{16} << 30;
  machine.processors.online = machine.processors.allowed = {0, 1};
  machine.processors.x86 = machine.processors.sse42 = true;
  machine.drivers.version = "DPDK 22.11.11";
  machine.drivers.folder = "/usr/lib/dpdk/pmds-23.0";
  machine.drivers.files = {"net_af_packet", "net_pcap", "net_ring"};
  Interface eth1;
  eth1.name = "eth1";
  eth1.up = eth1.carrier = true;
  machine.interfaces = {eth1};
  machine.clock = {true, true, 0.01};
  return machine;
}

Wanted On(const std::string& interface) {
  Wanted wanted;
  wanted.interfaces = {interface};
  return wanted;
}

TEST(MachineTest, ASoundMachineHasNoProblem) {
  for (const CheckResult& finding : Examine(Sound(), On("eth1"))) {
    EXPECT_NE(finding.state, State::kProblem) << finding.check << ": " << finding.found;
  }
}

TEST(MachineTest, EachFaultIsTheOnlyProblem) {
  const auto problem = [](const Machine& machine, const Wanted& wanted) {
    std::string names;
    for (const CheckResult& finding : Examine(machine, wanted)) {
      if (finding.state == State::kProblem) names += finding.check + " ";
    }
    return names;
  };
  Machine machine = Sound();
  machine.rights.process.net_raw = false;
  EXPECT_EQ(problem(machine, On("eth1")), "rights ");
  machine = Sound();
  machine.memory.available = uint64_t{256} << 20;
  EXPECT_EQ(problem(machine, On("eth1")), "memory ");
  machine = Sound();
  machine.clock.synchronised = false;
  EXPECT_EQ(problem(machine, On("eth1")), "time ");
  machine = Sound();
  machine.interfaces[0].merging = {"gro"};
  EXPECT_EQ(problem(machine, On("eth1")), "interface ");
  EXPECT_EQ(problem(Sound(), On("eth2")), "interface ");
}

TEST(MachineTest, EveryProblemOfABareMachineHasARemedy) {
  Wanted wanted;
  wanted.ports = {"0000:3b:00.0", "net_pcap0,rx_pcap=f.pcap"};
  wanted.interfaces = {"eth1"};
  wanted.workers = 4;
  int problems = 0;
  Machine bare;
  bare.drivers.folder = "/nowhere/pmds-23.0";
  bare.processors.allowed = {0};
  bare.processors.x86 = true;
  bare.clock.known = true;
  bare.memory.available = 1;
  for (const CheckResult& finding : Examine(bare, wanted)) {
    if (finding.state != State::kProblem) continue;
    ++problems;
    EXPECT_NE(finding.remedy, "") << finding.check;
    EXPECT_EQ(finding.found.find('\n'), std::string::npos) << finding.check;
  }
  EXPECT_EQ(problems, 11);
}

TEST(MachineTest, WhatWasNeverTriedOnANicIsAlwaysSaid) {
  std::string text;
  for (const CheckResult& finding : Of(Examine(Sound(), On("eth1")), "hardware")) {
    EXPECT_EQ(finding.state, State::kNote);
    EXPECT_THAT(finding.found, HasSubstr("untested on hardware"));
    text += finding.found;
  }
  for (const char* part : {"RSS of each driver", "time stamps", "rte_flow"}) {
    EXPECT_THAT(text, HasSubstr(part));
  }
}

TEST(MachineTest, ThisMachineIsReadWithoutOpeningOrChangingAnything) {
  const Machine machine = ReadMachine();
  EXPECT_FALSE(machine.processors.online.empty());
  EXPECT_FALSE(machine.interfaces.empty());
  EXPECT_GT(machine.memory.total, machine.memory.available / 2);
  EXPECT_EQ(machine.rights.root, geteuid() == 0);
  EXPECT_FALSE(machine.rights.executable.empty());
}

TEST(FindingTest, JsonHasTheFourKeysAndTextTheRemedyBelow) {
  const std::vector<CheckResult> findings = {Ok("time", "synchronised"), Note("nic", "a \"card\""),
                                             Problem("interface", "eth\xff down", "ip link set")};
  const nlohmann::json json = nlohmann::json::parse(ToJson(findings));
  ASSERT_EQ(json.size(), 3u);
  for (const nlohmann::json& finding : json) EXPECT_EQ(finding.size(), 4u);
  EXPECT_EQ(json[0]["state"], "ok");
  EXPECT_EQ(json[1]["found"], "a \"card\"");
  EXPECT_EQ(json[2]["check"], "interface");
  EXPECT_EQ(json[2]["remedy"], "ip link set");
  EXPECT_THAT(ToText(findings), HasSubstr("-> ip link set\n1 problem(s), 1 note(s), 1 ok\n"));
  EXPECT_TRUE(AnyProblem(findings));
  EXPECT_FALSE(AnyProblem({findings[0], findings[1]}));
}

}  // namespace
}  // namespace borderflow
