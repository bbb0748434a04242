// Every capture of the corpus against its expectation: what tshark counted, or what a second,
// byte-level parser did; where the two differ either is right (the corpus' README).
#include "tests/corpus.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cctype>
#include <filesystem>
#include <fstream>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <tuple>
#include <vector>

#include "dataplane/capture/source.h"
#include "dataplane/packet/decode.h"
#include "nlohmann/json.hpp"

namespace borderflow {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;
using FlowId = std::tuple<IpAddress, IpAddress, uint16_t, uint16_t, uint8_t, uint8_t>;

// One accounting of a capture.
struct Account {
  uint64_t frames = 0;
  uint64_t ip_frames = 0;
  uint64_t ip_bytes = 0;
  uint64_t other_frames = 0;  // non_ip and malformed
  uint64_t later_fragments = 0;
  std::set<FlowId> flows;  // ports 0 for later fragments, as the expectations have them
  std::set<FlowId> flows_of_whole_packets;  // without later fragments
  std::set<IpAddress> addresses;
  DecodeCounters counters;
};

FlowId FlowIdOf(const Packet& packet) {
  const FlowKey& key = packet.key;
  const bool no_ports = packet.later_fragment;
  return {key.lo,
          key.hi,
          no_ports ? uint16_t{0} : key.port_lo,
          no_ports ? uint16_t{0} : key.port_hi,
          key.protocol,
          key.family};
}

void Add(const Frame& frame, const Decoded& decoded, const Packet& packet, Account* account) {
  ++account->frames;
  if (decoded.frame_class != FrameClass::kIp) {
    ++account->other_frames;
    return;
  }
  ++account->ip_frames;
  account->ip_bytes += frame.bytes;
  account->later_fragments += packet.later_fragment;
  account->flows.insert(FlowIdOf(packet));
  if (!packet.later_fragment) account->flows_of_whole_packets.insert(FlowIdOf(packet));
  account->addresses.insert(packet.key.lo);
  account->addresses.insert(packet.key.hi);
}

// Decodes every frame of `capture`; nullopt when the capture is refused.
std::optional<Account> Decode(const fs::path& capture, TunnelMode mode) {
  auto source = OpenCapture(capture.string());
  if (!source.ok()) return std::nullopt;
  Account account;
  Decoder decoder(mode);
  FrameBlock block;
  Packet packet;
  while (true) {
    const auto more = (*source)->Read(&block);
    EXPECT_TRUE(more.ok()) << more.status();
    if (!more.ok() || !*more) break;
    for (const Frame& frame : block.frames) {
      const Decoded decoded = decoder.Decode(frame, &packet);
      Add(frame, decoded, packet, &account);
    }
  }
  account.counters = decoder.counters();
  return account;
}

std::vector<fs::path> CapturesIn(std::initializer_list<const char*> folders) {
  std::vector<fs::path> captures;
  const auto corpus = CorpusFolder();
  if (!corpus) return captures;
  for (const char* folder : folders) {
    for (const auto& entry : fs::directory_iterator(*corpus / folder)) {
      if (entry.path().extension() != ".json") captures.push_back(entry.path());
    }
  }
  std::sort(captures.begin(), captures.end());
  return captures;
}

std::string TestName(const testing::TestParamInfo<fs::path>& info) {
  std::string name = info.param.filename().string();
  std::replace_if(
      name.begin(), name.end(), [](unsigned char c) { return !std::isalnum(c); }, '_');
  return name + "_" + std::to_string(info.index);
}

// Measures in which borderflow differs from both expectations, and why it is right.
const std::map<std::string, std::map<std::string, std::string>>& Explained() {
  static const std::string kMiddle =
      "three IP headers: a Packet tells of the outermost and the innermost, not of those between";
  static const std::map<std::string, std::map<std::string, std::string>> explained = {
      {"PcapPlusPlus__GrePackets.pcap", {{"addresses", kMiddle}}},
      {"arkime__6-4-gre-ppp-udp-4-dns.pcap", {{"addresses", kMiddle}}},
  };
  return explained;
}

class CorpusTest : public testing::TestWithParam<fs::path> {
 protected:
  void SetUp() override {
    std::ifstream file(GetParam().string() + ".json");
    ASSERT_TRUE(file) << "no expectation for " << GetParam();
    expected_ = json::parse(file);
    raw_ = expected_.value("raw", json::object());
  }

