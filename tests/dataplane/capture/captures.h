// Captures built in view, and frames taken out of any source, for the tests of this room.
#ifndef BORDERFLOW_TESTS_DATAPLANE_CAPTURE_CAPTURES_H_
#define BORDERFLOW_TESTS_DATAPLANE_CAPTURE_CAPTURES_H_

#include <cstdint>
#include <memory>
#include <ostream>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "dataplane/capture/open_stream.h"
#include "dataplane/capture/source.h"

namespace borderflow {

using Bytes = std::vector<uint8_t>;

// `count` bytes that differ from place to place and from seed to seed.
inline Bytes Pattern(size_t count, uint32_t seed) {
  Bytes bytes(count);
  uint32_t state = seed * 2654435761u + 1;
  for (uint8_t& byte : bytes) {
    state = state * 1664525u + 1013904223u;
    byte = static_cast<uint8_t>(state >> 24);
  }
  return bytes;
}

// Appends integers in a chosen byte order, whatever the machine's own is.
class ByteWriter {
 public:
  explicit ByteWriter(bool big_endian = false) : big_endian_(big_endian) {}

  ByteWriter& U8(uint8_t value) { return Integer(value, 1); }
  ByteWriter& U16(uint16_t value) { return Integer(value, 2); }
  ByteWriter& U32(uint32_t value) { return Integer(value, 4); }
  ByteWriter& U64(uint64_t value) { return Integer(value, 8); }
  ByteWriter& Raw(const Bytes& bytes) {
    bytes_.insert(bytes_.end(), bytes.begin(), bytes.end());
    return *this;
  }
  ByteWriter& PadTo4() {
    while (bytes_.size() % 4 != 0) bytes_.push_back(0);
    return *this;
  }

  const Bytes& bytes() const { return bytes_; }
  bool big_endian() const { return big_endian_; }

 private:
  ByteWriter& Integer(uint64_t value, int width) {
    for (int i = 0; i < width; ++i) {
      const int shift = 8 * (big_endian_ ? width - 1 - i : i);
      bytes_.push_back(static_cast<uint8_t>(value >> shift));
    }
    return *this;
  }

  bool big_endian_;
  Bytes bytes_;
};

inline constexpr uint32_t kMicroseconds = 0xa1b2c3d4;
inline constexpr uint32_t kNanoseconds = 0xa1b23c4d;
inline constexpr uint32_t kKuznetzov = 0xa1b2cd34;

// A classic pcap, record by record.
class PcapBuilder {
 public:
  explicit PcapBuilder(uint32_t magic = kMicroseconds, bool big_endian = false,
                       uint32_t link_type = 1, uint32_t snap_length = 262144, uint16_t minor = 4,
                       uint16_t major = 2)
      : out_(big_endian), magic_(magic) {
    out_.U32(magic).U16(major).U16(minor).U32(0).U32(0).U32(snap_length).U32(link_type);
  }

  PcapBuilder& Record(uint32_t seconds, uint32_t fraction, const Bytes& data, uint32_t original) {
    return RecordHeader(seconds, fraction, static_cast<uint32_t>(data.size()), original).Raw(data);
  }
  PcapBuilder& Record(uint32_t seconds, uint32_t fraction, const Bytes& data) {
    return Record(seconds, fraction, data, static_cast<uint32_t>(data.size()));
  }
  PcapBuilder& RecordHeader(uint32_t seconds, uint32_t fraction, uint32_t captured,
                            uint32_t original) {
    out_.U32(seconds).U32(fraction).U32(captured).U32(original);
    if (magic_ == kKuznetzov) out_.U32(3).U16(0x0800).U8(0).U8(0);
    return *this;
  }
  PcapBuilder& Raw(const Bytes& bytes) {
    out_.Raw(bytes);
    return *this;
  }

  const Bytes& bytes() const { return out_.bytes(); }

 private:
  ByteWriter out_;
  uint32_t magic_;
};

// A frame with its bytes, comparable.
struct OwnedFrame {
  Bytes data;
  uint32_t bytes;
  uint64_t time_ns;
  uint16_t link_type;
  bool length_forged;

  bool operator==(const OwnedFrame&) const = default;
  friend std::ostream& operator<<(std::ostream& out, const OwnedFrame& frame) {
    return out << "{captured " << frame.data.size() << " bytes " << frame.bytes << " time "
               << frame.time_ns << " link " << frame.link_type
               << (frame.length_forged ? " forged}" : "}");
  }
};

struct Contents {
  std::vector<OwnedFrame> frames;
  std::vector<Damage> damaged;
  absl::Status status;
};

inline void AppendFrames(const FrameBlock& block, std::vector<OwnedFrame>* frames) {
  for (const Frame& frame : block.frames) {
    frames->push_back({.data = Bytes(frame.data, frame.data + frame.captured),
                       .bytes = frame.bytes,
                       .time_ns = frame.time_ns,
                       .link_type = frame.link_type,
                       .length_forged = frame.length_forged});
  }
}

// Everything that `source` delivers, through two blocks in turn as a pipeline would use them.
inline Contents ReadAll(FrameSource* source) {
  Contents contents;
  FrameBlock blocks[2];
  for (size_t i = 0;; ++i) {
    const absl::StatusOr<bool> more = source->Read(&blocks[i % 2]);
    contents.status = more.status();
    if (!more.ok() || !*more) break;
    AppendFrames(blocks[i % 2], &contents.frames);
  }
  contents.damaged = source->damaged();
  return contents;
}

// As the capture "test" from memory, in reads of at most `step` bytes.
inline Contents ReadBytes(const Bytes& bytes, const CaptureOptions& options = {},
                          size_t step = SIZE_MAX, size_t read_bytes = kReadBytes) {
  auto source =
      OpenStream("test", std::make_unique<MemoryStream>(bytes, step), options, read_bytes);
  if (!source.ok()) return {.frames = {}, .damaged = {}, .status = source.status()};
  return ReadAll(source->get());
}

}  // namespace borderflow

#endif  // BORDERFLOW_TESTS_DATAPLANE_CAPTURE_CAPTURES_H_
