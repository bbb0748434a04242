// The geo commands as a user runs them, within this process.
#include <CLI/CLI.hpp>
#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <nlohmann/json.hpp>
#include <sstream>
#include <string>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tools/account/default_database.h"
#include "tools/command/geo.h"

namespace borderflow {
namespace {

namespace fs = std::filesystem;
using ::testing::AllOf;
using ::testing::HasSubstr;

struct Outcome {
  int exit_code = -1;
  std::string out;
  std::string err;
};

Outcome Borderflow(std::vector<std::string> arguments) {
  CLI::App app;
  Outcome run;
  AddGeoCommand(app, &run.exit_code);
  std::ostringstream out, err;
  std::streambuf* const old_out = std::cout.rdbuf(out.rdbuf());
  std::streambuf* const old_err = std::cerr.rdbuf(err.rdbuf());
  std::reverse(arguments.begin(), arguments.end());  // as CLI11 wants a vector
  try {
    app.parse(arguments);
  } catch (const CLI::ParseError& error) {
    run.exit_code = 2;
    err << error.what();
  }
  std::cout.rdbuf(old_out);
  std::cerr.rdbuf(old_err);
  run.out = out.str();
  run.err = err.str();
  return run;
}

class GeoCommandTest : public testing::Test {
 protected:
  GeoCommandTest() {
    const auto* test = testing::UnitTest::GetInstance()->current_test_info();
    folder_ = fs::path(testing::TempDir()) / (std::string("geo_command_test_") + test->name());
    fs::remove_all(folder_);
    fs::create_directories(folder_);
    setenv("BORDERFLOW_GEO", (folder_ / "default.mmdb").c_str(), 1);
    setenv("BORDERFLOW_CACHE", (folder_ / "cache").c_str(), 1);
  }
  ~GeoCommandTest() override { fs::remove_all(folder_); }

  void Write(const fs::path& name, const std::string& text) {
    fs::create_directories((folder_ / name).parent_path());
    std::ofstream(folder_ / name, std::ios::binary) << text;
  }
  std::string Path(const char* name) const { return folder_ / name; }

  // 192.0.2.0/24 DE, 198.51.100.0/24 UK, 2001:db8::/32 FR.
  void WriteTor(const fs::path& where) {
    Write(where / "geoip",
          "# Generated: Thu, 25 Jun 2026 04:33:59 GMT\n# Vendor: Vendor\n# License: Licence\n"
          "3221225984,3221226239,DE\n3325256704,3325256959,UK\n");
    Write(where / "geoip6", "2001:db8::,2001:db8:ffff:ffff:ffff:ffff:ffff:ffff,FR\n");
  }

