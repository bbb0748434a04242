// Reads a hostile capture to its end and checks what every reader promises of its frames.
#ifndef BORDERFLOW_TESTS_FUZZ_CAPTURE_DRAIN_H_
#define BORDERFLOW_TESTS_FUZZ_CAPTURE_DRAIN_H_

#include <cstdint>
#include <cstdlib>
#include <memory>
#include <utility>

#include "dataplane/capture/compressed_stream.h"
#include "dataplane/capture/open_stream.h"

namespace borderflow {

// What the frames of a capture come to, for comparing two ways of reading it.
struct Drained {
  uint64_t frames = 0;
  uint64_t bytes = 0;
  uint64_t digest = 0;  // of every captured byte and header field
  uint64_t damages = 0;
  bool operator==(const Drained&) const = default;
};

// Small reads make small inputs cross block boundaries.
inline Drained Drain(const uint8_t* data, size_t size, size_t step, size_t read_bytes) {
  Drained drained;
  auto source = OpenStream(
      "fuzz", std::make_unique<MemoryStream>(std::vector<uint8_t>(data, data + size), step), {},
      read_bytes);
  if (!source.ok()) return drained;
  const auto mix = [&drained](uint64_t value) {
    drained.digest = (drained.digest ^ value) * 0x9e3779b97f4a7c15;
  };
  FrameBlock block;
  for (;;) {
    const absl::StatusOr<bool> more = (*source)->Read(&block);
    if (!more.ok()) std::abort();  // memory does not fail
    if (!*more) break;
    if (block.frames.empty()) std::abort();
    for (const Frame& frame : block.frames) {
      if (frame.bytes > kMaxFrameBytes || frame.captured > kMaxFrameBytes) std::abort();
      if (frame.length_forged && frame.bytes != kMaxFrameBytes) std::abort();
      ++drained.frames;
      drained.bytes += frame.bytes;
      mix(frame.time_ns);
      mix(frame.link_type);
      mix(frame.captured);
      for (uint32_t i = 0; i < frame.captured; ++i) mix(frame.data[i]);
    }
  }
  drained.damages = (*source)->damaged().size();
  if (drained.damages > 1) std::abort();
  return drained;
}

// However a capture is cut into reads, it must come to the same; only how much of a broken
// compressed stream comes out before the break may depend on it.
inline void CheckCapture(const uint8_t* data, size_t size) {
  const Drained whole = Drain(data, size, SIZE_MAX, size_t{64} << 10);
  const Drained pieces = Drain(data, size, 7, 61);
  const bool compressed = CompressionOf(absl::MakeConstSpan(data, size)) != Compression::kNone;
  if (compressed && whole.damages > 0 && pieces.damages > 0) return;
  if (pieces != whole) std::abort();
}

}  // namespace borderflow

#endif  // BORDERFLOW_TESTS_FUZZ_CAPTURE_DRAIN_H_
