// Fragments of a few datagrams in any order, overlapping, beyond and before each other's ends,
// against a slow twin that keeps them all.
//
// Four bytes of input a fragment: which datagram and whether more follow, offset in eighths, size,
// what it is filled with.
#include <array>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <optional>
#include <vector>

#include "dataplane/packet/decode.h"
#include "dataplane/packet/defragmenter.h"
#include "tests/dataplane/packet/ipv4_fragment.h"

namespace borderflow {
namespace {

constexpr size_t kUdpHeader = 8;
constexpr size_t kMostFragments = 64;

void Require(bool condition) {
  if (!condition) std::abort();
}

// The datagram that has come of `pieces`, in the order of their coming; nullopt while a byte is
// missing. The first copy of a byte and the first end count.
class FragmentsTwin {
 public:
  std::optional<std::vector<uint8_t>> Add(const Ipv4Fragment& piece) {
    if (piece.bytes.empty() || piece.end() > Defragmenter::kMaxDatagram) return std::nullopt;
    if (piece.more && piece.bytes.size() % 8 != 0) return std::nullopt;
    if (end_.has_value() && (piece.more ? piece.end() > *end_ : piece.end() != *end_)) {
      return std::nullopt;
    }
    pieces_.push_back(piece);
    if (!piece.more) end_ = piece.end();
    if (!end_.has_value() || *end_ <= kUdpHeader) return std::nullopt;
    std::vector<uint8_t> whole;
    for (size_t at = 0; at < *end_; ++at) {
      const Ipv4Fragment* first = nullptr;
      for (const Ipv4Fragment& each : pieces_) {
        if (first == nullptr && at >= each.begin && at < each.end()) first = &each;
      }
      if (first == nullptr) return std::nullopt;
      whole.push_back(first->bytes[at - first->begin]);
    }
    *this = {};
    return std::vector<uint8_t>(whole.begin() + kUdpHeader, whole.end());
  }

 private:
  std::vector<Ipv4Fragment> pieces_;
  std::optional<size_t> end_;
};

}  // namespace
}  // namespace borderflow

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace borderflow;  // NOLINT(google-build-using-namespace): an entry point in C
  static Decoder decoder(TunnelMode::kInner);
  // What an earlier input left is too old to be continued.
  static uint64_t time_ns = 0;
  time_ns += 2 * Defragmenter::kMaxAgeNs;
  std::array<FragmentsTwin, 4> twins;
  for (size_t i = 0; i + 3 < size && i < 4 * kMostFragments; i += 4) {
    const uint8_t which = data[i] & 3;
    Ipv4Fragment piece = {.begin = (data[i + 1] & 31) * size_t{8},
                          .bytes = std::vector<uint8_t>(data[i + 2] & 63, data[i + 3]),
                          .more = (data[i] & 4) != 0,
                          .id = which};
    if (piece.begin == 0 && !piece.more) continue;  // not a fragment
    if (piece.begin == 0) {
      // A UDP header whose length sets no bound.
      constexpr uint8_t kHeader[kUdpHeader] = {0, 53, 0x27, 0x0f, 0xff, 0xff, 0, 0};
      for (size_t at = 0; at < kUdpHeader && at < piece.bytes.size(); ++at) {
        piece.bytes[at] = kHeader[at];
      }
    }
    const std::vector<uint8_t> bytes = piece.Packet();
    const Frame frame = RawIpv4Frame(bytes, time_ns);
    Packet packet;
    if (decoder.Decode(frame, &packet).frame_class != FrameClass::kIp) continue;
    const std::optional<std::vector<uint8_t>> whole = twins[which].Add(piece);
    Require(packet.reassembled == whole.has_value());
    if (!packet.reassembled) continue;
    Require(packet.payload_captured == whole->size());
    for (size_t at = 0; at < whole->size(); ++at) Require(packet.payload[at] == (*whole)[at]);
  }
  return 0;
}
