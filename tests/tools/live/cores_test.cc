#include "tools/live/cores.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <thread>

namespace borderflow {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

TEST(Cores, TheFirstCoreIsLeftToTheRestOfTheProgram) {
  EXPECT_THAT(CoresOfWorkers({0, 1, 2, 3}, {}, 3), ElementsAre(1, 2, 3));
  EXPECT_THAT(CoresOfWorkers({4, 6, 8}, {}, 2), ElementsAre(6, 8));
}

TEST(Cores, MoreWorkersThanCoresShareThem) {
  EXPECT_THAT(CoresOfWorkers({0, 1}, {}, 4), ElementsAre(1, 0, 1, 0));
  EXPECT_THAT(CoresOfWorkers({5}, {}, 2), ElementsAre(5, 5));
}

TEST(Cores, WantedCoresAreTakenInTurnFromTheFirst) {
  EXPECT_THAT(CoresOfWorkers({0, 1, 2, 3}, {2, 3}, 3), ElementsAre(2, 3, 2));
  EXPECT_THAT(CoresOfWorkers({}, {7}, 1), ElementsAre(7));
}

TEST(Cores, NothingKnownBindsNothing) {
  EXPECT_THAT(CoresOfWorkers({}, {}, 3), IsEmpty());
  EXPECT_THAT(CoresOfWorkers({0, 1}, {}, 0), IsEmpty());
  EXPECT_TRUE(RunOn({}));
}

TEST(Cores, AThreadIsBoundAndToldSo) {
  std::thread([] {
    const std::vector<int> all = AllowedCores();
    ASSERT_FALSE(all.empty());
    ASSERT_TRUE(RunOn({all.back()}));
    EXPECT_THAT(AllowedCores(), ElementsAre(all.back()));
    ASSERT_TRUE(RunOn(all));
    EXPECT_EQ(AllowedCores(), all);
    EXPECT_FALSE(RunOn({1023})) << "no machine here has so many";
  }).join();
}

}  // namespace
}  // namespace borderflow
