#include "tools/generator/pcap_writer.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "absl/strings/str_cat.h"

namespace borderflow::generator {
namespace {

constexpr size_t kBufferBytes = size_t{4} << 20;
constexpr size_t kRecordHeader = 16;
constexpr uint32_t kMagicNanoseconds = 0xa1b23c4d;
constexpr uint32_t kMagicMicroseconds = 0xa1b2c3d4;
constexpr uint32_t kSnapLength = 262144;
constexpr uint32_t kLinkTypeEthernet = 1;

void PutLittle32(uint8_t* at, uint32_t value) {
  for (int i = 0; i < 4; ++i) at[i] = static_cast<uint8_t>(value >> (8 * i));
}

}  // namespace

PcapWriter::~PcapWriter() {
  if (file_ >= 0) ::close(file_);
}

absl::Status PcapWriter::Open(const std::string& path, TimeUnit unit) {
  path_ = path;
  unit_ = unit;
  file_ = ::open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
  if (file_ < 0) {
    return absl::ErrnoToStatus(
        errno, absl::StrCat(path, ": cannot be written; name a file in a folder that exists"));
  }
  buffer_.resize(kBufferBytes);
  uint8_t* at = buffer_.data();
  PutLittle32(at, unit == TimeUnit::kNanoseconds ? kMagicNanoseconds : kMagicMicroseconds);
  PutLittle32(at + 4, 2 | (4 << 16));  // version 2.4
  PutLittle32(at + 8, 0);
  PutLittle32(at + 12, 0);
  PutLittle32(at + 16, kSnapLength);
  PutLittle32(at + 20, kLinkTypeEthernet);
  used_ = 24;
  file_bytes_ = used_;
  return absl::OkStatus();
}

void PcapWriter::Write(uint64_t time_ns, absl::Span<const uint8_t> captured,
                       uint32_t original_length) {
  if (used_ + kRecordHeader + captured.size() > buffer_.size()) Drain();
  const uint64_t fraction = time_ns % 1'000'000'000;
  uint8_t* at = buffer_.data() + used_;
  PutLittle32(at, static_cast<uint32_t>(time_ns / 1'000'000'000));
  PutLittle32(at + 4,
              static_cast<uint32_t>(unit_ == TimeUnit::kNanoseconds ? fraction : fraction / 1000));
  PutLittle32(at + 8, static_cast<uint32_t>(captured.size()));
  PutLittle32(at + 12, original_length);
  std::memcpy(at + kRecordHeader, captured.data(), captured.size());
  used_ += kRecordHeader + captured.size();
  file_bytes_ += kRecordHeader + captured.size();
}

void PcapWriter::Drain() {
  size_t done = 0;
  while (done < used_ && status_.ok()) {
    const ssize_t written = ::write(file_, buffer_.data() + done, used_ - done);
    if (written >= 0) {
      done += static_cast<size_t>(written);
    } else if (errno != EINTR) {
      status_ = absl::ErrnoToStatus(
          errno, absl::StrCat(path_, ": writing failed after ", file_bytes_ - used_ + done,
                              " bytes; free some space or ask for a smaller capture"));
    }
  }
  used_ = 0;
}

absl::Status PcapWriter::Close() {
  if (file_ < 0) return status_;
  Drain();
  if (::close(file_) != 0 && status_.ok()) {
    status_ = absl::ErrnoToStatus(errno, absl::StrCat(path_, ": closing failed"));
  }
  file_ = -1;
  return status_;
}

}  // namespace borderflow::generator
