// What is installed: the service and its configuration, checked by the programs that will read
// them.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <regex>
#include <set>
#include <sstream>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "tests/end_to_end/programs.h"
#include "tests/source_tree.h"

namespace borderflow {
namespace {

namespace fs = std::filesystem;
using ::testing::HasSubstr;

const std::string kAnnotated = BORDERFLOW_SOURCE_DIR "/tools/packaging/borderflow.yaml";
const std::string kUnit = BORDERFLOW_BINARY_DIR "/tools/packaging/borderflow.service";

std::string ReadFile(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
}

// Keys of a configuration, those in comments ("#key:") as well.
std::multiset<std::string> Keys(const std::string& text) {
  std::multiset<std::string> keys;
  const std::regex key("^#?([a-z][a-z-]*):");
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);) {
    std::smatch match;
    if (std::regex_search(line, match, key)) keys.insert(match[1]);
  }
  return keys;
}

bool HasProgram(const std::string& name) {
  return std::system(("command -v " + name + " >/dev/null 2>&1").c_str()) == 0;
}

// The unit with the command that was built in the place of the one to be installed.
std::string UnitOfThisBuild() {
  return std::regex_replace(ReadFile(kUnit), std::regex("ExecStart=\\S+"),
                            "ExecStart=" BORDERFLOW_BINARY_DIR "/borderflow");
}

Finished Shell(const Programs& programs, const std::string& command) {
  const int status =
      std::system(("cd '" + programs.Path(".") + "' && " + command + " >out 2>err").c_str());
  return {WIFEXITED(status) ? WEXITSTATUS(status) : -1, programs.Read("out"), programs.Read("err")};
}

TEST(ConfigurationTest, HasEveryKeyOnceAndNoOther) {
  const Programs programs("packaging_keys");
  const Finished dump = programs.Borderflow("live --dump");
  ASSERT_EQ(dump.exit_code, 0) << dump.err;
  EXPECT_EQ(Keys(ReadFile(kAnnotated)), Keys(dump.out));
}

// An interface and a database that are here, above those of the file.
const std::string kThisMachine = "--interface lo --geo tiny.mmdb";

bool MayNotCapture(const Finished& run) {
  return run.err.find("may not capture") != std::string::npos;
}

TEST(ConfigurationTest, PassesTheCheckAsItIs) {
  const Programs programs("packaging_check");
  const Finished check =
      programs.Borderflow("live --check " + kThisMachine + " --config '" + kAnnotated + "'");
  if (MayNotCapture(check)) GTEST_SKIP() << "needs the right to capture (root): " << check.err;
  EXPECT_EQ(check.exit_code, 0) << check.err;
}

TEST(ConfigurationTest, EveryExampleInItIsValid) {
  const Programs programs("packaging_examples");
  programs.Write("o.csv", "8.8.8.8/32,NL\n");
  programs.Write("n.csv", "example.com,FIN,80,Example\n");
  const std::string all =
      std::regex_replace(ReadFile(kAnnotated), std::regex("\n#([a-z][a-z-]*: )"), "\n$1");
  ASSERT_NE(all, ReadFile(kAnnotated));
  programs.Write("all.yaml", all);
  programs.Write("g.yaml",
                 "groups:\n  MINE: {title: t, source: s, as_of: \"2026-11-01\", verified: true, "
                 "members: [\"NO\"]}\n");
  programs.Write(
      "e.yaml",
      "organisations:\n  mine: {title: t, home: \"NO\", as_of: \"2026-11-01\", source: s, "
      "verified: true, suffixes: [\"mine.example\"]}\n");
  programs.Write("token", "0123456789abcdef\n");
  std::filesystem::permissions(programs.Path("token"), fs::perms::owner_read);
  ASSERT_EQ(Shell(programs,
                  "openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 "
                  "-subj /CN=localhost -keyout key.pem -out certificate.pem")
                .exit_code,
            0);
  // Files of a machine that is not this one stand on the command line instead.
  const Finished check = programs.Borderflow(
      "live --check --config all.yaml " + kThisMachine +
      " --with-geo tiny.mmdb --groups g.yaml --entities e.yaml --overrides "
      "o.csv --rules n.csv --json r.json --report r.html --csv c.csv --ndjson n.ndjson" +
      " --listen-token token --listen-certificate certificate.pem" +
      " --listen-key key.pem --audit audit.log");
  if (MayNotCapture(check)) GTEST_SKIP() << "needs the right to capture (root): " << check.err;
  EXPECT_EQ(check.exit_code, 0) << check.err;
}

