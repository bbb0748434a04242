#include "dataplane/event_windows.h"

#include <gtest/gtest.h>

#include <random>
#include <vector>

namespace borderflow {
namespace {

constexpr uint64_t kSecond = 1'000'000'000;

std::vector<Frame> AtTimes(const std::vector<uint64_t>& times) {
  std::vector<Frame> frames(times.size());
  for (size_t i = 0; i < times.size(); ++i) frames[i].time_ns = times[i];
  return frames;
}

// What happens to a frame: windows that close before it, and the one that it counts in.
struct Event {
  std::vector<uint64_t> closes;
  uint64_t index = 0;
  bool late = false;
  friend bool operator==(const Event&, const Event&) = default;
};

std::ostream& operator<<(std::ostream& out, const Event& event) {
  for (const uint64_t index : event.closes) out << "close " << index << ' ';
  return out << "in " << event.index << (event.late ? " late" : "");
}

// Shown `step` frames at a time.
std::vector<Event> Events(const std::vector<uint64_t>& times, uint64_t width, size_t step) {
  const std::vector<Frame> frames = AtTimes(times);
  EventWindows windows(width);
  std::vector<Event> events;
  for (size_t at = 0; at < frames.size(); at += step) {
    absl::Span<const Frame> rest = absl::MakeConstSpan(frames).subspan(at, step);
    while (!rest.empty()) {
      const EventWindows::Run run = windows.Next(rest);
      EXPECT_GT(run.frames, 0u);
      for (size_t i = 0; i < run.frames; ++i) {
        events.push_back({i == 0 ? run.closes : std::vector<uint64_t>{}, run.index, run.late});
      }
      rest.remove_prefix(run.frames);
    }
  }
  events.push_back({windows.Finish(), 0, false});
  return events;
}

// The slow twin: one frame at a time, with a list of open windows.
std::vector<Event> SlowEvents(const std::vector<uint64_t>& times, uint64_t width) {
  constexpr uint64_t kDisorder = 60 * kSecond;
  const uint64_t lateness = std::min(width, 10 * kSecond);
  std::vector<Event> events;
  std::vector<uint64_t> open;
  uint64_t latest = 0;   // time reached
  uint64_t settled = 0;  // windows before this one are closed for good
  for (const uint64_t time : times) {
    Event event;
    event.index = time / width;
    const bool in_open = std::find(open.begin(), open.end(), event.index) != open.end();
    const bool first = open.empty();
    if (first || (!in_open && time < latest && latest - time > kDisorder)) {
      event.closes = open;
      open = {event.index};
      latest = time;
      settled = event.index == 0 ? 0 : event.index - 1;
    } else if (!in_open && event.index >= settled) {
      open.push_back(event.index);
      std::sort(open.begin(), open.end());
      settled = std::max(settled, open.back() == 0 ? 0 : open.back() - 1);
    }
    // Lateness counts from the newest window's own frames.
    if (event.index == open.back() && time - event.index * width >= lateness) {
      settled = open.back();
    }
    while (open.front() < settled) {
      event.closes.push_back(open.front());
      open.erase(open.begin());
    }
    if (event.index < open.front()) {
      event.late = true;
      event.index = open.front();
    }
    latest = std::max(latest, time);
    events.push_back(event);
  }
  events.push_back({open, 0, false});
  return events;
}

TEST(EventWindows, FramesInOrderCountInTheirOwn) {
  const std::vector<Event> events =
      Events({5 * kSecond, 59 * kSecond, 60 * kSecond, 65 * kSecond, 70 * kSecond, 200 * kSecond},
             60 * kSecond, 100);
  const std::vector<Event> expected = {{{}, 0, false}, {{}, 0, false},  {{}, 1, false},
                                       {{}, 1, false}, {{0}, 1, false}, {{1}, 3, false},
                                       {{3}, 0, false}};
  EXPECT_EQ(events, expected);
}

TEST(EventWindows, AFrameThatIsLateWithinTheBoundGoesToItsWindow) {
  const std::vector<Event> events = Events(
      {50 * kSecond, 69 * kSecond, 59 * kSecond, 70 * kSecond, 58 * kSecond}, 60 * kSecond, 100);
  EXPECT_EQ(events[2], (Event{{}, 0, false}));
  EXPECT_EQ(events[3], (Event{{0}, 1, false}));
  EXPECT_EQ(events[4], (Event{{}, 1, true}));
}

TEST(EventWindows, AClockThatIsSetBackOpensAWindowAgain) {
  const std::vector<Event> events =
      Events({600 * kSecond, 100 * kSecond, 101 * kSecond}, 60 * kSecond, 100);
  const std::vector<Event> expected = {
      {{}, 10, false}, {{10}, 1, false}, {{}, 1, false}, {{1}, 0, false}};
  EXPECT_EQ(events, expected);
}

TEST(EventWindows, TheEndOfTimeIsAWindow) {
  const std::vector<Event> events = Events({UINT64_MAX, UINT64_MAX - 1, 0, 1}, kSecond, 100);
  EXPECT_EQ(events[1].index, UINT64_MAX / kSecond);
  EXPECT_EQ(events[2], (Event{{UINT64_MAX / kSecond}, 0, false}));
}

TEST(EventWindows, AgreesWithTheSlowTwinWhereverBlocksEnd) {
  for (uint64_t seed = 0; seed < 300; ++seed) {
    SCOPED_TRACE(seed);
    std::mt19937_64 random(seed);
    const uint64_t width = std::vector<uint64_t>{1, 7, 60, 3600}[seed % 4] * kSecond;
    uint64_t time = 1000 * kSecond;
    std::vector<uint64_t> times;
    for (int i = 0; i < 400; ++i) {
      switch (random() % 40) {
        case 0:
          time += random() % (4 * width);
          break;
        case 1:
          time -= std::min(time, random() % (300 * kSecond));
          break;
        default:
          time += random() % (2 * kSecond);
      }
      const uint64_t back = random() % 3 == 0 ? random() % (20 * kSecond) : 0;
      times.push_back(time - std::min(time, back));
    }
    const std::vector<Event> slow = SlowEvents(times, width);
    for (const size_t step : {1, 3, 1000}) {
      const std::vector<Event> fast = Events(times, width, step);
      ASSERT_EQ(fast.size(), slow.size());
      for (size_t i = 0; i < fast.size(); ++i) ASSERT_EQ(fast[i], slow[i]) << "frame " << i;
    }
  }
}

}  // namespace
}  // namespace borderflow
