// Every classic Ethernet capture of the corpus through DPDK's net_pcap, port, distributor and
// engine: the same as by replay. Snapped ones, whose wire length the driver loses: the same frames.
// In this process, since a command for each would spend its time on starting DPDK.
#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <fstream>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "absl/strings/match.h"
#include "dataplane/capture/dpdk/port.h"
#include "dataplane/engine.h"
#include "dataplane/replay.h"
#include "tests/corpus.h"
#include "tests/dataplane/count/describe.h"
#include "tests/dataplane/traffic.h"

namespace borderflow {
namespace {

namespace fs = std::filesystem;

const WorkerOptions kWorker = {.flows = 16'384, .cells = 4096, .names = false, .max_names = 1};

// Captures of which only one direction is in a tunnel, or behind a tag that hides the addresses:
// the outermost addresses, by which workers are chosen, differ, and so its flows are counted twice.
bool DirectionsDiffer(const std::string& path) {
  return absl::StrContains(path, "mercury__geneve.pcap") ||
         absl::StrContains(path, "mercury__tls_sgt.pcap");
}

struct FileKind {
  bool classic_microseconds = false;
  bool ethernet = true;
  bool snapped = false;  // by who wrote it, or by libpcap: to the snap length that the file states
  uint64_t frames = 0;
};

FileKind KindOf(const std::string& path) {
  FileKind kind;
  std::ifstream file(path, std::ios::binary);
  uint32_t magic = 0;
  uint32_t snap_length = 0;
  file.read(reinterpret_cast<char*>(&magic), sizeof(magic));
  file.seekg(16);
  file.read(reinterpret_cast<char*>(&snap_length), sizeof(snap_length));
  if (magic == 0xd4c3b2a1) snap_length = __builtin_bswap32(snap_length);
  kind.classic_microseconds = magic == 0xa1b2c3d4 || magic == 0xd4c3b2a1;
  if (!kind.classic_microseconds) return kind;
  const auto source = OpenCapture(path);
  if (!source.ok()) return {};
  FrameBlock block;
  while (*(*source)->Read(&block)) {
    for (const Frame& frame : block.frames) {
      ++kind.frames;
      kind.ethernet = kind.ethernet && frame.link_type == 1;
      kind.snapped = kind.snapped || frame.captured != frame.bytes ||
                     (snap_length > 0 && frame.captured > snap_length);
    }
  }
  if (!(*source)->damaged().empty()) return {};
  return kind;
}

std::vector<std::string> Captures() {
  std::vector<std::string> paths;
  const std::optional<fs::path> corpus = CorpusFolder();
  if (!corpus.has_value()) return paths;
  for (const char* folder : {"captures", "derived"}) {
    for (const auto& entry : fs::directory_iterator(*corpus / folder)) {
      const FileKind kind = KindOf(entry.path().string());
      if (kind.classic_microseconds && kind.ethernet && kind.frames > 0) {
        paths.push_back(entry.path().string());
      }
    }
  }
  std::sort(paths.begin(), paths.end());
  return paths;
}

Snapshot ByReplay(const std::string& path, const PrefixMap& map) {
  Snapshot snapshot;
  const auto source = OpenCapture(path);
  EXPECT_TRUE(source.ok()) << source.status();
  EXPECT_TRUE(Replay(source->get(), map, NameRules::BuiltIn(),
                     {.workers = 1, .front = {}, .worker = kWorker}, nullptr, &snapshot)
                  .ok());
  return snapshot;
}

// Ends when `frames` are counted; a minute without all of them is a loss, and seen by the caller.
Snapshot ByPort(const std::string& path, const PrefixMap& map, int workers, uint64_t frames) {
  auto port = Port::Open("net_pcap_corpus,rx_pcap=" + path, {.workers = workers});
  EXPECT_TRUE(port.ok()) << port.status();
  if (!port.ok()) return {};
  auto sources = (*port)->TakeSources();
  Engine engine(sources.size(), &map, &NameRules::BuiltIn(), {}, kWorker);
  std::vector<std::thread> lanes;
  for (size_t lane = 0; lane < sources.size(); ++lane) {
    lanes.emplace_back([&, lane] { engine.Run(lane, sources[lane].get()); });
  }
  const auto counted = [&engine] {
    uint64_t sum = 0;
    for (const LaneLoad& load : engine.Load()) sum += load.frames;
    return sum;
  };
  const auto patience = std::chrono::steady_clock::now() + std::chrono::minutes(1);
  while (counted() < frames && std::chrono::steady_clock::now() < patience) {
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
  }
  (*port)->StopDistributing();
  engine.Stop();
  for (std::thread& lane : lanes) lane.join();
  EXPECT_EQ((*port)->Counters().received, frames);
  EXPECT_EQ((*port)->Counters().ring_full, 0u);
  return engine.Collect();
}

// Frames and bytes by source and destination.
std::map<std::pair<std::string, std::string>, FrameTotals> Pairs(const Snapshot& snapshot) {
  std::map<std::pair<std::string, std::string>, FrameTotals> pairs;
  for (const Cell& cell : snapshot.cells) {
    pairs[{std::string(Code(cell.key.source.location)),
           std::string(Code(cell.key.destination.location))}] +=
        {cell.counters.frames, cell.counters.bytes};
  }
  return pairs;
}

class NetPcapTest : public testing::TestWithParam<std::string> {};

TEST_P(NetPcapTest, GivesWhatReplayGives) {
  const FileKind kind = KindOf(GetParam());
  const PrefixMap map = SixteenPlaces();
  const Snapshot replayed = ByReplay(GetParam(), map);
  const Snapshot one = ByPort(GetParam(), map, 1, kind.frames);
  ASSERT_EQ(one.decode.captured.frames, kind.frames);
  if (kind.snapped) return;
  ExpectSame(one, replayed);
}

// What DNS taught one worker reaches the others after the flows that it names, at the speed at
// which a file is read: categories may differ, nothing else.
TEST_P(NetPcapTest, ThreeWorkersCountTheSameFramesPairsAndFlows) {
  const FileKind kind = KindOf(GetParam());
  const PrefixMap map = SixteenPlaces();
  const Snapshot replayed = ByReplay(GetParam(), map);
  const Snapshot three = ByPort(GetParam(), map, 3, kind.frames);
  ASSERT_EQ(three.decode.captured.frames, kind.frames);
  if (kind.snapped) return;
  EXPECT_EQ(three.decode.captured, replayed.decode.captured);
  EXPECT_EQ(three.decode.ip, replayed.decode.ip);
  EXPECT_EQ(three.decode.non_ip, replayed.decode.non_ip);
  EXPECT_EQ(three.decode.malformed, replayed.decode.malformed);
  EXPECT_EQ(three.decode.malformed_reasons, replayed.decode.malformed_reasons);
  EXPECT_EQ(Pairs(three), Pairs(replayed));
  if (!DirectionsDiffer(GetParam())) {
    EXPECT_EQ(three.flows.total, replayed.flows.total);
  }
}

TEST(NetPcapCorpus, IsThere) {
  if (!CorpusFolder().has_value()) {
    GTEST_SKIP() << "no corpus of real captures: set BORDERFLOW_CORPUS to its folder";
  }
  EXPECT_FALSE(Captures().empty());
}

std::string TestName(const testing::TestParamInfo<std::string>& info) {
  const fs::path path = info.param;
  std::string name = path.parent_path().filename().string() + "_" + path.stem().string();
  std::replace_if(
      name.begin(), name.end(), [](char c) { return !std::isalnum(c); }, '_');
  return name;
}

GTEST_ALLOW_UNINSTANTIATED_PARAMETERIZED_TEST(NetPcapTest);
INSTANTIATE_TEST_SUITE_P(Corpus, NetPcapTest, testing::ValuesIn(Captures()), TestName);

}  // namespace
}  // namespace borderflow
