#include "dataplane/capture/compressed_stream.h"

#include <zlib.h>
#include <zstd.h>

#include <algorithm>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "dataplane/capture/load.h"

namespace borderflow {
namespace {

constexpr size_t kInputBytes = size_t{64} << 10;
constexpr size_t kMaxOutputBytes = size_t{1} << 30;  // zlib counts in 32 bits

// What both decoders share: the input buffer, the output count and the reason of a break.
class DecompressedStream : public ByteStream {
 public:
  uint64_t bytes_read() const final { return compressed_->bytes_read(); }
  uint64_t bytes_total() const final { return compressed_->bytes_total(); }
  std::string damage() const final { return damage_; }

 protected:
  explicit DecompressedStream(std::unique_ptr<ByteStream> compressed)
      : compressed_(std::move(compressed)), buffer_(kInputBytes) {}

  absl::StatusOr<size_t> ReadSome(uint8_t* to, size_t size) final {
    size = std::min(size, kMaxOutputBytes);
    while (damage_.empty()) {
      if (!broken_.empty()) {
        Break(absl::StrCat("is damaged (", broken_, ")"));
        return 0;
      }
      if (input_.empty() && !output_waits_) {
        const absl::StatusOr<size_t> count = compressed_->Read(buffer_.data(), buffer_.size());
        if (!count.ok()) return count.status();
        input_ = absl::MakeConstSpan(buffer_).first(*count);
        if (*count == 0) {
          if (!between_) Break("ends early");
          return 0;
        }
      }
      const size_t produced = Step(to, size);
      delivered_ += produced;
      output_waits_ = produced == size;
      if (produced > 0) return produced;
    }
    return 0;
  }

  // Decodes some of input_ to at most `size` bytes at `to` and returns their number; fills broken_
  // on nonsense.
  virtual size_t Step(uint8_t* to, size_t size) = 0;
  virtual absl::string_view format() const = 0;

  absl::Span<const uint8_t> input_;
  bool between_ = false;       // the last member or frame is complete and no other has begun
  bool output_waits_ = false;  // the decoder may hold output that did not fit
  std::string broken_;         // why no step can follow; what came before is delivered first

 private:
  void Break(absl::string_view what) {
    damage_ = absl::StrCat("the ", format(), " stream ", what, ", after ", delivered_,
                           " uncompressed bytes");
  }

  std::unique_ptr<ByteStream> compressed_;
  std::vector<uint8_t> buffer_;
  uint64_t delivered_ = 0;
  std::string damage_;
};

class GzipStream final : public DecompressedStream {
 public:
  explicit GzipStream(std::unique_ptr<ByteStream> compressed)
      : DecompressedStream(std::move(compressed)) {}
  GzipStream(const GzipStream&) = delete;
  GzipStream& operator=(const GzipStream&) = delete;
  ~GzipStream() override { inflateEnd(&decoder_); }

  bool Start() {
    constexpr int kGzipOnly = 16;  // zlib's way to ask for this wrapper
    return inflateInit2(&decoder_, MAX_WBITS + kGzipOnly) == Z_OK;
  }

 protected:
  size_t Step(uint8_t* to, size_t size) override {
    if (between_ && !BeginMember()) return 0;
    decoder_.next_in = const_cast<Bytef*>(input_.data());
    decoder_.avail_in = static_cast<uInt>(input_.size());
    decoder_.next_out = to;
    decoder_.avail_out = static_cast<uInt>(size);
    const int result = inflate(&decoder_, Z_NO_FLUSH);
    input_.remove_prefix(input_.size() - decoder_.avail_in);
    if (result == Z_STREAM_END) {
      between_ = true;
    } else if (result != Z_OK && result != Z_BUF_ERROR) {
      broken_ = decoder_.msg != nullptr ? decoder_.msg : "cannot be decoded";
    }
    return size - decoder_.avail_out;
  }

  absl::string_view format() const override { return "gzip"; }

 private:
  // Members may be padded with zeros (tape blocks); anything else must be another member.
  bool BeginMember() {
    while (!input_.empty() && input_.front() == 0) input_.remove_prefix(1);
    if (input_.empty()) return false;
    if (input_.front() != 0x1f) {
      broken_ = "followed by bytes that are not gzip";
      return false;
    }
    inflateReset(&decoder_);
    between_ = false;
    return true;
  }