  fs::path folder_;
};

TEST_F(GeoCommandTest, BuildTakesTheDefaultFolderAndWritesTheDefaultDatabase) {
  WriteTor("cache/geo");
  const Outcome run = Borderflow({"geo", "build", "--no-libloc"});
  ASSERT_EQ(run.exit_code, 0) << run.err;
  EXPECT_THAT(run.out, AllOf(HasSubstr("2026-06-25"), HasSubstr("Vendor, Licence"),
                             HasSubstr("UK 1"), HasSubstr("registry-derived")));
  EXPECT_TRUE(fs::exists(DefaultDatabasePath()));
  EXPECT_EQ(DefaultDatabasePath(), Path("default.mmdb"));
}

TEST_F(GeoCommandTest, BuildNamesWhatIsMissingAndTheRemedy) {
  const Outcome run = Borderflow({"geo", "build"});
  EXPECT_EQ(run.exit_code, 2);
  EXPECT_THAT(run.err, AllOf(HasSubstr("cache/geo/geoip"), HasSubstr("tools/setup/geo_data.sh")));
}

TEST_F(GeoCommandTest, BuildRefusesADamagedFileAndKeepsTheOldDatabase) {
  WriteTor("cache/geo");
  Write("cache/geo/location.db", "LOCDBXX\x01 and then nothing");
  Write("default.mmdb", "old");
  const Outcome run = Borderflow({"geo", "build"});
  EXPECT_EQ(run.exit_code, 2);
  EXPECT_THAT(run.err, HasSubstr("location.db: at byte "));
  EXPECT_EQ(fs::file_size(Path("default.mmdb")), 3u);
}

TEST_F(GeoCommandTest, BuildThatCannotWriteIsARuntimeFailure) {
  WriteTor("tor");
  Write("file", "");
  const Outcome run =
      Borderflow({"geo", "build", "--tor", Path("tor"), "--no-libloc", "-o", Path("file/x.mmdb")});
  EXPECT_EQ(run.exit_code, 3);
  EXPECT_THAT(run.err, HasSubstr("cannot write the database"));
}

TEST_F(GeoCommandTest, LookupJsonHasTheShapeOfTheContract) {
  WriteTor("cache/geo");
  ASSERT_EQ(Borderflow({"geo", "build", "--no-libloc"}).exit_code, 0);
  const Outcome run = Borderflow({"geo", "lookup", "--json", "-", "--home", "SE", "198.51.100.7",
                                  "2001:db8::1", "10.1.2.3", "203.0.113.1"});
  ASSERT_EQ(run.exit_code, 0) << run.err;
  const nlohmann::json answers = nlohmann::json::parse(run.out);
  ASSERT_EQ(answers.size(), 4u);
  for (const nlohmann::json& answer : answers) {
    for (const char* key : {"address", "location", "registered", "operator", "asn", "as_name",
                            "flags", "source", "answers"}) {
      EXPECT_TRUE(answer.contains(key)) << key;
    }
    EXPECT_TRUE(answer["asn"].is_number_unsigned());
    EXPECT_TRUE(answer["flags"].is_array());
    size_t winners = 0;
    for (const nlohmann::json& source : answer["answers"]) winners += source["won"] ? 1 : 0;
    EXPECT_LE(winners, 1u);
  }
  EXPECT_EQ(answers[0]["address"], "198.51.100.7");
  // TEST-NET-2 is a special-purpose block, which stands above the database.
  EXPECT_EQ(answers[0]["location"], "reserved");
  EXPECT_EQ(answers[0]["source"], "special");
  EXPECT_EQ(answers[0]["registered"], "unknown");
  EXPECT_EQ(answers[0]["operator"], "unknown");
  EXPECT_EQ(answers[2]["location"], "SE");
  EXPECT_EQ(answers[2]["source"], "home");
}

TEST_F(GeoCommandTest, LookupShowsTheDatabasesAnswerItsOwnCodeAndWhatItRestsOn) {
  Write("tor/geoip", "# Generated: Thu, 25 Jun 2026 04:33:59 GMT\n134744064,134744319,UK\n");
  ASSERT_EQ(Borderflow({"geo", "build", "--tor", Path("tor/geoip"), "--no-libloc"}).exit_code, 0);
  const Outcome text = Borderflow({"geo", "lookup", "8.8.8.8"});
  ASSERT_EQ(text.exit_code, 0) << text.err;
  EXPECT_THAT(text.out,
              AllOf(HasSubstr("location    GB  United Kingdom"), HasSubstr("written \"UK\""),
                    HasSubstr("tor-geoipdb 2026-06-25"), HasSubstr("days old"),
                    HasSubstr("basis registry-derived"), HasSubstr("registered  unknown")));
  const Outcome json = Borderflow({"geo", "lookup", "8.8.8.8", "--json", "-"});
  const nlohmann::json answer = nlohmann::json::parse(json.out)[0];
  EXPECT_EQ(answer["location"], "GB");
  EXPECT_EQ(answer["source"], "database");
  const nlohmann::json& source = answer["answers"].back();
  EXPECT_EQ(source["code"], "UK");
  EXPECT_EQ(source["network"], "8.8.8.0/24");
  EXPECT_EQ(source["basis"], "registry-derived");
  EXPECT_EQ(source["build_time"], 1782362039);
  EXPECT_EQ(source["won"], true);
}

TEST_F(GeoCommandTest, OverridesAndSitesStandAboveTheDatabase) {
  Write("tor/geoip", "134744064,134744319,US\n");
  ASSERT_EQ(Borderflow({"geo", "build", "--tor", Path("tor/geoip"), "--no-libloc"}).exit_code, 0);
  const auto location = [](std::vector<std::string> flags) {
    std::vector<std::string> arguments = {"geo", "lookup", "--json", "-", "8.8.8.8"};
    arguments.insert(arguments.end(), flags.begin(), flags.end());
    const Outcome run = Borderflow(arguments);
    EXPECT_EQ(run.exit_code, 0) << run.err;
    const nlohmann::json answer = nlohmann::json::parse(run.out)[0];
    return answer["location"].get<std::string>() + " " + answer["source"].get<std::string>();
  };
  Write("overrides.csv", "8.8.8.8/32,NL\n");
  EXPECT_EQ(location({}), "US database");
  EXPECT_EQ(location({"--site", "8.8.8.0/24=FR"}), "FR site");
  EXPECT_EQ(location({"--site", "8.8.8.0/24=FR", "--overrides", Path("overrides.csv")}),
            "NL override");
}

TEST_F(GeoCommandTest, WrongFlagsAreRefusedWithTheRightForm) {
  Write("default.mmdb", "never read");
  const auto error = [](std::vector<std::string> flags) {
    flags.insert(flags.begin(), {"geo", "lookup"});
    const Outcome run = Borderflow(flags);
    EXPECT_EQ(run.exit_code, 2);
    return run.err;
  };
  EXPECT_THAT(error({"1.2.3"}), HasSubstr("\"1.2.3\" is not an address"));
  EXPECT_THAT(error({"1.2.3.4", "--home", "UK"}), HasSubstr("\"GB\""));
  EXPECT_THAT(error({"1.2.3.4", "--home", "unknown"}), HasSubstr("ISO 3166-1"));
  EXPECT_THAT(error({"1.2.3.4", "--site", "10.0.0.1/8=DE"}), HasSubstr("expected CIDR=CC"));
  EXPECT_THAT(error({"1.2.3.4", "--site", "10.0.0.0/8"}), HasSubstr("expected CIDR=CC"));
}

TEST_F(GeoCommandTest, MissingDefaultDatabaseGivesTheCommandsThatMakeIt) {
  for (const char* command : {"info", "lookup"}) {
    std::vector<std::string> arguments = {"geo", command};
    if (arguments[1] == "lookup") arguments.push_back("192.0.2.1");
    const Outcome run = Borderflow(arguments);
    EXPECT_EQ(run.exit_code, 2);
    EXPECT_THAT(run.err, AllOf(HasSubstr("default.mmdb"), HasSubstr("BORDERFLOW_GEO"),
                               HasSubstr("geo_data.sh"), HasSubstr("borderflow geo build")));
  }
}

TEST_F(GeoCommandTest, InfoStatesBasisDateDigestAndCounts) {
  WriteTor("cache/geo");
  ASSERT_EQ(Borderflow({"geo", "build", "--no-libloc"}).exit_code, 0);
  const Outcome run = Borderflow({"geo", "info", "--json", "-"});
  ASSERT_EQ(run.exit_code, 0) << run.err;
  const nlohmann::json info = nlohmann::json::parse(run.out)[0];
  EXPECT_EQ(info["type"], "borderflow-Country-ASN");
  EXPECT_EQ(info["basis"], "registry-derived");
  EXPECT_EQ(info["build_time"], 1782362039);
  EXPECT_TRUE(info["age_days"].is_number_integer());
  EXPECT_EQ(info["sha256"].get<std::string>().size(), 64u);
  EXPECT_EQ(info["has"]["location"], true);
  EXPECT_EQ(info["has"]["registered"], false);
  EXPECT_EQ(info["has"]["as"], false);
  EXPECT_EQ(info["jurisdictions"], 3u);
  EXPECT_EQ(info["ipv4"]["located"], 512u);
  EXPECT_EQ(info["odd_codes"]["UK"], 1u);
  EXPECT_THAT(Borderflow({"geo", "info"}).out, HasSubstr("registered  not in this database"));
}

TEST_F(GeoCommandTest, DiffJsonHasSharesAndPairs) {
  Write("a", "16777216,16777471,DE\n");  // 1.0.0.0/24
  Write("b", "16777216,16777279,DE\n16777280,16777471,FR\n");
  for (const char* name : {"a", "b"}) {
    ASSERT_EQ(
        Borderflow({"geo", "build", "--tor", Path(name), "--no-libloc", "-o", Path(name) + ".mmdb"})
            .exit_code,
        0);
  }
  const Outcome run = Borderflow({"geo", "diff", Path("a.mmdb"), Path("b.mmdb"), "--json", "-"});
  ASSERT_EQ(run.exit_code, 0) << run.err;
  const nlohmann::json diff = nlohmann::json::parse(run.out);
  EXPECT_EQ(diff["ipv4"]["agree"]["addresses"], 64u);
  EXPECT_EQ(diff["ipv4"]["disagree"]["addresses"], 192u);
  EXPECT_EQ(diff["ipv4"]["disagree_share"], 0.75);
  EXPECT_EQ(diff["ipv4"]["pairs"][0]["a"], "DE");
  EXPECT_EQ(diff["ipv4"]["pairs"][0]["b"], "FR");
  const Outcome text = Borderflow({"geo", "diff", Path("a.mmdb"), Path("b.mmdb")});
  EXPECT_THAT(text.out, AllOf(HasSubstr("75.0 %"), HasSubstr("DE in A, FR in B"),
                              HasSubstr("neither is the truth")));
}

TEST_F(GeoCommandTest, JsonThatCannotBeWrittenIsARuntimeFailure) {
  WriteTor("cache/geo");
  ASSERT_EQ(Borderflow({"geo", "build", "--no-libloc"}).exit_code, 0);
  const Outcome run = Borderflow({"geo", "info", "--json", Path("no/such/folder.json")});
  EXPECT_EQ(run.exit_code, 3);
  EXPECT_THAT(run.err, HasSubstr("no/such/folder.json"));
}

}  // namespace
}  // namespace borderflow
