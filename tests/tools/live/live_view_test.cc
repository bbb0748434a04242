#include "tools/live/live_view.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <functional>
#include <nlohmann/json.hpp>
#include <string>

#include "tests/collectors/cells.h"

namespace borderflow {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::MatchesRegex;
using testing::Not;
using testing::StartsWith;

constexpr char kTime[] = "[0-9]+-[0-9]+-[0-9]+T[0-9]+:[0-9]+:[0-9]+Z ";

std::string Written(const std::function<void()>& write) {
  testing::internal::CaptureStderr();
  write();
  return testing::internal::GetCapturedStderr();
}

// 3,000 frames and 3 MB, 40 of which crossed a border in the cells.
Snapshot Counted() {
  Snapshot snapshot;
  snapshot.decode.captured = {3000, 3'000'000};
  snapshot.decode.ip = {3000, 3'000'000};
  snapshot.flows.total = 12;
  snapshot.cells = {MakeCell("DE", "FR", 400), MakeCell("DE", "DE", 600)};
  return snapshot;
}

LiveStatement Port(bool link_up) {
  LiveStatement live;
  live.ports.resize(2);
  live.ports[0].device = "in0";
  live.ports[0].link_up = link_up;
  live.ports[1].device = "in1";
  live.ports[1].link_up = true;
  live.lanes = {{2000, 0.25, 0}, {1000, 0.5, 0}};
  return live;
}

TEST(LiveView, TextLinesSayWhatCameAndWhatWasLost) {
  LiveView view(/*terminal=*/false, LogForm::kText, {});
  LiveStatement live = Port(true);
  EXPECT_THAT(Written([&] { view.Show(Counted(), live, 2); }),
              MatchesRegex(std::string(kTime) +
                           "frames=3000 bytes=3000000 rate=1500/s 0.012 Gbit/s flows=12 "
                           "busiest=50.0 % dropped: none\n"));
  live.ports[0].dropped = {{"kernel", 7}};
  live.ports[1].dropped = {{"imissed", 2}, {"kernel", 1}};
  const std::string again = Written([&] { view.Show(Counted(), live, 2); });
  EXPECT_THAT(again, HasSubstr("rate=0/s")) << "the rate is of what came since the last line";
  EXPECT_THAT(again, HasSubstr("dropped: imissed=2 kernel=8\n"));
}

TEST(LiveView, JsonLinesSayTheSame) {
  LiveView view(/*terminal=*/false, LogForm::kJson, {});
  LiveStatement live = Port(false);
  live.ports[1].dropped = {{"ring_full", 5}};
  const std::string line = Written([&] { view.Show(Counted(), live, 2); });
  EXPECT_EQ(std::count(line.begin(), line.end(), '\n'), 1);
  const auto json = nlohmann::json::parse(line);
  EXPECT_EQ(json["frames"], 3000);
  EXPECT_EQ(json["bytes"], 3'000'000);
  EXPECT_EQ(json["frames_per_second"], 1500.0);
  EXPECT_EQ(json["bits_per_second"], 12e6);
  EXPECT_EQ(json["flows"], 12);
  EXPECT_EQ(json["busiest_worker"], 0.5);
  EXPECT_EQ(json["dropped"], (nlohmann::json{{"ring_full", 5}}));
  EXPECT_EQ(json["links_down"], nlohmann::json::array({"in0"}));
  EXPECT_TRUE(json["time"].is_string());
}

TEST(LiveView, ALinkThatIsDownIsInEveryForm) {
  for (const bool terminal : {false, true}) {
    LiveView view(terminal, LogForm::kText, {});
    EXPECT_THAT(Written([&] { view.Show(Counted(), Port(true), 1); }), Not(HasSubstr("LINK DOWN")));
    EXPECT_THAT(Written([&] { view.Show(Counted(), Port(false), 1); }),
                AllOf(HasSubstr("LINK DOWN: in0"), Not(HasSubstr("LINK DOWN: in1"))));
  }
}

TEST(LiveView, EventsAreLinesOfTheSameForm) {
  LiveView text(/*terminal=*/false, LogForm::kText, {});
  EXPECT_THAT(Written([&] { text.Log("link down: in0"); }),
              MatchesRegex(std::string(kTime) + "link down: in0\n"));
  LiveView lines(/*terminal=*/false, LogForm::kJson, {});
  // Whatever a driver says, a line is a line of JSON.
  const std::string odd = Written([&] { lines.Log("says \"\n\xff\""); });
  EXPECT_EQ(std::count(odd.begin(), odd.end(), '\n'), 1);
  EXPECT_THAT(nlohmann::json::parse(odd)["event"].get<std::string>(), StartsWith("says \"\n"));
}

TEST(LiveView, ATerminalsViewTakesItsOwnPlaceAgain) {
  LiveView view(/*terminal=*/true, LogForm::kText, {});
  const std::string first = Written([&] { view.Show(Counted(), Port(true), 2); });
  EXPECT_THAT(first, AllOf(HasSubstr("1,500 frames/s"), HasSubstr("dropped: none"),
                           HasSubstr("crosses a border: 40.0 %"), HasSubstr("DE ")));
  EXPECT_THAT(first, Not(HasSubstr("A\x1b[2K"))) << "nothing above is overwritten";
  const auto lines = std::count(first.begin(), first.end(), '\n');
  const std::string second = Written([&] { view.Show(Counted(), Port(true), 2); });
  EXPECT_THAT(second, StartsWith("\x1b[" + std::to_string(lines) + "A"));
  Written([&] { view.Log("reloaded"); });
  const std::string third = Written([&] { view.Show(Counted(), Port(true), 2); });
  EXPECT_THAT(third, StartsWith("\x1b[2K")) << "an event stays, and the view goes on below it";
}

}  // namespace
}  // namespace borderflow
