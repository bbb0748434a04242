#include "dataplane/capture/libpcap.h"

#include <pcap/pcap.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "dataplane/capture/block_reader.h"
#include "dataplane/capture/link_types.h"

namespace borderflow {
namespace {

constexpr size_t kBlockBytes = kReadBytes + kMaxFrameBytes;

// A ByteStream as stdio sees it: libpcap takes a FILE and nothing else.
struct StdioStream {
  std::unique_ptr<ByteStream> stream;
  std::vector<char> buffer = std::vector<char>(kReadBytes);
  absl::Status failure;
  uint64_t position = 0;
};

ssize_t ReadCookie(void* cookie, char* to, size_t size) {
  auto* stdio = static_cast<StdioStream*>(cookie);
  const absl::StatusOr<size_t> count = stdio->stream->Read(reinterpret_cast<uint8_t*>(to), size);
  if (!count.ok()) {
    stdio->failure = count.status();
    errno = EIO;
    return -1;
  }
  stdio->position += *count;
  return static_cast<ssize_t>(*count);
}

// Only "where am I": ftello needs it, and a stream does not go back.
int SeekCookie(void* cookie, off64_t* offset, int whence) {
  if (whence != SEEK_CUR || *offset != 0) return -1;
  *offset = static_cast<off64_t>(static_cast<StdioStream*>(cookie)->position);
  return 0;
}

class Libpcap final : public FrameSource {
 public:
  Libpcap(std::string file, std::unique_ptr<ByteStream> stream) : file_(std::move(file)) {
    stdio_.stream = std::move(stream);
  }
  Libpcap(const Libpcap&) = delete;
  Libpcap& operator=(const Libpcap&) = delete;
  ~Libpcap() override {
    if (pcap_ != nullptr) pcap_close(pcap_);  // closes the FILE
  }

  absl::Status Open();
  absl::StatusOr<bool> Read(FrameBlock* block) override;
  uint64_t bytes_read() const override { return stdio_.stream->bytes_read(); }
  uint64_t bytes_total() const override { return stdio_.stream->bytes_total(); }
  std::vector<Damage> damaged() const override { return damaged_; }

 private:
  bool Next();
  void End(int result);
  void Append(FrameBlock* block, size_t* used) const;

  const std::string file_;
  StdioStream stdio_;
  FILE* stdio_file_ = nullptr;  // owned by pcap_
  pcap_t* pcap_ = nullptr;
  uint16_t link_type_ = 0;
  // The frame that waits for the next block; valid until pcap_next_ex.
  const pcap_pkthdr* header_ = nullptr;
  const u_char* data_ = nullptr;
  uint64_t offset_ = 0;  // behind the last good record
  bool ended_ = false;
  std::vector<Damage> damaged_;
};

absl::Status Libpcap::Open() {
  stdio_file_ = ::fopencookie(
      &stdio_, "rb", {.read = ReadCookie, .write = nullptr, .seek = SeekCookie, .close = nullptr});
  if (stdio_file_ == nullptr) return absl::ResourceExhaustedError("no memory for a stdio stream");
  std::setvbuf(stdio_file_, stdio_.buffer.data(), _IOFBF, stdio_.buffer.size());
  std::array<char, PCAP_ERRBUF_SIZE> error = {};
  pcap_ = pcap_fopen_offline_with_tstamp_precision(stdio_file_, PCAP_TSTAMP_PRECISION_NANO,
                                                   error.data());
  if (pcap_ == nullptr) {
    std::fclose(stdio_file_);
    if (!stdio_.failure.ok()) return stdio_.failure;
    return absl::InvalidArgumentError(
        absl::StrCat(file_, ": libpcap cannot read it (", error.data(),
                     "), expected pcap or pcapng; convert it with editcap -F pcapng"));
  }
  link_type_ = LinkTypeFromDlt(pcap_datalink(pcap_));
  offset_ = static_cast<uint64_t>(std::max<off_t>(0, ::ftello(stdio_file_)));
  return absl::OkStatus();
}

absl::StatusOr<bool> Libpcap::Read(FrameBlock* block) {
  block->Clear();
  if (block->storage.size() < kBlockBytes) block->storage.resize(kBlockBytes);
  size_t used = 0;
  while (Next()) {
    if (used + header_->caplen > block->storage.size()) break;
    Append(block, &used);
    header_ = nullptr;
  }
  if (!block->frames.empty()) return true;
  if (!stdio_.failure.ok()) return stdio_.failure;
  return false;
}

// Makes header_ and data_ the next frame; false at the end.
bool Libpcap::Next() {
  if (header_ != nullptr) return true;
  if (ended_) return false;
  pcap_pkthdr* header = nullptr;
  const int result = pcap_next_ex(pcap_, &header, &data_);
  if (result == 1 && header->caplen <= kMaxFrameBytes) {
    header_ = header;
    offset_ = static_cast<uint64_t>(std::max<off_t>(0, ::ftello(stdio_file_)));
    return true;
  }
  End(result);
  return false;
}

void Libpcap::End(int result) {
  ended_ = true;
  if (!stdio_.failure.ok()) return;  // an error, not a damaged capture
  std::string reason = stdio_.stream->damage();
  if (reason.empty() && result == 1) {
    reason = absl::StrCat("record holds more than ", kMaxFrameBytes, " captured bytes");
  } else if (reason.empty() && result == PCAP_ERROR) {
    reason = pcap_geterr(pcap_);
  }
  if (!reason.empty()) damaged_.push_back({file_, offset_, std::move(reason)});
}

void Libpcap::Append(FrameBlock* block, size_t* used) const {
  uint8_t* const to = block->storage.data() + *used;
  std::memcpy(to, data_, header_->caplen);
  *used += header_->caplen;
  // libpcap sign-extends a classic record's 32-bit seconds, which are unsigned.
  const uint64_t seconds = header_->ts.tv_sec < 0 ? static_cast<uint32_t>(header_->ts.tv_sec)
                                                  : static_cast<uint64_t>(header_->ts.tv_sec);
  block->frames.push_back(
      {.data = to,
       .captured = header_->caplen,
       .bytes = std::min(header_->len, kMaxFrameBytes),
       .time_ns = seconds * 1000000000 + static_cast<uint64_t>(header_->ts.tv_usec),
       .link_type = link_type_,
       .length_forged = header_->len > kMaxFrameBytes});
}

}  // namespace

absl::StatusOr<std::unique_ptr<FrameSource>> OpenLibpcap(std::string file,
                                                         std::unique_ptr<ByteStream> stream) {
  auto source = std::make_unique<Libpcap>(std::move(file), std::move(stream));
  const absl::Status opened = source->Open();
  if (!opened.ok()) return opened;
  return source;
}

}  // namespace borderflow
