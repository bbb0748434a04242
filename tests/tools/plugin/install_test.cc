// What `cmake --install` gives a developer: the example is built against it as its first lines say,
// and run.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <sstream>
#include <string>

#include "tests/end_to_end/programs.h"
#include "tests/source_tree.h"

namespace borderflow {
namespace {

using ::testing::Each;
using ::testing::StartsWith;
using Json = nlohmann::json;

class InstallTest : public testing::Test {
 protected:
  void SetUp() override {
#if defined(__SANITIZE_ADDRESS__)
    GTEST_SKIP() << "a sanitized library cannot be linked to a program that is not";
#endif
    for (const std::string tool : {"cmake", "pkg-config", "cc", "nm"}) {
      if (std::system(("command -v " + tool + " >/dev/null").c_str()) != 0) {
        GTEST_SKIP() << tool << " is not installed";
      }
    }
    const Finished installed =
        Shell("cmake --install '" BORDERFLOW_BINARY_DIR "' --component plugin --prefix prefix");
    ASSERT_EQ(installed.exit_code, 0) << installed.err;
    library_ = FirstLine(Shell("dirname $(find \"$PWD/prefix\" -name libborderflow.so)").out);
    ASSERT_FALSE(library_.empty()) << installed.out;
  }

  // A command line in the programs' folder, where pkg-config finds what was installed.
  Finished Shell(const std::string& line) const {
    const std::string command = "cd '" + programs_.Path("") + "' && export PKG_CONFIG_PATH='" +
                                library_ + "/pkgconfig' LD_LIBRARY_PATH='" + library_ + "' && { " +
                                line + "; } >out 2>err";
    const int status = std::system(command.c_str());
    return {WIFEXITED(status) ? WEXITSTATUS(status) : -1, programs_.Read("out"),
            programs_.Read("err")};
  }
  static std::string FirstLine(const std::string& text) { return text.substr(0, text.find('\n')); }

  const Programs programs_{"plugin_install"};
  std::string library_;
};

TEST_F(InstallTest, TheExampleIsBuiltWithPkgConfigAndCountsAPort) {
  const Finished built = Shell("cc -Wall -Wextra -Werror '" BORDERFLOW_SOURCE_DIR
                               "/tools/plugin/example/inspect_port.c' -o inspect_port "
                               "$(pkg-config --cflags --libs borderflow libdpdk)");
  ASSERT_EQ(built.exit_code, 0) << built.err;

  const Finished generated = programs_.Generate(
      "--profile flow-heavy --flows 1000 --microseconds --out c.pcap --overrides o.csv");
  ASSERT_EQ(generated.exit_code, 0) << generated.err;
  const Finished run =
      programs_.Borderflow("replay --quiet --geo tiny.mmdb --overrides o.csv --json r.json c.pcap");
  ASSERT_EQ(run.exit_code, 0) << run.err;
  const Json replayed = Json::parse(programs_.Read("r.json"));

  programs_.Write("borderflow.yaml", "geo: [tiny.mmdb]\noverrides: [o.csv]\n");
  const Finished counted = Shell(
      "./inspect_port --no-huge --no-pci -m 64 --no-shconf --no-telemetry --log-level=error "
      "--vdev=net_pcap0,rx_pcap=c.pcap -- borderflow.yaml " +
      replayed["capture"]["frames"].dump());
  ASSERT_EQ(counted.exit_code, 0) << counted.err;
  const Json report = Json::parse(counted.out.substr(counted.out.find('{')));
  for (const char* section : {"decode", "pairs", "cells", "flows"}) {
    EXPECT_EQ(report[section], replayed[section]) << section;
  }
  EXPECT_TRUE(report["conservation"]["ok"].get<bool>()) << report["conservation"];
}

TEST_F(InstallTest, TheExampleSaysWhatIsWrongWithItsConfiguration) {
  ASSERT_EQ(Shell("cc '" BORDERFLOW_SOURCE_DIR "/tools/plugin/example/inspect_port.c' -o "
                  "inspect_port $(pkg-config --cflags --libs borderflow libdpdk)")
                .exit_code,
            0);
  const Finished run =
      Shell("./inspect_port --no-huge --no-pci -m 64 --no-shconf --no-telemetry -- none.yaml");
  EXPECT_EQ(run.exit_code, 2);
  EXPECT_THAT(run.err, ::testing::HasSubstr("inspect_port: none.yaml: no such configuration"));
}

TEST_F(InstallTest, NothingButTheDocumentedFunctionsIsSeenFromOutside) {
  // Beside them there is only the name of their version, an absolute symbol.
  std::istringstream lines(Shell("nm -D --defined-only '" + library_ +
                                 "/libborderflow.so' | awk '$2 != \"A\" {print $3}'")
                               .out);
  std::vector<std::string> names;
  for (std::string name; std::getline(lines, name);) names.push_back(name);
  EXPECT_EQ(names.size(), 9u);
  EXPECT_THAT(names, Each(StartsWith("bf_")));
}

TEST_F(InstallTest, TheVersionsOfLibraryAndPackageAgree) {
  const std::string version = FirstLine(Shell("pkg-config --modversion borderflow").out);
  EXPECT_EQ(FirstLine(Shell("basename $(readlink -f '" + library_ + "/libborderflow.so')").out),
            "libborderflow.so." + version);
}

}  // namespace
}  // namespace borderflow
