// A live run whose every receiver is blocked: it counts on, says what it loses, and loses nothing
// that a receiver had taken.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <nlohmann/json.hpp>
#include <sstream>

#include "tests/collectors/export/blocked.h"
#include "tests/collectors/store/lock_holder.h"
#include "tests/end_to_end/background.h"

namespace borderflow {
namespace {

using testing::HasSubstr;
using Json = nlohmann::json;

// Frames captured, of all windows in a spool: the fifteenth value of each window's row.
uint64_t FramesInSpool(const std::string& folder) {
  uint64_t frames = 0;
  for (const auto& file : std::filesystem::recursive_directory_iterator(folder)) {
    if (file.path().extension() != ".insert") continue;
    std::ifstream in(file.path());
    std::string statement, row;
    std::getline(in, statement);
    if (statement.rfind("INSERT INTO window_parts", 0) != 0) continue;
    std::getline(in, row);
    std::istringstream values(row);
    std::string value;
    for (int i = 0; i < 15; ++i) std::getline(values, value, '\t');
    frames += std::stoull(value);
  }
  return frames;
}

TEST(BlockedExportsTest, ALiveRunCountsOnWhileEveryReceiverIsBlocked) {
  const Programs programs("blocked_exports");
  ASSERT_EQ(programs
                .Generate("--microseconds --profile flow-heavy --flows 500 --out blocked.pcap "
                          "--overrides o.csv")
                .exit_code,
            0);
  // A store that is there, with a run of its own that must survive.
  ASSERT_EQ(programs
                .Borderflow("replay --geo tiny.mmdb --quiet --sqlite s.sqlite --json before.json "
                            "blocked.pcap")
                .exit_code,
            0);
  LockHolder other(programs.Path("s.sqlite"));
  const SilentServer collector;
  const SilentServer server;
  ASSERT_TRUE(other.Lock());
  Background live(programs, "live",
                  {"live",
                   "--geo",
                   "tiny.mmdb",
                   "--overrides",
                   "o.csv",
                   "--port",
                   "net_pcap0,rx_pcap=blocked.pcap,infinite_rx=1",
                   "--duration",
                   "12s",
                   "--window",
                   "1s",
                   "--sensor",
                   "berlin-1",
                   "--sqlite",
                   "s.sqlite",
                   "--ipfix",
                   "tcp:127.0.0.1:" + collector.port(),
                   "--spool",
                   "spool",
                   "--clickhouse",
                   "http://127.0.0.1:" + server.port() + "/borderflow",
                   "--json",
                   "r.json",
                   "--quiet"});
  const Finished run = live.Wait();
  EXPECT_EQ(run.exit_code, 3) << run.err;
  const Json report = Json::parse(programs.Read("r.json"));
  const auto captured = report["capture"]["frames"].get<uint64_t>();
  EXPECT_GT(captured, 100'000u);
  EXPECT_TRUE(report["conservation"]["ok"].get<bool>());
  for (const auto& [reason, frames] : report["dropped"].items()) EXPECT_EQ(frames, 0) << reason;
  // Every window that was offered is written, dropped or queued, by exporter.
  ASSERT_EQ(report["live"]["exporters"].size(), 3u);
  for (const Json& exporter : report["live"]["exporters"]) {
    const Json& windows = exporter["windows"];
    EXPECT_GT(windows["offered"], 5) << exporter;
    EXPECT_EQ(windows["offered"].get<int>(),
              windows["written"].get<int>() + windows["overflow"].get<int>() +
                  windows["failed"].get<int>() + windows["queued"].get<int>())
        << exporter;
    const bool has_spool = exporter["name"] == "clickhouse-1";
    // What the kernel takes for a silent collector counts as sent; the store is held throughout.
    if (has_spool) {
      EXPECT_EQ(windows["written"], windows["offered"]) << exporter;
    } else if (exporter["name"] == "sqlite-1") {
      EXPECT_LT(windows["written"], windows["offered"]) << exporter;
    }
    EXPECT_EQ(exporter["waiting_parts"].get<int>() > 0, has_spool) << exporter;
  }
  EXPECT_THAT(run.err, HasSubstr("sqlite s.sqlite: "));
  EXPECT_THAT(run.err, HasSubstr("windows lost so far"));
  EXPECT_THAT(run.err, HasSubstr("another program is writing to it"));
  EXPECT_THAT(run.err, HasSubstr("parts wait in spool for the next run"));
  // ClickHouse's windows all lie in the spool, with every frame.
  EXPECT_EQ(FramesInSpool(programs.Path("spool")), captured);
  // And the store holds what it held.
  other.Release();
  ASSERT_EQ(programs.Borderflow("report --sqlite s.sqlite --json after.json --quiet").exit_code, 0);
  EXPECT_EQ(Json::parse(programs.Read("after.json"))["cells"],
            Json::parse(programs.Read("before.json"))["cells"]);
}

}  // namespace
}  // namespace borderflow