  z_stream decoder_ = {};
};

class ZstdStream final : public DecompressedStream {
 public:
  explicit ZstdStream(std::unique_ptr<ByteStream> compressed)
      : DecompressedStream(std::move(compressed)), decoder_(ZSTD_createDStream()) {}
  ZstdStream(const ZstdStream&) = delete;
  ZstdStream& operator=(const ZstdStream&) = delete;
  ~ZstdStream() override { ZSTD_freeDStream(decoder_); }

  bool Start() const { return decoder_ != nullptr; }

 protected:
  // The decoder gets no more input than the part that it decodes next (a header, a block, a
  // checksum), and none while it holds output: on an error it withholds whatever else the same
  // call had decoded.
  size_t Step(uint8_t* to, size_t size) override {
    absl::Span<const uint8_t> part =
        input_.first(output_waits_ ? 0 : std::min(input_.size(), wanted_));
    if (magic_.size() < kMagicBytes && !part.empty()) {
      part = part.first(std::min(part.size(), kMagicBytes - magic_.size()));
      magic_.insert(magic_.end(), part.begin(), part.end());
      // Not for the decoder to judge: libzstd may be built to read formats older than RFC 8878.
      if (magic_.size() == kMagicBytes && CompressionOf(magic_) != Compression::kZstd) {
        broken_ = "followed by bytes that are not zstd";
        return 0;
      }
    }
    ZSTD_inBuffer in = {part.data(), part.size(), 0};
    ZSTD_outBuffer out = {to, size, 0};
    const size_t result = ZSTD_decompressStream(decoder_, &out, &in);
    input_.remove_prefix(in.pos);
    if (ZSTD_isError(result) != 0) {
      broken_ = ZSTD_getErrorName(result);
    } else if (in.pos > 0 || out.pos > 0) {
      between_ = result == 0;
      if (between_) magic_.clear();
      // It asks for a block and the header behind it; 0 at the end of a frame.
      wanted_ = result > kBlockHeaderBytes ? result - kBlockHeaderBytes : kBlockHeaderBytes;
    }
    return out.pos;
  }

  absl::string_view format() const override { return "zstd"; }

 private:
  static constexpr size_t kMagicBytes = 4;
  static constexpr size_t kBlockHeaderBytes = 3;

  ZSTD_DStream* const decoder_;
  size_t wanted_ = kMagicBytes;
  std::vector<uint8_t> magic_;  // of the frame, as far as it was seen
};

template <typename Stream>
absl::StatusOr<std::unique_ptr<ByteStream>> Started(std::unique_ptr<ByteStream> compressed) {
  auto stream = std::make_unique<Stream>(std::move(compressed));
  if (!stream->Start()) return absl::ResourceExhaustedError("no memory for a decompressor");
  return stream;
}

}  // namespace

Compression CompressionOf(absl::Span<const uint8_t> begin) {
  if (begin.size() >= 3 && begin[0] == 0x1f && begin[1] == 0x8b && begin[2] == 8) {
    return Compression::kGzip;
  }
  if (begin.size() < 4) return Compression::kNone;
  constexpr bool kBigEndian = __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__;
  const uint32_t magic = Load32(begin.data(), kBigEndian);
  const bool zstd = magic == 0xfd2fb528 || (magic & 0xfffffff0) == 0x184d2a50;  // or skippable
  return zstd ? Compression::kZstd : Compression::kNone;
}

absl::string_view Name(Compression compression) {
  switch (compression) {
    case Compression::kGzip:
      return "gzip";
    case Compression::kZstd:
      return "zstd";
    case Compression::kNone:
      break;
  }
  return "uncompressed";
}

absl::StatusOr<std::unique_ptr<ByteStream>> Decompress(std::unique_ptr<ByteStream> compressed,
                                                       Compression compression) {
  return compression == Compression::kGzip ? Started<GzipStream>(std::move(compressed))
                                           : Started<ZstdStream>(std::move(compressed));
}

}  // namespace borderflow
