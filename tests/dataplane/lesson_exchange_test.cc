#include "dataplane/lesson_exchange.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <string>
#include <thread>
#include <vector>

namespace borderflow {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

IpAddress Address(uint32_t number) { return IpAddress::FromV4(number); }

std::vector<uint64_t> TimesTaken(LessonExchange* exchange, size_t lane) {
  std::vector<uint64_t> times;
  exchange->Take(lane, [&times](const DnsLesson& lesson) { times.push_back(lesson.time_ns); });
  return times;
}

TEST(LessonExchange, EveryOtherLaneLearnsInOrderAndOnce) {
  LessonExchange exchange(3);
  DnsLessons lessons;
  lessons.Note(Address(1), Address(2), "www.example", 10, 300);
  lessons.Note(Address(1), Address(3), "www.example", 11, 300);
  exchange.Post(1, &lessons);
  EXPECT_EQ(lessons.count, 0u);
  EXPECT_THAT(TimesTaken(&exchange, 0), ElementsAre(10, 11));
  EXPECT_THAT(TimesTaken(&exchange, 0), IsEmpty());
  EXPECT_THAT(TimesTaken(&exchange, 1), IsEmpty());
  EXPECT_THAT(TimesTaken(&exchange, 2), ElementsAre(10, 11));
  EXPECT_EQ(exchange.lost(), 0u);
}

TEST(LessonExchange, ALessonKeepsItsContent) {
  LessonExchange exchange(2);
  DnsLessons lessons;
  const std::string name = std::string(80, 'a') + ".long.example." + std::string(20, 'b');
  lessons.Note(Address(1), Address(2), name, 7, 60);
  exchange.Post(0, &lessons);
  int taken = 0;
  exchange.Take(1, [&](const DnsLesson& lesson) {
    ++taken;
    EXPECT_EQ(lesson.client, Address(1));
    EXPECT_EQ(lesson.server, Address(2));
    EXPECT_EQ(lesson.ttl_seconds, 60u);
    // The tail in whole labels, of at most 95 bytes.
    EXPECT_EQ(std::string(lesson.name.data(), lesson.size), "long.example." + std::string(20, 'b'));
  });
  EXPECT_EQ(taken, 1);
}

TEST(LessonExchange, WhatALaneThatSleepsDoesNotGetIsCounted) {
  LessonExchange exchange(2);
  constexpr uint64_t kPosted = 5000;
  DnsLessons lessons;
  for (uint64_t i = 0; i < kPosted; ++i) {
    lessons.Note(Address(1), Address(2), "x.example", i, 60);
    exchange.Post(0, &lessons);
  }
  const std::vector<uint64_t> times = TimesTaken(&exchange, 1);
  EXPECT_GT(times.size(), 0u);
  EXPECT_EQ(times.size() + exchange.lost(), kPosted);
  // The oldest are kept: what was posted first is learned first.
  for (size_t i = 0; i < times.size(); ++i) EXPECT_EQ(times[i], i);
}

TEST(LessonExchange, ABurstWithTooManyAnswersCountsTheRest) {
  LessonExchange exchange(2);
  DnsLessons lessons;
  for (int i = 0; i < 100; ++i) lessons.Note(Address(1), Address(2), "x.example", 1, 60);
  exchange.Post(0, &lessons);
  EXPECT_EQ(TimesTaken(&exchange, 1).size() + exchange.lost(), 100u);
  EXPECT_EQ(lessons.lost, 0u);
}

TEST(LessonExchange, NothingIsTornOrRepeatedBetweenThreads) {
  LessonExchange exchange(2);
  constexpr uint64_t kPosted = 50'000;
  std::atomic<bool> done{false};
  std::thread writer([&] {
    DnsLessons lessons;
    for (uint64_t i = 1; i <= kPosted; ++i) {
      lessons.Note(Address(static_cast<uint32_t>(i)), Address(static_cast<uint32_t>(i)),
                   "x.example", i, static_cast<uint32_t>(i));
      exchange.Post(0, &lessons);
    }
    done = true;
  });
  uint64_t taken = 0;
  uint64_t latest = 0;
  const auto check = [&](const DnsLesson& lesson) {
    ++taken;
    EXPECT_GT(lesson.time_ns, latest);
    latest = lesson.time_ns;
    EXPECT_EQ(lesson.client, Address(static_cast<uint32_t>(latest)));
    EXPECT_EQ(lesson.ttl_seconds, static_cast<uint32_t>(latest));
  };
  while (!done) exchange.Take(1, check);
  writer.join();
  exchange.Take(1, check);
  EXPECT_EQ(taken + exchange.lost(), kPosted);
}

}  // namespace
}  // namespace borderflow
