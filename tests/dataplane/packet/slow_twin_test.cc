// Decoder against its slow twin, on random frames and on damaged ones.
#include <gtest/gtest.h>

#include <memory>
#include <random>
#include <string>
#include <vector>

#include "dataplane/packet/decode.h"
#include "tests/dataplane/packet/frame_builder.h"
#include "tests/dataplane/packet/slow_decoder.h"

namespace borderflow {
namespace {

using namespace testing_frames;  // NOLINT(google-build-using-namespace): reads as the frames do

// Random frames of the twin's subset.
class Builder {
 public:
  explicit Builder(uint32_t seed) : random_(seed) {}

  bool OneIn(unsigned n) { return random_() % n == 0; }
  size_t Below(size_t n) { return random_() % n; }

  Bytes RandomFrame() {
    Built frame = Network(3);
    while (OneIn(3))
      frame = Vlan(static_cast<uint16_t>(Below(4096)), frame, OneIn(4) ? 0x88a8 : 0x8100);
    if (OneIn(50)) frame = Built{.bytes = RandomBytes(60), .ether_type = 0x0806};
    Bytes bytes = Ethernet(frame).bytes;
    if (OneIn(4)) PutAll(&bytes, RandomBytes(20));  // padding or a trailer
    return bytes;
  }

  void Damage(Bytes* bytes) {
    for (size_t edits = 1 + Below(3); edits > 0 && !bytes->empty(); --edits) {
      // Headers are where damage tells.
      const size_t at = Below(std::min<size_t>(bytes->size(), 120));
      (*bytes)[at] = OneIn(2) ? static_cast<uint8_t>((*bytes)[at] ^ 1u << Below(8))
                              : static_cast<uint8_t>(random_());
    }
  }

 private:
  Bytes RandomBytes(size_t most) {
    Bytes bytes(Below(most + 1));
    for (uint8_t& byte : bytes) byte = static_cast<uint8_t>(random_());
    return bytes;
  }
  uint16_t Port() { return static_cast<uint16_t>(OneIn(20) ? 4789 : random_()); }

  Built Transport() {
    switch (Below(8)) {
      case 0:
        return Icmp(static_cast<uint8_t>(Below(16)), 0, RandomBytes(60));
      case 1:
        return Icmp(static_cast<uint8_t>(OneIn(2) ? Below(5) : 128 + Below(12)), 0, RandomBytes(60),
                    58);
      case 2: {
        constexpr uint8_t kOthers[] = {132, 33, 136, 50, 89, 2};
        return Payload(RandomBytes(60), kOthers[Below(std::size(kOthers))]);
      }
      case 3:
      case 4:
        return Udp({.source_port = Port(), .destination_port = Port()}, RandomBytes(200));
      default:
        return Tcp({.source_port = Port(),
                    .destination_port = Port(),
                    .sequence = static_cast<uint32_t>(random_()),
                    .acknowledgement = static_cast<uint32_t>(random_()),
                    .flags = static_cast<uint8_t>(random_()),
                    .options = OneIn(2) ? RandomBytes(40) : Bytes{}},
                   RandomBytes(200));
    }
  }

  Built Carried(int tunnels) {
    if (tunnels > 0 && OneIn(3)) {
      const Built inner = Network(tunnels - 1);
      switch (Below(4)) {
        case 0:
          return Gre(inner);
        case 1:
          return Vxlan(static_cast<uint32_t>(Below(1000)), Ethernet(inner));
        default:
          return inner;
      }
    }
    return Transport();
  }

  Built Network(int tunnels) {
    const bool fragment = OneIn(10);
    const auto offset = static_cast<uint16_t>(fragment && OneIn(2) ? Below(100) : 0);
    Built carried = Carried(tunnels);
    if (OneIn(2)) {
      if (OneIn(10)) carried = Authentication(carried);
      return Ipv4({.source = V4(),
                   .destination = V4(),
                   .ttl = static_cast<uint8_t>(random_()),
                   .more_fragments = fragment && OneIn(2),
                   .fragment_offset = offset,
                   .options = OneIn(5) ? RandomBytes(40) : Bytes{},
                   .total_length =
                       OneIn(20) ? std::optional(static_cast<uint16_t>(Below(200))) : std::nullopt},
                  carried);
    }
    if (fragment) carried = FragmentHeader(7, offset, OneIn(2), carried);
    while (OneIn(4)) {
      constexpr uint8_t kOptions[] = {0, 43, 60, 135, 139, 140};
      carried = OneIn(5) ? Authentication(carried)
                         : ExtensionHeader(kOptions[Below(std::size(kOptions))], carried,
                                           RandomBytes(30));
    }
    return Ipv6({.source = V6(),
                 .destination = V6(),
                 .flow_label = static_cast<uint32_t>(Below(1u << 20)),
                 .hop_limit = static_cast<uint8_t>(random_()),
                 .payload_length =
                     OneIn(20) ? std::optional(static_cast<uint16_t>(Below(200))) : std::nullopt},
                carried);
  }

  // Few addresses, so that both orders and equal ends occur.
  std::string V4() { return "192.0.2." + std::to_string(Below(4)); }
  std::string V6() { return "2001:db8::" + std::to_string(Below(4)); }

