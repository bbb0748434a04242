// OpenCapture and OpenCaptures: which reader serves which bytes.
#include <algorithm>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "dataplane/capture/classic_pcap.h"
#include "dataplane/capture/compressed_stream.h"
#include "dataplane/capture/file_stream.h"
#include "dataplane/capture/foreign_format.h"
#include "dataplane/capture/libpcap.h"
#include "dataplane/capture/merge.h"
#include "dataplane/capture/open_stream.h"
#include "dataplane/capture/pcapng.h"
#include "dataplane/capture/source.h"

namespace borderflow {
namespace {

// Blocks of a merge share this much, so that a hundred captures need no more memory than a few.
constexpr size_t kMergeReadBytes = size_t{32} << 20;
constexpr size_t kMinReadBytes = size_t{64} << 10;

absl::Status NotACapture(const std::string& file, absl::Span<const uint8_t> begin) {
  const ForeignFormat format = ForeignFormatOf(begin);
  const absl::string_view shown(reinterpret_cast<const char*>(begin.data()),
                                std::min<size_t>(begin.size(), 4));
  return absl::InvalidArgumentError(absl::StrCat(
      file, ": ", format.name, " (begins with ", absl::BytesToHexString(shown),
      "), expected pcap or pcapng, plain or compressed by gzip or zstd; ", format.remedy));
}

// Replaces a compressed stream by what is in it.
absl::StatusOr<std::unique_ptr<ByteStream>> Uncompressed(const std::string& file,
                                                         std::unique_ptr<ByteStream> stream) {
  auto begin = stream->Peek(4);
  if (!begin.ok()) return begin.status();
  if (begin->empty()) {
    return absl::InvalidArgumentError(absl::StrCat(
        file, ": is empty, expected pcap or pcapng; nothing was captured or copied into it"));
  }
  const Compression outer = CompressionOf(*begin);
  if (outer == Compression::kNone) return stream;
  auto opened = Decompress(std::move(stream), outer);
  if (!opened.ok()) return opened.status();
  begin = (*opened)->Peek(4);
  if (!begin.ok()) return begin.status();
  const std::string damage = (*opened)->damage();
  if (begin->empty() && !damage.empty()) {
    return absl::InvalidArgumentError(
        absl::StrCat(file, ": ", damage, "; nothing can be read: copy the file again"));
  }
  if (begin->empty()) {
    return absl::InvalidArgumentError(absl::StrCat(
        file, ": is empty inside its ", Name(outer),
        " compression, expected pcap or pcapng; nothing was captured or copied into it"));
  }
  const Compression inner = CompressionOf(*begin);
  if (inner != Compression::kNone) {
    return absl::InvalidArgumentError(absl::StrCat(
        file, ": is compressed twice (", Name(inner), " inside ", Name(outer),
        "), expected pcap or pcapng after one decompression; decompress it once first"));
  }
  return opened;
}

absl::StatusOr<std::unique_ptr<FrameSource>> OpenPath(const std::string& path,
                                                      const CaptureOptions& options,
                                                      size_t read_bytes) {
  auto stream = OpenFileStream(path);
  if (!stream.ok()) return stream.status();
  return OpenStream(path == "-" ? "standard input" : path, *std::move(stream), options, read_bytes);
}

}  // namespace

absl::StatusOr<std::unique_ptr<FrameSource>> OpenStream(const std::string& file,
                                                        std::unique_ptr<ByteStream> stream,
                                                        const CaptureOptions& options,
                                                        size_t read_bytes) {
  auto plain = Uncompressed(file, std::move(stream));
  if (!plain.ok()) return plain.status();
  const auto begin = (*plain)->Peek(kForeignPrefixBytes);
  if (!begin.ok()) return begin.status();
  const bool classic = IsClassicPcap(*begin);
  if (!classic && !IsPcapng(*begin)) return NotACapture(file, *begin);
  if (options.force_libpcap) return OpenLibpcap(file, *std::move(plain));
  return classic ? OpenClassicPcap(file, *std::move(plain), read_bytes)
                 : OpenPcapng(file, *std::move(plain), read_bytes);
}

absl::StatusOr<std::unique_ptr<FrameSource>> OpenCapture(const std::string& path,
                                                         const CaptureOptions& options) {
  return OpenPath(path, options, kReadBytes);
}

absl::StatusOr<std::unique_ptr<FrameSource>> OpenCaptures(absl::Span<const std::string> paths,
                                                          const CaptureOptions& options) {
  if (paths.empty()) {
    return absl::InvalidArgumentError("no capture was named, expected at least one or '-'");
  }
  if (paths.size() == 1) return OpenCapture(paths.front(), options);
  if (std::count(paths.begin(), paths.end(), "-") > 1) {
    return absl::InvalidArgumentError("'-' is named twice: standard input can be read only once");
  }
  const size_t read_bytes = std::clamp(kMergeReadBytes / paths.size(), kMinReadBytes, kReadBytes);
  std::vector<std::unique_ptr<FrameSource>> sources;
  for (const std::string& path : paths) {
    auto source = OpenPath(path, options, read_bytes);
    if (!source.ok()) return source.status();
    sources.push_back(*std::move(source));
  }
  return MergeByTime(std::move(sources));
}

}  // namespace borderflow
