#include "dataplane/capture/byte_stream.h"

#include <algorithm>
#include <cstring>

namespace borderflow {

absl::StatusOr<size_t> ByteStream::Read(uint8_t* to, size_t size) {
  const size_t waiting = peeked_.size() - peeked_used_;
  if (waiting == 0) return ReadSome(to, size);
  const size_t count = std::min(size, waiting);
  std::memcpy(to, peeked_.data() + peeked_used_, count);
  peeked_used_ += count;
  return count;
}

absl::StatusOr<absl::Span<const uint8_t>> ByteStream::Peek(size_t size) {
  peeked_.erase(peeked_.begin(), peeked_.begin() + static_cast<std::ptrdiff_t>(peeked_used_));
  peeked_used_ = 0;
  while (peeked_.size() < size) {
    const size_t before = peeked_.size();
    peeked_.resize(size);
    const absl::StatusOr<size_t> count = ReadSome(peeked_.data() + before, size - before);
    peeked_.resize(before + (count.ok() ? *count : 0));
    if (!count.ok()) return count.status();
    if (*count == 0) break;
  }
  return absl::MakeConstSpan(peeked_).first(std::min(size, peeked_.size()));
}

absl::StatusOr<size_t> MemoryStream::ReadSome(uint8_t* to, size_t size) {
  const size_t count = std::min({size, step_, bytes_.size() - position_});
  if (count > 0) std::memcpy(to, bytes_.data() + position_, count);
  position_ += count;
  return count;
}

}  // namespace borderflow
