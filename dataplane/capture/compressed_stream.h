// Decompressing ByteStreams: gzip (concatenated members, RFC 1952) and zstd (frames and skippable
// frames, RFC 8878).
//
// What a broken stream yielded before the break is delivered; damage() then says what broke. Memory
// is bounded: 64 KiB of input and the decoder's window, at most 128 MiB for zstd.
#ifndef BORDERFLOW_DATAPLANE_CAPTURE_COMPRESSED_STREAM_H_
#define BORDERFLOW_DATAPLANE_CAPTURE_COMPRESSED_STREAM_H_

#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "dataplane/capture/byte_stream.h"

namespace borderflow {

enum class Compression : uint8_t { kNone, kGzip, kZstd };

// By the first four bytes.
Compression CompressionOf(absl::Span<const uint8_t> begin);

// "gzip" or "zstd".
absl::string_view Name(Compression compression);

// `compression` must not be kNone. Errors: ResourceExhausted if the decoder cannot be allocated.
absl::StatusOr<std::unique_ptr<ByteStream>> Decompress(std::unique_ptr<ByteStream> compressed,
                                                       Compression compression);

}  // namespace borderflow

#endif  // BORDERFLOW_DATAPLANE_CAPTURE_COMPRESSED_STREAM_H_
