// Whole captures against an independent count of their own bytes.
#include <filesystem>
#include <fstream>
#include <map>
#include <sstream>
#include <string>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "nlohmann/json.hpp"
#include "tests/tools/generator/capture_reader.h"
#include "tools/generator/blocks.h"
#include "tools/generator/profiles.h"

namespace borderflow::generator {
namespace {

using Json = nlohmann::json;
using ::testing::HasSubstr;

// A folder of the running test's own.
std::filesystem::path Folder() {
  const auto* info = testing::UnitTest::GetInstance()->current_test_info();
  std::string name = std::string("generator_") + info->test_suite_name() + "_" + info->name();
  for (char& c : name) c = c == '/' ? '_' : c;
  const std::filesystem::path folder = std::filesystem::path(testing::TempDir()) / name;
  std::filesystem::create_directories(folder);
  return folder;
}

std::string Read(const std::filesystem::path& path) {
  std::ifstream in(path, std::ios::binary);
  std::ostringstream text;
  text << in.rdbuf();
  return text.str();
}

GenerateOptions Options(const std::string& profile, const std::string& name) {
  GenerateOptions options;
  options.profile = profile;
  options.out = Folder() / (name + ".pcap");
  options.truth = Folder() / (name + ".json");
  options.overrides = Folder() / (name + ".csv");
  options.flows = profile == "demo" ? 1200 : 3000;
  if (profile == "throughput") options.bytes = 8'000'000;
  return options;
}

// Where the blocks of a truth file, and the special-purpose registry, put an address.
std::string LocationOf(const Address& bytes, const Json& truth) {
  IpAddress address;
  for (size_t i = 0; i < bytes.size(); ++i) {
    const uint64_t byte = static_cast<uint8_t>(bytes[i]);
    if (bytes.size() == 4 || i >= 8) {
      address.low = address.low << 8 | byte;
    } else {
      address.high = address.high << 8 | byte;
    }
  }
  if (bytes.size() == 4) {
    if (bytes[0] == 10) return "private";
    if ((bytes[0] & 0xf0) == 0xe0) return "multicast";
    address = IpAddress::FromV4(static_cast<uint32_t>(address.low));
  }
  std::string place = "unknown";
  int longest = -1;
  for (const Json& block : truth.at("blocks")) {
    const auto prefix = ParsePrefix(block.at("prefix").get<std::string>());
    if (!prefix || prefix->length <= longest) continue;
    if (address < prefix->address || prefix->last() < address) continue;
    longest = prefix->length;
    place = block.at("intended");
  }
  return place;
}

class CaptureTest : public testing::TestWithParam<const char*> {};

TEST_P(CaptureTest, TwoRunsAreByteIdentical) {
  for (const char* name : {"a", "b"}) ASSERT_TRUE(Generate(Options(GetParam(), name)).ok());
  for (const char* suffix : {".pcap", ".json", ".csv"}) {
    const std::string a = Read(Folder() / (std::string("a") + suffix));
    EXPECT_FALSE(a.empty());
    EXPECT_TRUE(a == Read(Folder() / (std::string("b") + suffix))) << suffix;
  }
}

TEST_P(CaptureTest, TruthEqualsAnIndependentCountOfTheBytes) {
  const GenerateOptions options = Options(GetParam(), "counted");
  ASSERT_TRUE(Generate(options).ok());
  const Json truth = Json::parse(Read(options.truth));
  const Counted counted = CountCapture(Read(options.out));
  const Json& totals = truth.at("totals");
  EXPECT_TRUE(counted.in_order);
  EXPECT_EQ(totals.at("ip").at("frames"), counted.ip.frames);
  EXPECT_EQ(totals.at("ip").at("bytes"), counted.ip.bytes);
  EXPECT_EQ(totals.at("non_ip").at("frames"), counted.non_ip.frames);
  EXPECT_EQ(totals.at("non_ip").at("bytes"), counted.non_ip.bytes);
  EXPECT_EQ(totals.at("malformed").at("frames"), counted.malformed.frames);
  EXPECT_EQ(totals.at("malformed").at("bytes"), counted.malformed.bytes);
  EXPECT_EQ(totals.at("flows"), counted.flows.size());

  std::map<std::pair<std::string, std::string>, Counted::Sum> pairs;
  for (const auto& [addresses, sum] : counted.pairs) {
    Counted::Sum& to =
        pairs[{LocationOf(addresses.first, truth), LocationOf(addresses.second, truth)}];
    to.frames += sum.frames;
    to.bytes += sum.bytes;
  }
  std::map<std::pair<std::string, std::string>, std::pair<uint64_t, uint64_t>> expected, found;
  for (const auto& [key, sum] : pairs) found[key] = {sum.frames, sum.bytes};
  for (const Json& pair : truth.at("pairs")) {
    if (pair.at("frames") == 0) continue;  // a flow whose initiator was never seen
    expected[{pair.at("src"), pair.at("dst")}] = {pair.at("frames"), pair.at("bytes")};
  }
  EXPECT_EQ(expected, found);

  uint64_t payload_bytes = 0;
  uint64_t flows = 0;
  for (const Json& cell : truth.at("cells")) {
    payload_bytes += cell.at("payload_bytes").get<uint64_t>();
    flows += cell.at("flows").get<uint64_t>();
  }
  EXPECT_EQ(payload_bytes, counted.ip.payload_bytes);
  EXPECT_EQ(flows, counted.flows.size());
}

TEST_P(CaptureTest, AnotherSeedIsAnotherCapture) {
  GenerateOptions options = Options(GetParam(), "one");
  ASSERT_TRUE(Generate(options).ok());
  const std::string one = Read(options.out);
  options.seed = 2;
  ASSERT_TRUE(Generate(options).ok());
  EXPECT_FALSE(one == Read(options.out));
}

INSTANTIATE_TEST_SUITE_P(Profiles, CaptureTest,
                         testing::Values("demo", "throughput", "flow-heavy", "small-frames"),
                         [](const auto& profile) {
                           std::string name = profile.param;
                           for (char& c : name) c = c == '-' ? '_' : c;
                           return name;
                         });

TEST(DemoCapture, HoldsEveryKindOfTrafficItPromises) {
  const GenerateOptions options = Options("demo", "kinds");
  ASSERT_TRUE(Generate(options).ok());
  const Json truth = Json::parse(Read(options.truth));
  std::map<std::string, uint64_t> applications;
  for (const Json& application : truth.at("applications")) {
    applications[application.at("application")] += application.at("flows").get<uint64_t>();
  }
  for (const char* name :
       {"tls",        "quic",       "http",          "dns",    "mdns",       "smtp-starttls",
        "smtp",       "submission", "imap-starttls", "pop3",   "sip",        "xmpp",
        "ldap",       "ssh",        "rdp",           "vnc",    "telnet",     "postgresql",
        "mysql",      "tds",        "mongodb",       "redis",  "rsync",      "ntp",
        "snmp",       "syslog",     "netflow",       "bgp",    "whois",      "wireguard",
        "ike",        "esp",        "icmp",          "icmp6",  "bittorrent", "dicom",
        "hl7-mllp",   "fix",        "iso8583",       "modbus", "iec-104",    "mqtt",
        "opc-ua",     "s7",         "coap",          "bacnet", "diameter",   "gtp-c",
        "gtp-u-echo", "smpp",       "radius",        "nmea",   "rtsp",       "unknown-udp",
        "refused"}) {
    EXPECT_GE(applications[name], 1u) << name;
  }
  const Counted counted = CountCapture(Read(options.out));
  EXPECT_EQ(counted.malformed.frames, 4u);
  EXPECT_GT(counted.non_ip.frames, 20u);
  EXPECT_GT(counted.captured_less, 20u);
}

TEST(ThroughputCapture, ReachesItsSizeWithAMeanFrameOfAbout800Bytes) {
  GenerateOptions options = Options("throughput", "mean");
  options.bytes = 60'000'000;
  const absl::StatusOr<Generated> generated = Generate(options);
  ASSERT_TRUE(generated.ok()) << generated.status();
  EXPECT_EQ(generated->flows, 3000u);
  EXPECT_GE(generated->bytes, 60'000'000u);
  EXPECT_NEAR(static_cast<double>(generated->bytes) / static_cast<double>(generated->frames), 800,
              60);
}

TEST(FlowHeavyCapture, HasAboutSixFramesAFlowAndAThirdOfThemTlsOrQuic) {
  const GenerateOptions options = Options("flow-heavy", "mix");
  const absl::StatusOr<Generated> generated = Generate(options);
  ASSERT_TRUE(generated.ok());
  EXPECT_NEAR(static_cast<double>(generated->frames) / static_cast<double>(generated->flows), 6,
              0.8);
  uint64_t handshakes = 0;
  const Json truth = Json::parse(Read(options.truth));
  for (const Json& application : truth.at("applications")) {
    const std::string name = application.at("application");
    if (name == "tls" || name == "quic") handshakes += application.at("flows").get<uint64_t>();
  }
  EXPECT_NEAR(static_cast<double>(handshakes), 1000, 100);
}

TEST(SmallFramesCapture, IsOneShortestFrameAFlowHalfOfThemTcp) {
  const GenerateOptions options = Options("small-frames", "short");
  const absl::StatusOr<Generated> generated = Generate(options);
  ASSERT_TRUE(generated.ok());
  EXPECT_EQ(generated->flows, 3000u);
  EXPECT_EQ(generated->frames, 3000u);
  // Header of the file and of each frame: 24 and 16 bytes.
  EXPECT_EQ(generated->file_bytes, 24 + 3000 * (16 + 60u));
  const std::string file = Read(options.out);
  uint64_t tcp = 0;
  for (size_t frame = 24 + 16; frame < file.size(); frame += 16 + 60) tcp += file[frame + 23] == 6;
  EXPECT_NEAR(static_cast<double>(tcp), 1500, 150);
}

TEST(Generate, BlocksMoveEveryAddressOfAJurisdiction) {
  GenerateOptions options = Options("flow-heavy", "moved");
  options.flows = 1000;
  options.blocks = {"DE=203.0.113.0/24", "DE=2001:db8::/32"};
  ASSERT_TRUE(Generate(options).ok());
  EXPECT_THAT(Read(options.overrides), HasSubstr("203.0.113.0/24,DE\n"));
  uint64_t moved = 0;
  for (const auto& [addresses, sum] : CountCapture(Read(options.out)).pairs) {
    const bool v4 = addresses.first.size() == 4;
    const std::string prefix = v4 ? "\xcb\x00\x71" : "\x20\x01\x0d\xb8";
    const std::string place = v4 ? std::string("\xcb\x00\x71", 3) : prefix;
    if (addresses.first.substr(0, place.size()) == place) moved += sum.frames;
    EXPECT_NE(addresses.first.substr(0, 2), "\x58\xc6");  // 88.198, the default
  }
  EXPECT_GT(moved, 1000u);
}

TEST(Generate, MicrosecondsAreTheSameFramesWithCoarserTimes) {
  GenerateOptions options = Options("flow-heavy", "micro");
  options.unit = TimeUnit::kMicroseconds;
  ASSERT_TRUE(Generate(options).ok());
  const Counted coarse = CountCapture(Read(options.out));
  options.unit = TimeUnit::kNanoseconds;
  ASSERT_TRUE(Generate(options).ok());
  const Counted fine = CountCapture(Read(options.out));
  EXPECT_TRUE(coarse.in_order);
  EXPECT_EQ(coarse.ip.bytes, fine.ip.bytes);
  EXPECT_EQ(coarse.flows, fine.flows);
}

TEST(Generate, MistakesAreNamedAndNothingIsWritten) {
  GenerateOptions options = Options("demo", "bad");
  options.profile = "dmeo";
  EXPECT_THAT(Generate(options).status().message(), HasSubstr("dmeo: unknown; expected demo"));
  EXPECT_FALSE(std::filesystem::exists(options.out));

  options = Options("flow-heavy", "ports");
  options.blocks = {"DE=203.0.113.0/24"};
  options.flows = 100'000'000;
  EXPECT_THAT(Generate(options).status().message(), HasSubstr("client blocks have ports for"));

  options = Options("demo", "folder");
  options.out = Folder() / "absent" / "x.pcap";
  EXPECT_THAT(Generate(options).status().message(), HasSubstr("absent/x.pcap"));
}

TEST(Generate, AFullDiskIsReportedWithThePlace) {
  GenerateOptions options = Options("demo", "full");
  options.out = "/dev/full";
  if (!std::filesystem::exists(options.out)) GTEST_SKIP() << "no /dev/full on this system";
  EXPECT_THAT(Generate(options).status().message(), HasSubstr("writing failed after 0 bytes"));
}

}  // namespace
}  // namespace borderflow::generator
