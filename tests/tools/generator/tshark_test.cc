// tshark as the witness: frames, names and checksums of generated captures.
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <map>
#include <set>
#include <sstream>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "nlohmann/json.hpp"
#include "tools/generator/profiles.h"

namespace borderflow::generator {
namespace {

using Json = nlohmann::json;

// (how it was read, name) -> flows
using Names = std::map<std::pair<std::string, std::string>, uint64_t>;

std::vector<std::string> Lines(const std::string& command) {
  std::string text;
  std::FILE* pipe = ::popen(absl::StrCat(command, " 2>/dev/null").c_str(), "r");
  char buffer[65536];
  for (size_t n; (n = std::fread(buffer, 1, sizeof buffer, pipe)) > 0;) text.append(buffer, n);
  EXPECT_EQ(::pclose(pipe), 0) << command;
  std::vector<std::string> lines = absl::StrSplit(text, '\n');
  lines.pop_back();
  return lines;
}

class TsharkTest : public testing::TestWithParam<const char*> {
 protected:
  void SetUp() override {
    if (std::system("tshark --version >/dev/null 2>&1") != 0) {
      GTEST_SKIP() << "tshark is not installed: nobody else reads the generated captures";
    }
    const std::filesystem::path folder = testing::TempDir();
    const std::string base = folder / absl::StrCat("generator_tshark_", GetParam());
    GenerateOptions options;
    options.profile = GetParam();
    options.out = base + ".pcap";
    options.truth = base + ".json";
    options.flows = options.profile == "demo" ? 1200 : 1500;
    options.bytes = 3'000'000;
    capture_ = options.out;
    ASSERT_TRUE(Generate(options).ok());
    std::ifstream in(options.truth);
    truth_ = Json::parse(in);
  }

  std::string Command(const std::string& rest) const {
    return absl::StrCat("tshark -r '", capture_,
                        "' -o tcp.reassemble_out_of_order:TRUE -o tcp.check_checksum:TRUE"
                        " -o udp.check_checksum:TRUE -o ip.check_checksum:TRUE ",
                        rest);
  }

  std::string capture_;
  Json truth_;
};

TEST_P(TsharkTest, FramesAndNamesAreThoseOfTheTruth) {
  std::map<std::pair<std::string, std::string>, std::set<std::string>> flows;
  uint64_t frames = 0;
  for (const std::string& line : Lines(
           Command("-T fields -E occurrence=a -E separator='|' -e tcp.stream -e udp.stream -e quic "
                   "-e tls.handshake.extensions_server_name -e http.host -e dns.qry.name"))) {
    ++frames;
    const std::vector<std::string> fields = absl::StrSplit(line, '|');
    ASSERT_EQ(fields.size(), 6u) << line;
    const std::string flow =
        fields[0].empty() ? absl::StrCat("udp ", fields[1]) : absl::StrCat("tcp ", fields[0]);
    const auto note = [&](const char* from, const std::string& names) {
      for (const auto name : absl::StrSplit(names, ',', absl::SkipEmpty())) {
        flows[{from, std::string(name)}].insert(flow);
      }
    };
    note(fields[2].empty() ? "tls" : "quic", fields[3]);
    note("http", fields[4]);
    note("dns", fields[5]);
  }
  Names found;
  for (const auto& [name, set] : flows) found[name] = set.size();
  Names expected;
  for (const Json& name : truth_.at("names")) {
    if (name.at("from") == "by_dns") continue;  // these flows show no name
    expected[{name.at("from"), name.at("name")}] = name.at("flows");
  }
  EXPECT_EQ(frames, truth_.at("totals").at("frames"));
  EXPECT_EQ(found, expected);
}

TEST_P(TsharkTest, NothingIsBrokenButWhatIsMeantToBe) {
  const std::vector<std::string> broken = Lines(Command(
      "-Y '_ws.malformed || tcp.checksum.status == 0 || udp.checksum.status == 0 || "
      "ip.checksum.status == 0 || icmp.checksum.status == 0 || icmpv6.checksum.status == 0 || "
      "ip.bogus_header_length || ip.bogus_ip_version' -T fields -e frame.number"));
  EXPECT_EQ(broken.size(), truth_.at("totals").at("malformed").at("frames"));
}

INSTANTIATE_TEST_SUITE_P(Profiles, TsharkTest, testing::Values("demo", "throughput", "flow-heavy"),
                         [](const auto& profile) {
                           std::string name = profile.param;
                           for (char& c : name) c = c == '-' ? '_' : c;
                           return name;
                         });

}  // namespace
}  // namespace borderflow::generator
