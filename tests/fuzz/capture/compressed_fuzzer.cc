// The decoder of either compression, chosen by the first byte, on whatever follows.
#include <algorithm>
#include <cstdlib>
#include <memory>
#include <vector>

#include "dataplane/capture/compressed_stream.h"

namespace borderflow {
namespace {

constexpr size_t kMaxOutput = size_t{1} << 18;  // a bomb is cut here: streaming bounds its memory

struct Output {
  std::vector<uint8_t> bytes;
  bool damaged = false;
};

// What comes out of the stream in reads of `chunk`.
Output Decompressed(const uint8_t* data, size_t size, Compression compression, size_t step,
                    size_t chunk) {
  auto stream = Decompress(
      std::make_unique<MemoryStream>(std::vector<uint8_t>(data, data + size), step), compression);
  if (!stream.ok()) std::abort();
  Output out;
  while (out.bytes.size() < kMaxOutput) {
    const size_t before = out.bytes.size();
    out.bytes.resize(before + chunk);
    const absl::StatusOr<size_t> count = (*stream)->Read(out.bytes.data() + before, chunk);
    if (!count.ok() || *count > chunk) std::abort();
    out.bytes.resize(before + *count);
    if (*count == 0) {
      out.damaged = !(*stream)->damage().empty();
      return out;
    }
  }
  out.bytes.resize(kMaxOutput);
  return out;
}

// However the stream is cut into reads, the same bytes must come out. Where it is broken, one way
// may come a little further than the other: libzstd hands out raw blocks in the pieces it gets.
void Check(const uint8_t* data, size_t size, Compression compression) {
  const Output whole = Decompressed(data, size, compression, SIZE_MAX, 65536);
  const Output pieces = Decompressed(data, size, compression, 5, 1000);
  const bool cut = whole.bytes.size() == kMaxOutput || pieces.bytes.size() == kMaxOutput;
  if (!cut && whole.damaged != pieces.damaged) std::abort();
  const size_t common = std::min(whole.bytes.size(), pieces.bytes.size());
  if (!std::equal(whole.bytes.begin(), whole.bytes.begin() + static_cast<std::ptrdiff_t>(common),
                  pieces.bytes.begin())) {
    std::abort();
  }
  if (!whole.damaged && !pieces.damaged && whole.bytes.size() != pieces.bytes.size()) std::abort();
}

}  // namespace
}  // namespace borderflow

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using borderflow::Compression;
  const bool gzip = size > 0 && data[0] == 0x1f;
  borderflow::Check(data, size, gzip ? Compression::kGzip : Compression::kZstd);
  return 0;
}
