// WireMessage: a datagram, or what one segment brings of a stream, for signatures to look at.
//
// Reading past what was captured yields zeros; a check that depends on such a byte asks Has()
// first. Lengths are compared with `size`, what was sent, so that captures cut short are still
// recognised.
//
// Thread safety: none needed; views only.
#ifndef BORDERFLOW_DATAPLANE_INSPECT_WIRE_MESSAGE_H_
#define BORDERFLOW_DATAPLANE_INSPECT_WIRE_MESSAGE_H_

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "dataplane/inspect/reader.h"

namespace borderflow {

struct WireMessage {
  Bytes bytes;            // captured
  size_t size = 0;        // sent; at least bytes.size()
  bool datagram = false;  // one message; a segment may hold a part of one, or several

  bool Has(size_t count) const { return bytes.size() >= count; }
  uint8_t At(size_t i) const { return i < bytes.size() ? bytes[i] : uint8_t{0}; }
  std::string_view text() const { return AsText(bytes); }

  uint32_t Big(size_t at, int width) const {
    uint32_t number = 0;
    for (int i = 0; i < width; ++i) number = number << 8 | At(at + static_cast<size_t>(i));
    return number;
  }
  uint32_t Little(size_t at, int width) const {
    uint32_t number = 0;
    for (int i = width; i-- > 0;) number = number << 8 | At(at + static_cast<size_t>(i));
    return number;
  }
};

// Whether frames, of which length_at(position) tells the length with its header of `header` bytes,
// fill the message to its end. The last frame of a long segment may go on in the next one.
template <typename LengthAt>
bool FramesFill(const WireMessage& message, size_t header, LengthAt length_at) {
  constexpr size_t kLongSegment = 512;
  constexpr int kEnough = 16;
  size_t at = 0;
  for (int frames = 0; at < message.size && frames < kEnough; ++frames) {
    // What the capture cut off cannot speak against it.
    if (at + header > message.bytes.size()) return frames > 0 && !message.Has(message.size);
    const size_t length = length_at(at);
    if (length < header) return false;
    at += length;
  }
  return at <= message.size || (!message.datagram && message.size >= kLongSegment);
}

}  // namespace borderflow

#endif  // BORDERFLOW_DATAPLANE_INSPECT_WIRE_MESSAGE_H_
