#include "dataplane/packet/defragmenter.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <string>
#include <vector>

#include "dataplane/packet/decode.h"
#include "tests/dataplane/packet/ipv4_fragment.h"

namespace borderflow {
namespace {

// `size` bytes of the datagram, from `begin` on.
std::vector<uint8_t> Fragment(const std::string& datagram, size_t begin, size_t size, uint16_t id) {
  const std::string bytes = datagram.substr(begin, size);
  const bool more = begin + size < datagram.size();
  return Ipv4Fragment{begin, {bytes.begin(), bytes.end()}, more, id}.Packet();
}

// From port 53 to 9999.
std::string Udp(const std::string& payload) {
  const auto length = static_cast<uint16_t>(8 + payload.size());
  std::string datagram = {0, 53, 0x27, 0x0f, char(length >> 8), char(length), 0, 0};
  return datagram + payload;
}

// Decodes the frame; the reassembled payload, or "-" when it completes nothing.
std::string Decoded(Decoder* decoder, const std::vector<uint8_t>& bytes, uint64_t time_ns = 1) {
  const Frame frame = RawIpv4Frame(bytes, time_ns);
  Packet packet;
  EXPECT_EQ(decoder->Decode(frame, &packet).frame_class, FrameClass::kIp);
  if (!packet.reassembled) return "-";
  return std::string(reinterpret_cast<const char*>(packet.payload), packet.payload_captured);
}

std::string Letters(size_t size) {
  std::string text;
  for (size_t i = 0; i < size; ++i) text.push_back(static_cast<char>('a' + i % 26));
  return text;
}

TEST(DefragmenterTest, TheLastPieceToArriveCarriesTheWholePayload) {
  const std::string payload = Letters(61);
  const std::string datagram = Udp(payload);
  Decoder decoder(TunnelMode::kInner);
  EXPECT_EQ(Decoded(&decoder, Fragment(datagram, 48, 21, 7)), "-");
  EXPECT_EQ(Decoded(&decoder, Fragment(datagram, 0, 24, 7)), "-");
  EXPECT_EQ(Decoded(&decoder, Fragment(datagram, 24, 24, 7)), payload);
}

TEST(DefragmenterTest, PiecesOfOtherDatagramsDoNotComplete) {
  const std::string datagram = Udp(Letters(40));
  Decoder decoder(TunnelMode::kInner);
  EXPECT_EQ(Decoded(&decoder, Fragment(datagram, 0, 24, 7)), "-");
  EXPECT_EQ(Decoded(&decoder, Fragment(datagram, 24, 24, 8)), "-");
}

TEST(DefragmenterTest, OldPiecesDoNotComplete) {
  const std::string datagram = Udp(Letters(40));
  Decoder decoder(TunnelMode::kInner);
  EXPECT_EQ(Decoded(&decoder, Fragment(datagram, 0, 24, 7), 1), "-");
  EXPECT_EQ(Decoded(&decoder, Fragment(datagram, 24, 24, 7), 2 + Defragmenter::kMaxAgeNs), "-");
}

TEST(DefragmenterTest, TheFirstCopyOfAByteWins) {
  const std::string payload = Letters(40);
  const std::string forged = Udp(std::string(40, 'X'));
  Decoder decoder(TunnelMode::kInner);
  EXPECT_EQ(Decoded(&decoder, Fragment(Udp(payload), 0, 24, 7)), "-");
  EXPECT_EQ(Decoded(&decoder, Fragment(forged, 8, 16, 7)), "-");
  EXPECT_EQ(Decoded(&decoder, Fragment(Udp(payload), 24, 24, 7)), payload);
}

// Bytes that never came would be those of an earlier datagram in the same place.
TEST(DefragmenterTest, PiecesBeyondTheEndDoNotStandForMissingOnes) {
  const std::string datagram = Udp(Letters(40));
  const std::string longer = Udp(Letters(200));
  Decoder decoder(TunnelMode::kInner);
  EXPECT_EQ(Decoded(&decoder, Fragment(longer, 80, 16, 7)), "-") << "beyond the end";
  EXPECT_EQ(Decoded(&decoder, Fragment(datagram, 0, 24, 7)), "-");
  EXPECT_EQ(Decoded(&decoder, Fragment(datagram, 40, 8, 7)), "-") << "from 24 on is missing";
}

TEST(DefragmenterTest, AnotherEndIsNoPartOfTheDatagram) {
  const std::string payload = Letters(40);
  const std::string shorter = Udp(Letters(12));
  Decoder decoder(TunnelMode::kInner);
  EXPECT_EQ(Decoded(&decoder, Fragment(Udp(payload), 40, 8, 7)), "-");
  EXPECT_EQ(Decoded(&decoder, Fragment(shorter, 16, 4, 7)), "-") << "half of an eighth";
  EXPECT_EQ(Decoded(&decoder, Fragment(Udp(payload), 0, 16, 7)), "-");
  EXPECT_EQ(Decoded(&decoder, Fragment(Udp(payload), 16, 24, 7)), payload);
}

// Any cut into pieces, any order, with repeats: against the payload that was cut.
TEST(DefragmenterTest, AnyCutAndOrderGivesThePayload) {
  std::mt19937 random(11);
  Decoder decoder(TunnelMode::kInner);
  for (int round = 0; round < 500; ++round) {
    const std::string payload = Letters(1 + random() % 2000);
    const std::string datagram = Udp(payload);
    std::vector<std::pair<size_t, size_t>> pieces;
    for (size_t at = 0; at < datagram.size();) {
      const size_t size = std::min(datagram.size() - at, 8 * (1 + random() % 40));
      pieces.emplace_back(at, size);
      at += size;
    }
    if (pieces.size() < 2) continue;
    std::shuffle(pieces.begin(), pieces.end(), random);
    for (size_t i = 0; i < pieces.size(); ++i) {
      const auto frame =
          Fragment(datagram, pieces[i].first, pieces[i].second, static_cast<uint16_t>(round));
      const std::string got = Decoded(&decoder, frame);
      EXPECT_EQ(got, i + 1 == pieces.size() ? payload : "-");
      if (i + 1 < pieces.size() && random() % 4 == 0) {
        EXPECT_EQ(Decoded(&decoder, frame), "-");
      }
    }
  }
}

}  // namespace
}  // namespace borderflow
