// Decoders of both compressions on bytes that need not begin like either.
#include <cstdlib>
#include <memory>
#include <vector>

#include "dataplane/capture/compressed_stream.h"

namespace borderflow {
namespace {

constexpr size_t kMaxOutput = size_t{1} << 18;  // a bomb is cut here: streaming bounds its memory

// All bytes that come out, in reads of `chunk`.
std::vector<uint8_t> Decompressed(const uint8_t* data, size_t size, Compression compression,
                                  size_t step, size_t chunk) {
  auto stream = Decompress(
      std::make_unique<MemoryStream>(std::vector<uint8_t>(data, data + size), step), compression);
  if (!stream.ok()) std::abort();
  std::vector<uint8_t> out;
  while (out.size() < kMaxOutput) {
    const size_t before = out.size();
    out.resize(before + chunk);
    const absl::StatusOr<size_t> count = (*stream)->Read(out.data() + before, chunk);
    if (!count.ok() || *count > chunk) std::abort();
    out.resize(before + *count);
    if (*count == 0) return out;
  }
  out.resize(kMaxOutput);
  return out;
}

}  // namespace
}  // namespace borderflow

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using borderflow::Compression;
  using borderflow::Decompressed;
  for (const Compression compression : {Compression::kGzip, Compression::kZstd}) {
    if (Decompressed(data, size, compression, SIZE_MAX, 65536) !=
        Decompressed(data, size, compression, 5, 1000)) {
      std::abort();
    }
  }
  return 0;
}
