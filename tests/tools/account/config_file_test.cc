#include "tools/account/config_file.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include "tools/account/options.h"

namespace borderflow {
namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

// A command with the flags that commands share, and some of each further kind.
struct Command {
  Command() {
    AddAccountFlags(&app, &flags);
    app.add_option("--config", config);
    app.add_flag("--check", check);
    app.add_flag("--dump", dump);
    app.add_option("--every", every, "seconds")
        ->check(CLI::Range(0.1, 86400.0))
        ->capture_default_str();
    app.add_option("--cores", cores)->delimiter(',')->allow_extra_args(false);
    app.add_option("--duration", duration, "such as 30s")
        ->transform(CLI::AsNumberWithUnit(std::map<std::string, double>{{"s", 1}, {"m", 60}},
                                          CLI::AsNumberWithUnit::CASE_SENSITIVE, "TIME"))
        ->capture_default_str();
    app.add_option("--eal,EAL", eal, "behind --");
  }

  CLI::App app{"a command", "command"};
  AccountFlags flags;
  std::string config;
  bool check = false;
  bool dump = false;
  double every = 1;
  double duration = 0;
  std::vector<int> cores;
  std::vector<std::string> eal;
};

class ConfigFileTest : public testing::Test {
 protected:
  ConfigFileTest()
      : path_(std::filesystem::temp_directory_path() /
              ("borderflow_config_" + std::to_string(getpid()) + ".yaml")) {}
  ~ConfigFileTest() override { std::filesystem::remove(path_); }

  // The command line `arguments`, and below it the file `yaml`.
  absl::Status Apply(const std::string& arguments, const std::string& yaml, Command* command,
                     ConfigPlaces* places = nullptr) {
    std::ofstream(path_, std::ios::binary) << yaml;
    command->app.parse(arguments);
    return ApplyConfig(path_.string(), &command->app, places);
  }
  // The message about a wrong file, without the file's name.
  std::string Mistake(const std::string& yaml) {
    Command command;
    const absl::Status status = Apply("", yaml, &command);
    EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument) << yaml;
    const std::string message(status.message());
    EXPECT_THAT(message, StartsWith(path_.string() + ":"));
    return message.substr(std::min(message.size(), path_.string().size() + 1));
  }

  std::filesystem::path path_;
};

TEST_F(ConfigFileTest, EveryKindOfFlagIsSet) {
  Command command;
  const absl::Status status = Apply("", R"(
geo: [one.mmdb, "two words.mmdb"]
site: 10.0.0.0/8=DE        # one of several is no list
home: "NO"
workers: 3
dedup: true
quiet: false
every: 0.5
duration: 2m
cores: [2, 3]
eal: [-m, 300]
)",
                                    &command);
  ASSERT_TRUE(status.ok()) << status;
  EXPECT_THAT(command.flags.geo, ElementsAre("one.mmdb", "two words.mmdb"));
  EXPECT_THAT(command.flags.sites, ElementsAre("10.0.0.0/8=DE"));
  EXPECT_EQ(command.flags.home, "NO");
  EXPECT_EQ(command.flags.workers, 3);
  EXPECT_TRUE(command.flags.dedup);
  EXPECT_FALSE(command.flags.quiet);
  EXPECT_EQ(command.every, 0.5);
  EXPECT_EQ(command.duration, 120);
  EXPECT_THAT(command.cores, ElementsAre(2, 3));
  EXPECT_THAT(command.eal, ElementsAre("-m", "300"));
}

TEST_F(ConfigFileTest, AnEmptyFileChangesNothing) {
  for (const char* yaml : {"", "# only a remark\n", "---\n"}) {
    Command command;
    EXPECT_TRUE(Apply("--workers 2", yaml, &command).ok());
    EXPECT_EQ(command.flags.workers, 2);
  }
}

TEST_F(ConfigFileTest, TheCommandLineStandsAboveTheFile) {
  Command command;
  const absl::Status status =
      Apply("--workers 5 --geo mine.mmdb --dedup",
            "workers: 2\ngeo: [a.mmdb, b.mmdb]\ndedup: false\nhome: DE\n", &command);
  ASSERT_TRUE(status.ok()) << status;
  EXPECT_EQ(command.flags.workers, 5);
  EXPECT_THAT(command.flags.geo, ElementsAre("mine.mmdb")) << "taken from there whole";
  EXPECT_TRUE(command.flags.dedup);
  EXPECT_EQ(command.flags.home, "DE");
}