  std::mt19937 random_;
};

// Every member that the twin knows. Ports of later fragments depend on memory: see fragments_test.
void ExpectSame(const Packet& packet, const SlowLayer& layer) {
  EXPECT_EQ(packet.source(), layer.source);
  EXPECT_EQ(packet.destination(), layer.destination);
  EXPECT_EQ(packet.key.family, layer.family);
  EXPECT_EQ(packet.ttl, layer.ttl);
  EXPECT_EQ(packet.later_fragment, layer.later_fragment);
  EXPECT_EQ(packet.icmp_error, layer.icmp_error);
  EXPECT_EQ(packet.truncated, layer.truncated);
  EXPECT_EQ(packet.payload_bytes, layer.payload_bytes);
  if (!packet.reassembled) {  // what others completed: see defragmenter_test
    EXPECT_EQ(packet.payload_captured, layer.payload.size());
    EXPECT_TRUE(std::equal(layer.payload.begin(), layer.payload.end(), packet.payload));
  }
  EXPECT_LE(std::tuple(packet.key.lo, packet.key.port_lo),
            std::tuple(packet.key.hi, packet.key.port_hi));
  if (layer.later_fragment) return;
  EXPECT_EQ(packet.key.protocol, layer.protocol);
  EXPECT_EQ(packet.source_port(), layer.source_port);
  EXPECT_EQ(packet.destination_port(), layer.destination_port);
  EXPECT_EQ(packet.tcp_sequence, layer.tcp_sequence);
  EXPECT_EQ(packet.tcp_acknowledgement, layer.tcp_acknowledgement);
  EXPECT_EQ(packet.tcp_flags, layer.tcp_flags);
}

// Compares in both modes. Returns false for a frame outside the twin's subset.
bool Agree(const Bytes& bytes, size_t wire) {
  const SlowResult slow = SlowDecode(bytes, wire);
  if (slow.outside_subset) return false;
  // A copy of exactly this size, so that the sanitizers see any read beyond it.
  const std::unique_ptr<uint8_t[]> exact(new uint8_t[bytes.size()]);
  std::copy(bytes.begin(), bytes.end(), exact.get());
  Frame frame;
  frame.data = exact.get();
  frame.captured = static_cast<uint32_t>(bytes.size());
  frame.bytes = static_cast<uint32_t>(wire);
  frame.link_type = 1;
  for (const TunnelMode mode : {TunnelMode::kInner, TunnelMode::kOuter}) {
    static Decoder inner(TunnelMode::kInner);
    static Decoder outer(TunnelMode::kOuter);
    const bool is_inner = mode == TunnelMode::kInner;
    Packet packet;
    const Decoded decoded = (is_inner ? inner : outer).Decode(frame, &packet);
    EXPECT_EQ(decoded.frame_class, slow.frame_class);
    if (decoded.frame_class != FrameClass::kIp || slow.layers.empty()) continue;
    ExpectSame(packet, is_inner ? slow.layers.back() : slow.layers.front());
    EXPECT_EQ((is_inner ? packet.outer_ip : packet.inner_ip) != nullptr, slow.layers.size() > 1);
    EXPECT_EQ(is_inner ? packet.inner_ip : packet.outer_ip, nullptr);
  }
  return true;
}

std::string Dump(const Bytes& bytes) {
  std::string text;
  char digits[4];
  for (const uint8_t byte : bytes) {
    std::snprintf(digits, sizeof(digits), "%02x", byte);
    text += digits;
  }
  return text;
}

constexpr int kFrames = 30000;

TEST(SlowTwinTest, AgreesOnWholeFrames) {
  Builder builder(1);
  int compared = 0;
  for (int i = 0; i < kFrames && !testing::Test::HasFailure(); ++i) {
    const Bytes bytes = builder.RandomFrame();
    SCOPED_TRACE(Dump(bytes));
    compared += Agree(bytes, bytes.size());
  }
  EXPECT_GT(compared, kFrames * 9 / 10);
}

TEST(SlowTwinTest, AgreesOnSnappedFrames) {
  Builder builder(2);
  int compared = 0;
  for (int i = 0; i < kFrames && !testing::Test::HasFailure(); ++i) {
    Bytes bytes = builder.RandomFrame();
    const size_t wire = bytes.size();
    bytes.resize(builder.Below(bytes.size() + 1));
    SCOPED_TRACE(Dump(bytes));
    compared += Agree(bytes, wire);
  }
  EXPECT_GT(compared, kFrames * 9 / 10);
}

TEST(SlowTwinTest, AgreesOnDamagedFrames) {
  Builder builder(3);
  int compared = 0;
  for (int i = 0; i < kFrames && !testing::Test::HasFailure(); ++i) {
    Bytes bytes = builder.RandomFrame();
    builder.Damage(&bytes);
    const size_t wire = bytes.size();
    if (builder.OneIn(2)) bytes.resize(builder.Below(bytes.size() + 1));
    SCOPED_TRACE(Dump(bytes));
    compared += Agree(bytes, wire);
  }
  EXPECT_GT(compared, kFrames * 7 / 10);
}

}  // namespace
}  // namespace borderflow
