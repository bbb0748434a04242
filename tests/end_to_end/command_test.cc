// What the command says to bad input, and with which exit code.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <string>

#include "tests/end_to_end/programs.h"

namespace borderflow {
namespace {

using testing::HasSubstr;

// One classic pcap header (little-endian, microseconds, Ethernet) and `records` ARP-like frames.
std::string Pcap(int records, char link = 1) {
  std::string bytes(
      "\xd4\xc3\xb2\xa1\x02\x00\x04\x00\x00\x00\x00\x00\x00\x00\x00\x00\xff\xff\x00\x00", 20);
  bytes += std::string(1, link) + std::string(3, '\0');
  for (int i = 0; i < records; ++i) {
    bytes += std::string(8, '\1') + std::string("\x3c\0\0\0\x3c\0\0\0", 8);
    bytes += std::string(12, '\2') + std::string("\x08\x06", 2) + std::string(46, '\0');
  }
  return bytes;
}

class CommandTest : public testing::Test {
 protected:
  Finished Replay(const std::string& arguments) {
    return programs_.Borderflow("replay --geo tiny.mmdb " + arguments);
  }
  void ExpectRefused(const std::string& arguments, const std::string& message) {
    const Finished run = Replay(arguments);
    EXPECT_EQ(run.exit_code, 2) << arguments << ": " << run.err;
    EXPECT_THAT(run.err, HasSubstr(message)) << arguments;
  }

  Programs programs_{"command"};
};

TEST_F(CommandTest, ACaptureThatIsNoneIsNamed) {
  ExpectRefused("missing.pcap", "missing.pcap");
  programs_.Write("empty.pcap", "");
  ExpectRefused("empty.pcap", "empty.pcap");
  programs_.Write("noise.pcap", std::string(1000, 'x'));
  ExpectRefused("noise.pcap", "noise.pcap");
  ExpectRefused(".", "directory");
}

TEST_F(CommandTest, DamageIsExitCodeOneAndEverythingBeforeItIsReported) {
  std::string bytes = Pcap(3);
  bytes.resize(bytes.size() - 10);
  programs_.Write("cut.pcap", bytes);
  const Finished run = Replay("--quiet --json r.json cut.pcap");
  EXPECT_EQ(run.exit_code, 1);
  EXPECT_THAT(run.err, HasSubstr("cut.pcap: damaged at byte 176"));
  const auto report = nlohmann::json::parse(programs_.Read("r.json"));
  EXPECT_EQ(report["capture"]["frames"], 2);
  EXPECT_EQ(report["capture"]["damaged"][0]["offset"], 176);
  EXPECT_TRUE(report["conservation"]["ok"].get<bool>());
}

TEST_F(CommandTest, ALinkTypeThatNobodyKnowsIsNamed) {
  programs_.Write("odd.pcap", Pcap(2, char(147)));
  ExpectRefused("odd.pcap", "link type");
}

TEST_F(CommandTest, WrongFlagsGetTheNearestRightWord) {
  programs_.Write("a.pcap", Pcap(1));
  ExpectRefused("--home UK a.pcap", "did you mean \"GB\"?");
  ExpectRefused("--home unknown a.pcap", "--home");
  ExpectRefused("--site 10.0.0.1/8=DE a.pcap", "host bits must be zero");
  ExpectRefused("--site 10.0.0.0/8 a.pcap", "CIDR=CC");
  ExpectRefused("--zone EEE a.pcap", "--zone: no group named \"EEE\"");
  ExpectRefused("--policy data-alies a.pcap", "data-allies");
  ExpectRefused("--tunnel middle a.pcap", "--tunnel");
  ExpectRefused("--workers 0 a.pcap", "--workers");
  ExpectRefused("- -", "only once");
  ExpectRefused("--json - --csv - a.pcap", "standard output");
  ExpectRefused("", "CAPTURE");
}

TEST_F(CommandTest, AWrongDatabaseIsNamed) {
  programs_.Write("a.pcap", Pcap(1));
  programs_.Write("no.mmdb", "not a database");
  const Finished run = programs_.Borderflow("replay --geo no.mmdb a.pcap");
  EXPECT_EQ(run.exit_code, 2);
  EXPECT_THAT(run.err, HasSubstr("no.mmdb"));
}

TEST_F(CommandTest, AnOutputThatCannotBeWrittenIsSaidBeforeOrAfterTheWork) {
  programs_.Write("a.pcap", Pcap(1));
  ExpectRefused("--json no/such/folder/r.json a.pcap", "no/such/folder/r.json");
  const Finished full = Replay("--quiet --json /dev/full a.pcap");
  EXPECT_EQ(full.exit_code, 3);
  EXPECT_THAT(full.err, HasSubstr("/dev/full: cannot be written: No space left on device"));
}

TEST_F(CommandTest, StandardInputIsACapture) {
  programs_.Write("a.pcap", Pcap(5));
  const Finished run = Replay("--json - - < a.pcap");
  ASSERT_EQ(run.exit_code, 0) << run.err;
  EXPECT_EQ(nlohmann::json::parse(run.out)["capture"]["frames"], 5);
}

TEST_F(CommandTest, ACaptureWithoutFramesIsAnEmptyReportThatSaysSo) {
  programs_.Write("none.pcap", Pcap(0));
  const Finished run = Replay("none.pcap");
  EXPECT_EQ(run.exit_code, 0);
  EXPECT_THAT(run.out, HasSubstr("the capture holds no frames"));
}

TEST_F(CommandTest, RoundTripsAreHeldAgainstLocationsFromTheSensorsPlace) {
  ASSERT_EQ(
      programs_.Generate("--profile demo --flows 300 --out d.pcap --overrides d.csv").exit_code, 0);
  const auto round_trips = [this](const std::string& options) {
    const Finished run = Replay("--overrides d.csv --quiet --json - " + options + " d.pcap");
    EXPECT_EQ(run.exit_code, 0) << run.err;
    return nlohmann::json::parse(run.out)["round_trips"];
  };
  EXPECT_TRUE(round_trips("").is_null()) << "off without a place";
  const nlohmann::json pole = round_trips("--place -90,0");
  EXPECT_GT(pole["timed_flows"], 10);
  EXPECT_GT(pole["location_contradicted"], 0) << "nobody answers the South Pole so soon";
  EXPECT_LE(pole["location_contradicted"], pole["timed_flows"]);
  EXPECT_EQ(round_trips("--place -90,0 --workers 3"), pole);
  ExpectRefused("--place Berlin d.pcap", "LATITUDE,LONGITUDE");
}

TEST_F(CommandTest, PacksAreListedShownAndChecked) {
  EXPECT_THAT(programs_.Borderflow("policy list").out, HasSubstr("data-allies"));
  EXPECT_THAT(programs_.Borderflow("policy show data-allies").out,
              HasSubstr("indicative, not a finding of law"));
  programs_.Write("bad.yaml", "pack: {}\n");
  const Finished run = programs_.Borderflow("policy check bad.yaml");
  EXPECT_EQ(run.exit_code, 2);
  EXPECT_THAT(run.err, HasSubstr("bad.yaml:1:"));
}

}  // namespace
}  // namespace borderflow