TEST_F(ConfigFileTest, MistakesAreNamedWithTheirPlaceAndARemedy) {
  EXPECT_THAT(Mistake("workers: 2\nwrokers: 3\n"), AllOf(StartsWith("2:1: unknown key \"wrokers\""),
                                                         HasSubstr("did you mean \"workers\"?")));
  EXPECT_THAT(Mistake("home: DE\nzone: EEA\nhome: FR\n"),
              AllOf(StartsWith("3:1: duplicate key"), HasSubstr("keep one")));
  EXPECT_THAT(Mistake("workers: [1, 2]\n"), StartsWith("1:10: workers takes one value"));
  EXPECT_THAT(Mistake("workers:\n"), StartsWith("1:1: workers needs a value"));
  EXPECT_THAT(Mistake("geo: [a.mmdb, {b: c}]\n"),
              AllOf(StartsWith("1:15: "), HasSubstr("needs a value")));
  EXPECT_THAT(Mistake("geo: []\n"), StartsWith("1:6: "));
  EXPECT_THAT(Mistake("workers: many\n"), AllOf(StartsWith("1:10: "), HasSubstr("many")));
  EXPECT_THAT(Mistake("workers: 1000\n"),
              AllOf(StartsWith("1:10: "), HasSubstr("1000"), HasSubstr("64")));
  EXPECT_THAT(Mistake("tunnel: middle\n"),
              AllOf(StartsWith("1:9: "), HasSubstr("inner"), HasSubstr("outer")));
  EXPECT_THAT(Mistake("dedup: perhaps\n"), AllOf(StartsWith("1:8: "), HasSubstr("perhaps")));
  EXPECT_THAT(Mistake("every: -1\n"), StartsWith("1:8: "));
  EXPECT_THAT(Mistake("duration: 3 years\n"), StartsWith("1:11: "));
  EXPECT_THAT(Mistake("workers: 2\n  home: DE\n"), HasSubstr("not YAML"));
  EXPECT_THAT(Mistake("[workers, 2]\n"), HasSubstr("settings such as"));
  EXPECT_THAT(Mistake("workers\n"), HasSubstr("settings such as"));
}

// A file cannot name another, nor ask for another run.
TEST_F(ConfigFileTest, SomeFlagsAreOfTheCommandLineOnly) {
  for (const char* key : {"config", "check", "dump", "help"}) {
    EXPECT_THAT(Mistake(std::string(key) + ": true\n"), HasSubstr("unknown key"));
  }
}

TEST_F(ConfigFileTest, AFileThatIsNotThereIsNamed) {
  Command command;
  command.app.parse("");
  const absl::Status status = ApplyConfig("no/such.yaml", &command.app);
  EXPECT_EQ(status.code(), absl::StatusCode::kNotFound);
  EXPECT_THAT(std::string(status.message()), AllOf(HasSubstr("no/such.yaml"), HasSubstr("--dump")));
}

TEST_F(ConfigFileTest, ALaterErrorAboutAFlagOfTheFileHasItsPlace) {
  Command command;
  ConfigPlaces places;
  ASSERT_TRUE(Apply("--zone EEE", "workers: 2\nhome: UK\nzone: [EEE]\n", &command, &places).ok());
  EXPECT_EQ(Located(absl::InvalidArgumentError("--home: no such code"), places),
            absl::InvalidArgumentError(path_.string() + ":2:7: --home: no such code"));
  for (const absl::Status& other :
       {absl::InvalidArgumentError("--zone: no such group"), absl::OkStatus(),
        absl::NotFoundError("--homes: another flag"), absl::NotFoundError("a.mmdb: not there")}) {
    EXPECT_EQ(Located(other, places), other) << "the command line gave that, or nobody";
  }
}

TEST_F(ConfigFileTest, ADumpReadAgainIsTheSameDump) {
  Command first;
  first.app.parse(
      "--geo a.mmdb --geo \"b # c.mmdb\" --site 10.0.0.0/8=DE --home NO --purpose \"it's: "
      "\\\"so\\\"\" "
      "--workers 3 --dedup --duration 2m --cores 1,2 --flows 4096 -- -m 300 --no-huge");
  const std::string dump = DumpConfig(first.app);
  Command second;
  const absl::Status status = Apply("", dump, &second);
  ASSERT_TRUE(status.ok()) << status << "\n" << dump;
  EXPECT_EQ(DumpConfig(second.app), dump);
  EXPECT_EQ(second.flags.geo, first.flags.geo);
  EXPECT_EQ(second.flags.purpose, first.flags.purpose);
  EXPECT_EQ(second.flags.home, "NO");
  EXPECT_EQ(second.flags.workers, 3);
  EXPECT_TRUE(second.flags.dedup);
  EXPECT_FALSE(second.flags.quiet);
  EXPECT_EQ(second.duration, 120);
  EXPECT_THAT(second.cores, ElementsAre(1, 2));
  EXPECT_THAT(second.eal, ElementsAre("-m", "300", "--no-huge"));
}

TEST_F(ConfigFileTest, ADumpOfDefaultsNamesEveryKeyWithItsHelp) {
  Command command;
  command.app.parse("");
  const std::string dump = DumpConfig(command.app);
  EXPECT_THAT(dump, HasSubstr("# seconds\nevery: \"1\"\n"));
  EXPECT_THAT(dump, HasSubstr("\n#geo:\n")) << "what has no default is left open";
  EXPECT_THAT(dump, HasSubstr("\ndedup: false\n"));
  EXPECT_THAT(dump, Not(HasSubstr("config:")));
  Command again;
  ASSERT_TRUE(Apply("", dump, &again).ok());
  EXPECT_EQ(DumpConfig(again.app), dump);
}

}  // namespace
}  // namespace borderflow
