#include "dataplane/capture/pcapng.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "dataplane/capture/block_reader.h"
#include "dataplane/capture/load.h"
#include "dataplane/capture/pcapng_interface.h"

namespace borderflow {
namespace {

enum BlockType : uint32_t {
  kInterfaceDescription = 1,
  kObsoletePacket = 2,
  kSimplePacket = 3,
  kEnhancedPacket = 6,
  kSectionHeader = 0x0a0d0d0a,  // the same in both byte orders
};

constexpr uint32_t kByteOrderMagic = 0x1a2b3c4d;
constexpr size_t kBlockHeadBytes = 8;  // type, total length
constexpr size_t kBlockTailBytes = 4;  // total length again
constexpr size_t kMinBlockBytes = kBlockHeadBytes + kBlockTailBytes;
constexpr size_t kMinSectionBytes = 28;

// A block that must be held in memory whole: the largest frame and three times as many options.
constexpr size_t kMaxHeldBytes = 4 * size_t{kMaxFrameBytes};

constexpr size_t kMaxInterfaces = 65536;  // more would let a hostile file fill the memory

bool IsHeld(uint32_t type) {
  return type == kInterfaceDescription || type == kObsoletePacket || type == kSimplePacket ||
         type == kEnhancedPacket;
}

// Byte order and version of the section header at `block`, of which at least 16 bytes are there.
// Errors: InvalidArgument with the reason alone.
absl::StatusOr<bool> SectionIsSwapped(const uint8_t* block) {
  const uint32_t magic = Load32(block + 8, false);
  if (magic != kByteOrderMagic && __builtin_bswap32(magic) != kByteOrderMagic) {
    return absl::InvalidArgumentError(absl::StrCat("section header with byte-order magic 0x",
                                                   absl::Hex(magic, absl::kZeroPad8),
                                                   ", expected 0x1a2b3c4d in either order"));
  }
  const bool swapped = magic != kByteOrderMagic;
  const uint16_t major = Load16(block + 12, swapped);
  const uint16_t minor = Load16(block + 14, swapped);
  if (major != 1) {
    return absl::InvalidArgumentError(
        absl::StrCat("section of pcapng version ", major, ".", minor, ", expected 1.x"));
  }
  const uint32_t length = Load32(block + 4, swapped);
  if (length < kMinSectionBytes) {
    return absl::InvalidArgumentError(absl::StrCat(
        "section header of ", length, " bytes, at least ", kMinSectionBytes, " expected"));
  }
  return swapped;
}

class Pcapng final : public BlockReader {
 public:
  Pcapng(std::string file, std::unique_ptr<ByteStream> stream, size_t read_bytes)
      : BlockReader(std::move(file), std::move(stream), /*offset=*/0, read_bytes) {}

 protected:
  Parsed Parse(absl::Span<const uint8_t> stretch, FrameBlock* block) override;

 private:
  // Each takes a block's body and returns the reason why it makes no sense, or "".
  std::string AddBlock(uint32_t type, absl::Span<const uint8_t> body, FrameBlock* block);
  std::string AddInterface(absl::Span<const uint8_t> body);
  std::string AddEnhancedPacket(absl::Span<const uint8_t> body, FrameBlock* block);
  std::string AddObsoletePacket(absl::Span<const uint8_t> body, FrameBlock* block);
  std::string AddSimplePacket(absl::Span<const uint8_t> body, FrameBlock* block);
  std::string AddPacket(uint32_t interface_id, absl::Span<const uint8_t> lengths_and_data,
                        uint64_t ticks, FrameBlock* block);
  void AddFrame(const PcapngInterface& interface, absl::Span<const uint8_t> data, uint32_t original,
                FrameBlock* block) const;

  uint32_t Read32(const uint8_t* at) const { return Load32(at, swapped_); }

