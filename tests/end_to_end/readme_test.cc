// README.md: every command that it shows runs, and it names every option of replay, and no other.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <regex>
#include <set>
#include <string>
#include <vector>

#include "tests/end_to_end/programs.h"
#include "tests/source_tree.h"

namespace borderflow {
namespace {

std::vector<std::string> ReadmeLines() {
  std::ifstream file(BORDERFLOW_SOURCE_DIR "/README.md");
  std::vector<std::string> lines;
  for (std::string line; std::getline(file, line);) lines.push_back(line);
  return lines;
}

std::set<std::string> Options(const std::string& text) {
  std::set<std::string> options;
  const std::regex option("--[a-z][a-z-]+");
  for (std::sregex_iterator at(text.begin(), text.end(), option), end; at != end; ++at) {
    options.insert(at->str());
  }
  options.erase("--help");
  return options;
}

// The command lines of the README in a folder that holds what they name.
TEST(ReadmeTest, EveryCommandRuns) {
  const Programs programs("readme");
  ASSERT_EQ(programs.Generate("--profile demo --flows 50 --out office.pcapng").exit_code, 0);
  for (const char* copy : {"OLD.mmdb", "NEW.mmdb"}) {
    programs.Write(copy, programs.Read("tiny.mmdb"));
  }
  std::ifstream pack(BORDERFLOW_SOURCE_DIR "/rules/policy/packs/data-allies.yaml");
  programs.Write("my-pack.yaml", {std::istreambuf_iterator<char>(pack), {}});
  setenv("BORDERFLOW_GEO", programs.Path("tiny.mmdb").c_str(), 1);
  int commands = 0;
  for (const std::string& line : ReadmeLines()) {
    const std::string prefix = "    borderflow ";
    if (line.rfind(prefix, 0) != 0) continue;
    const std::string command = line.substr(prefix.size());
    const Finished run = programs.Borderflow(command);
    ++commands;
    // Without the data of the two packages, geo build says how to get it.
    const bool no_data = command == "geo build" && run.err.find("geo_data.sh") != std::string::npos;
    // doctor ends with 1 where this machine lacks something; that it says so is its job.
    const bool found_problems = command == "doctor" && run.exit_code == 1;
    EXPECT_TRUE(run.exit_code == 0 || no_data || found_problems) << command << ": " << run.err;
  }
  unsetenv("BORDERFLOW_GEO");
  EXPECT_GE(commands, 7);
}

// The options in the first column of the table whose head is `head`.
std::set<std::string> OptionsInTable(const std::string& head) {
  std::string column;
  bool inside = false;
  for (const std::string& line : ReadmeLines()) {
    if (line.rfind("| " + head + " |", 0) == 0) inside = true;
    if (line.empty()) inside = false;
    if (inside && line.rfind("| `--", 0) == 0) {
      column += line.substr(0, line.find(" | ", 2)) + "\n";
    }
  }
  return Options(column);
}

TEST(ReadmeTest, TheOptionsOfReplayAreTheOnesInItsTable) {
  const Programs programs("readme_options");
  EXPECT_EQ(OptionsInTable("option"), Options(programs.Borderflow("replay --help").out));
}

TEST(ReadmeTest, TheOptionsOfLiveAreTheOnesInItsTableAndThoseOfReplay) {
  const Programs programs("readme_live_options");
  std::set<std::string> documented = OptionsInTable("option of `live`");
  documented.merge(OptionsInTable("option"));
  documented.erase("--names");
  documented.erase("--place");
  EXPECT_EQ(documented, Options(programs.Borderflow("live --help").out));
}

}  // namespace
}  // namespace borderflow
