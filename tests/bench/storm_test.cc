// In a storm of new flows the table is full, and counts by jurisdiction are as exact as ever.
#include <gtest/gtest.h>

#include <map>
#include <utility>

#include "dataplane/packet/decode.h"
#include "dataplane/pipeline.h"
#include "rules/category/names.h"
#include "tools/bench/places.h"
#include "tools/bench/prepared_frames.h"

namespace borderflow {
namespace {

using Pairs = std::map<std::pair<Jurisdiction, Jurisdiction>, uint64_t>;  // frames

// Counts 50,000 frames in a pipeline with a table of 500 flows, and address by address.
void ExpectExact(const PreparedOptions& options) {
  const Places places(250);
  const absl::StatusOr<PrefixMap> map = places.Map();
  ASSERT_TRUE(map.ok()) << map.status();
  PreparedFrames frames(&places, options);
  Pipeline pipeline(&*map, &NameRules::BuiltIn(), KeyedHash(3), {}, {.flows = 500, .cells = 1000});
  Decoder decoder(TunnelMode::kInner);
  Pairs expected;
  for (int i = 0; i < 5; ++i) {
    const absl::Span<const Frame> part = frames.Next(10'000);
    for (const Frame& frame : part) {
      Packet packet;
      decoder.Decode(frame, &packet);
      ++expected[{map->Find(packet.source()).location, map->Find(packet.destination()).location}];
    }
    pipeline.Process(part);
  }
  pipeline.Finish();
  const Snapshot snapshot = pipeline.Take();
  Pairs counted;
  for (const Cell& cell : snapshot.cells) {
    counted[{cell.key.source.location, cell.key.destination.location}] += cell.counters.frames;
  }
  EXPECT_EQ(counted, expected);
  EXPECT_GT(snapshot.overflows.stateless_frames, 40'000u);
}

TEST(StormTest, NewFlowsFromEverywhereToEverywhereStayExactByJurisdiction) {
  ExpectExact({.flows = 10, .new_flows = 1, .ipv6 = 0.3});
}

TEST(StormTest, ASynFloodFromRandomSourcesStaysExactByJurisdiction) {
  ExpectExact({.flows = 10, .new_flows = 1, .syn_flood = true});
}

}  // namespace
}  // namespace borderflow
