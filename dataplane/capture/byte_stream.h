// ByteStream: the bytes of a capture in order, wherever they come from and however compressed.
//
// Implementations: FileStream (file_stream.h), gzip and zstd (compressed_stream.h), MemoryStream.
//
// Thread safety: one thread at a time.
#ifndef BORDERFLOW_DATAPLANE_CAPTURE_BYTE_STREAM_H_
#define BORDERFLOW_DATAPLANE_CAPTURE_BYTE_STREAM_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/types/span.h"

namespace borderflow {

class ByteStream {
 public:
  virtual ~ByteStream() = default;

  // Copies the next bytes to `to`: at least one, at most `size`; 0 only at the end. Bytes go to
  // `to` without a copy in between, except those that were peeked. Errors: failures to read, naming
  // file and reason.
  absl::StatusOr<size_t> Read(uint8_t* to, size_t size);

  // The next `size` bytes without consuming them; fewer only at the end. Valid until the next call.
  absl::StatusOr<absl::Span<const uint8_t>> Peek(size_t size);

  // Of the file beneath, compressed or not; the total is 0 when unknown, as for a pipe.
  virtual uint64_t bytes_read() const = 0;
  virtual uint64_t bytes_total() const = 0;

  // Why the stream ended before its true end (a broken compressed stream); empty otherwise.
  virtual std::string damage() const { return ""; }

 protected:
  // As Read, without regard to peeked bytes.
  virtual absl::StatusOr<size_t> ReadSome(uint8_t* to, size_t size) = 0;

 private:
  std::vector<uint8_t> peeked_;
  size_t peeked_used_ = 0;
};

// Bytes in memory, handed out at most `step` at a time (a pipe's short reads).
class MemoryStream final : public ByteStream {
 public:
  explicit MemoryStream(std::vector<uint8_t> bytes, size_t step = SIZE_MAX)
      : bytes_(std::move(bytes)), step_(step) {}

  uint64_t bytes_read() const override { return position_; }
  uint64_t bytes_total() const override { return bytes_.size(); }

 protected:
  absl::StatusOr<size_t> ReadSome(uint8_t* to, size_t size) override;

 private:
  std::vector<uint8_t> bytes_;
  size_t step_;
  size_t position_ = 0;
};

}  // namespace borderflow

#endif  // BORDERFLOW_DATAPLANE_CAPTURE_BYTE_STREAM_H_