  // `value` must be one of the expectations that there are, or be explained.
  void Check(const char* measure, uint64_t value, std::vector<json> expectations) {
    const auto capture = Explained().find(GetParam().filename().string());
    if (capture != Explained().end() && capture->second.contains(measure)) return;
    std::vector<uint64_t> numbers;
    for (const json& expectation : expectations) {
      if (expectation.is_number()) numbers.push_back(expectation.get<uint64_t>());
    }
    EXPECT_THAT(numbers, testing::Contains(value)) << measure;
  }

  json expected_;
  json raw_;
};
GTEST_ALLOW_UNINSTANTIATED_PARAMETERIZED_TEST(CorpusTest);

TEST_P(CorpusTest, OutermostHeadersAgree) {
  const auto account = Decode(GetParam(), TunnelMode::kOuter);
  if (!account) {
    EXPECT_EQ(expected_["frames"], 0) << "refused";
    return;
  }
  const json raw_other =
      raw_.contains("frames")
          ? json(raw_["frames"].get<uint64_t>() - raw_["ip_packets"].get<uint64_t>())
          : json();
  Check("frames", account->frames, {expected_["frames"]});
  Check("ip_packets", account->ip_frames, {expected_["ip_packets"], raw_["ip_packets"]});
  Check("ip_bytes", account->ip_bytes, {expected_["ip_bytes"], raw_["ip_bytes"]});
  Check("other", account->other_frames, {expected_["non_ip_frames"], raw_other});
  EXPECT_EQ(account->ip_frames + account->other_frames, account->frames);

  const json& flows = expected_["flows"];
  Check("flows", account->flows.size(), {flows["bidirectional_5tuples"], raw_["flows"]});
  Check("flows_whole", account->flows_of_whole_packets.size(),
        {flows["excluding_nonfirst_fragments"]});
  Check("later_fragments", account->later_fragments, {expected_["fragments_nonfirst"]});
  Check("fragments", account->counters.fragments,
        {expected_["fragments_v4"].get<uint64_t>() + expected_["fragments_v6"].get<uint64_t>()});
}

TEST_P(CorpusTest, InnermostHeadersAgree) {
  const auto inner = Decode(GetParam(), TunnelMode::kInner);
  const auto outer = Decode(GetParam(), TunnelMode::kOuter);
  if (!inner || !outer) return;
  EXPECT_EQ(inner->ip_frames, outer->ip_frames);
  EXPECT_EQ(inner->ip_bytes, outer->ip_bytes);
  Check("tunnelled", inner->counters.tunnelled_frames, {expected_["tunnelled_packets"]});
  Check("inner_flows", inner->flows.size(),
        {expected_["flows"]["innermost_bidirectional_5tuples"]});

  std::set<IpAddress> addresses = inner->addresses;
  addresses.insert(outer->addresses.begin(), outer->addresses.end());
  Check("addresses", addresses.size(), {expected_["distinct_addresses"]["all"]});
}

INSTANTIATE_TEST_SUITE_P(All, CorpusTest, testing::ValuesIn(CapturesIn({"captures", "derived"})),
                         TestName);

// Truncated, corrupt and fuzzed captures: nothing crashes, and every frame is in one class.
TEST(MalformedCorpusTest, EveryFrameOfDamagedCapturesHasOneClass) {
  const auto captures = CapturesIn({"malformed"});
  if (captures.empty()) GTEST_SKIP() << "no corpus: set BORDERFLOW_CORPUS";
  uint64_t frames = 0;
  for (const fs::path& capture : captures) {
    SCOPED_TRACE(capture);
    for (const TunnelMode mode : {TunnelMode::kInner, TunnelMode::kOuter}) {
      const auto account = Decode(capture, mode);
      if (!account) continue;
      EXPECT_EQ(account->ip_frames + account->other_frames, account->frames);
      frames += account->frames;
    }
  }
  EXPECT_GT(frames, 1000u);
}

}  // namespace
}  // namespace borderflow
