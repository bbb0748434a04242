// BlockReader: a FrameSource that parses a ByteStream in place, one large read at a time.
//
// Reads go straight into FrameBlock::storage; a format (classic_pcap.cc, pcapng.cc) turns the
// stretch into frames that point into it; the record that the stretch cuts is carried to the front
// of the next one.
#ifndef BORDERFLOW_DATAPLANE_CAPTURE_BLOCK_READER_H_
#define BORDERFLOW_DATAPLANE_CAPTURE_BLOCK_READER_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/types/span.h"
#include "dataplane/capture/byte_stream.h"
#include "dataplane/capture/source.h"

namespace borderflow {

// Large enough that the system call costs nothing beside the copy, small enough to stay in a cache.
inline constexpr size_t kReadBytes = size_t{1} << 18;

class BlockReader : public FrameSource {
 public:
  absl::StatusOr<bool> Read(FrameBlock* block) final;
  uint64_t bytes_read() const final { return stream_->bytes_read(); }
  uint64_t bytes_total() const final { return stream_->bytes_total(); }
  std::vector<Damage> damaged() const final { return damaged_; }

 protected:
  // `offset` is the stream's position, in uncompressed bytes.
  BlockReader(std::string file, std::unique_ptr<ByteStream> stream, uint64_t offset,
              size_t read_bytes)
      : file_(std::move(file)),
        stream_(std::move(stream)),
        offset_(offset),
        read_bytes_(read_bytes) {}

  struct Parsed {
    size_t used = 0;     // bytes of the stretch that are done with
    size_t need = 1;     // bytes that the record after them takes, as far as is known
    uint64_t skip = 0;   // bytes to drop beyond the stretch, all of which is used then
    std::string damage;  // why nothing after `used` makes sense; empty while all is well
  };

  // Appends to `block` the frames of every whole record in `stretch`.
  virtual Parsed Parse(absl::Span<const uint8_t> stretch, FrameBlock* block) = 0;

 private:
  absl::Span<const uint8_t> Refill(FrameBlock* block);
  void SkipUnwanted(FrameBlock* block);
  std::string DamageAtEnd() const;
  void End(std::string damage);

  const std::string file_;
  const std::unique_ptr<ByteStream> stream_;
  uint64_t offset_;  // of the first byte of carried_
  const size_t read_bytes_;
  std::vector<uint8_t> carried_;  // begin of the record that the last stretch cut
  size_t need_ = 1;
  uint64_t skip_ = 0;
  bool stream_ended_ = false;
  bool ended_ = false;
  absl::Status failure_;  // of the stream; reported after the frames that came before it
  std::vector<Damage> damaged_;
};

}  // namespace borderflow

#endif  // BORDERFLOW_DATAPLANE_CAPTURE_BLOCK_READER_H_