  bool swapped_ = false;                     // of the section
  std::vector<PcapngInterface> interfaces_;  // of the section
  uint64_t time_ns_ = 0;                     // of the last frame
};

BlockReader::Parsed Pcapng::Parse(absl::Span<const uint8_t> stretch, FrameBlock* block) {
  Parsed parsed;
  while (parsed.damage.empty()) {
    const absl::Span<const uint8_t> left = stretch.subspan(parsed.used);
    parsed.need = kMinBlockBytes;
    if (left.size() < parsed.need) break;
    const uint32_t type = Read32(left.data());
    if (type == kSectionHeader) {
      parsed.need = kMinSectionBytes;
      if (left.size() < parsed.need) break;
      const absl::StatusOr<bool> swapped = SectionIsSwapped(left.data());
      if (!swapped.ok()) {
        parsed.damage = std::string(swapped.status().message());
        break;
      }
      swapped_ = *swapped;
      interfaces_.clear();
    }
    const uint32_t length = Read32(left.data() + 4);
    if (length < kMinBlockBytes || length % 4 != 0) {
      parsed.damage =
          absl::StrCat("block claims ", length, " bytes, expected a multiple of 4 of at least 12");
      break;
    }
    if (length > kMaxHeldBytes && IsHeld(type)) {
      parsed.damage = absl::StrCat("block of type ", type, " claims ", length, " bytes, at most ",
                                   kMaxHeldBytes, " can be a frame");
      break;
    }
    if (length > kMaxHeldBytes && length > left.size()) {
      parsed.used = stretch.size();
      parsed.skip = length - left.size();
      parsed.need = 1;
      break;
    }
    parsed.need = length;
    if (left.size() < length) break;
    const uint32_t repeated = Read32(left.data() + length - kBlockTailBytes);
    if (repeated != length) {
      parsed.damage = absl::StrCat("block claims ", length, " bytes at its head and ", repeated,
                                   " at its tail");
      break;
    }
    parsed.damage = AddBlock(type, left.subspan(kBlockHeadBytes, length - kMinBlockBytes), block);
    if (parsed.damage.empty()) parsed.used += length;
  }
  return parsed;
}

std::string Pcapng::AddBlock(uint32_t type, absl::Span<const uint8_t> body, FrameBlock* block) {
  switch (type) {
    case kEnhancedPacket:
      return AddEnhancedPacket(body, block);
    case kInterfaceDescription:
      return AddInterface(body);
    case kSimplePacket:
      return AddSimplePacket(body, block);
    case kObsoletePacket:
      return AddObsoletePacket(body, block);
    default:
      return "";
  }
}

std::string Pcapng::AddInterface(absl::Span<const uint8_t> body) {
  absl::StatusOr<PcapngInterface> interface = ParsePcapngInterface(body, swapped_);
  if (!interface.ok()) return std::string(interface.status().message());
  if (interfaces_.size() == kMaxInterfaces) {
    return absl::StrCat("section describes more than ", kMaxInterfaces, " interfaces");
  }
  interfaces_.push_back(*std::move(interface));
  return "";
}

// interface(4) time(4+4, upper half first) captured(4) original(4) data, options
std::string Pcapng::AddEnhancedPacket(absl::Span<const uint8_t> body, FrameBlock* block) {
  if (body.size() < 20) {
    return absl::StrCat("enhanced packet of ", body.size(), " bytes, at least 20 expected");
  }
  const uint64_t ticks = uint64_t{Read32(body.data() + 4)} << 32 | Read32(body.data() + 8);
  return AddPacket(Read32(body.data()), body.subspan(12), ticks, block);
}

// interface(2) drops(2) time(4+4, upper half first) captured(4) original(4) data, options
std::string Pcapng::AddObsoletePacket(absl::Span<const uint8_t> body, FrameBlock* block) {
  if (body.size() < 20) {
    return absl::StrCat("packet block of ", body.size(), " bytes, at least 20 expected");
  }
  const uint64_t ticks = uint64_t{Read32(body.data() + 4)} << 32 | Read32(body.data() + 8);
  return AddPacket(Load16(body.data(), swapped_), body.subspan(12), ticks, block);
}

std::string Pcapng::AddPacket(uint32_t interface_id, absl::Span<const uint8_t> lengths_and_data,
                              uint64_t ticks, FrameBlock* block) {
  if (interface_id >= interfaces_.size()) {
    return absl::StrCat("packet of interface ", interface_id, ", the section describes ",
                        interfaces_.size());
  }
  const uint32_t captured = Read32(lengths_and_data.data());
  const uint32_t original = Read32(lengths_and_data.data() + 4);
  const absl::Span<const uint8_t> data = lengths_and_data.subspan(8);
  if (captured > data.size() || captured > kMaxFrameBytes) {
    return absl::StrCat("packet claims ", captured, " captured bytes, its block has ", data.size(),
                        " and no frame more than ", kMaxFrameBytes);
  }
  const PcapngInterface& interface = interfaces_[interface_id];
  time_ns_ = interface.clock.Nanoseconds(ticks);
  AddFrame(interface, data.first(captured), original, block);
  return "";
}

// original(4) data: of the first interface, cut to its snap length
std::string Pcapng::AddSimplePacket(absl::Span<const uint8_t> body, FrameBlock* block) {
  if (body.size() < 4) {
    return absl::StrCat("simple packet of ", body.size(), " bytes, at least 4 expected");
  }
  if (interfaces_.empty()) return "simple packet, the section describes no interface";
  const uint32_t original = Read32(body.data());
  const PcapngInterface& interface = interfaces_.front();
  const uint32_t limit = interface.snap_length == 0 ? kMaxFrameBytes : interface.snap_length;
  const size_t captured = std::min<size_t>({original, limit, body.size() - 4, kMaxFrameBytes});
  AddFrame(interface, body.subspan(4, captured), original, block);
  return "";
}

void Pcapng::AddFrame(const PcapngInterface& interface, absl::Span<const uint8_t> data,
                      uint32_t original, FrameBlock* block) const {
  block->frames.push_back({.data = data.data(),
                           .captured = static_cast<uint32_t>(data.size()),
                           .bytes = std::min(original, kMaxFrameBytes),
                           .time_ns = time_ns_,
                           .link_type = interface.link_type,
                           .length_forged = original > kMaxFrameBytes});
}

}  // namespace

bool IsPcapng(absl::Span<const uint8_t> begin) {
  return begin.size() >= 4 && Load32(begin.data(), false) == kSectionHeader;
}

absl::StatusOr<std::unique_ptr<FrameSource>> OpenPcapng(std::string file,
                                                        std::unique_ptr<ByteStream> stream,
                                                        size_t read_bytes) {
  const auto begin = stream->Peek(kMinSectionBytes);
  if (!begin.ok()) return begin.status();
  if (begin->size() < kMinSectionBytes) {
    return absl::InvalidArgumentError(
        absl::StrCat(file, ": ends after ", begin->size(),
                     " bytes, inside the pcapng section header of at least ", kMinSectionBytes,
                     "; nothing was captured, or the copy is incomplete"));
  }
  const absl::StatusOr<bool> swapped = SectionIsSwapped(begin->data());
  if (!swapped.ok()) {
    return absl::InvalidArgumentError(
        absl::StrCat(file, ": ", swapped.status().message(),
                     "; the file is damaged or not a capture: capture again, or copy it again"));
  }
  return std::make_unique<Pcapng>(std::move(file), std::move(stream), read_bytes);
}

}  // namespace borderflow