TEST(ConfigurationTest, WhatItSaysHoldsWithoutAKeyHolds) {
  const Programs programs("packaging_defaults");
  const std::string dump = programs.Borderflow("live --dump").out;
  std::istringstream lines(ReadFile(kAnnotated));
  const std::regex setting("^#([a-z][a-z-]*): (\\S+)$");
  int compared = 0;
  for (std::string line; std::getline(lines, line);) {
    std::smatch match;
    if (!std::regex_match(line, match, setting)) continue;
    const size_t at = dump.find(absl::StrCat("\n", match[1].str(), ": "));
    if (at == std::string::npos) continue;  // nothing holds without it: an example
    const std::string default_line = dump.substr(at + 1, dump.find('\n', at + 1) - at - 1);
    // The dump quotes what is no truth value.
    EXPECT_EQ(absl::StrReplaceAll(default_line, {{"\"", ""}}),
              absl::StrCat(match[1].str(), ": ", match[2].str()));
    ++compared;
  }
  EXPECT_GE(compared, 10);
}

TEST(UnitTest, IsSoundForSystemd) {
  if (!HasProgram("systemd-analyze")) GTEST_SKIP() << "systemd-analyze is not installed";
  const Programs programs("packaging_unit");
  programs.Write("borderflow.service", UnitOfThisBuild());
  const Finished verify = Shell(programs, "systemd-analyze verify ./borderflow.service");
  EXPECT_EQ(verify.exit_code, 0);
  EXPECT_EQ(verify.err, "");  // unknown directives are warnings
}

TEST(UnitTest, ExposesLittle) {
  if (!HasProgram("systemd-analyze")) GTEST_SKIP() << "systemd-analyze is not installed";
  const Programs programs("packaging_exposure");
  programs.Write("borderflow.service", UnitOfThisBuild());
  const Finished security =
      Shell(programs, "systemd-analyze security --offline=true --no-pager ./borderflow.service");
  if (security.err.find("offline") != std::string::npos) {
    GTEST_SKIP() << "this systemd-analyze cannot judge a unit that is not installed";
  }
  std::smatch match;
  ASSERT_TRUE(
      std::regex_search(security.out, match, std::regex("Overall exposure level[^:]*: ([0-9.]+)")))
      << security.out << security.err;
  RecordProperty("exposure", match[1].str());
  EXPECT_LE(std::stod(match[1].str()), 2.0);
}

TEST(UnitTest, ReadsTheConfigurationThatIsInstalledBesideIt) {
  const std::string unit = ReadFile(kUnit);
  std::smatch match;
  ASSERT_TRUE(std::regex_search(
      unit, match, std::regex("\nExecStart=(/\\S+)/borderflow live --config (/\\S+)\n")));
  EXPECT_EQ(unit.find("@BORDERFLOW"), std::string::npos);
  EXPECT_THAT(unit, HasSubstr("\nExecReload=/bin/kill -HUP $MAINPID\n"));

  const Programs programs("packaging_install");
  const std::string install = "DESTDIR='" + programs.Path("stage") +
                              "' cmake --install '" BORDERFLOW_BINARY_DIR "' --component sensor";
  const Finished first = Shell(programs, install);
  ASSERT_EQ(first.exit_code, 0) << first.err;
  EXPECT_TRUE(fs::exists(programs.Path("stage" + match[1].str() + "/borderflow")));
  EXPECT_EQ(ReadFile(programs.Path("stage" + match[2].str())), ReadFile(kAnnotated));
  // What an operator has changed stays.
  programs.Write("stage" + match[2].str(), "interface: eth7\n");
  ASSERT_EQ(Shell(programs, install).exit_code, 0);
  EXPECT_EQ(ReadFile(programs.Path("stage" + match[2].str())), "interface: eth7\n");
}

// MemoryDenyWriteExecute, as the kernel applies it.
TEST(UnitTest, TheSensorRunsWithoutMemoryThatIsBothWrittenAndExecuted) {
#ifndef PR_SET_MDWE
  constexpr int PR_SET_MDWE = 65;
  constexpr unsigned long PR_MDWE_REFUSE_EXEC_GAIN = 1;
#endif
  const Programs programs("packaging_mdwe");
  ASSERT_EQ(programs.Generate("--profile small-frames --flows 500 --out s.pcap").exit_code, 0);
  const pid_t child = fork();
  ASSERT_GE(child, 0);
  constexpr int kRefused = 77;
  if (child == 0) {
    if (prctl(PR_SET_MDWE, PR_MDWE_REFUSE_EXEC_GAIN, 0L, 0L, 0L) != 0) _exit(kRefused);
    const Finished run = programs.Borderflow(
        "live --port net_pcap0,rx_pcap=s.pcap --until-idle 0.5 --geo tiny.mmdb --quiet --flows "
        "4096 "
        "--json r.json");
    _exit(run.exit_code);
  }
  int status = 0;
  ASSERT_EQ(waitpid(child, &status, 0), child);
  if (WIFEXITED(status) && WEXITSTATUS(status) == kRefused) {
    GTEST_SKIP() << "this kernel cannot refuse such memory (Linux 6.3 can)";
  }
  EXPECT_EQ(status, 0) << programs.Read("err");
  EXPECT_THAT(programs.Read("r.json"), HasSubstr("\"frames\": 500"));
}

}  // namespace
}  // namespace borderflow
