// A running sensor in the browser: figures, a new publication by itself, its end under an open
// page; and the report file that it leaves, which tells no more than it served.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdio>
#include <nlohmann/json.hpp>
#include <string>

#include "tests/collectors/dashboard/page_run.h"

namespace borderflow {
namespace {

TEST(PageLiveTest, ASensorIsShownAndItsEndIsSaid) {
  const Programs programs("page_live");
  PageRun page(programs);
  const int prepared = page.Prepare();
  if (prepared == PageRun::kSkipped) GTEST_SKIP() << page.said();
  ASSERT_EQ(prepared, 0) << page.said();
  ASSERT_EQ(programs
                .Generate("--profile flow-heavy --flows 500 --microseconds --out c.pcap "
                          "--overrides o.csv")
                .exit_code,
            0);
  // The capture over and over, so that figures grow.
  Background sensor(programs, "sensor",
                    {"live",
                     "--geo",
                     "tiny.mmdb",
                     "--overrides",
                     "o.csv",
                     "--home",
                     "DE",
                     "--policy",
                     "data-allies",
                     "--policy",
                     "eu-gdpr-v",
                     "--port",
                     "net_pcap0,rx_pcap=c.pcap,infinite_rx=1",
                     "--listen",
                     "127.0.0.1:0",
                     "--period",
                     "5s",
                     "--json",
                     "r.json",
                     "--report",
                     "r.html",
                     "--quiet"});
  ASSERT_TRUE(sensor.Says("serving on ")) << sensor.err();
  // It is this test that ends the sensor, in the browser's sight.
  const int tested =
      page.BrowserTest("--only live --live '" + PageRun::AddressIn(sensor.err(), ", figures") +
                       " " + std::to_string(sensor.process()) + "'");
  if (tested == PageRun::kSkipped) GTEST_SKIP() << page.said();
  EXPECT_EQ(tested, 0) << page.said();
  std::fputs(page.said().c_str(), stdout);
  const Finished ended = sensor.Wait();
  EXPECT_EQ(ended.exit_code, 0) << ended.err;
  EXPECT_EQ(page.BrowserTest("--only report --report '" + programs.Path("r.html") + "'"), 0)
      << page.said();
}

}  // namespace
}  // namespace borderflow
